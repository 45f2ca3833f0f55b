"""What stands behind addresses: what their leads begin with, partners, offers to teams; and alarms about sources.

`address_details` is a table of its own and no columns of `inbound_addresses`: SQLite can add a composite foreign key
only by copying a table, and every arrival points to that one.
"""

from sqlalchemy import BigInteger, Column, Index

from store.tables.base import refers, tenant_table
from store.types import ID, Instant, Json, String

address_details = tenant_table(  # an address without a row has nothing of it
    "address_details",
    Column("address_id", ID, primary_key=True),
    Column("owner_id", ID),  # of the leads it makes
    Column("team_id", ID),  # whose members see and take those that nobody owns
    Column("tags", Json, nullable=False),
    Column("replaced_by", ID),  # of a rotated address: the one that has its place now
    refers("address_id", "inbound_addresses"),
    refers("owner_id", "users"),
    refers("team_id", "teams"),
    refers("replaced_by", "inbound_addresses"),
    keys=(),
)

partners = tenant_table(
    "partners",
    Column("name", String, nullable=False),
    Column("address_id", ID, nullable=False),  # where its mail goes
    Column("senders", Json, nullable=False),  # addresses and *@domain, in normal form
    Column("created_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    refers("address_id", "inbound_addresses"),
    Index("ix_partners_address", "account_id", "address_id"),
)

lead_offers = (
    tenant_table(  # leads that came by a source which names a team: it sees them while nobody owns them
        "lead_offers",
        Column("lead_id", ID, primary_key=True),
        Column("team_id", ID, nullable=False),
        refers("lead_id", "leads"),
        refers("team_id", "teams"),
        Index("ix_lead_offers_team", "account_id", "team_id"),
        keys=(),
    )
)

source_alarms = tenant_table(  # one row per silence, or time of failing: the key says it cannot be told twice
    "source_alarms",
    Column("source_key", String, primary_key=True),
    Column("kind", String, primary_key=True),  # silent failing
    Column("occurrence", Instant, primary_key=True),  # its last message; since when it fails
    Column("after_seconds", BigInteger),  # of silence: for how long it may be silent
    Column("at", Instant, nullable=False),
    Column("ended_at", Instant),
    keys=(),
)
