"""Every change of a lead: the only writer of leads, their tags, fields, contacts and history.

A `LeadEditor` lives for one effect (a mail, a person's request, a rule's action) inside the caller's
transaction. Its methods change nothing that others see; `finish()` puts each lead touched, with its new revision,
onto the `LeadShelf`, and with it a history line for every change and the events with one snapshot of the lead as
it is after the whole effect. An editor that raised, and so never finished, has changed nothing.

A caller with many effects in one transaction gives all editors one shelf and writes it at the end; without one,
`finish()` writes at once. Lead row, history and events stand or fall together either way.

Locks: `store.locks.acquire` comes first (contacts), then the leads, then the account's row for a new number (see
`store.lead_shelf`). Access is the caller's question to `store.access`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from rules.event import ActorKind
from store.contacts import Person
from store.events import NewEvent, Origin, keep
from store.folding import fold, searchable
from store.history import NewEntry, add_entries
from store.lead_rows import FieldValue, LeadState, NewLead, folded_tag, new_row, tidy_title
from store.lead_shelf import LeadShelf
from store.leads import OPEN_STATUSES, STATUSES, told_name, told_value
from store.scope import AccountScope
from store.session import Conflict, Invalid, now
from store.tables.leads import history_entries
from store.tables.sources import lead_offers

_OFFER = insert(lead_offers)


@dataclass(slots=True)
class _Edited:
    """One lead being edited: how it is so far, and what happened to it."""

    lead: LeadState
    happened: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # (event type, changes)
    entries: list[NewEntry] = field(default_factory=list)
    team_id: str | None = None  # of a new lead: whom it is offered to

    def now_is(self, name: str) -> Any:
        return self.lead.row[name]

    def set(self, **columns: Any) -> None:
        self.lead = replace(self.lead, row=dict(self.lead.row) | columns)


class LeadEditor:
    """Changes leads of one account for one origin; see the module's docstring."""

    def __init__(
        self,
        connection: Connection,
        scope: AccountScope,
        origin: Origin,
        *,
        message_id: str | None = None,
        message: Mapping[str, Any] | None = None,
        shelf: LeadShelf | None = None,
    ) -> None:
        """`message`: the JSON summary of the message behind the change, put into its events. `shelf`: where leads
        are taken from and put; whoever gave it writes it."""
        self._connection = connection
        self._scope = scope
        self._origin = origin
        self._message_id = message_id
        self._message = message
        self._shelf = shelf or LeadShelf(connection, scope)
        self._writes = shelf is None
        self._now = now(connection)
        self._edited: dict[str, _Edited] = {}
        self.entry_ids: list[str] = []
        self.event_ids: list[str] = []

    def create(self, new: NewLead) -> str:
        """A new lead with the next number of the account; its id. The caller holds the contacts' locks."""
        if new.owner_id is not None:
            self._must_be_active(new.owner_id)
        tags = {folded_tag(tag): tag.strip() for tag in reversed(new.tags)}
        row = new_row(self._scope, new, self._shelf.next_number(), self._now)
        fields = {name: self._field(value) for name, value in new.fields.items()}
        edited = _Edited(LeadState(row, tags, fields))
        self._edited[edited.lead.id] = edited
        edited.happened.append(("lead.created", {}))
        edited.team_id = new.team_id
        self._link(edited, new.people)
        return edited.lead.id

    def change(self, lead_id: str, values: Mapping[str, Any]) -> None:
        """Sets columns of a lead (title, status, amount_cents, …). Values already there change nothing."""
        edited = self._edit(lead_id)
        wanted = dict(values)
        if "status" in wanted and wanted["status"] not in STATUSES:
            raise Invalid("status", f"one of {', '.join(STATUSES)}")
        if "title" in wanted:
            wanted["title"] = tidy_title(str(wanted["title"]))
            if not wanted["title"]:
                raise Invalid("title", "must not be empty")
        changes = {
            name: [edited.now_is(name), new] for name, new in wanted.items() if edited.now_is(name) != new
        }
        if not changes:
            return
        edited.set(**{name: new for name, (_, new) in changes.items()})
        if "title" in changes:
            edited.set(title_folded=searchable(wanted["title"]))
        if "status" in changes:
            is_open = wanted["status"] in OPEN_STATUSES
            edited.set(closed_at=None if is_open else self._now)
            edited.happened.append(("lead.status.changed", {"status": changes.pop("status")}))
        if "step_id" in changes:
            named = [self._shelf.step(step)[0] for step in changes.pop("step_id")]
            edited.happened.append(("lead.step.changed", {"step": named}))
        if changes:
            shown = {
                told_name(n): [told_value(n, old), told_value(n, new)] for n, (old, new) in changes.items()
            }
            edited.happened.append(("lead.updated", shown))

    def assign(self, lead_id: str, user_id: str | None) -> None:
        """Gives a lead to a user, or to nobody."""
        edited = self._edit(lead_id)
        before = edited.now_is("owner_id")
        if before == user_id:
            return
        if user_id is not None:
            self._must_be_active(user_id)
        edited.set(owner_id=user_id)
        edited.happened.append(
            ("lead.assigned" if user_id else "lead.unassigned", {"owner": [before, user_id]})
        )

    def tag(self, lead_id: str, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Adds and removes tags; those there already (or not there) change nothing."""
        edited = self._edit(lead_id)
        before = dict(edited.lead.tags)
        after = {folded_tag(tag): tag.strip() for tag in reversed(add)} | before
        for tag in remove:
            after.pop(fold(tag), None)
        if before.keys() != after.keys():
            edited.lead = replace(edited.lead, tags=after)
            shown = [[tags[folded] for folded in sorted(tags)] for tags in (before, after)]
            edited.happened.append(("lead.tagged", {"tags": shown}))

    def set_field(self, lead_id: str, name: str, value: str) -> None:
        """Sets a key field or any other named value."""
        edited = self._edit(lead_id)
        before = edited.lead.fields.get(name)
        if before is None or before.value != value:
            edited.lead = replace(edited.lead, fields=dict(edited.lead.fields) | {name: self._field(value)})
            edited.happened.append(("lead.updated", {f"fields.{name}": [before and before.value, value]}))

    def add_people(self, lead_id: str, people: Sequence[Person]) -> None:
        """Makes people contacts of a lead; the caller holds their locks."""
        edited = self._edit(lead_id)
        added = self._link(edited, people)
        if added:
            edited.happened.append(("lead.updated", {"contacts": [[], added]}))

    def add_entry(self, lead_id: str, entry: NewEntry, event_type: str | None) -> str:
        """Adds a line to the timeline (an e-mail, a comment, …) and its event; the entry's id."""
        edited = self._edit(lead_id)
        edited.entries.append(entry)
        self.entry_ids.append(entry.id)
        if event_type:
            edited.happened.append((event_type, {}))
        return entry.id

    def rewrite_entry(self, lead_id: str, entry_id: str, *, subject: str, text: str) -> None:
        """Corrects what an e-mail's entry says, in place; `lead.updated` if it says something else now."""
        edited = self._edit(lead_id)
        this = (history_entries.c.account_id == self._scope.account_id, history_entries.c.id == entry_id)
        before = self._connection.execute(
            select(history_entries.c.subject, history_entries.c.text).where(*this)
        ).one()
        if (before.subject, before.text) != (subject, text):
            self._connection.execute(update(history_entries).where(*this).values(subject=subject, text=text))
            edited.happened.append(("lead.updated", {"entry": [entry_id, entry_id]}))

    def comment(self, lead_id: str, text: str, *, author_id: str | None) -> str:
        """Adds a comment; the entry's id. Invalid when it is empty."""
        if not text.strip():
            raise Invalid("text", "must not be empty")
        entry = NewEntry(
            kind="comment", at=self._now, text=text, author_user_id=author_id, rule_id=self._origin.rule_id
        )
        return self.add_entry(lead_id, entry, "lead.commented")

    def trash(self, lead_id: str, *, not_a_lead: bool = False, blocked: Sequence[str] = ()) -> None:
        """Puts a lead into the trash, where nothing matches it any more. `not_a_lead`: it never was one, and counts
        nowhere; `blocked`: the senders that are blocked for it."""
        edited = self._edit(lead_id)
        edited.set(trashed_at=self._now, not_a_lead=not_a_lead)
        changes: dict[str, Any] = {"not_a_lead": [False, True]} if not_a_lead else {}
        edited.happened.append(
            ("lead.deleted", changes | ({"blocked": [[], list(blocked)]} if blocked else {}))
        )

    def restore(self, lead_id: str, *, unblocked: Sequence[str] = ()) -> None:
        """Takes a lead out of the trash; it counts and matches again."""
        edited = self._edit(lead_id)
        if edited.now_is("trashed_at") is None:
            return
        edited.set(trashed_at=None, not_a_lead=False)
        changes: dict[str, Any] = {"trashed": [True, False]}
        edited.happened.append(
            ("lead.updated", changes | ({"blocked": [list(unblocked), []]} if unblocked else {}))
        )

    def finish(self) -> None:
        """Puts revisions, history lines and events of everything since the last call."""
        touched = {lead_id: e for lead_id, e in self._edited.items() if e.happened or e.entries}
        happened: list[NewEvent] = []
        for lead_id, edited in touched.items():
            first = edited.now_is("sequence") + 1
            edited.set(
                revision=edited.now_is("revision") + 1,
                sequence=edited.now_is("sequence") + len(edited.happened),
                updated_at=self._now,
            )
            self._shelf.put(edited.lead)
            snapshot = self._shelf.json(edited.lead)
            happened += [
                NewEvent(kind, lead_id, self._message_id, number, self._data(snapshot, changes))
                for number, (kind, changes) in enumerate(edited.happened, first)
            ]
        lines = [(lead_id, line) for lead_id, edited in touched.items() for line in self._lines(edited)]
        add_entries(self._shelf.later, self._scope, self._now, lines)
        offers = [
            {"account_id": self._scope.account_id, "lead_id": lead_id, "team_id": edited.team_id}
            for lead_id, edited in touched.items()
            if edited.team_id is not None
        ]
        self._shelf.later.add(_OFFER, offers)
        self.event_ids += keep(self._shelf.later, self._scope, self._origin, self._now, happened)
        self._edited.clear()
        if self._writes:
            self._shelf.write()

    def _data(self, snapshot: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
        return {"lead": snapshot, "message": self._message, "changes": dict(changes)}

    def _lines(self, edited: _Edited) -> list[NewEntry]:
        """The entries added, and one line for every event that changed something."""
        by_rule = self._origin.actor.kind is ActorKind.RULE
        author = self._origin.actor.id if self._origin.actor.kind is ActorKind.USER else None
        lines = [
            NewEntry(
                kind="rule" if by_rule else "change",
                at=self._now,
                text="",
                author_user_id=author,
                author_name=self._origin.actor.name,
                data={"event": kind, "changes": changes},
                message_id=self._message_id,
                rule_id=self._origin.rule_id,
            )
            for kind, changes in edited.happened
            if changes or kind == "lead.deleted"
        ]
        return [*edited.entries, *lines]

    def _field(self, value: str) -> FieldValue:
        """The value with its provenance: a message, a rule or a person."""
        by = {ActorKind.RULE: "rule", ActorKind.USER: "person"}.get(self._origin.actor.kind, "message")
        return FieldValue(value, by, self._message_id if by == "message" else self._origin.actor.id)

    def _link(self, edited: _Edited, people: Sequence[Person]) -> list[str]:
        """Makes people contacts of the lead; the addresses of those who weren't yet. A lead's first is its main one."""
        linked = dict(edited.lead.people)
        added = []
        for person in people:
            contact_id = self._shelf.cards.find_or_make(person)
            if contact_id not in linked:
                linked[contact_id] = not linked
                added.append(person.address)
        edited.lead = replace(edited.lead, people=linked)
        return added

    def _must_be_active(self, user_id: str) -> None:
        """Invalid unless `user_id` is an active user of the account."""
        user = self._shelf.colleague(user_id)
        if user is None or not user.active:
            raise Invalid("user_id", "no active user of this account")

    def _edit(self, lead_id: str) -> _Edited:
        """The lead being edited, its row locked. NotFound if it is gone, Conflict if it was merged."""
        if lead_id not in self._edited:
            lead = self._shelf.get(lead_id)
            if lead.row["merged_into"] is not None:
                raise Conflict("the lead was merged into another")
            self._edited[lead_id] = _Edited(lead)
        return self._edited[lead_id]
