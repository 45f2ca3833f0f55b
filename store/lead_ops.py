"""Every change of a lead: the only writer of leads, their tags, fields, contacts and history.

A `LeadEditor` lives for one effect (a mail, a person's request, a rule's action) inside the caller's
transaction. Its methods change rows at once and remember what happened; `finish()` writes, for each lead
touched, its new revision, a history line for every change, and the events with one snapshot of the lead
as it is after the whole effect. Lead row, history and events therefore stand or fall together.

Locks: `store.locks.acquire` comes first (contacts), then the lead rows (`FOR UPDATE`, in the order of use),
then the account's row for a new number. Access is the caller's question to `store.access`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from rules.event import ActorKind
from store import lead_rows as rows
from store.contacts import Person
from store.events import NewEvent, Origin, append
from store.folding import fold, searchable
from store.history import NewEntry, add_entries
from store.lead_rows import NewLead
from store.leads import OPEN_STATUSES, STATUSES, amount_json, iso, lead_json
from store.scope import AccountScope
from store.session import Conflict, Invalid, NotFound, now
from store.tables.leads import history_entries, leads

_THIS = (leads.c.account_id == bindparam("account"), leads.c.id == bindparam("lead"))
_LOCK = select(leads).where(*_THIS).with_for_update()
_UPDATE = update(leads).where(*_THIS)
_NAMES = {"amount_cents": "amount"}
"""Columns that people, rules and webhooks know by another name."""


@dataclass(slots=True)
class _Edited:
    """One lead being edited: its row before the effect, and what happened since."""

    row: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    happened: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # (event type, changes)
    entries: list[NewEntry] = field(default_factory=list)

    def now_is(self, name: str) -> Any:
        return self.values.get(name, self.row[name])


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
    ) -> None:
        """`message`: the JSON summary of the message behind the change, put into its events."""
        self._connection = connection
        self._scope = scope
        self._origin = origin
        self._message_id = message_id
        self._message = message
        self._now = now(connection)
        self._edited: dict[str, _Edited] = {}
        self.entry_ids: list[str] = []
        self.event_ids: list[str] = []

    def create(self, new: NewLead) -> str:
        """A new lead with the next number of the account; its id. The caller holds the contacts' locks."""
        row = rows.insert_lead(self._connection, self._scope, new, self._now)
        lead_id: str = row["id"]
        self._edited[lead_id] = edited = _Edited(row)
        edited.happened.append(("lead.created", {}))
        rows.link_contacts(self._connection, self._scope, lead_id, new.people, first_is_main=True)
        tags = {rows.folded_tag(tag): tag.strip() for tag in reversed(new.tags)}
        rows.change_tags(self._connection, self._scope, lead_id, {}, tags)
        for name, value in new.fields.items():
            self._write_field(lead_id, name, value)
        return lead_id

    def change(self, lead_id: str, values: Mapping[str, Any]) -> None:
        """Sets columns of a lead (title, status, amount_cents, …). Values already there change nothing."""
        edited = self._edit(lead_id)
        wanted = dict(values)
        if "status" in wanted and wanted["status"] not in STATUSES:
            raise Invalid("status", f"one of {', '.join(STATUSES)}")
        if "title" in wanted:
            wanted["title"] = rows.tidy_title(str(wanted["title"]))
            if not wanted["title"]:
                raise Invalid("title", "must not be empty")
        changes = {
            name: [edited.now_is(name), new] for name, new in wanted.items() if edited.now_is(name) != new
        }
        if not changes:
            return
        edited.values |= {name: new for name, (_, new) in changes.items()}
        if "title" in changes:
            edited.values["title_folded"] = searchable(wanted["title"])
        if "status" in changes:
            is_open = wanted["status"] in OPEN_STATUSES
            edited.values["closed_at"] = None if is_open else self._now
            edited.happened.append(("lead.status.changed", {"status": changes.pop("status")}))
        if "step_id" in changes:
            named = [rows.step_name(self._connection, self._scope, step) for step in changes.pop("step_id")]
            edited.happened.append(("lead.step.changed", {"step": named}))
        if changes:
            shown = {_NAMES.get(n, n): [_plain(n, old), _plain(n, new)] for n, (old, new) in changes.items()}
            edited.happened.append(("lead.updated", shown))

    def assign(self, lead_id: str, user_id: str | None) -> None:
        """Gives a lead to a user, or to nobody."""
        edited = self._edit(lead_id)
        before = edited.now_is("owner_id")
        if before == user_id:
            return
        if user_id is not None:
            rows.must_be_active(self._connection, self._scope, user_id)
        edited.values["owner_id"] = user_id
        edited.happened.append(
            ("lead.assigned" if user_id else "lead.unassigned", {"owner": [before, user_id]})
        )

    def tag(self, lead_id: str, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Adds and removes tags; those there already (or not there) change nothing."""
        edited = self._edit(lead_id)
        before = rows.tags(self._connection, self._scope, lead_id)
        after = {rows.folded_tag(tag): tag.strip() for tag in reversed(add)} | before
        for tag in remove:
            after.pop(fold(tag), None)
        if before.keys() != after.keys():
            rows.change_tags(self._connection, self._scope, lead_id, before, after)
            shown = [[tags[folded] for folded in sorted(tags)] for tags in (before, after)]
            edited.happened.append(("lead.tagged", {"tags": shown}))

    def set_field(self, lead_id: str, name: str, value: str) -> None:
        """Sets a key field or any other named value."""
        edited = self._edit(lead_id)
        before = rows.field_value(self._connection, self._scope, lead_id, name)
        if before != value:
            self._write_field(lead_id, name, value)
            edited.happened.append(("lead.updated", {f"fields.{name}": [before, value]}))

    def add_people(self, lead_id: str, people: Sequence[Person]) -> None:
        """Makes people contacts of a lead; the caller holds their locks."""
        edited = self._edit(lead_id)
        added = rows.link_contacts(self._connection, self._scope, lead_id, people, first_is_main=False)
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

    def trash(self, lead_id: str) -> None:
        """Puts a lead into the trash, where nothing matches it any more."""
        edited = self._edit(lead_id)
        edited.values["trashed_at"] = self._now
        edited.happened.append(("lead.deleted", {}))

    def finish(self) -> None:
        """Writes revisions, history lines and events of everything since the last call."""
        touched = {lead_id: e for lead_id, e in self._edited.items() if e.happened or e.entries}
        for lead_id, edited in touched.items():
            changed = edited.values | {
                "revision": edited.row["revision"] + 1,
                "sequence": edited.row["sequence"] + len(edited.happened),
                "updated_at": self._now,
            }
            self._connection.execute(_UPDATE, changed | {"account": self._scope.account_id, "lead": lead_id})
        add_entries(
            self._connection, self._scope, [(i, e) for i, t in touched.items() for e in self._lines(t)]
        )
        snapshots = lead_json(self._connection, self._scope, touched)
        happened: list[NewEvent] = []
        for lead_id, edited in touched.items():
            first = edited.row["sequence"] + 1
            happened += [
                NewEvent(kind, lead_id, self._message_id, number, self._data(snapshots[lead_id], changes))
                for number, (kind, changes) in enumerate(edited.happened, first)
            ]
        self.event_ids += append(self._connection, self._scope, self._origin, self._now, happened)
        self._edited.clear()

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

    def _write_field(self, lead_id: str, name: str, value: str) -> None:
        """Sets the value with its provenance: a message, a rule or a person."""
        by = {ActorKind.RULE: "rule", ActorKind.USER: "person"}.get(self._origin.actor.kind, "message")
        by_id = self._message_id if by == "message" else self._origin.actor.id
        rows.write_field(self._connection, self._scope, lead_id, name, value, by=by, by_id=by_id)

    def _edit(self, lead_id: str) -> _Edited:
        """The lead being edited, its row locked. NotFound if it is gone, Conflict if it was merged."""
        if lead_id not in self._edited:
            row = self._connection.execute(
                _LOCK, {"account": self._scope.account_id, "lead": lead_id}
            ).first()
            if row is None:
                raise NotFound("lead")
            if row.merged_into is not None:
                raise Conflict("the lead was merged into another")
            self._edited[lead_id] = _Edited(dict(row._mapping))
        return self._edited[lead_id]


def _plain(name: str, value: Any) -> Any:
    """A column's value as the JSON form of a lead shows it."""
    if name == "amount_cents":
        return amount_json(value)
    return iso(value) if isinstance(value, datetime) else value
