"""A person decides about a held message: attach, create, ignore, never log, spam (product §3).

One transaction, with the same locks and the same writer as a mail's own effect. The message must still be
held; two people deciding at once get one decision and one Conflict.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ingest.effect import lock_keys, new_lead
from ingest.gather import gather_one
from ingest.letter import Letter, Reading, Stop
from ingest.prepare import Prepared, Understand, line, prepare
from ingest.read import read_for_person
from ingest.receiving import Keys, Receiving
from ingest.timeline import email_entry
from ingest.watchdog import Watchdog
from rules.event import Actor, ActorKind, CauseKind, cause
from store import locks
from store.accounts import get_account, update_account
from store.events import Origin
from store.scope import AccountScope
from store.session import Conflict, Database, Invalid, NotFound
from store.tables.mail import messages

ACTIONS = ("attach", "create", "ignore", "never_log", "spam")


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
    ) -> str:
        """Decides; the message's new outcome. `via`: the cause in the chain, by default the user.
        Invalid, NotFound, or Conflict when it isn't held any more."""
        if action not in ACTIONS:
            raise Invalid("action", f"one of {', '.join(ACTIONS)}")
        if action == "attach" and not lead_id:
            raise Invalid("lead_id", "attach needs the lead")
        with self.database.read() as connection:
            letter = gather_one(connection, scope, message_id)
        prepared = prepare(letter, self.understand, self.watchdog)
        with self.database.write() as connection:
            locks.acquire(connection, lock_keys(prepared))
            _must_be_held(connection, scope, message_id)
            causes = (cause(CauseKind.MESSAGE, letter.id), via or cause(CauseKind.USER, user_id))
            origin = Origin(Actor(ActorKind.USER, user_id, letter.directory.names.get(user_id)), causes)
            outcome = self._decide(connection, letter, prepared, action, origin, lead_id)
        self.ring_events()
        return outcome

    def _decide(
        self,
        connection: Connection,
        letter: Letter,
        prepared: Prepared,
        action: str,
        origin: Origin,
        lead_id: str | None,
    ) -> str:
        scope = AccountScope(letter.key[0])
        receiving = Receiving(connection, prepared, self.keys, origin)
        receiving.trail.append(line("person", action, origin.actor.name or ""))
        sender = prepared.message.sender if prepared.message else None
        address = (sender.address or "") if sender else ""
        if action == "ignore":
            return receiving.finish("ignored", "ignored_by_person")
        if action == "spam":
            return receiving.finish("ignored", "spam")
        if action == "never_log":
            if not address:
                raise Invalid("action", "the message names no sender")
            if letter.directory.is_internal(address):
                raise Invalid(
                    "action", "the sender is one of your own: all of that user's mail would be ignored"
                )
            listed = get_account(connection, scope).never_log
            update_account(connection, scope, {"never_log": sorted({*listed, address.casefold()})})
            return receiving.finish("ignored", "never_log", data={"who": address})
        return self._onto_lead(receiving, letter, prepared, lead_id)

    def _onto_lead(
        self, receiving: Receiving, letter: Letter, prepared: Prepared, lead_id: str | None
    ) -> str:
        """Attaches to `lead_id`, or makes a lead. The person's choice makes the sender its contact."""
        if prepared.message is None:
            raise Conflict("the message cannot be read, so it cannot become part of a lead")
        verdict = prepared.verdict
        reading = verdict if isinstance(verdict, Reading) else read_for_person(letter, prepared.message)
        if isinstance(reading, Stop):
            raise Invalid("action", "the message names nobody outside whom a lead could be about")
        chosen = ("history_added", "attached_by_person") if lead_id else ("lead_created", "created_by_person")
        editor = receiving.editor(*chosen)
        event = "lead.email.sent" if reading.direction == "out" else "lead.email.received"
        if lead_id is None:
            lead_id = editor.create(new_lead(letter, reading))
        else:
            editor.add_people(lead_id, reading.people[:1])
        editor.add_entry(lead_id, email_entry(letter, prepared.message, reading), event)
        editor.finish()
        return receiving.finish(*chosen, direction=reading.direction)


def _must_be_held(connection: Connection, scope: AccountScope, message_id: str) -> None:
    row = connection.execute(
        select(messages.c.outcome, messages.c.state)
        .where(messages.c.account_id == scope.account_id, messages.c.id == message_id)
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound("message")
    if row.state != "done" or row.outcome != "held":
        raise Conflict("the message is not held any more")
