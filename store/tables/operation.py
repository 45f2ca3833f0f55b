"""What running it needs: heartbeats of the processes, facts of the deployment, answers to repeated requests."""

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

deployment_facts = Table(  # what is known of the deployment as a whole: see store.deployment
    "deployment_facts",
    metadata,
    Column("name", String, primary_key=True),  # secret_key paused last_backup
    Column("value", String, nullable=False),
    Column("at", Instant, nullable=False),
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
