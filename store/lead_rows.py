"""The rows around a lead: its number, tags, fields and contacts. Only `lead_ops` writes them.

Each function changes rows and says whether anything changed; revisions, history and events are the
editor's business.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from store import contacts as contact_store
from store.contacts import Person
from store.folding import fold
from store.scope import AccountScope
from store.session import Invalid
from store.tables.leads import lead_contacts, lead_fields, lead_tags
from store.tables.people import accounts, users


def next_number(connection: Connection, scope: AccountScope) -> int:
    """The account's next lead number; its row stays locked until the transaction ends, so none is skipped."""
    number: int = connection.execute(
        update(accounts)
        .where(accounts.c.id == scope.account_id)
        .values(last_lead_number=accounts.c.last_lead_number + 1)
        .returning(accounts.c.last_lead_number)
    ).scalar_one()
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


def add_tag(connection: Connection, scope: AccountScope, lead_id: str, tag: str) -> bool:
    """Adds a tag; False if the lead has it. Invalid when it is empty."""
    folded = fold(tag)
    if not folded:
        raise Invalid("tags", "a tag must not be empty")
    there = connection.execute(select(lead_tags.c.tag).where(*_is_tag(scope, lead_id, folded))).first()
    if there is None:
        connection.execute(
            insert(lead_tags).values(
                account_id=scope.account_id, lead_id=lead_id, tag_folded=folded, tag=tag.strip()
            )
        )
    return there is None


def remove_tag(connection: Connection, scope: AccountScope, lead_id: str, tag: str) -> bool:
    """Removes a tag; False if the lead hasn't got it."""
    return bool(connection.execute(delete(lead_tags).where(*_is_tag(scope, lead_id, fold(tag)))).rowcount)


def field_value(connection: Connection, scope: AccountScope, lead_id: str, name: str) -> str | None:
    """The value of a field, None without one."""
    value: str | None = connection.execute(
        select(lead_fields.c.value).where(*_is_field(scope, lead_id, name))
    ).scalar()
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
    connection.execute(delete(lead_fields).where(*_is_field(scope, lead_id, name)))
    connection.execute(
        insert(lead_fields).values(
            account_id=scope.account_id, lead_id=lead_id, name=name, value=value, set_by=by, set_by_id=by_id
        )
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
    linked = set(
        connection.execute(
            select(lead_contacts.c.contact_id).where(
                lead_contacts.c.account_id == scope.account_id, lead_contacts.c.lead_id == lead_id
            )
        ).scalars()
    )
    added = []
    for person in people:
        contact_id = known[person.normal]
        if contact_id in linked:
            continue
        connection.execute(
            insert(lead_contacts).values(
                account_id=scope.account_id,
                lead_id=lead_id,
                contact_id=contact_id,
                main=first_is_main and not linked,
            )
        )
        linked.add(contact_id)
        added.append(person.address)
    return added


def _is_tag(scope: AccountScope, lead_id: str, folded: str) -> tuple[Any, ...]:
    return (
        lead_tags.c.account_id == scope.account_id,
        lead_tags.c.lead_id == lead_id,
        lead_tags.c.tag_folded == folded,
    )


def _is_field(scope: AccountScope, lead_id: str, name: str) -> tuple[Any, ...]:
    return (
        lead_fields.c.account_id == scope.account_id,
        lead_fields.c.lead_id == lead_id,
        lead_fields.c.name == name,
    )
