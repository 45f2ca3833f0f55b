"""What a person asks of leads: make, change, assign, comment, trash, restore. API and pages call these.

Each function checks `store.access` first and then lets a `LeadEditor` do it. A lead that the viewer
doesn't see is NotFound, one they see but may not change is Refused. Making a lead takes the locks of its
contacts before anything else, as ingestion does: a mail that arrives meanwhile finds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from rules.event import Actor, ActorKind
from store import contacts
from store.access import (
    require_assignable,
    require_creatable,
    require_editable,
    require_restorable,
    require_visible,
)
from store.accounts import get_user
from store.addresses import normal
from store.contacts import Person
from store.events import Origin
from store.folding import fold
from store.lead_ops import LeadEditor
from store.lead_rows import NewLead
from store.leads import lead_json
from store.locks import acquire, contact_key
from store.masking import masks_for
from store.scope import Viewer
from store.senders import block, unblock
from store.session import Invalid
from store.tables.leads import contact_addresses, lead_contacts, lead_tags, pipelines, steps

MOST_CONTACTS = 50


@dataclass(frozen=True, slots=True)
class ContactWish:
    """A contact as a person names it: found by any of `emails`, made if none is known."""

    emails: tuple[str, ...]
    name: str = ""
    organisation: str | None = None
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeadWish:
    """A lead as a person wants it. `columns` as for `LeadEditor.change`; `step`, `pipeline` by name."""

    title: str
    owner_id: str | None
    contacts: Sequence[ContactWish] = ()
    tags: Sequence[str] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)
    step: str | None = None
    pipeline: str | None = None


@dataclass(frozen=True, slots=True)
class LeadChange:
    """What is to be different. `owner_id` counts only with `assigns`; `tags` None: as they are."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    tags: Sequence[str] | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    moves: bool = False
    step: str | None = None
    pipeline: str | None = None
    assigns: bool = False
    owner_id: str | None = None


def origin_of(connection: Connection, viewer: Viewer, cause: str) -> Origin:
    """The viewer as the one who acts; `cause` in the stored form of `rules.event.cause`."""
    user = get_user(connection, viewer.scope, viewer.user_id)
    return Origin(Actor(ActorKind.USER, user.id, user.name), (cause,))


def lead_for(connection: Connection, viewer: Viewer, lead_id: str) -> dict[str, Any]:
    """One lead in its JSON form. NotFound unless the viewer sees it."""
    require_visible(connection, viewer, lead_id)
    found: dict[str, Any] = masks_for(connection, viewer).json(
        lead_json(connection, viewer, [lead_id])[lead_id]
    )
    return found


def steps_of(connection: Connection, viewer: Viewer) -> list[tuple[str, str]]:
    """(pipeline, step) by name, for all steps of the account in their order."""
    rows = connection.execute(
        select(pipelines.c.name.label("pipeline"), steps.c.name.label("step"))
        .join_from(
            steps,
            pipelines,
            (pipelines.c.account_id == steps.c.account_id) & (pipelines.c.id == steps.c.pipeline_id),
        )
        .where(steps.c.account_id == viewer.account_id)
        .order_by(pipelines.c.position, pipelines.c.name, steps.c.position, steps.c.name)
    )
    return [(row.pipeline, row.step) for row in rows]


def create_lead(connection: Connection, viewer: Viewer, origin: Origin, wish: LeadWish) -> str:
    """A new lead; its id. Refused when the viewer may not make one for that owner."""
    wanted = _readable(wish.contacts)
    acquire(connection, [contact_key(viewer.account_id, address) for _, all_ in wanted for address in all_])
    require_creatable(connection, viewer, wish.owner_id)
    people = [_person(connection, viewer, contact, addresses) for contact, addresses in wanted]
    title = wish.title.strip() or next((p.name or p.address or next(iter(p.phones), "") for p in people), "")
    if not title:
        raise Invalid("title", "must not be empty")
    columns = dict(wish.columns)
    if wish.step is not None or wish.pipeline is not None:
        columns["step_id"] = _step(connection, viewer, wish.step, wish.pipeline)
    editor = LeadEditor(connection, viewer.scope, origin)
    lead_id = editor.create(
        NewLead(
            title=title,
            source_kind="api" if origin.causes[0].startswith("api:") else "manual",
            owner_id=wish.owner_id,
            people=people,
            tags=wish.tags,
            fields=wish.fields,
            values=columns,
        )
    )
    editor.finish()
    return lead_id


def change_lead(
    connection: Connection, viewer: Viewer, origin: Origin, lead_id: str, change: LeadChange
) -> int:
    """Changes a lead; how many events that made."""
    require_editable(connection, viewer, lead_id)
    if change.assigns:
        require_assignable(connection, viewer, lead_id, change.owner_id)
    columns = dict(change.columns)
    if change.moves:
        columns["step_id"] = _step(connection, viewer, change.step, change.pipeline)
    editor = LeadEditor(connection, viewer.scope, origin)
    editor.change(lead_id, columns)
    if change.tags is not None:
        editor.tag(lead_id, add=change.tags, remove=_tags_beside(connection, viewer, lead_id, change.tags))
    for name, value in change.fields.items():
        editor.set_field(lead_id, name, value)
    if change.assigns:
        editor.assign(lead_id, change.owner_id)
    editor.finish()
    return len(editor.event_ids)


def assign_lead(
    connection: Connection, viewer: Viewer, origin: Origin, lead_id: str, user_id: str | None
) -> int:
    """Gives a lead to a user, or to nobody; how many events that made."""
    require_assignable(connection, viewer, lead_id, user_id)
    editor = LeadEditor(connection, viewer.scope, origin)
    editor.assign(lead_id, user_id)
    editor.finish()
    return len(editor.event_ids)


def comment_lead(connection: Connection, viewer: Viewer, origin: Origin, lead_id: str, text: str) -> str:
    """Adds a comment; the entry's id."""
    require_editable(connection, viewer, lead_id)
    editor = LeadEditor(connection, viewer.scope, origin)
    entry_id = editor.comment(lead_id, text, author_id=viewer.user_id)
    editor.finish()
    return entry_id


def trash_lead(connection: Connection, viewer: Viewer, origin: Origin, lead_id: str) -> None:
    """Puts a lead into the trash."""
    require_editable(connection, viewer, lead_id)
    editor = LeadEditor(connection, viewer.scope, origin)
    editor.trash(lead_id)
    editor.finish()


def not_a_lead(
    connection: Connection, viewer: Viewer, origin: Origin, lead_id: str, *, block_sender: bool
) -> list[str]:
    """Puts what is no lead into the trash and out of all counts; the addresses blocked now, those of its main
    contact."""
    require_editable(connection, viewer, lead_id)
    senders = _addresses(connection, viewer, lead_id, main_only=True) if block_sender else []
    blocked = block(connection, viewer.scope, senders) if senders else []
    editor = LeadEditor(connection, viewer.scope, origin)
    editor.trash(lead_id, not_a_lead=True, blocked=blocked)
    editor.finish()
    return blocked


def restore_lead(connection: Connection, viewer: Viewer, origin: Origin, lead_id: str) -> None:
    """Takes a lead out of the trash. The contacts of one that was called none are blocked no more: the word about it
    is taken back. NotFound unless it is there and the viewer may."""
    theirs = _addresses(connection, viewer, lead_id)
    acquire(connection, [contact_key(viewer.account_id, address) for address in theirs])
    row = require_restorable(connection, viewer, lead_id)
    unblocked = unblock(connection, viewer.scope, theirs) if row.not_a_lead else []
    editor = LeadEditor(connection, viewer.scope, origin)
    editor.restore(lead_id, unblocked=unblocked)
    editor.finish()


def _addresses(connection: Connection, viewer: Viewer, lead_id: str, *, main_only: bool = False) -> list[str]:
    """The addresses of a lead's contacts, in normal form."""
    statement = (
        select(contact_addresses.c.address)
        .join_from(
            lead_contacts,
            contact_addresses,
            (contact_addresses.c.account_id == lead_contacts.c.account_id)
            & (contact_addresses.c.contact_id == lead_contacts.c.contact_id),
        )
        .where(lead_contacts.c.account_id == viewer.account_id, lead_contacts.c.lead_id == lead_id)
        .order_by(contact_addresses.c.address)
    )
    if main_only:
        statement = statement.where(lead_contacts.c.main)
    return list(connection.execute(statement).scalars())


def _readable(wishes: Sequence[ContactWish]) -> list[tuple[ContactWish, list[str]]]:
    """Each contact with its addresses in normal form, as written as a fallback. Invalid names the place."""
    if len(wishes) > MOST_CONTACTS:
        raise Invalid("contacts", f"at most {MOST_CONTACTS}")
    found = []
    for number, wish in enumerate(wishes):
        for place, email in enumerate(wish.emails):
            local, _, domain = email.strip().rpartition("@")
            if not local or not domain or any(c.isspace() for c in local + domain):
                raise Invalid(f"contacts[{number}].emails[{place}]", "not an e-mail address")
        if not (wish.emails or wish.name.strip() or any(phone.strip() for phone in wish.phones)):
            raise Invalid(f"contacts[{number}]", "an address, a name or a phone")
        found.append((wish, list(dict.fromkeys(normal(email) for email in wish.emails))))
    return found


def _person(connection: Connection, viewer: Viewer, wish: ContactWish, addresses: Sequence[str]) -> Person:
    """The contact under the address by which it is known, else under its first, if it has any."""
    if not addresses:
        return Person("", wish.name.strip(), wish.organisation, wish.phones)
    known = contacts.find(connection, viewer.scope, addresses)
    chosen = next((address for address in addresses if address in known), addresses[0])
    written = {normal(email): email.strip() for email in reversed(wish.emails)}
    further = tuple(written[address] for address in addresses if address != chosen)
    return Person(written[chosen], wish.name.strip(), wish.organisation, wish.phones, further)


def _step(connection: Connection, viewer: Viewer, step: str | None, pipeline: str | None) -> str | None:
    """The id of a step by its name, within a pipeline if one is named; None for no step."""
    if step is None:
        if pipeline is not None:
            raise Invalid("step", "is needed with pipeline")
        return None
    statement = (
        select(steps.c.id)
        .join_from(
            steps,
            pipelines,
            (pipelines.c.account_id == steps.c.account_id) & (pipelines.c.id == steps.c.pipeline_id),
        )
        .where(steps.c.account_id == viewer.account_id, steps.c.name == step)
        .order_by(pipelines.c.position)
    )
    if pipeline is not None:
        statement = statement.where(pipelines.c.name == pipeline)
    found: str | None = connection.execute(statement).scalars().first()
    if found is None:
        raise Invalid("step", "no step of that name")
    return found


def _tags_beside(connection: Connection, viewer: Viewer, lead_id: str, wanted: Sequence[str]) -> list[str]:
    """The lead's tags that aren't among `wanted`."""
    kept = {fold(tag) for tag in wanted}
    rows = connection.execute(
        select(lead_tags.c.tag, lead_tags.c.tag_folded).where(
            lead_tags.c.account_id == viewer.account_id, lead_tags.c.lead_id == lead_id
        )
    )
    return [row.tag for row in rows if row.tag_folded not in kept]
