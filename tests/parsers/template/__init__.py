"""Partner templates: the rooms one by one, and partners as they are (`tests/mail/template`)."""
