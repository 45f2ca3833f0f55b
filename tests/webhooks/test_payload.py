"""The body of a delivery, and that it keeps to the published schema."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from rules.event import EVENT_TYPES, Actor, ActorKind, Event, SubjectKind
from webhooks.payload import TEST_TYPE, body, sample_body
from webhooks.schema import PAYLOAD_SCHEMA

AT = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=1)))
LEAD: dict[str, Any] = {
    "id": "l1",
    "number": 17,
    "title": "Anfrage 😀",
    "status": "won",
    "step": None,
    "pipeline": "Sales",
    "amount": 1200.5,
    "currency": "EUR",
    "probability": 50,
    "owner": {"id": "u1", "name": "Anna", "email": "anna@acme.test"},
    "tags": ["web"],
    "contacts": [{"id": "c1", "name": None, "emails": ["a@b.example"], "phones": [], "organisation": None}],
    "fields": {"budget": "5000"},
    "starred": False,
    "next_action_at": None,
    "created_at": "2026-11-23T08:00:00+00:00",
    "updated_at": "2026-11-23T08:00:00+00:00",
    "closed_at": None,
    "source": {"kind": "form", "name": "Contact page"},
}


def event(**members: Any) -> Event:
    values: dict[str, Any] = {
        "id": "e1",
        "type": "lead.status.changed",
        "at": AT,
        "account_id": "a1",
        "subject_type": SubjectKind.LEAD,
        "subject_id": "l1",
        "data": {"changes": {"status": ["todo", "won"]}, "lead": {"secret": 1}},
        "actor": Actor(ActorKind.USER, "u1", "Anna"),
        "causes": ("user:u1",),
        "sequence": 4,
    }
    return Event(**(values | members))


def test_the_body_is_that_of_the_product() -> None:
    read = json.loads(body(event(), lead=LEAD, message={"id": "m1"}, account="acme"))
    assert read == {
        "type": "lead.status.changed",
        "timestamp": "2026-11-23T09:00:00+01:00",
        "data": {
            "event_id": "e1",
            "account": "acme",
            "sequence": 4,
            "actor": {"kind": "user", "id": "u1", "name": "Anna"},
            "causes": ["user:u1"],
            "lead": LEAD,
            "changes": {"status": ["todo", "won"]},
            "message": {"id": "m1"},
        },
    }


def test_what_there_is_not_is_null() -> None:
    read = json.loads(body(event(data={}, sequence=None), lead=None))["data"]
    assert (read["lead"], read["message"], read["sequence"], read["changes"]) == (None, None, None, {})
    assert read["account"] == "a1"


def test_the_body_is_compact_and_the_same_for_the_same_event() -> None:
    text = body(event(), lead=LEAD)
    assert text == body(event(), lead=dict(reversed(LEAD.items())))
    assert json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False) == text
    assert "😀" in text


def test_nothing_is_cut() -> None:
    long = "x" * 1_000_000
    assert json.loads(body(event(), lead={**LEAD, "title": long}))["data"]["lead"]["title"] == long


def test_half_characters_do_not_stop_a_delivery() -> None:
    text = body(event(), lead={**LEAD, "title": "a\ud800b\ud83d\ude00\udc00"})
    assert json.loads(text.encode())["data"]["lead"]["title"] == "a�b😀�"


def test_what_is_no_json_is_our_own_fault() -> None:
    with pytest.raises(ValueError, match="JSON"):
        body(event(), lead={"amount": float("nan")})


def test_bodies_of_all_types_keep_to_the_schema() -> None:
    for name, entry in EVENT_TYPES.items():
        one = event(type=name, subject_type=entry.subject)
        assert_fits(PAYLOAD_SCHEMA, json.loads(body(one, lead=LEAD, message={"id": "m1"})))
        assert_fits(PAYLOAD_SCHEMA, json.loads(body(event(data={}, sequence=None), lead=None)))


def test_a_sample_keeps_to_the_schema() -> None:
    read = json.loads(sample_body("t1", datetime(2026, 1, 1, tzinfo=UTC), "acme"))
    assert_fits(PAYLOAD_SCHEMA, read)
    assert (read["type"], read["data"]["event_id"]) == (TEST_TYPE, "t1")


def test_the_schema_is_json_and_catches_mistakes() -> None:
    assert json.loads(json.dumps(dict(PAYLOAD_SCHEMA)))["type"] == "object"
    for wreck in ({"type": "x"}, {**json.loads(body(event(), lead={"id": "l1", "status": "open"}))}):
        with pytest.raises(AssertionError):
            assert_fits(PAYLOAD_SCHEMA, wreck)


JSON_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def assert_fits(schema: Mapping[str, Any], value: Any) -> None:
    """The few words of JSON Schema that ours uses; an unknown one fails."""
    assert set(schema) <= {
        *("$schema", "$id", "title", "description", "format", "pattern", "type", "enum", "properties"),
        *("required", "items", "minimum", "minItems", "maxItems", "additionalProperties"),
    }
    if "type" in schema:
        names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        assert any(isinstance(value, JSON_TYPES[name]) for name in names), (schema, value)
        assert not isinstance(value, bool) or "boolean" in names
    assert "enum" not in schema or value in schema["enum"]
    if isinstance(value, dict):
        assert set(schema.get("required", ())) <= set(value)
        for key, inner in value.items():
            assert_fits(schema.get("properties", {}).get(key, schema.get("additionalProperties", {})), inner)
    if isinstance(value, list):
        assert schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
        for inner in value:
            assert_fits(schema.get("items", {}), inner)
