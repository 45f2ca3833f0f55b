"""Mail that leadgate writes itself: what is to be sent, what was tried, and through which server.

`state`, `due_at`, `lease_token` and `attempts` are those of work (`store.leases`); `result` is what people see. A
mail's text is sealed: it may hold a link that opens an account.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, UniqueConstraint, text

from store.tables.base import open_work, refers, tenant_table
from store.types import ID, Instant, String

HAS_TEXT = "length(content) > 0"
"""Written like this in the index and in what asks for it, or no database takes the index."""

smarthosts = (
    tenant_table(  # the account's own server, and how mail fares: one row, made when it is first needed
        "smarthosts",
        Column("host", String),  # lower case, IDNA; null: the deployment's is used
        Column("port", Integer),
        Column("tls", String),  # none starttls tls
        Column("username", String),  # null: no login
        Column("secrets", LargeBinary),  # sealed (AES-GCM): the password
        Column("from_address", String),
        Column("from_name", String),
        Column("return_path", String),  # bounce from
        Column("changed_at", Instant, nullable=False),
        Column("failing_since", Instant),  # nothing was taken by any server since then
        Column("warned_at", Instant),  # when admins were told of it
        keys=(),
    )
)

outgoing_mails = tenant_table(
    "outgoing_mails",
    Column(
        "key", String, nullable=False
    ),  # what it is, so that it is sent once however often it is asked for
    Column("recipient", String, nullable=False),  # normal form of store.addresses
    Column("address", String, nullable=False),  # as it is written to
    Column("name", String, nullable=False),
    Column("user_id", ID),  # null: somebody outside
    Column("purpose", String, nullable=False),
    Column("subject", String, nullable=False),
    Column(
        "content", LargeBinary, nullable=False
    ),  # sealed: {text, html}; empty when it may not be sent again
    Column("lead_number", Integer),  # answers go to this lead's address
    Column("good_until", Instant),  # not sent later, and its text is forgotten once it was
    Column("result", String, nullable=False),  # pending sent failing exhausted bounced
    Column("diagnostic", String),  # what the bounce said
    Column("state", String, nullable=False),  # pending claimed done
    Column("due_at", Instant, nullable=False),
    Column("lease_token", BigInteger),
    Column("attempts", Integer, nullable=False),  # claims since the last attempt that was recorded
    Column("tries", Integer, nullable=False),  # attempts made since the last (re)start of the schedule
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),  # when it was sent, given up, or came back
    UniqueConstraint("account_id", "key", "recipient"),
    refers("user_id", "users"),
    open_work("outgoing_mails"),
    Index("ix_outgoing_mails_recipient", "account_id", "recipient", "created_at"),
    Index(  # `store.outgoing_retention`
        "ix_outgoing_mails_texts",
        "ended_at",
        sqlite_where=text(HAS_TEXT),
        postgresql_where=text(HAS_TEXT),
    ),
)

outgoing_attempts = tenant_table(
    "outgoing_attempts",
    Column("mail_id", ID, nullable=False),
    Column("at", Instant, nullable=False),
    Column("server", String, nullable=False),  # host:port
    Column("stage", String),  # dns tcp tls login sender recipient data; null: it was sent
    Column("code", Integer),  # of the server's answer (RFC 5321 §4.2)
    Column("error", String),  # a code of webhooks.mail.faults
    Column("detail", String),
    Column("milliseconds", Integer, nullable=False),
    refers("mail_id", "outgoing_mails"),
    Index("ix_outgoing_attempts_mail", "account_id", "mail_id"),
)
