"""What running it needs: heartbeats of the processes, answers kept for a repeated request."""

from sqlalchemy import Column, Integer, Table

from store.tables.base import metadata, refers, tenant_table
from store.types import ID, Instant, String

heartbeats = Table(  # the deployment's, not an account's
    "heartbeats",
    metadata,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("beat_at", Instant, nullable=False),
)

idempotency_keys = tenant_table(
    "idempotency_keys",
    Column("user_id", ID, primary_key=True),
    Column("key", String, primary_key=True),
    Column("request_digest", String, nullable=False),
    Column("status", Integer),  # null while the first request is at work
    Column("body", String),
    Column("created_at", Instant, nullable=False),
    refers("user_id", "users"),
    keys=(),
)
