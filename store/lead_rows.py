"""The rows around a lead: its number, tags, fields and contacts. Only `lead_ops` writes them.

Each function changes rows and says whether anything changed; revisions, history and events are the
editor's business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.sql.elements import BindParameter

from store import contacts as contact_store
from store.contacts import Person
from store.folding import fold, searchable
from store.ids import new_id
from store.leads import OPEN_STATUSES, STATUSES
from store.scope import AccountScope
from store.session import Invalid
from store.tables.leads import lead_contacts, lead_fields, lead_tags, leads, steps
from store.tables.people import accounts, users

LONGEST_TITLE = 300

# Statements of the way every mail takes are built once: building one costs more than running it.
_ACCOUNT: BindParameter[str] = bindparam("account")
_LEAD: BindParameter[str] = bindparam("lead")
_INSERT_LEAD, _INSERT_LINK = insert(leads), insert(lead_contacts)
_INSERT_TAG, _INSERT_FIELD = insert(lead_tags), insert(lead_fields)
_NEXT_NUMBER = (
    update(accounts)
    .where(accounts.c.id == _ACCOUNT)
    .values(last_lead_number=accounts.c.last_lead_number + 1)
    .returning(accounts.c.last_lead_number)
)
_LINKED = select(lead_contacts.c.contact_id).where(
    lead_contacts.c.account_id == _ACCOUNT, lead_contacts.c.lead_id == _LEAD
)
_OF_LEAD = (lead_tags.c.account_id == _ACCOUNT, lead_tags.c.lead_id == _LEAD)
_TAGS = select(lead_tags.c.tag_folded, lead_tags.c.tag).where(*_OF_LEAD).order_by(lead_tags.c.tag_folded)
_REMOVE_TAG = delete(lead_tags).where(*_OF_LEAD, lead_tags.c.tag_folded == bindparam("folded"))
_THIS_FIELD = (
    lead_fields.c.account_id == _ACCOUNT,
    lead_fields.c.lead_id == _LEAD,
    lead_fields.c.name == bindparam("field"),
)
_FIELD = select(lead_fields.c.value).where(*_THIS_FIELD)
_REMOVE_FIELD = delete(lead_fields).where(*_THIS_FIELD)


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


def insert_lead(
    connection: Connection, scope: AccountScope, new: NewLead, moment: datetime
) -> dict[str, Any]:
    """Writes the row of a new lead with the account's next number; the row as it is. Invalid for a bad value."""
    title = tidy_title(new.title) or "—"
    if new.owner_id is not None:
        must_be_active(connection, scope, new.owner_id)
    row: dict[str, Any] = {
        "account_id": scope.account_id,
        "id": new_id(),
        "number": _next_number(connection, scope),
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
    connection.execute(_INSERT_LEAD, row)
    return row


def tidy_title(text: str) -> str:
    """A title on one line, at most LONGEST_TITLE characters."""
    return " ".join(text.split())[:LONGEST_TITLE]


def _next_number(connection: Connection, scope: AccountScope) -> int:
    """The account's next lead number; its row stays locked until the transaction ends, so none is skipped."""
    number: int = connection.execute(_NEXT_NUMBER, {"account": scope.account_id}).scalar_one()
    return number


def must_be_active(connection: Connection, scope: AccountScope, user_id: str) -> None:
    """Invalid unless `user_id` is an active user of the account."""
    found = connection.execute(
        select(users.c.id).where(
            users.c.account_id == scope.account_id, users.c.id == user_id, users.c.active
        )
    ).first()
    if found is None:
        raise Invalid("user_id", "no active user of this account")


def step_name(connection: Connection, scope: AccountScope, step_id: str | None) -> str | None:
    """The name of a step, None for none."""
    name: str | None = connection.execute(
        select(steps.c.name).where(steps.c.account_id == scope.account_id, steps.c.id == step_id)
    ).scalar()
    return name


def tags(connection: Connection, scope: AccountScope, lead_id: str) -> dict[str, str]:
    """The tags of a lead, folded form -> as written, in the order in which they are shown."""
    found = connection.execute(_TAGS, {"account": scope.account_id, "lead": lead_id})
    return {row.tag_folded: row.tag for row in found}


def folded_tag(tag: str) -> str:
    """What tells a tag from others. Invalid when it is empty."""
    folded = fold(tag)
    if not folded:
        raise Invalid("tags", "a tag must not be empty")
    return folded


def change_tags(
    connection: Connection,
    scope: AccountScope,
    lead_id: str,
    before: Mapping[str, str],
    after: Mapping[str, str],
) -> None:
    """Writes the tags of a lead (as `tags` gives them), which had those of `before`."""
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    if gone:
        connection.execute(
            _REMOVE_TAG,
            [{"account": scope.account_id, "lead": lead_id, "folded": folded} for folded in sorted(gone)],
        )
    if new:
        connection.execute(
            _INSERT_TAG,
            [
                {
                    "account_id": scope.account_id,
                    "lead_id": lead_id,
                    "tag_folded": folded,
                    "tag": after[folded],
                }
                for folded in sorted(new)
            ],
        )


def field_value(connection: Connection, scope: AccountScope, lead_id: str, name: str) -> str | None:
    """The value of a field, None without one."""
    this = {"account": scope.account_id, "lead": lead_id, "field": name}
    value: str | None = connection.execute(_FIELD, this).scalar()
    return value


def write_field(
    connection: Connection,
    scope: AccountScope,
    lead_id: str,
    name: str,
    value: str,
    *,
    by: str,
    by_id: str | None,
) -> None:
    """Sets a field with its provenance; `by`: person, message or rule."""
    connection.execute(_REMOVE_FIELD, {"account": scope.account_id, "lead": lead_id, "field": name})
    connection.execute(
        _INSERT_FIELD,
        {
            "account_id": scope.account_id,
            "lead_id": lead_id,
            "name": name,
            "value": value,
            "set_by": by,
            "set_by_id": by_id,
        },
    )


def link_contacts(
    connection: Connection,
    scope: AccountScope,
    lead_id: str,
    people: Sequence[Person],
    *,
    first_is_main: bool,
) -> list[str]:
    """Makes people contacts of the lead; the addresses of those who weren't yet. Their locks are held."""
    known = contact_store.find_or_create(connection, scope, people)
    linked: set[str] = set()
    if not first_is_main:  # else the lead is new
        linked.update(connection.execute(_LINKED, {"account": scope.account_id, "lead": lead_id}).scalars())
    added = []
    for person in people:
        contact_id = known[person.normal]
        if contact_id in linked:
            continue
        connection.execute(
            _INSERT_LINK,
            {
                "account_id": scope.account_id,
                "lead_id": lead_id,
                "contact_id": contact_id,
                "main": first_is_main and not linked,
            },
        )
        linked.add(contact_id)
        added.append(person.address)
    return added
