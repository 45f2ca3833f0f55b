"""The published JSON Schema (2020-12) of webhook bodies, version 1. Data only.

Members are never removed or retyped within a version; receivers are to ignore members they do not know.
"""

from collections.abc import Mapping
from types import MappingProxyType

from rules.event import JSON, ActorKind

_TEXT_OR_NULL: JSON = {"type": ["string", "null"]}
_CONTACT: JSON = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "name": _TEXT_OR_NULL,
        "emails": {"type": "array", "items": {"type": "string"}},
        "phones": {"type": "array", "items": {"type": "string"}},
        "organisation": _TEXT_OR_NULL,
    },
    "required": ["id"],
}
_LEAD: JSON = {
    "description": "The lead as of the event; null where the event has none.",
    "type": ["object", "null"],
    "properties": {
        "id": {"type": "string"},
        "number": {"type": "integer"},
        "title": {"type": "string"},
        "status": {"enum": ["todo", "standby", "won", "lost", "cancelled"]},
        "step": _TEXT_OR_NULL,
        "pipeline": _TEXT_OR_NULL,
        "amount": {"type": ["number", "string", "null"]},
        "currency": _TEXT_OR_NULL,
        "probability": {"type": ["number", "null"]},
        "owner": {"type": ["object", "null"], "properties": {"id": {"type": "string"}}},
        "tags": {"type": "array", "items": {"type": "string"}},
        "contacts": {"type": "array", "items": _CONTACT},
        "fields": {"type": "object"},
        "starred": {"type": "boolean"},
        "sender_unconfirmed": {"type": "boolean"},
        "next_action_at": _TEXT_OR_NULL,
        "created_at": {"type": "string", "format": "date-time"},
        "updated_at": {"type": "string", "format": "date-time"},
        "closed_at": _TEXT_OR_NULL,
        "source": {"type": ["object", "null"]},
    },
    "required": ["id"],
}
_DATA: JSON = {
    "type": "object",
    "properties": {
        "event_id": {
            "description": "Also the webhook-id header; the same on every attempt.",
            "type": "string",
        },
        "account": {"type": "string"},
        "sequence": {
            "description": "Counts the events of one lead from 1; null where there is no lead.",
            "type": ["integer", "null"],
            "minimum": 1,
        },
        "actor": {
            "type": "object",
            "properties": {
                "kind": {"enum": [kind.value for kind in ActorKind]},
                "id": _TEXT_OR_NULL,
                "name": _TEXT_OR_NULL,
            },
            "required": ["kind", "id", "name"],
        },
        "causes": {
            "description": "What led to the event, root first: message:<id>, event:<id>, rule:<id>, …",
            "type": "array",
            "items": {"type": "string", "pattern": "^[a-z]+:.+$"},
        },
        "lead": _LEAD,
        "changes": {
            "description": "Member of the lead -> [old, new].",
            "type": "object",
            "additionalProperties": {"type": "array", "minItems": 2, "maxItems": 2},
        },
        "message": {
            "description": "The message the event is about, as far as the endpoint may see it.",
            "type": ["object", "null"],
        },
        "source": {
            "description": "The source that the event is about; only in events of sources.",
            "type": "object",
            "properties": {
                "kind": {"enum": ["address", "form", "mailbox"]},
                "id": {"type": "string"},
                "name": {"type": "string"},
            },
            "required": ["kind", "id", "name"],
        },
    },
    "required": ["event_id", "account", "sequence", "actor", "causes", "lead", "changes", "message"],
}
PAYLOAD_SCHEMA: Mapping[str, JSON] = MappingProxyType(
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:leadgate:webhook:1",
        "title": "leadgate webhook body, version 1",
        "type": "object",
        "properties": {
            "type": {"description": "The event type, like lead.created.", "type": "string"},
            "timestamp": {"description": "When it happened.", "type": "string", "format": "date-time"},
            "data": _DATA,
        },
        "required": ["type", "timestamp", "data"],
    }
)
