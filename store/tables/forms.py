"""Forms of websites, and the prints by which a post is known again."""

from sqlalchemy import Column, Index, LargeBinary

from store.tables.base import refers, tenant_table
from store.types import ID, Instant, Json, String

forms = tenant_table(
    "forms",
    Column("name", String, nullable=False),
    Column("token", String, nullable=False, unique=True),  # the last part of /f/<token>; no secret
    Column("address_id", ID, nullable=False),  # where the site's notification mails go
    Column("origins", Json, nullable=False),  # scheme://host[:port] of the sites; none: any site
    Column("redirect", String),  # where a browser goes after a post; null: our thank-you page
    Column("created_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    Column("confirmation", Json),  # of `store.confirmation_mail`; null: never set
    refers("address_id", "inbound_addresses"),
    Index("ix_forms_address", "account_id", "address_id"),
)

form_prints = tenant_table(  # of the last half hour: what was posted or notified, as HMACs
    "form_prints",
    Column("message_id", ID, primary_key=True),
    Column("address_id", ID, nullable=False),
    Column("door", String, nullable=False),  # post mail
    Column("whole", LargeBinary),  # of all fields and files; null for a mail
    Column("enquiry", LargeBinary),  # of who asks and what: what a post and the site's mail share
    Column("at", Instant, nullable=False),
    refers("message_id", "messages"),
    refers("address_id", "inbound_addresses"),
    Index("ix_form_prints_address", "account_id", "address_id", "at"),
    keys=(),
)
