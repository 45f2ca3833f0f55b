"""Working on the events of mails in the transaction that decides these mails.

The events of a batch are in memory, their leads on the shelf: evaluated and carried out here they cost a fraction of
what claiming, reading and finishing them later does (`automate`), and their webhooks are due with the same commit.
What comes of an event is the same: plans, effects, results and deliveries exist together with it or not at all, in the
order of events, rules and actions; events that actions raise follow after those that are there.

Only what surely goes well is done here. More work than MOST_WORK, which would hold SQLite's one writer up, stays
pending for `automate`. So does everything of a batch in which anything fails, and of a message that came back, so that
a rule that stops a worker is never a mail's fault.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingest.acting import Work, act, called, first_plan, lock_pools
from store.compiled_rules import Book, Rulebooks
from store.events import kept
from store.facts import event_of
from store.lead_shelf import LeadShelf
from store.outbox import keep_deliveries
from store.plans import keep_actions, keep_evaluations
from store.session import now
from store.types import as_stored
from webhooks.dispatch import Dispatcher, dispatchers

MOST_WORK = 20_000
"""Of a batch: rules that listen, times the pages of text that each may search; about 0.1 s."""
PAGE = 4096
"""Characters."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What is to be told after the commit."""

    events_left: bool = False
    deliveries: bool = False
    mails: bool = False

    def __or__(self, other: "Followed") -> "Followed":
        return Followed(
            self.events_left or other.events_left,
            self.deliveries or other.deliveries,
            self.mails or other.mails,
        )


class AtOnce:
    """Works on events before they are written; one per process, for any account."""

    def __init__(self, most_work: int = MOST_WORK) -> None:
        self._books = Rulebooks()
        self._most_work = most_work

    def follow(self, shelf: LeadShelf) -> Followed:
        """Works on the events that wait on the shelf, and on those that this raises; all is kept on the shelf."""
        if not kept(shelf.later):
            return Followed()
        connection, account = shelf.connection, shelf.scope.account_id
        book = self._books.of(connection, [account])[account]
        dispatcher = dispatchers(connection, [account])[account]
        seen, room, delivered = 0, self._most_work, False
        while fresh := kept(shelf.later)[seen:]:
            works = []
            for row in fresh:
                room -= _work_of(row, book)
                if room < 0:
                    break
                works.append(_planned(row, book, dispatcher))
            delivered |= _carry_out(shelf, works)
            seen += len(works)
            if room < 0:
                return Followed(True, delivered)
        return Followed(False, delivered)


def _work_of(row: Mapping[str, Any], book: Book) -> int:
    message = row["data"].get("message")
    text = message.get("text") if message else None
    return len(book.rules.listeners(row["type"]).rules) * (1 + len(text or "") // PAGE)


def _planned(row: dict[str, Any], book: Book, dispatcher: Dispatcher) -> Work:
    """The event, evaluated; its row says so from now on."""
    event = event_of({**row, "data": as_stored(row["data"])})
    planned = first_plan(event, book)
    dispatch = dispatcher.dispatch(event, planned.plans)
    if planned.evaluation is not None:
        made = planned.evaluation
        row |= {"rulebook": made.rulebook, "listening": made.listening, "planned": len(made.plans)}
    row["state"] = "done"
    return Work((event.account_id, event.id), event, row["lead_id"], planned, (), dispatch)


def _carry_out(shelf: LeadShelf, works: list[Work]) -> bool:
    """Carries out what was planned; whether that made deliveries."""
    connection, moment = shelf.connection, now(shelf.connection)
    lock_pools(connection, works)
    evaluations = [work.planned.evaluation for work in works if work.planned.evaluation]
    keep_evaluations(shelf.later, evaluations, moment)
    delivered = False
    for work in works:
        carried = act(connection, work, {shelf.scope.account_id: shelf}, alone=False)
        keep_actions(shelf.later, carried.results, moment)
        made = work.dispatch.deliveries(called(carried)) if work.dispatch else []
        keep_deliveries(shelf.later, made, moment)
        delivered |= bool(made)
    return delivered
