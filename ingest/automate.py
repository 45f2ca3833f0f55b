"""Drains pending events: rules are evaluated, their plans stored, actions carried out, deliveries made.

A batch is claimed (lease and token), read and evaluated outside any write transaction, then carried out in one
that begins with the fence. Within it, in this order: first evaluations are stored; leads, then pools are locked in
the order of their ids; actions are carried out in the order of events, rules and actions, each with a result of its
own, and what they changed is written together; deliveries are made, one per (event, endpoint); the events are done.
Plans, effects, results and deliveries of an event therefore exist together or not at all, and none twice: (event,
rule) and (event, rule, action index) are keys, and an event that was evaluated once is carried out from its stored
plan.

After a crash the lease runs out and the event is claimed again, alone. One fault in a batch makes each of its
events a transaction of its own, and each rule's effects a savepoint; the one at fault comes back after a growing
pause with its error on it. After the 5th claim its rules are left out: its deliveries are made, and it is done with an
error that everybody can see.

The doorbells ring after the commit. What a ring misses, the sweeper finds.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from ingest.acting import Planned, Work, act, called, first_plan, lock
from ingest.effects import Carried
from rules.event import Event
from rules.exceptions import RulesError
from rules.plan import Plan
from store import leases, plans
from store.compiled_rules import Book, Rulebooks
from store.facts import event_of, event_rows
from store.leases import Claim, Key, Turns
from store.outbox import NewDelivery, create_deliveries
from store.session import Database
from store.tables.automation import events
from webhooks.dispatch import dispatchers

BATCH = 100
LEASE = timedelta(seconds=60)
MOST_CLAIMS = 5
AGAIN_SECONDS = 1.0
"""As for messages (`ingest.process`): what came back and what is fresh take turns."""

_log = logging.getLogger(__name__)


class Automator:
    """Works on pending events; any number may be at it at once, in any number of processes."""

    def __init__(
        self,
        database: Database,
        ring_events: Callable[[], None],
        ring_deliveries: Callable[[], None],
        *,
        batch: int = BATCH,
        lease: timedelta = LEASE,
    ) -> None:
        self._database = database
        self._ring_events = ring_events
        self._ring_deliveries = ring_deliveries
        self._batch = batch
        self._lease = lease
        self._turns = Turns()
        self._books = Rulebooks()

    def automate_batch(self) -> int:
        """Works on events that came back, each alone and for at most AGAIN_SECONDS, then on a batch of fresh ones; how
        many events were handled, 0 when none is due."""
        with self._database.read() as connection:
            if not leases.waiting(connection, events):
                return 0
        handled, until = 0, time.monotonic() + AGAIN_SECONDS
        while again := self._claim_again():
            handled += self._work(again)
            if time.monotonic() >= until:
                break
        return handled + self._work(self._claim())

    def _work(self, claim: Claim) -> int:
        if claim:
            self._settle(claim, self._prepare(claim))
        return len(claim.keys)

    def _claim_again(self) -> Claim:
        with self._database.write() as connection:
            return leases.claim_again(connection, events, lease=self._lease)

    def _claim(self) -> Claim:
        with self._database.write() as connection:
            return leases.claim(connection, events, self._turns, limit=self._batch, lease=self._lease)

    def _prepare(self, claim: Claim) -> list[Work]:
        """Reads the batch and evaluates what was never evaluated; nothing is written."""
        accounts = {account for account, _ in claim.keys}
        with self._database.read() as connection:
            rows = event_rows(connection, claim.keys)
            evaluated = [key for key, row in rows.items() if row["listening"] is not None]
            books = self._books.of(connection, accounts)
            dispatcher_of = dispatchers(connection, accounts)
            done = plans.actions_done(connection, evaluated)
            stored: dict[Key, tuple[Plan, ...] | RulesError] = {}
            for key in evaluated:
                try:
                    stored |= plans.stored_plans(connection, [key])
                except RulesError as fault:
                    stored[key] = fault
        works = []
        for key, row in rows.items():
            try:
                event = event_of(row)
                planned = _plan(event, stored.get(key), books[key[0]], claim.attempts[key])
                dispatch = dispatcher_of[key[0]].dispatch(event, planned.plans)
            except Exception as fault:  # noqa: BLE001  pure work on one event: it would fail again, and must show
                works.append(Work(key, None, row["lead_id"], error=_sentence(fault)))
            else:
                works.append(Work(key, event, row["lead_id"], planned, done[key], dispatch, planned.error))
        order = {key: place for place, key in enumerate(claim.keys)}
        return sorted(works, key=lambda work: order[work.key])

    def _settle(self, claim: Claim, works: Sequence[Work], *, alone: bool = False) -> None:
        """Carries out the batch as one transaction; if that fails, each event as one of its own."""
        try:
            rings = self._carry_out(claim, works, alone=alone)
        except Exception as fault:  # noqa: BLE001  it ends on the event, or is raised by `_put_off`
            _log.warning("events could not be worked on", exc_info=fault, extra={"events": len(works)})
            if alone:
                self._put_off(claim, works[0], fault)
            else:
                for work in works:
                    self._settle(claim, [work], alone=True)
            return
        for ring in rings:
            ring()

    def _put_off(self, claim: Claim, work: Work, fault: Exception) -> None:
        """After a failure: due again after a pause, or done with an error when even its deliveries can't be made."""
        attempts = claim.attempts[work.key]
        error = _sentence(fault)
        with self._database.write() as connection:
            if attempts <= MOST_CLAIMS:
                plans.give_back(
                    connection, claim, work.key, delay=timedelta(seconds=2**attempts), error=error
                )
            elif leases.fence(connection, events, claim, [work.key], self._lease):
                plans.finish_events(connection, {work.key: error})

    def _carry_out(self, claim: Claim, works: Sequence[Work], *, alone: bool) -> list[Callable[[], None]]:
        """The effect transaction; the bells to ring after it."""
        rings: list[Callable[[], None]] = []
        with self._database.write() as connection:
            ours = leases.fence(connection, events, claim, [work.key for work in works], self._lease)
            works = [work for work in works if work.key in ours]
            plans.store_evaluations(connection, [made for work in works if (made := work.planned.evaluation)])
            shelves = lock(connection, works)
            carried = Carried([], [])
            deliveries: list[NewDelivery] = []
            for work in works:
                own = act(connection, work, shelves, alone=alone)
                deliveries += work.dispatch.deliveries(called(own)) if work.dispatch else []
                carried.results.extend(own.results)
                carried.event_ids.extend(own.event_ids)
            if not alone:
                for shelf in shelves.values():
                    shelf.write()
            plans.record_actions(connection, carried.results)
            create_deliveries(connection, deliveries)
            plans.finish_events(connection, {work.key: work.error for work in works})
        if carried.event_ids:
            rings.append(self._ring_events)
        if deliveries:
            rings.append(self._ring_deliveries)
        return rings


def _plan(event: Event, stored: tuple[Plan, ...] | RulesError | None, book: Book, claims: int) -> Planned:
    """The stored plans of an event, or those of its first evaluation."""
    if claims > MOST_CLAIMS:
        return Planned(error=f"Its rules were left out: they stopped the worker {MOST_CLAIMS} times")
    if isinstance(stored, RulesError):
        return Planned(error=f"A stored plan cannot be read: {stored}")
    if stored is not None:
        return Planned(stored)
    return first_plan(event, book)


def _sentence(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:1_000]
