"""Leads that come as data: the readers one by one, crafted and random documents. Whole mails are samples."""
