"""Draining pending messages: claim, gather, judge, prepare, settle (architecture: how one message flows).

Safe in any number of processes at once. A message that was claimed before and came back is taken alone,
so if it is what stopped a worker it stops nobody else's work again; claimed a sixth time it is failed.
Parsing runs outside any transaction under a time limit. The effect transaction begins with the fence;
what another worker has taken over meanwhile is left to that one.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ingest.at_once import Followed
from ingest.decide import Decider, arrived_meanwhile, decided, give_back
from ingest.effect import lock_keys
from ingest.gather import gather
from ingest.letter import Letter
from ingest.prepare import Prepared, Understand, prepare
from ingest.reading_ahead import ReadAhead
from ingest.receiving import Keys
from ingest.trust.judging import Judge, Judged
from ingest.watchdog import Watchdog
from parsers.message import Message
from store import leases, locks
from store.leases import NOTHING, Claim, Key, Turns
from store.receipts import note_waiting
from store.session import Database, is_deadlock
from store.tables.mail import messages

log = logging.getLogger(__name__)

BATCH = 50
GO_ON_SECONDS = 0.5
"""For how long batch follows batch before anything else gets its turn. The next is claimed by the transaction that
writes what came of the one before: one of its own costs a wait for the disk, and on SQLite one for other writers."""
LEASE = timedelta(seconds=20)
RENEW_AFTER = 5.0
"""Seconds of preparing after which the lease of what is still in hand is renewed."""
WORTH_SHARING = 8
"""Mails of a batch that are read by two processes if there are two."""
LOOK_AGAIN = 0.25
"""Seconds between two looks for messages that came back."""
AGAIN_SECONDS = 1.0
"""How long messages that came back are worked off, one by one, before it is the turn of a fresh batch: killed workers
leave fifty each, and neither they nor fresh mail may wait for all of the other."""
DEADLOCKS = 4
"""How often an effect transaction begins again."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one claim holds."""

    claim: Claim
    letters: Sequence[Letter]


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
        reading_ahead: ReadAhead | None = None,
        ring_mails: Callable[[], None] = lambda: None,
    ) -> None:
        """`judge`: checks senders; without one nobody's domain is asked. `reading_ahead`: reads mails elsewhere
        meanwhile."""
        self._database = database
        self._understand = understand
        self._ring_events = ring_events
        self._ring_deliveries = ring_deliveries
        self._ring_mails = ring_mails
        self._judge = judge or Judge()
        self._reading_ahead = reading_ahead
        self._decider = Decider(keys)
        self._address_key = keys.address
        self._turns = Turns()
        self._watchdog = Watchdog()
        self._looked_again = 0.0

    def process_batch(self) -> int:
        """Handles what is due, at most a batch; how many messages that were."""
        with self._database.read() as connection:
            if not leases.waiting(connection, messages):
                return 0
        return self._work_again() + self._work_on(self._claim())

    def _work_on(self, claim: Claim) -> int:
        """Batch after batch, beginning with `claim`; how many messages that were. While one is worked off, what the
        next holds is read elsewhere: where there is more than one batch, two are in hand."""
        until = time.monotonic() + GO_ON_SECONDS
        in_hand = deque([self._gathered(claim)] if claim else [])
        if len(claim.attempts) == BATCH and self._reading_ahead and (following := self._claim()):
            in_hand.append(self._gathered(following))
        handled, read = 0, dict[Key, Message]()
        while in_hand:
            batch = in_hand.popleft()
            prepared = self._prepared(batch, read)
            if self._reading_ahead and in_hand:
                self._reading_ahead.begin(in_hand[0].letters)
            following = self._carry_out(batch, prepared, go_on=time.monotonic() < until)
            handled += len(batch.letters)
            if following:
                in_hand.append(self._gathered(following))
            read = dict(self._reading_ahead.take()) if self._reading_ahead else {}
        return handled

    def _work_again(self) -> int:
        """Works off messages that came back, each alone; how many that were."""
        handled, until = 0, time.monotonic() + AGAIN_SECONDS
        while claim := self._claim_again():
            batch = self._gathered(claim)
            self._carry_out(batch, self._prepared(batch, {}), go_on=False)
            handled += len(batch.letters)
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

    def _gathered(self, claim: Claim) -> "_Batch":
        with self._database.read() as connection:
            return _Batch(claim, gather(connection, claim))

    def _prepared(self, batch: "_Batch", read: Mapping[Key, Message]) -> list[Prepared]:
        """Judges and reads a batch. `read`: what of it was read already; if nothing was, half of it is meanwhile."""
        judged = self._judge.judge(batch.letters)
        self._put_off(batch.claim, judged)
        letters = judged.letters
        if read or self._reading_ahead is None or len(letters) < WORTH_SHARING:
            return self._prepare(batch.claim, letters, read)
        ours, theirs = letters[: len(letters) // 2], letters[len(letters) // 2 :]
        self._reading_ahead.begin(theirs)
        prepared = self._prepare(batch.claim, ours, {})
        return prepared + self._prepare(batch.claim, theirs, self._reading_ahead.take())

    def _carry_out(self, batch: "_Batch", prepared: Sequence[Prepared], *, go_on: bool) -> Claim:
        """Decides and writes a batch, and tells who is to be told; the next claim, if it is to `go_on`."""
        followed, following = self._settle(batch.claim, prepared, go_on=go_on)
        if followed.events_left:
            self._ring_events()
        if followed.deliveries:
            self._ring_deliveries()
        if followed.mails:
            self._ring_mails()
        return following

    def _put_off(self, claim: Claim, judged: Judged) -> None:
        """Mails whose senders could not be checked yet go back, as if never claimed."""
        for delay in {pause for _, pause in judged.later}:
            keys = [letter.key for letter, pause in judged.later if pause == delay]
            with self._database.write() as connection:
                leases.release(connection, messages, claim, keys, delay=delay)
                note_waiting(connection, keys)

    def _prepare(
        self, claim: Claim, letters: Sequence[Letter], read: Mapping[Key, Message]
    ) -> list[Prepared]:
        prepared: list[Prepared] = []
        renewed = time.monotonic()
        for letter in letters:
            try:
                prepared.append(self._prepared_one(letter, read.get(letter.key)))
            except Exception as fault:  # noqa: BLE001  it is kept on the message; its neighbours go on
                with self._database.write() as connection:
                    give_back(connection, claim, letter, fault)
            if time.monotonic() - renewed > RENEW_AFTER:
                with self._database.write() as connection:
                    leases.fence(connection, messages, claim, claim.keys, LEASE)
                renewed = time.monotonic()
        return prepared

    def _prepared_one(self, letter: Letter, read: Message | None) -> Prepared:
        return prepare(letter, self._understand, self._watchdog, read, address_key=self._address_key)

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
        content_keys = self._decider.content_keys(prepared)
        with self._database.write() as connection:
            ours = leases.fence(connection, messages, claim, claim.keys, LEASE)
            changed = arrived_meanwhile(connection, [p.letter for p in prepared if p.letter.key in ours])
            leases.release(connection, messages, claim, changed)
            locks.acquire(connection, [key for p in prepared for key in lock_keys(p)])
            left = [one for one in prepared if one.letter.key in ours and one.letter.key not in changed]
            fresh = all(attempts == 1 for attempts in claim.attempts.values())
            followed = self._decider.decide(connection, claim, left, content_keys, at_once=fresh)
            told = decided(connection, [p.letter for p in prepared if p.letter.key in ours])
            following = self._claim_in(connection) if go_on else NOTHING
        for one in told:  # after the commit: what the log says is so
            log.info("decided", extra=one)
        return followed, following
