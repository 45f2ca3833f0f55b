"""IMAP mailboxes that are read: where they are, how far they were read, how they fare.

`state` and `due_at` are those of work (`store.leases`): a mailbox is claimed by one reader at a time and kept for
as long as it reads; `done` is one that is switched off or deleted. `attempts` counts the claims since the last one
that read it to its end, which the pauses between attempts grow with.

A mailbox's UIDs stand in `mailbox_uids`, one row each, under the UIDVALIDITY they were seen with: with the message
they became, or with the reason why they became none.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary

from store.tables.base import open_work, refers, tenant_table
from store.types import ID, Instant, Json, String

mailboxes = tenant_table(
    "mailboxes",
    Column("name", String, nullable=False),
    Column("host", String, nullable=False),  # lower case, IDNA
    Column("port", Integer, nullable=False),
    Column("tls", String, nullable=False),  # none starttls tls
    Column("username", String, nullable=False),
    Column("auth", String, nullable=False),  # password xoauth2
    Column("secrets", LargeBinary, nullable=False),  # sealed (AES-GCM): password, or what OAuth needs
    Column("folder", String, nullable=False),
    Column("kind", String, nullable=False),  # leads bcc form partner by_recipient
    Column(
        "fallback", String, nullable=False
    ),  # by_recipient: the kind of mail that names no address of ours
    Column("recipient_headers", Json, nullable=False),  # by_recipient: looked at before To and Cc
    Column("address", String),  # its own e-mail address, in normal form
    Column("after", String, nullable=False),  # leave seen move delete
    Column("move_to", String),
    Column("since", Instant),  # how far back the first run was to go; null: only new mail
    Column("begins_at", Instant, nullable=False),  # so of what is there at first, mail from then on is taken
    Column("created_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    # the work
    Column("state", String, nullable=False),  # pending claimed done
    Column("due_at", Instant, nullable=False),
    Column("lease_token", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("holder", String),  # host/process that reads it, or read it last
    # the cursor
    Column("uidvalidity", BigInteger),  # null: not read yet
    Column("last_uid", BigInteger, nullable=False),  # all up to here are decided
    Column("seen", BigInteger, nullable=False),  # UIDs ever decided: what the books compare mailbox_uids with
    # health
    Column("last_poll_at", Instant),  # when it was last read to its end
    Column("last_mail_at", Instant),  # when the newest mail taken had come to the mailbox
    Column("caught_up_at", Instant),  # when nothing was known to be there that is not here
    Column("error", String),
    Column("error_stage", String),  # dns tcp tls login folder read write store
    Column("error_since", Instant),
    # whose word about senders counts
    Column("authserv_id", String),  # of the provider's Authentication-Results; null: nothing counts
    Column("authserv_hops", Integer),  # Received lines of its own that may stand above them; null: none
    # health, further
    Column("error_code", String),  # of ingest.imap.faults
    Column("error_said", String),  # what the server said
    open_work("mailboxes"),
)

mailbox_uids = tenant_table(
    "mailbox_uids",
    Column("mailbox_id", ID, primary_key=True),
    Column("uidvalidity", BigInteger, primary_key=True),
    Column("uid", BigInteger, primary_key=True),
    Column("message_id", ID),  # what it became
    Column("reason", String),  # else: before too_large vanished unreadable
    Column("size", BigInteger),  # as the server says
    Column("internal_at", Instant),  # when it came to the mailbox, as the server says
    Column("after_due", Boolean, nullable=False),  # the after-action is still to be done
    Column("seen_at", Instant, nullable=False),
    refers("mailbox_id", "mailboxes"),
    refers("message_id", "messages"),
    Index("ix_mailbox_uids_message", "account_id", "message_id"),
    keys=(),
)
