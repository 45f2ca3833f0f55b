"""Deciding the mails of a batch in an open effect transaction: all together, or one by one where that fails."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import reduce
from operator import or_

from sqlalchemy import Connection, bindparam, select, tuple_

from ingest.at_once import AtOnce, Followed
from ingest.effect import ParentWaiting, settle, wanted
from ingest.letter import Letter
from ingest.prepare import MOST_ATTEMPTS, Prepared
from ingest.receiving import Keys, Office, content_key_of
from store import leases
from store.leases import Claim, Key
from store.session import across, is_deadlock, is_unavailable, now
from store.tables.mail import messages

log = logging.getLogger(__name__)

PARENT_PAUSE = timedelta(milliseconds=500)
RETRY_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 15, 30, 60))

# Statements of the way every mail takes are built once: building one costs more than running it.
_THOSE = tuple_(messages.c.account_id, messages.c.id).in_(bindparam("keys", expanding=True))
_DONE = across(
    select(messages.c.account_id, messages.c.id, messages.c.outcome, messages.c.reason).where(
        _THOSE, messages.c.state == "done"
    ),
    "claim",
)
_COUNTS = across(select(messages.c.account_id, messages.c.id, messages.c.arrivals).where(_THOSE), "claim")


class Decider:
    """Decides batches, of any account; one per process."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._at_once = AtOnce()

    def content_keys(self, prepared: Sequence[Prepared]) -> dict[str, bytes | None]:
        """The content keys of messages: found before the transaction, which others wait for."""
        return {one.letter.id: content_key_of(one, self._keys) for one in prepared}

    def decide(
        self,
        connection: Connection,
        claim: Claim,
        prepared: Sequence[Prepared],
        content_keys: Mapping[str, bytes | None],
        *,
        at_once: bool,
    ) -> Followed:
        """Decides and writes all of them at once; if that fails, each by itself with its events left to be worked on
        later, so that one fault is one message's, and no rule's fault a message's."""
        try:
            with connection.begin_nested():
                waiting, followed = self._together(connection, prepared, content_keys, at_once=at_once)
        except Exception as fault:  # one message's door: it is tried again, then failed with its reason
            if is_unavailable(fault) or is_deadlock(fault):
                raise
            if len(prepared) == 1 and not at_once:
                give_back(connection, claim, prepared[0].letter, fault)
                return Followed()
            log.info("a batch could not be decided together", exc_info=fault)
            followed = Followed(events_left=True)
            for one in prepared:
                followed |= self.decide(connection, claim, [one], content_keys, at_once=False)
            return followed
        leases.release(connection, messages, claim, waiting, delay=PARENT_PAUSE)
        return followed

    def _together(
        self,
        connection: Connection,
        prepared: Sequence[Prepared],
        content_keys: Mapping[str, bytes | None],
        *,
        at_once: bool,
    ) -> tuple[list[Key], Followed]:
        """Decides messages in the order given, account by account, and writes what came of it; those that have to
        wait for what they answer, and whom to tell."""
        waiting: list[Key] = []
        followed = Followed(events_left=not at_once)
        for account_id in sorted({one.letter.key[0] for one in prepared}):
            office = Office(connection, account_id, self._keys, content_keys)
            own = [one for one in prepared if one.letter.key[0] == account_id]
            office.known.read(reduce(or_, (wanted(office, one) for one in own)))
            for one in own:
                try:
                    settle(office, one)
                except ParentWaiting:
                    waiting.append(one.letter.key)
            if at_once:
                followed |= self._at_once.follow(office.shelf)
            office.write()
            followed |= Followed(mails=office.mails)
        return waiting, followed


def decided(connection: Connection, letters: Sequence[Letter]) -> list[dict[str, object]]:
    """A line of the log for each that is done: ids, outcome, reason, and how long ago it came; nothing of its text."""
    if not letters:
        return []
    came = {letter.key: letter.received_at for letter in letters}
    rows = connection.execute(_DONE, {"keys": list(came)})
    moment = now(connection)
    return [
        {
            "account": row.account_id,
            "message_id": row.id,
            "outcome": row.outcome,
            "reason": row.reason,
            "ms": max(0, (moment - came[row.account_id, row.id]) // timedelta(milliseconds=1)),
        }
        for row in rows
    ]


def give_back(connection: Connection, claim: Claim, letter: Letter, fault: Exception) -> None:
    """After a failure of one message: due again after a pause, with the reason on it."""
    log.error("message %s could not be processed", letter.id, exc_info=fault)
    attempts = min(letter.attempts, MOST_ATTEMPTS)
    error = f"{type(fault).__name__}: {fault}"[:2000]
    leases.give_back(connection, messages, claim, letter.key, delay=RETRY_PAUSES[attempts - 1], error=error)


def arrived_meanwhile(connection: Connection, letters: Sequence[Letter]) -> list[Key]:
    """Messages that got a further arrival since they were gathered: to be decided over all of them."""
    if not letters:
        return []
    looked_at = {letter.key: len(letter.arrivals) for letter in letters}
    rows = connection.execute(_COUNTS, {"keys": list(looked_at)})
    return [(row.account_id, row.id) for row in rows if row.arrivals != looked_at[row.account_id, row.id]]
