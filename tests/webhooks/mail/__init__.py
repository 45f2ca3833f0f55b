"""Tests of webhooks/mail, against a real mail server on loopback."""
