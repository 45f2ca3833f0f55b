"""The IMAP door against a real Dovecot."""
