"""A lead with the rows around it (tags, fields, contacts): read for many leads at once, written as a difference.

`LeadState` is a value; `store.lead_shelf` keeps those of a transaction, `store.lead_ops` is the only one to make
new ones.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.sql.elements import BindParameter

from store.contacts import Person
from store.folding import fold, searchable
from store.ids import new_id
from store.leads import OPEN_STATUSES, STATUSES
from store.pending_rows import PendingRows
from store.scope import AccountScope
from store.session import Invalid
from store.tables.leads import lead_contacts, lead_fields, lead_tags, leads

LONGEST_TITLE = 300
MOST_AT_ONCE = 500
"""Leads read in one statement: as many ids as any database takes."""

# Statements of the way every mail takes are built once: building one costs more than running it.
_ACCOUNT: BindParameter[str] = bindparam("account")
_LEAD: BindParameter[str] = bindparam("lead")
_WANTED: BindParameter[str] = bindparam("wanted", expanding=True)
_LEADS = (
    select(leads)
    .where(leads.c.account_id == _ACCOUNT, leads.c.id.in_(_WANTED))
    .order_by(leads.c.id)
    .with_for_update(key_share=True)
)
_TAGS = (
    select(lead_tags.c.lead_id, lead_tags.c.tag_folded, lead_tags.c.tag)
    .where(lead_tags.c.account_id == _ACCOUNT, lead_tags.c.lead_id.in_(_WANTED))
    .order_by(lead_tags.c.tag_folded)
)
_FIELDS = (
    select(
        lead_fields.c.lead_id,
        lead_fields.c.name,
        lead_fields.c.value,
        lead_fields.c.set_by,
        lead_fields.c.set_by_id,
    )
    .where(lead_fields.c.account_id == _ACCOUNT, lead_fields.c.lead_id.in_(_WANTED))
    .order_by(lead_fields.c.name)
)
_LINKS = (
    select(lead_contacts.c.lead_id, lead_contacts.c.contact_id, lead_contacts.c.main)
    .where(lead_contacts.c.account_id == _ACCOUNT, lead_contacts.c.lead_id.in_(_WANTED))
    .order_by(lead_contacts.c.contact_id)
)

_KEPT = frozenset("account_id id number created_owner_id source_kind source_name created_at".split())
"""Columns that never change once a lead exists."""
_CHANGING = tuple(column.name for column in leads.columns if column.name not in _KEPT)
_INSERT_LEAD, _INSERT_LINK = insert(leads), insert(lead_contacts)
_INSERT_TAG, _INSERT_FIELD = insert(lead_tags), insert(lead_fields)
_UPDATE_LEAD = (
    update(leads)
    .where(leads.c.account_id == _ACCOUNT, leads.c.id == _LEAD)
    .values({name: bindparam(f"new_{name}", type_=leads.c[name].type) for name in _CHANGING})
)
_REMOVE_TAG = delete(lead_tags).where(
    lead_tags.c.account_id == _ACCOUNT,
    lead_tags.c.lead_id == _LEAD,
    lead_tags.c.tag_folded == bindparam("folded"),
)
_REMOVE_FIELD = delete(lead_fields).where(
    lead_fields.c.account_id == _ACCOUNT,
    lead_fields.c.lead_id == _LEAD,
    lead_fields.c.name == bindparam("field"),
)


@dataclass(frozen=True, slots=True)
class NewLead:
    """What a lead begins with. `source_*` is its first touch and never changes."""

    title: str
    source_kind: str
    source_name: str = ""
    owner_id: str | None = None
    people: Sequence[Person] = ()  # the first one is the main contact
    tags: Sequence[str] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)  # further columns, as for `change`
    team_id: str | None = None  # whose members see and take it while nobody owns it


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A field's value and its provenance; `set_by`: person, message or rule."""

    value: str
    set_by: str
    set_by_id: str | None


@dataclass(frozen=True, slots=True)
class LeadState:
    """A lead as it is at one moment. `row`: its columns by name; `tags`: folded form -> as written; `people`:
    contact id -> whether that is the main contact."""

    row: Mapping[str, Any]
    tags: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    people: Mapping[str, bool] = field(default_factory=dict)

    @property
    def id(self) -> str:
        lead_id: str = self.row["id"]
        return lead_id


def new_row(scope: AccountScope, new: NewLead, number: int, moment: datetime) -> dict[str, Any]:
    """The columns of a new lead. Invalid for a bad value."""
    title = tidy_title(new.title) or "—"
    row: dict[str, Any] = {
        "account_id": scope.account_id,
        "id": new_id(),
        "number": number,
        "title": title,
        "title_folded": searchable(title),
        "status": "todo",
        "step_id": None,
        "amount_cents": None,
        "currency": None,
        "probability": None,
        "owner_id": new.owner_id,
        "created_owner_id": new.owner_id,
        "starred": False,
        "sender_unconfirmed": False,
        "not_a_lead": False,
        "next_action_at": None,
        "source_kind": new.source_kind,
        "source_name": new.source_name,
        "revision": 0,
        "sequence": 0,
        "created_at": moment,
        "updated_at": moment,
        "closed_at": None,
        "trashed_at": None,
        "merged_into": None,
        **new.values,
    }
    if row["status"] not in STATUSES:
        raise Invalid("status", f"one of {', '.join(STATUSES)}")
    if row["status"] not in OPEN_STATUSES:
        row["closed_at"] = moment
    return row


def tidy_title(text: str) -> str:
    """A title on one line, at most LONGEST_TITLE characters."""
    return " ".join(text.split())[:LONGEST_TITLE]


def folded_tag(tag: str) -> str:
    """What tells a tag from others. Invalid when it is empty."""
    folded = fold(tag)
    if not folded:
        raise Invalid("tags", "a tag must not be empty")
    return folded


def read_states(connection: Connection, scope: AccountScope, lead_ids: Iterable[str]) -> Iterator[LeadState]:
    """Those of the leads that exist, locked in the order of their ids."""
    wanted = sorted(set(lead_ids))
    for start in range(0, len(wanted), MOST_AT_ONCE):
        yield from _read(
            connection, {"account": scope.account_id, "wanted": wanted[start : start + MOST_AT_ONCE]}
        )


def _read(connection: Connection, these: Mapping[str, Any]) -> Iterator[LeadState]:
    rows = connection.execute(_LEADS, these).all()
    tags: dict[str, dict[str, str]] = defaultdict(dict)
    for tag in connection.execute(_TAGS, these):
        tags[tag.lead_id][tag.tag_folded] = tag.tag
    fields: dict[str, dict[str, FieldValue]] = defaultdict(dict)
    for kept in connection.execute(_FIELDS, these):
        fields[kept.lead_id][kept.name] = FieldValue(kept.value, kept.set_by, kept.set_by_id)
    people: dict[str, dict[str, bool]] = defaultdict(dict)
    for link in connection.execute(_LINKS, these):
        people[link.lead_id][link.contact_id] = link.main
    for row in rows:
        yield LeadState(dict(row._mapping), tags[row.id], fields[row.id], people[row.id])


def write_states(connection: Connection, changes: Sequence[tuple[LeadState | None, LeadState]]) -> None:
    """Writes how leads are now; each with how it is stored, None for a new one."""
    rows = PendingRows()
    for before, now in changes:
        if before is None:
            rows.add(_INSERT_LEAD, [now.row])
        elif before.row != now.row:
            changed = {f"new_{name}": now.row[name] for name in _CHANGING}
            rows.add(_UPDATE_LEAD, [changed | _this(now)])
    for before, now in changes:
        if before is not None:
            _remove_the_old(rows, before, now)
    for before, now in changes:
        _add_the_new(rows, before or LeadState(now.row), now)
    rows.write(connection)


def _remove_the_old(rows: PendingRows, before: LeadState, now: LeadState) -> None:
    """Tags that are gone, and fields whose value or provenance is another."""
    gone = sorted(before.tags.keys() - now.tags.keys())
    rows.add(_REMOVE_TAG, [_this(now) | {"folded": folded} for folded in gone])
    other = [name for name, value in before.fields.items() if now.fields.get(name) != value]
    rows.add(_REMOVE_FIELD, [_this(now) | {"field": name} for name in other])


def _add_the_new(rows: PendingRows, before: LeadState, now: LeadState) -> None:
    here = {"account_id": now.row["account_id"], "lead_id": now.id}
    tags = sorted(now.tags.keys() - before.tags.keys())
    rows.add(_INSERT_TAG, [here | {"tag_folded": folded, "tag": now.tags[folded]} for folded in tags])
    fields = {name: value for name, value in now.fields.items() if before.fields.get(name) != value}
    rows.add(
        _INSERT_FIELD,
        [
            here | {"name": name, "value": value.value, "set_by": value.set_by, "set_by_id": value.set_by_id}
            for name, value in fields.items()
        ],
    )
    linked = {contact_id: main for contact_id, main in now.people.items() if contact_id not in before.people}
    rows.add(_INSERT_LINK, [here | {"contact_id": contact, "main": main} for contact, main in linked.items()])


def _this(lead: LeadState) -> dict[str, Any]:
    return {"account": lead.row["account_id"], "lead": lead.id}
