"""Events, rules, stored plans, webhook endpoints, deliveries and their attempts."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, UniqueConstraint, text

from store.tables.base import open_work, refers, tenant_table
from store.types import ID, Instant, Json, String


def open_of_endpoint() -> Index:
    """The small index of an endpoint's open deliveries: what is due is found endpoint by endpoint."""
    unfinished = text("state <> 'done'")
    columns = ("account_id", "endpoint_id", "due_at")
    return Index(
        "ix_deliveries_open_of_endpoint", *columns, sqlite_where=unfinished, postgresql_where=unfinished
    )


events = tenant_table(
    "events",
    Column("type", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("lead_id", ID),
    Column("message_id", ID),
    Column("sequence", Integer),  # per lead
    Column("actor", Json, nullable=False),  # {kind: user rule sender system, id, name}
    Column("causes", Json, nullable=False),  # "<kind>:<id>", root first (rules.event)
    Column("depth", Integer, nullable=False),  # how many rules stand in causes
    Column("data", Json, nullable=False),  # {lead: snapshot, message: …, changes: {field: [old, new]}}
    Column("state", String, nullable=False),  # pending claimed done
    Column("due_at", Instant, nullable=False),
    Column("lease_token", BigInteger),
    Column("attempts", Integer, nullable=False),
    # the evaluation: null until there was one, so that there is never a second
    Column("rulebook", BigInteger),  # revision of the rules it was made with
    Column("listening", Integer),  # how many rules listened to it
    Column("planned", Integer),  # how many plans are stored: what the books expect to find
    Column("error", String),
    refers("lead_id", "leads"),
    refers("message_id", "messages"),
    open_work("events"),
    Index("ix_events_at", "account_id", "at"),
    Index("ix_events_lead", "account_id", "lead_id", "sequence"),
)

rules = tenant_table(
    "rules",
    Column("name", String, nullable=False),
    Column("position", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("definition", Json, nullable=False),  # the JSON form of product §9
    Column("enabled", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("deleted_at", Instant),
)

rule_versions = tenant_table(
    "rule_versions",
    Column("rule_id", ID, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("definition", Json, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", ID),
    refers("rule_id", "rules"),
    refers("changed_by", "users"),
    keys=(),
)

rulebooks = tenant_table(  # raised with every change of a rule: what caches compare
    "rulebooks",
    Column("revision", BigInteger, nullable=False),
    keys=(),
)

plans = tenant_table(  # the first evaluation of a rule for an event: carried out even if the rule changes
    "plans",
    Column("event_id", ID, primary_key=True),
    Column("rule_id", ID, primary_key=True),
    Column("rule_version", Integer, nullable=False),
    Column("place", Integer, nullable=False),  # among the plans of the event: the order of carrying out
    Column("result", String, nullable=False),  # rules.plan.Verdict; no_match is counted, not stored
    Column("plan", Json, nullable=False),  # rules.plan.plan_to_json: trace and effects
    Column("at", Instant, nullable=False),
    refers("event_id", "events"),
    refers("rule_id", "rules"),
    Index("ix_plans_rule", "account_id", "rule_id", "at"),
    keys=(),
)

plan_actions = tenant_table(  # once per (event, rule, action index)
    "plan_actions",
    Column("event_id", ID, primary_key=True),
    Column("rule_id", ID, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("result", String, nullable=False),  # done skipped error
    Column("detail", Json, nullable=False),
    Column("at", Instant, nullable=False),
    refers("event_id", "events"),
    refers("rule_id", "rules"),
    keys=(),
)

rule_draws = tenant_table(  # whose turn it is: locked while somebody is drawn
    "rule_draws",
    Column("rule_id", ID, primary_key=True),
    Column("number", Integer, primary_key=True),  # the action's index
    Column("last_user_id", ID),
    Column("drawn", BigInteger, nullable=False),  # how often
    refers("rule_id", "rules"),
    keys=(),
)

endpoints = tenant_table(
    "endpoints",
    Column("url", String, nullable=False),
    Column("events", Json, nullable=False),  # types with wildcards; [] receives only what rules send
    Column("secrets", LargeBinary, nullable=False),  # sealed (AES-GCM): the secrets in force, newest first
    Column("enabled", Boolean, nullable=False),
    Column("disabled_reason", String),
    Column("failing_since", Instant),
    Column("created_at", Instant, nullable=False),
    Column("deleted_at", Instant),
)

deliveries = tenant_table(  # one event for one endpoint, however many rules ask for it
    "deliveries",
    Column("endpoint_id", ID, nullable=False),
    Column("event_id", ID, nullable=False),
    Column("event_type", String, nullable=False),
    Column("body", String, nullable=False),
    Column("result", String, nullable=False),  # pending delivered failing exhausted
    Column("state", String, nullable=False),  # pending claimed done
    Column("due_at", Instant, nullable=False),
    Column("lease_token", BigInteger),
    Column("attempts", Integer, nullable=False),  # claims since the last attempt that was recorded
    Column("tries", Integer, nullable=False),  # attempts made since the last (re)start of the schedule
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("account_id", "event_id", "endpoint_id"),
    refers("endpoint_id", "endpoints"),
    open_work("deliveries"),
    open_of_endpoint(),
    Index("ix_deliveries_endpoint", "account_id", "endpoint_id", "created_at"),
    Index("ix_deliveries_result", "account_id", "result"),  # counting them without reading their bodies
)

delivery_attempts = tenant_table(
    "delivery_attempts",
    Column("delivery_id", ID, nullable=False),
    Column("at", Instant, nullable=False),
    Column("status", Integer),
    Column("error", String),  # a code of webhooks.attempt
    Column("detail", String),
    Column("milliseconds", Integer, nullable=False),
    Column("answer", String),  # the first 64 KiB
    refers("delivery_id", "deliveries"),
    Index("ix_delivery_attempts_delivery", "account_id", "delivery_id"),
)
