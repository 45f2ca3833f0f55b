"""Tests of `parsers`: own mails of `tests/mail`, crafted and random input, and each room by itself."""
