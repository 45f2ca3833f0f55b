"""Draining pending messages: claim, gather, judge, prepare, settle (architecture: how one message flows).

Safe in any number of processes at once. A message that was claimed before and came back is taken alone,
so if it is what stopped a worker it stops nobody else's work again; claimed a sixth time it is failed.
Parsing runs outside any transaction under a time limit. The effect transaction begins with the fence;
what another worker has taken over meanwhile is left to that one.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import reduce
from operator import or_

from sqlalchemy import Connection, bindparam, select, tuple_
from sqlalchemy.exc import DBAPIError

from ingest.at_once import AtOnce, Followed
from ingest.effect import ParentWaiting, lock_keys, settle, wanted
from ingest.gather import gather
from ingest.letter import Letter
from ingest.prepare import MOST_ATTEMPTS, Prepared, Understand, prepare
from ingest.receiving import Keys, Office
from ingest.trust.judging import Judge, Judged
from ingest.watchdog import Watchdog
from store import leases, locks
from store.leases import NOTHING, Claim, Key, Turns
from store.session import Database, across, is_deadlock, is_unavailable, now
from store.tables.mail import messages

log = logging.getLogger(__name__)

BATCH = 50
GO_ON_SECONDS = 0.5
"""For how long batch follows batch before anything else gets its turn. The next is claimed by the transaction that
writes what came of the one before: one of its own costs a wait for the disk, and on SQLite one for other writers."""
LEASE = timedelta(seconds=20)
RENEW_AFTER = 5.0
"""Seconds of preparing after which the lease of what is still in hand is renewed."""
LOOK_AGAIN = 0.25
"""Seconds between two looks for messages that came back."""
AGAIN_SECONDS = 1.0
"""How long messages that came back are worked off, one by one, before it is the turn of a fresh batch: killed workers
leave fifty each, and neither they nor fresh mail may wait for all of the other."""
DEADLOCKS = 4
"""How often an effect transaction begins again."""
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


class Processor:
    """Works off pending messages, a batch at a time."""

    def __init__(
        self,
        database: Database,
        understand: Understand,
        keys: Keys,
        ring_events: Callable[[], None],
        ring_deliveries: Callable[[], None],
        judge: Judge | None = None,
    ) -> None:
        """`judge`: checks senders; without one nobody's domain is asked."""
        self._database = database
        self._understand = understand
        self._keys = keys
        self._ring_events = ring_events
        self._ring_deliveries = ring_deliveries
        self._judge = judge or Judge()
        self._at_once = AtOnce()
        self._turns = Turns()
        self._watchdog = Watchdog()
        self._looked_again = 0.0

    def process_batch(self) -> int:
        """Handles what is due, at most a batch; how many messages that were."""
        with self._database.read() as connection:
            if not leases.waiting(connection, messages):
                return 0
        handled, claim = self._work_again(), self._claim()
        until = time.monotonic() + GO_ON_SECONDS
        while claim:
            number, claim = self._work(claim, go_on=time.monotonic() < until)
            handled += number
        return handled

    def _work_again(self) -> int:
        """Works off messages that came back, each alone; how many that were."""
        handled, until = 0, time.monotonic() + AGAIN_SECONDS
        while claim := self._claim_again():
            handled += self._work(claim, go_on=False)[0]
            if time.monotonic() >= until:
                break
        return handled

    def _claim_again(self) -> Claim:
        """One message that came back. Once there is none, looked for a few times a second: it costs a write."""
        if time.monotonic() - self._looked_again < LOOK_AGAIN:
            return NOTHING
        with self._database.write() as connection:
            found = leases.claim_again(connection, messages, lease=LEASE)
        if not found:
            self._looked_again = time.monotonic()
        return found

    def _claim(self) -> Claim:
        with self._database.write() as connection:
            return self._claim_in(connection)

    def _claim_in(self, connection: Connection) -> Claim:
        return leases.claim(connection, messages, self._turns, limit=BATCH, lease=LEASE)

    def _work(self, claim: Claim, *, go_on: bool) -> tuple[int, Claim]:
        """Works off what was claimed; how many messages that were, and, to `go_on` with, the next claim."""
        with self._database.read() as connection:
            letters = gather(connection, claim)
        judged = self._judge.judge(letters)
        self._put_off(claim, judged)
        prepared = self._prepare(claim, judged.letters)
        followed, ahead = self._settle(claim, prepared, go_on=go_on)
        if followed.events_left:
            self._ring_events()
        if followed.deliveries:
            self._ring_deliveries()
        return len(letters), ahead

    def _put_off(self, claim: Claim, judged: Judged) -> None:
        """Mails whose senders could not be checked yet go back, as if never claimed."""
        for delay in {pause for _, pause in judged.later}:
            keys = [letter.key for letter, pause in judged.later if pause == delay]
            with self._database.write() as connection:
                leases.release(connection, messages, claim, keys, delay=delay)

    def _prepare(self, claim: Claim, letters: Sequence[Letter]) -> list[Prepared]:
        prepared: list[Prepared] = []
        renewed = time.monotonic()
        for letter in letters:
            try:
                prepared.append(prepare(letter, self._understand, self._watchdog))
            except Exception as fault:  # noqa: BLE001  it is kept on the message; its neighbours go on
                with self._database.write() as connection:
                    _give_back(connection, claim, letter, fault)
            if time.monotonic() - renewed > RENEW_AFTER:
                with self._database.write() as connection:
                    leases.fence(connection, messages, claim, claim.keys, LEASE)
                renewed = time.monotonic()
        return prepared

    def _settle(self, claim: Claim, prepared: Sequence[Prepared], *, go_on: bool) -> tuple[Followed, Claim]:
        """The effect transaction of a batch. It locks leads as its mails come, rules and people lock the same ones
        in other orders: whoever PostgreSQL ends for a deadlock begins again."""
        for _ in range(DEADLOCKS):
            try:
                return self._settle_once(claim, prepared, go_on=go_on)
            except DBAPIError as fault:
                if not is_deadlock(fault):
                    raise
                log.info("two transactions waited for each other; beginning again")
        return self._settle_once(claim, prepared, go_on=go_on)

    def _settle_once(
        self, claim: Claim, prepared: Sequence[Prepared], *, go_on: bool
    ) -> tuple[Followed, Claim]:
        with self._database.write() as connection:
            ours = leases.fence(connection, messages, claim, claim.keys, LEASE)
            changed = _arrived_meanwhile(connection, [p.letter for p in prepared if p.letter.key in ours])
            leases.release(connection, messages, claim, changed)
            locks.acquire(connection, [key for p in prepared for key in lock_keys(p)])
            left = [one for one in prepared if one.letter.key in ours and one.letter.key not in changed]
            fresh = all(attempts == 1 for attempts in claim.attempts.values())
            followed = self._settle_together(connection, claim, left, at_once=fresh)
            decided = _decided(connection, [p.letter for p in prepared if p.letter.key in ours])
            ahead = self._claim_in(connection) if go_on else NOTHING
        for told in decided:  # after the commit: what the log says is so
            log.info("decided", extra=told)
        return followed, ahead

    def _settle_together(
        self, connection: Connection, claim: Claim, prepared: Sequence[Prepared], *, at_once: bool
    ) -> Followed:
        """Decides and writes all of them at once; if that fails, each by itself with its events left to be worked on
        later, so that one fault is one message's, and no rule's fault a message's."""
        try:
            with connection.begin_nested():
                waiting, followed = self._decide(connection, prepared, at_once=at_once)
        except Exception as fault:  # one message's door: it is tried again, then failed with its reason
            if is_unavailable(fault) or is_deadlock(fault):
                raise
            if len(prepared) == 1 and not at_once:
                _give_back(connection, claim, prepared[0].letter, fault)
                return Followed()
            log.info("a batch could not be decided together", exc_info=fault)
            for one in prepared:
                self._settle_together(connection, claim, [one], at_once=False)
            return Followed(events_left=True)
        leases.release(connection, messages, claim, waiting, delay=PARENT_PAUSE)
        return followed

    def _decide(
        self, connection: Connection, prepared: Sequence[Prepared], *, at_once: bool
    ) -> tuple[list[Key], Followed]:
        """Decides messages in the order given, account by account, and writes what came of it; those that have to
        wait for what they answer, and whom to tell."""
        waiting: list[Key] = []
        followed = Followed(events_left=not at_once)
        for account_id in sorted({one.letter.key[0] for one in prepared}):
            office = Office(connection, account_id, self._keys)
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
        return waiting, followed


def _decided(connection: Connection, letters: Sequence[Letter]) -> list[dict[str, object]]:
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


def _give_back(connection: Connection, claim: Claim, letter: Letter, fault: Exception) -> None:
    """After a failure of one message: due again after a pause, with the reason on it."""
    log.error("message %s could not be processed", letter.id, exc_info=fault)
    attempts = min(letter.attempts, MOST_ATTEMPTS)
    error = f"{type(fault).__name__}: {fault}"[:2000]
    leases.give_back(connection, messages, claim, letter.key, delay=RETRY_PAUSES[attempts - 1], error=error)


def _arrived_meanwhile(connection: Connection, letters: Sequence[Letter]) -> list[Key]:
    """Messages that got a further arrival since they were gathered: to be decided over all of them."""
    if not letters:
        return []
    looked_at = {letter.key: len(letter.arrivals) for letter in letters}
    rows = connection.execute(_COUNTS, {"keys": list(looked_at)})
    return [(row.account_id, row.id) for row in rows if row.arrivals != looked_at[row.account_id, row.id]]
