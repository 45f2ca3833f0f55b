"""The leads that one transaction works on: read many at once, changed in memory, written together.

A `LeadShelf` belongs to one account and one transaction. `read` locks the leads it reads, in the order of their ids,
so what is seen here stays true until the commit. `put` says how a lead is from now on; `write` writes what differs
from the stored rows, then the rows that were kept back in `later` (history, events, receipts). Only `store.lead_ops`
puts. A transaction that fails before `write` has changed nothing.

Locks on PostgreSQL: contacts and conversations (`store.locks`), then leads, then the account's row for a new number
(FOR NO KEY UPDATE: rows that point to them may be written meanwhile). Whoever works for several accounts does so in
the order of their ids.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.sql.elements import BindParameter

from store.contacts import ContactCards
from store.lead_rows import LeadState, read_states, write_states
from store.leads import Json, as_json
from store.pending_rows import PendingRows
from store.scope import AccountScope
from store.session import NotFound
from store.tables.leads import pipelines, steps
from store.tables.people import accounts, users

_ACCOUNT: BindParameter[str] = bindparam("account")
_WANTED: BindParameter[str] = bindparam("wanted", expanding=True)
_USERS = select(users.c.id, users.c.name, users.c.email, users.c.active).where(
    users.c.account_id == _ACCOUNT, users.c.id.in_(_WANTED)
)
_STEPS = (
    select(steps.c.id, steps.c.name, pipelines.c.name.label("pipeline"))
    .join_from(
        steps,
        pipelines,
        (pipelines.c.account_id == steps.c.account_id) & (pipelines.c.id == steps.c.pipeline_id),
    )
    .where(steps.c.account_id == _ACCOUNT, steps.c.id.in_(_WANTED))
)
_LAST_NUMBER = (
    select(accounts.c.last_lead_number).where(accounts.c.id == _ACCOUNT).with_for_update(key_share=True)
)
_COUNTED = update(accounts).where(accounts.c.id == _ACCOUNT).values(last_lead_number=bindparam("last_number"))


@dataclass(frozen=True, slots=True)
class Colleague:
    """A user as leads name their owner."""

    id: str
    name: str
    email: str
    active: bool


class LeadShelf:
    """The leads of one account in one transaction, with their contacts in `cards`; see the module's docstring."""

    def __init__(self, connection: Connection, scope: AccountScope) -> None:
        self.scope = scope
        self.cards = ContactCards(connection, scope)
        self.later = PendingRows()
        self.connection = connection
        self._stored: dict[str, LeadState | None] = {}  # None: there is no such row
        self._now: dict[str, LeadState] = {}
        self._of_contact: dict[str, set[str]] = defaultdict(set)
        self._users: dict[str, Colleague] = {}
        self._steps: dict[str, tuple[str, str]] = {}
        self._number: int | None = None

    def read(self, lead_ids: Iterable[str]) -> None:
        """Reads and locks these leads and all that belongs to them, as far as they aren't here."""
        wanted = [lead_id for lead_id in dict.fromkeys(lead_ids) if lead_id not in self._stored]
        if not wanted:
            return
        self._stored |= dict.fromkeys(wanted)
        found = list(read_states(self.connection, self.scope, wanted))
        for state in found:
            self._stored[state.id] = state
            self._show(state)
        self.cards.read(contact_id for state in found for contact_id in state.people)
        self._read_users(state.row["owner_id"] for state in found)

    def get(self, lead_id: str) -> LeadState:
        """How the lead is now. NotFound if there is none."""
        self.read([lead_id])
        if lead_id not in self._now:
            raise NotFound("lead")
        return self._now[lead_id]

    def standing(self, lead_id: str) -> LeadState | None:
        """How the lead is now, None if there is none."""
        self.read([lead_id])
        return self._now.get(lead_id)

    def put(self, state: LeadState) -> None:
        """How a lead is from now on; a new one, or one that was read."""
        self._stored.setdefault(state.id, None)
        self._show(state)

    def of_contact(self, contact_id: str) -> list[LeadState]:
        """The leads here that a contact is on, in the order of their numbers."""
        found = [self._now[lead_id] for lead_id in self._of_contact[contact_id]]
        return sorted(found, key=lambda state: state.row["number"])

    def addresses(self, state: LeadState) -> frozenset[str]:
        """The addresses of a lead's contacts, in normal form."""
        return frozenset(
            address for contact in state.people for address, _ in self.cards.card(contact).addresses
        )

    def next_number(self) -> int:
        """The account's next lead number; its row stays locked until the transaction ends, so none is skipped."""
        if self._number is None:
            self._number = self.connection.execute(_LAST_NUMBER, self._account).scalar_one()
        self._number += 1
        return self._number

    def colleague(self, user_id: str) -> Colleague | None:
        """A user of the account; None if it isn't one."""
        self._read_users([user_id])
        return self._users.get(user_id)

    def step(self, step_id: str | None) -> tuple[str | None, str | None]:
        """The names of a step and of its pipeline; (None, None) without one."""
        if step_id is None:
            return None, None
        if step_id not in self._steps:
            rows = self.connection.execute(_STEPS, self._account | {"wanted": [step_id]})
            self._steps |= {row.id: (row.name, row.pipeline) for row in rows}
        return self._steps.get(step_id, (None, None))

    def json(self, state: LeadState) -> Json:
        """The lead as product §9 shows it, in the very form of `store.leads.lead_json`."""
        owner = self.colleague(state.row["owner_id"]) if state.row["owner_id"] else None
        people = sorted(state.people, key=lambda contact: (not state.people[contact], contact))
        return as_json(
            state.row,
            None if owner is None else {"id": owner.id, "name": owner.name, "email": owner.email},
            self.step(state.row["step_id"]),
            [state.tags[folded] for folded in sorted(state.tags)],
            [self.cards.card(contact).to_json() for contact in people],
            {name: state.fields[name].value for name in sorted(state.fields)},
        )

    def write(self) -> None:
        """Writes everything that is different by now, and what was kept back."""
        self.cards.write()
        changed = [
            (self._stored[lead_id], state)
            for lead_id, state in self._now.items()
            if self._stored[lead_id] is not state
        ]
        write_states(self.connection, changed)
        for _, state in changed:
            self._stored[state.id] = state
        if self._number is not None:
            self.connection.execute(_COUNTED, self._account | {"last_number": self._number})
        self.later.write(self.connection)

    @property
    def _account(self) -> dict[str, Any]:
        return {"account": self.scope.account_id}

    def _show(self, state: LeadState) -> None:
        self._now[state.id] = state
        for contact_id in state.people:
            self._of_contact[contact_id].add(state.id)

    def _read_users(self, user_ids: Iterable[str | None]) -> None:
        wanted = [user_id for user_id in dict.fromkeys(user_ids) if user_id and user_id not in self._users]
        if wanted:
            rows = self.connection.execute(_USERS, self._account | {"wanted": wanted})
            self._users |= {row.id: Colleague(row.id, row.name, row.email, row.active) for row in rows}
