"""The schema, by noun: people, mail, mailboxes, leads, automation, operation, forms. `base` says how a table is made.

Import tables from the room that owns them (`from store.tables.mail import messages`);
`store.tables.everything` holds the metadata of all of them, for migrations and tests.
"""
