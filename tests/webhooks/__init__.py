"""Tests of `webhooks`, one file per room."""
