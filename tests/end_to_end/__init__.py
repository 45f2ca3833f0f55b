"""Whole flows through a real `leadgate serve`, seen from outside only: mail in, API and webhooks out."""
