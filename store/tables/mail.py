"""Messages as received: bytes, arrivals, receipt, holds, and the counters that prove none was lost.

`messages.state` is the work still to do (pending → claimed → done); `outcome` is what came of it.
`due_at` is when a row may be claimed next: not before (pending) or the end of the lease (claimed).
`keys_only` rows are tombstones: what remains of an erased or expired message so that its copy is known.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, UniqueConstraint

from store.tables.base import open_work, refers, tenant_table
from store.types import ID, Instant, Json, String

messages = tenant_table(
    "messages",
    Column("raw_key", LargeBinary, nullable=False),  # HMAC of the raw bytes
    Column("content_key", LargeBinary),  # HMAC of what the sender wrote; set with the effect
    Column("size", BigInteger, nullable=False),
    Column("received_at", Instant, nullable=False),
    # the work
    Column("state", String, nullable=False),  # pending claimed done
    Column("due_at", Instant, nullable=False),
    Column("lease_token", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("arrivals", Integer, nullable=False),  # how many arrivals the decision must have looked at
    # the receipt
    Column("outcome", String),  # lead_created history_added held ignored failed
    Column("reason", String),  # machine reason, a constant of ingest.reasons
    Column("reason_data", Json),  # what the sentence is filled with
    Column("trail", Json),  # [{step, result, detail}]
    Column("trust", String),  # verified unknown failed, with its evidence in trust_detail
    Column("trust_detail", Json),
    Column("acting_user_id", ID),
    Column("duplicate_of", ID),
    Column("processed_at", Instant),
    Column("error", String),
    # what was read, as far as lists and matching need it
    Column("rfc_message_id", String),
    Column("direction", String),  # in out
    Column("sender_address", String),
    Column("sender_name", String),
    Column("subject", String),
    Column("participants", Json),  # normal addresses in From, To, Cc and a forward's: who was in this mail
    UniqueConstraint("account_id", "raw_key"),
    UniqueConstraint("account_id", "content_key"),
    refers("acting_user_id", "users"),
    refers("duplicate_of", "messages"),
    open_work("messages"),
    Index("ix_messages_received", "account_id", "received_at"),
    Index("ix_messages_rfc_message_id", "account_id", "rfc_message_id"),
    Index("ix_messages_outcome", "account_id", "outcome", "received_at"),
)

message_parsed = tenant_table(  # the parse contract as the decision saw it; apart, so that lists stay light
    "message_parsed",
    Column("message_id", ID, primary_key=True),
    Column("parsed", Json, nullable=False),
    refers("message_id", "messages"),
    keys=(),
)

raw_chunks = tenant_table(
    "raw_chunks",
    Column("message_id", ID, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),  # zlib of 256 KiB of raw bytes
    refers("message_id", "messages"),
    keys=(),
)

arrivals = tenant_table(  # one receipt by a door of one message for one recipient
    "arrivals",
    Column("message_id", ID, nullable=False),
    Column("door", String, nullable=False),
    Column("source_key", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("address_id", ID),
    Column("recipient", String, nullable=False),
    Column("tag", String),
    Column("mail_from", String, nullable=False),
    Column("client_ip", String),
    Column("helo", String),
    Column("tls", Boolean, nullable=False),
    Column("auth_user", String),
    Column("trusted_hop", Boolean, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("trust", String),  # what was found out about the sender from this arrival; null: nothing yet
    Column("junk", Boolean),  # it lay in a mailbox's folder for spam; null: no
    refers("message_id", "messages"),
    refers("address_id", "inbound_addresses"),
    Index("ix_arrivals_message", "account_id", "message_id"),
    Index("ix_arrivals_source", "account_id", "source_key", "received_at"),
)

source_counters = tenant_table(  # raised in the accept transaction: the independent record of the books
    "source_counters",
    Column("source_key", String, primary_key=True),
    Column("accepted", BigInteger, nullable=False),
    Column("erased", BigInteger, nullable=False),  # arrivals of erased messages
    keys=(),
)

holds = tenant_table(
    "holds",
    Column("message_id", ID, nullable=False),
    Column("reason", String, nullable=False),
    Column("user_id", ID),  # whose decision it is; null: the admins'
    Column("candidates", Json, nullable=False),  # lead ids with why
    Column("created_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("resolved_by", ID),
    Column("resolution", String),
    refers("message_id", "messages"),
    refers("user_id", "users"),
    refers("resolved_by", "users"),
    Index("ix_holds_message", "account_id", "message_id"),
)
