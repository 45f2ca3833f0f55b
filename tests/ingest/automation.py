"""For tests of automation: leads made by hand, rules, endpoints, and events drained by the real automator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update

from ingest.automate import Automator
from rules.event import Actor, ActorKind
from store import rulebook
from store.contacts import Person
from store.endpoints import create_endpoint
from store.events import Origin
from store.lead_ops import LeadEditor
from store.lead_rows import NewLead
from store.leads import lead_json
from store.scope import AccountScope
from store.sealing import Sealer
from store.session import Database
from store.tables.automation import deliveries, events, plan_actions, plans
from tests.support.accounts import MadeAccount
from tests.support.rows import rows
from webhooks.signature import new_secret

SEALER = Sealer(b"s" * 32)
TAG = {"do": "add_tag", "tag": "web"}
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
"""A `due_at` by which whatever was held is due again."""


def rule(then: Sequence[Mapping[str, Any]], **members: Any) -> dict[str, Any]:
    """A rule's JSON; on every new lead unless said otherwise."""
    return {"name": "Rule", "events": ["lead.created"], "then": list(then), **members}


@dataclass
class Workshop:
    """One account's automation."""

    database: Database
    account: MadeAccount
    rung: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.automator = self.another()

    @property
    def scope(self) -> AccountScope:
        return self.account.scope

    def another(self) -> Automator:
        """One more automator on the same database, as another process would have it."""
        return Automator(
            self.database, lambda: self.rung.append("events"), lambda: self.rung.append("deliveries")
        )

    def drain(self) -> int:
        """Works until nothing is due; how many events were handled."""
        handled = 0
        while number := self.automator.automate_batch():
            handled += number
        return handled

    def lead(self, title: str = "Anna needs a quote", *, source: str = "form", **more: Any) -> str:
        """A new lead, as a message would make it; its `lead.created` is pending."""
        message = more.pop("message", None)
        with self.database.write() as connection:
            origin = Origin(Actor(ActorKind.SENDER, None, "Paula"), ("message:m1",))
            editor = LeadEditor(connection, self.scope, origin, message=message)
            people = more.pop("people", [Person("paula@kunde.example", "Paula Prospect")])
            lead_id = editor.create(NewLead(title, source, people=people, **more))
            editor.finish()
        return lead_id

    def edit(self, lead_id: str, call: str, *arguments: Any, **more: Any) -> None:
        """One change of a lead by the admin."""
        with self.database.write() as connection:
            origin = Origin(Actor(ActorKind.USER, self.account.admin.id), (f"user:{self.account.admin.id}",))
            editor = LeadEditor(connection, self.scope, origin)
            getattr(editor, call)(lead_id, *arguments, **more)
            editor.finish()

    def add_rule(self, document: object) -> str:
        with self.database.write() as connection:
            rule_id: str = rulebook.create_rule(connection, self.scope, document)["id"]
        return rule_id

    def add_endpoint(self, *patterns: str, url: str = "https://hooks.example/x", secret: str = "") -> str:
        with self.database.write() as connection:
            return create_endpoint(
                connection, self.scope, SEALER, url=url, events=list(patterns), secret=secret or new_secret()
            ).id

    def read(self, lead_id: str) -> dict[str, Any]:
        with self.database.read() as connection:
            return lead_json(connection, self.scope, [lead_id])[lead_id]

    def events(self) -> list[dict[str, Any]]:
        return rows(
            self.database, select(events).where(events.c.account_id == self.account.id).order_by("id")
        )

    def event(self, kind: str) -> dict[str, Any]:
        """The only event of that type."""
        (found,) = [event for event in self.events() if event["type"] == kind]
        return found

    def plans(self) -> list[dict[str, Any]]:
        return rows(self.database, select(plans).order_by(plans.c.event_id, plans.c.place))

    def results(self) -> list[tuple[str, int, str]]:
        """(rule id, action index, result) of every action, in order."""
        found = rows(self.database, select(plan_actions).order_by("event_id", "rule_id", "number"))
        return [(row["rule_id"], row["number"], row["result"]) for row in found]

    def details(self) -> list[dict[str, Any]]:
        return [row["detail"] for row in rows(self.database, plan_actions)]

    def deliveries(self) -> list[dict[str, Any]]:
        return rows(self.database, select(deliveries).order_by("id"))

    def change_event(self, event_id: str, **values: Any) -> None:
        """Puts an event into a state by hand."""
        with self.database.write() as connection:
            connection.execute(
                update(events)
                .where(events.c.account_id == self.account.id, events.c.id == event_id)
                .values(**values)
            )
