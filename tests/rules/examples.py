"""An event, its facts and small rules that the tests of `rules` share."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rules.conditions import read_condition
from rules.event import Actor, ActorKind, Event, SubjectKind
from rules.fields import Facts
from rules.reading import Node
from rules.rule import Rule, parse_rule

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def event(
    kind: str = "lead.created",
    changes: Mapping[str, Any] | None = None,
    causes: tuple[str, ...] = ("message:m1",),
) -> Event:
    """An event on lead l1, made by reading message m1."""
    return Event(
        id="e1",
        type=kind,
        at=AT,
        account_id="a1",
        subject_type=SubjectKind.LEAD,
        subject_id="l1",
        data={"changes": dict(changes or {})},
        actor=Actor(ActorKind.SENDER, None, "Jan"),
        causes=causes,
        sequence=1,
    )


def facts() -> dict[str, Any]:
    """Facts of a lead that came through a form, in the shape `rules.fields` describes."""
    return {
        "lead": {
            "id": "l1",
            "number": 17,
            "title": "Anfrage von Jörg Weiß",
            "status": "todo",
            "step": "New",
            "pipeline": "Sales",
            "amount": 1200.5,
            "currency": "EUR",
            "probability": None,
            "owner": {"id": "u1", "name": "Anna", "email": "anna@acme.test"},
            "tags": ["Web", "fair2026"],
            "fields": {"budget": "5000", "city": "Köln", "vip": True, "since": "2026-11-01T00:00:00+00:00"},
            "starred": False,
            "next_action_at": None,
            "created_at": "2026-11-23T07:59:00+00:00",
            "updated_at": AT,
            "closed_at": None,
            "source": {"kind": "form", "name": "Contact page"},
        },
        "contact": {
            "id": "c1",
            "name": "Jörg Weiß",
            "emails": ["jan@kunde.example", "j.weiss@privat.example"],
            "phones": [],
            "organisation": "Kunde GmbH",
        },
        "message": {
            "id": "m1",
            "direction": "in",
            "trust": "verified",
            "subject": "Ihr Angebot",
            "text": "Guten Tag,\nunser Budget ist 5000 EUR.\n",
            "from": {"name": "Jörg Weiß", "address": "jan@kunde.example"},
            "source": {"kind": "form", "name": "Contact page"},
            "attachments": [{"filename": "Plan.PDF", "size": 12}, {"filename": None, "size": 1}],
        },
    }


def view(changes: Mapping[str, Any] | None = None, given: Mapping[str, Any] | None = None) -> Facts:
    """The same facts as conditions read them."""
    return Facts(event(changes=changes), facts() if given is None else given)


def rule(condition: Any = None, rule_id: str = "r1", **members: Any) -> Rule:
    """A rule on lead.created that adds a tag."""
    json = {"name": "Rule", "events": ["lead.created"], "then": [{"do": "add_tag", "tag": "x"}], **members}
    if condition is not None:
        json["if"] = condition
    return parse_rule(json, rule_id=rule_id, version=1)


def check(field: str, op: str, *value: Any) -> dict[str, Any]:
    """The JSON of one condition; without a value it has none."""
    return {"field": field, "op": op} | ({"value": value[0]} if value else {})


def holds(condition: Any, changes: dict[str, Any] | None = None, given: Any = None) -> bool:
    """Whether the condition's JSON holds on the facts."""
    return read_condition(Node(condition, "if")).test(view(changes, given))


YES, NO = check("lead.number", "is", 17), check("lead.number", "is", 1)
