"""A person decides about a held message: attach, create, ignore, never log, spam; or that something is no spam
(product §3).

One transaction, with the same locks and the same writer as a mail's own effect. The message must still be
held; two people deciding at once get one decision and one Conflict.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from ingest.effect import lock_keys, new_lead
from ingest.gather import gather_one
from ingest.held_beside import held_beside
from ingest.letter import Letter, Reading, Stop
from ingest.match import Attach, Candidates, match
from ingest.prepare import Prepared, Understand, line, prepare
from ingest.read import read_for_person, read_to_attach
from ingest.receiving import Keys, Office, Receiving
from ingest.reprocess import decide_anew
from ingest.timeline import entry_of
from ingest.watchdog import Watchdog
from rules.event import Actor, ActorKind, CauseKind, cause
from store import locks
from store.accounts import get_account, update_account
from store.events import Origin
from store.matching import Thread
from store.receipts import reopen
from store.scope import AccountScope
from store.session import Conflict, Database, Invalid, NotFound
from store.tables.mail import holds, messages

ACTIONS = ("attach", "create", "ignore", "never_log", "spam", "not_spam")


@dataclass(frozen=True, slots=True)
class Resolver:
    """Carries out people's decisions about held messages."""

    database: Database
    understand: Understand
    keys: Keys
    watchdog: Watchdog
    ring_events: Callable[[], None]

    def resolve(
        self,
        scope: AccountScope,
        message_id: str,
        action: str,
        *,
        user_id: str,
        lead_id: str | None = None,
        via: str | None = None,
        for_thread: bool = False,
    ) -> str:
        """Decides; the message's new outcome. `via`: the cause in the chain, by default the user. `for_thread`: what
        is held of the same conversation is decided again, and what comes later is ignored like this one.
        `not_spam`: of a message that was ignored as spam. Invalid, NotFound, or Conflict when it isn't held (or
        spam) any more."""
        if action not in ACTIONS:
            raise Invalid("action", f"one of {', '.join(ACTIONS)}")
        if action == "attach" and not lead_id:
            raise Invalid("lead_id", "attach needs the lead")
        with self.database.read() as connection:
            letter = gather_one(connection, scope, message_id)
        if action == "not_spam":
            return self._not_spam(letter, user_id)
        prepared = prepare(letter, self.understand, self.watchdog, address_key=self.keys.address)
        people = reading.people if isinstance(reading := _reading(prepared, lead_id), Reading) else ()
        theirs = [locks.contact_key(scope.account_id, person.normal) for person in people]
        beside: list[str] = []
        if for_thread and prepared.message:
            with self.database.read() as connection:
                beside = held_beside(connection, scope, letter.id, prepared.message)
        with self.database.write() as connection:
            locks.acquire(connection, lock_keys(prepared) + theirs)
            _must_be_held(connection, scope, message_id)
            causes = (cause(CauseKind.MESSAGE, letter.id), via or cause(CauseKind.USER, user_id))
            origin = Origin(Actor(ActorKind.USER, user_id, letter.directory.names.get(user_id)), causes)
            office = Office(connection, scope.account_id, self.keys)
            outcome = self._decide(office, letter, prepared, action, origin, lead_id, for_thread)
            office.write()
            reopen(connection, scope, beside)
        self.ring_events()
        return outcome

    def _not_spam(self, letter: Letter, user_id: str) -> str:
        """Processes what was ignored as spam as if it were new. Conflict when it is not among the spam any more."""
        scope = AccountScope(letter.key[0])
        cleared = replace(letter, not_spam_by=letter.directory.names.get(user_id, ""))
        prepared = prepare(cleared, self.understand, self.watchdog, address_key=self.keys.address)
        with self.database.write() as connection:
            locks.acquire(connection, lock_keys(prepared))
            row = _state(connection, scope, letter.id)
            if (row.state, row.outcome, row.reason) != ("done", "ignored", "spam"):
                raise Conflict("the message is not among the spam any more")
            outcome = decide_anew(connection, self.keys, prepared)
        self.ring_events()
        return outcome

    def _decide(
        self,
        office: Office,
        letter: Letter,
        prepared: Prepared,
        action: str,
        origin: Origin,
        lead_id: str | None,
        for_thread: bool,
    ) -> str:
        receiving = Receiving(office, prepared, origin)
        receiving.trail.append(line("person", action, origin.actor.name or ""))
        sender = prepared.message.sender if prepared.message else None
        address = (sender.address or "") if sender else ""
        if action == "ignore":
            return receiving.finish("ignored", "ignored_by_person", data={"for_thread": for_thread})
        if action == "spam":
            return receiving.finish("ignored", "spam", data={"for_thread": for_thread})
        if action == "never_log":
            if not address:
                raise Invalid("action", "the message names no sender")
            if letter.directory.is_internal(address):
                raise Invalid(
                    "action", "the sender is one of your own: all of that user's mail would be ignored"
                )
            listed = get_account(office.connection, office.scope).never_log
            update_account(
                office.connection, office.scope, {"never_log": sorted({*listed, address.casefold()})}
            )
            return receiving.finish("ignored", "never_log", data={"who": address, "for_thread": for_thread})
        return self._onto_lead(receiving, letter, prepared, lead_id)

    def _onto_lead(
        self, receiving: Receiving, letter: Letter, prepared: Prepared, lead_id: str | None
    ) -> str:
        """Attaches to `lead_id`, or makes a lead unless there is one by now. The person's choice makes the sender
        its contact."""
        reading, message = _reading(prepared, lead_id), prepared.message
        if reading is None or message is None:
            raise Conflict("the message cannot be read, so it cannot become part of a lead")
        if isinstance(reading, Stop) or not (lead_id or reading.people):
            raise Invalid("action", "the message names nobody outside whom a lead could be about")
        lead_ids, chosen = [lead_id] if lead_id else [], ("history_added", "attached_by_person")
        if not lead_ids:
            lead_ids, chosen = _match_again(receiving.office, letter, reading), ("history_added", "contact")
        if not lead_ids:
            chosen = ("lead_created", "created_by_person")
        editor = receiving.editor(*chosen)
        if not lead_ids:
            lead_ids = [editor.create(new_lead(letter, reading))]
        elif lead_id:
            editor.add_people(lead_id, reading.people[:1])
        for each in lead_ids:
            if letter.tags:
                editor.tag(each, add=letter.tags)
            receiving.add_entry(editor, each, *entry_of(letter, message, reading, chosen[1]))
        editor.finish()
        concerned = reading.author or next(iter(reading.people), None)
        data = {"who": concerned.address if concerned else ""}
        return receiving.finish(*chosen, data=data, direction=reading.direction)


def _reading(prepared: Prepared, lead_id: str | None) -> Reading | Stop | None:
    """What the message says to the person who decides, who may have chosen a lead; None if it cannot be read."""
    if prepared.message is None or isinstance(prepared.verdict, Reading):
        return prepared.verdict if prepared.message else None
    return (read_to_attach if lead_id else read_for_person)(prepared.letter, prepared.message)


def _match_again(office: Office, letter: Letter, reading: Reading) -> list[str]:
    """The leads that its people have by now: of two held mails of a stranger, each decided to be a lead, the
    second is history. None where there were leads to choose from and the person wants another."""
    offered = office.connection.execute(
        select(holds.c.candidates).where(
            holds.c.account_id == office.scope.account_id,
            holds.c.message_id == letter.id,
            holds.c.resolved_at.is_(None),
        )
    ).scalar()
    if offered:
        return []
    contacts = office.known.by_contact(person.normal for person in reading.people)
    found = match(reading, Candidates((), False, Thread((), frozenset(), False), contacts))
    return [lead.id for lead in found.leads] if isinstance(found, Attach) else []


def _must_be_held(connection: Connection, scope: AccountScope, message_id: str) -> None:
    row = _state(connection, scope, message_id)
    if row.state != "done" or row.outcome != "held":
        raise Conflict("the message is not held any more")


def _state(connection: Connection, scope: AccountScope, message_id: str) -> Any:
    """state, outcome and reason of a message, its row locked. NotFound if there is none."""
    row = connection.execute(
        select(messages.c.state, messages.c.outcome, messages.c.reason)
        .where(messages.c.account_id == scope.account_id, messages.c.id == message_id)
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound("message")
    return row
