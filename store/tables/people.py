"""Accounts, users, teams, keys and inbound addresses."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, UniqueConstraint

from store.tables.base import metadata, refers, tenant_table
from store.types import ID, Instant, Json, String

accounts = Table(
    "accounts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("slug", String, nullable=False, unique=True),
    Column("domain", String, nullable=False, unique=True),  # the mail domain, lower case, IDNA
    Column("edition", String, nullable=False),  # solo essentials expert
    Column("teams_enabled", Boolean, nullable=False),
    Column("visibility", String, nullable=False),  # all team own
    Column("bcc_unmatched", String, nullable=False),  # create hold
    Column("users_assign", Boolean, nullable=False),
    Column("internal_domains", Json, nullable=False),
    Column("never_log", Json, nullable=False),  # addresses and *@domain
    Column("locale", String, nullable=False),
    Column("timezone", String, nullable=False),
    Column("last_lead_number", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("forwarders", Json),  # of `store.forwarders`; null: none
    Column("allowed_senders", Json),  # of `store.senders`; null: none
    Column("blocked_senders", Json),
)

users = tenant_table(
    "users",
    Column("email", String, nullable=False),
    Column("name", String, nullable=False),
    Column("level", String, nullable=False),  # admin user
    Column("password_hash", String),
    Column("active", Boolean, nullable=False),
    Column("visibility", String, nullable=False),  # default of own mail: shared team private
    Column("locale", String),  # of the pages; null: as the browser asks
    Column("timezone", String),  # null: the account's
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("account_id", "email"),
    Index("ix_users_email", "email"),
)

sessions = tenant_table(  # people who are logged in
    "sessions",
    Column("user_id", ID, nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),  # SHA-256: the token has 256 random bits
    Column("client", String, nullable=False),  # the browser as it names itself, shown to its user
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    refers("user_id", "users"),
    Index("ix_sessions_user", "account_id", "user_id"),
)

user_addresses = tenant_table(  # the sender addresses that are this user
    "user_addresses",
    Column("user_id", ID, nullable=False),
    Column("address", String, nullable=False),  # normal form of store.addresses
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("account_id", "address"),
    refers("user_id", "users"),
)

teams = tenant_table(
    "teams",
    Column("name", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("account_id", "name"),
)

team_people = tenant_table(  # one row per person and part played in a team
    "team_people",
    Column("team_id", ID, nullable=False),
    Column("user_id", ID, nullable=False),
    Column("part", String, nullable=False),  # member manager
    UniqueConstraint("account_id", "team_id", "user_id", "part"),
    refers("team_id", "teams"),
    refers("user_id", "users"),
)

api_keys = tenant_table(
    "api_keys",
    Column("user_id", ID, nullable=False),
    Column("name", String, nullable=False),
    Column("key_hash", LargeBinary, nullable=False, unique=True),  # SHA-256: the key has 160 random bits
    Column("read_only", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    refers("user_id", "users"),
)

deployment_keys = Table(  # may make accounts, sees nothing in them
    "deployment_keys",
    metadata,
    Column("key_hash", LargeBinary, primary_key=True),
    Column("created_at", Instant, nullable=False),
)

inbound_addresses = tenant_table(
    "inbound_addresses",
    Column("kind", String, nullable=False),  # personal bcc leads partner form
    Column("local_part", String, nullable=False),
    Column("name", String, nullable=False),
    Column("user_id", ID),  # of a personal address
    Column("enabled", Boolean, nullable=False),
    Column("exposed_at", Instant),  # seen by a stranger: no proof of identity any more
    Column("accepted_until", Instant),  # a rotated address: still accepted, held to its user
    Column("created_at", Instant, nullable=False),
    Column(
        "accepts_unknown", Boolean
    ),  # a user may act through it unproven, never against a failed check; null: no
    UniqueConstraint("account_id", "local_part"),
    refers("user_id", "users"),
)
