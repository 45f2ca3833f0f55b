"""Leads, their contacts and their history. Rows change only through `store.lead_ops`."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, UniqueConstraint

from store.tables.base import refers, tenant_table
from store.types import ID, Instant, Json, String

pipelines = tenant_table(
    "pipelines",
    Column("name", String, nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("account_id", "name"),
)

steps = tenant_table(
    "steps",
    Column("pipeline_id", ID, nullable=False),
    Column("name", String, nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("account_id", "pipeline_id", "name"),
    refers("pipeline_id", "pipelines"),
)

leads = tenant_table(
    "leads",
    Column("number", Integer, nullable=False),
    Column("title", String, nullable=False),
    Column("title_folded", String, nullable=False),
    Column("status", String, nullable=False),  # todo standby won lost cancelled
    Column("step_id", ID),
    Column("amount_cents", BigInteger),  # in hundredths of `currency`
    Column("currency", String),
    Column("probability", Integer),  # per cent
    Column("owner_id", ID),
    Column("created_owner_id", ID),  # statistics credit the owner at creation
    Column("starred", Boolean, nullable=False),
    Column("next_action_at", Instant),
    Column("source_kind", String, nullable=False),  # first touch
    Column("source_name", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),  # the last event's number
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("trashed_at", Instant),
    Column("merged_into", ID),
    Column("sender_unconfirmed", Boolean),  # the check of who wrote it failed; null: no
    Column("not_a_lead", Boolean),  # a person said so: in the trash, and in no statistics; null: no
    UniqueConstraint("account_id", "number"),
    refers("step_id", "steps"),
    refers("owner_id", "users"),
    refers("created_owner_id", "users"),
    refers("merged_into", "leads"),
    Index("ix_leads_updated", "account_id", "updated_at"),
    Index("ix_leads_owner", "account_id", "owner_id"),
    Index("ix_leads_title", "account_id", "title_folded", "id"),  # orders of the lead list
    Index("ix_leads_amount", "account_id", "amount_cents", "id"),
    Index("ix_leads_next_action", "account_id", "next_action_at", "id"),
)

lead_fields = tenant_table(  # the account's key fields and others, each with where its value came from
    "lead_fields",
    Column("lead_id", ID, primary_key=True),
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
    Column("set_by", String, nullable=False),  # person message rule
    Column("set_by_id", ID),
    refers("lead_id", "leads"),
    keys=(),
)

lead_tags = tenant_table(
    "lead_tags",
    Column("lead_id", ID, primary_key=True),
    Column("tag_folded", String, primary_key=True),
    Column("tag", String, nullable=False),
    refers("lead_id", "leads"),
    Index("ix_lead_tags_tag", "account_id", "tag_folded"),
    keys=(),
)

contacts = tenant_table(
    "contacts",
    Column("name", String, nullable=False),
    Column("organisation", String),
    Column("phones", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
)

contact_addresses = tenant_table(
    "contact_addresses",
    Column("contact_id", ID, nullable=False),
    Column("address", String, nullable=False),  # normal form of store.addresses
    Column("written", String, nullable=False),  # as first seen
    Column("bounced_at", Instant),
    UniqueConstraint("account_id", "address"),
    refers("contact_id", "contacts"),
    Index("ix_contact_addresses_contact", "account_id", "contact_id"),
)

lead_contacts = tenant_table(
    "lead_contacts",
    Column("lead_id", ID, primary_key=True),
    Column("contact_id", ID, primary_key=True),
    Column("main", Boolean, nullable=False),
    refers("lead_id", "leads"),
    refers("contact_id", "contacts"),
    Index("ix_lead_contacts_contact", "account_id", "contact_id"),
    keys=(),
)

history_entries = tenant_table(
    "history_entries",
    Column("lead_id", ID, nullable=False),
    Column("kind", String, nullable=False),  # email comment form bounce change rule note
    Column("direction", String),  # in out
    Column("at", Instant, nullable=False),  # the date it is sorted under
    Column("written_at", Instant, nullable=False),
    Column("author_user_id", ID),
    Column("author_name", String),
    Column("author_address", String),
    Column("subject", String),
    Column("text", String, nullable=False),
    Column("data", Json),  # changes {field: [old, new]}, note, forwarder …
    Column("message_id", ID),
    Column("visibility", String, nullable=False),  # shared team private
    Column("rule_id", ID),
    refers("lead_id", "leads"),
    refers("author_user_id", "users"),
    refers("message_id", "messages"),
    Index("ix_history_lead", "account_id", "lead_id", "at"),
    Index("ix_history_message", "account_id", "message_id"),
)
