"""Stored plans, what became of their actions, and the end of an event.

The plan of a rule is written once per (event, rule), with the first evaluation, and an action's result once per
(event, rule, action index), with the action. An event that is worked on again goes on from what is stored: it is
never evaluated a second time, and no action is done twice. Only what matched, was skipped or is in error has a
plan; `events.listening` counts the rules that listened, so those without a plan are the ones that didn't match.

Everything here belongs to a transaction that began with `leases.fence` on the events.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, tuple_, update

from rules.plan import Plan, plan_from_json, plan_to_json
from store import leases
from store.leases import Claim, Key
from store.pending_rows import PendingRows
from store.session import now
from store.tables.automation import events, plan_actions, plans

DONE, SKIPPED, ERROR = "done", "skipped", "error"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What evaluating an event gave: plans in their order, made with revision `rulebook` of the rules."""

    key: Key
    rulebook: int
    listening: int
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What became of one action: done, skipped or error, and what is to be said about it."""

    key: Key
    rule_id: str
    number: int
    result: str
    detail: Mapping[str, Any]


def store_evaluations(connection: Connection, made: Sequence[Evaluation]) -> None:
    """Writes first evaluations with their plans."""
    if not made:
        return
    rows = _plan_rows(made, now(connection))
    if rows:
        connection.execute(_INSERT_PLANS, rows)
    connection.execute(
        _EVALUATED,
        [
            {
                "of_account": one.key[0],
                "of_event": one.key[1],
                "new_rulebook": one.rulebook,
                "new_listening": one.listening,
                "new_planned": len(one.plans),
            }
            for one in made
        ],
    )


def keep_evaluations(later: PendingRows, made: Sequence[Evaluation], moment: datetime) -> None:
    """Keeps the plans of first evaluations back; their events, which are still to be written, say the rest."""
    later.add(_INSERT_PLANS, _plan_rows(made, moment))


def _plan_rows(made: Sequence[Evaluation], moment: datetime) -> list[dict[str, Any]]:
    return [
        {
            "account_id": one.key[0],
            "event_id": one.key[1],
            "rule_id": plan.rule_id,
            "rule_version": plan.rule_version,
            "place": place,
            "result": plan.verdict.value,
            "plan": plan_to_json(plan),
            "at": moment,
        }
        for one in made
        for place, plan in enumerate(one.plans)
    ]


def stored_plans(connection: Connection, keys: Iterable[Key]) -> dict[Key, tuple[Plan, ...]]:
    """The plans of these events in the order they are carried out. InvalidRule for one that is unreadable."""
    wanted = list(keys)
    found: dict[Key, list[Plan]] = {key: [] for key in wanted}
    if wanted:
        rows = connection.execute(
            select(plans.c.account_id, plans.c.event_id, plans.c.plan)
            .where(tuple_(plans.c.account_id, plans.c.event_id).in_(wanted))
            .order_by(plans.c.place)
        )
        for row in rows:
            found[row.account_id, row.event_id].append(plan_from_json(row.plan))
    return {key: tuple(ordered) for key, ordered in found.items()}


def actions_done(connection: Connection, keys: Iterable[Key]) -> dict[Key, set[tuple[str, int]]]:
    """The actions (rule id, index) of these events that have a result."""
    wanted = list(keys)
    found: dict[Key, set[tuple[str, int]]] = defaultdict(set)
    if wanted:
        rows = connection.execute(
            select(
                plan_actions.c.account_id,
                plan_actions.c.event_id,
                plan_actions.c.rule_id,
                plan_actions.c.number,
            ).where(tuple_(plan_actions.c.account_id, plan_actions.c.event_id).in_(wanted))
        )
        for row in rows:
            found[row.account_id, row.event_id].add((row.rule_id, row.number))
    return found


def record_actions(connection: Connection, results: Sequence[ActionResult]) -> None:
    """Writes what became of actions."""
    if results:
        connection.execute(_INSERT_ACTIONS, _action_rows(results, now(connection)))


def keep_actions(later: PendingRows, results: Sequence[ActionResult], moment: datetime) -> None:
    """As `record_actions`, but the rows are kept back."""
    later.add(_INSERT_ACTIONS, _action_rows(results, moment))


def _action_rows(results: Sequence[ActionResult], moment: datetime) -> list[dict[str, Any]]:
    return [
        {
            "account_id": one.key[0],
            "event_id": one.key[1],
            "rule_id": one.rule_id,
            "number": one.number,
            "result": one.result,
            "detail": dict(one.detail),
            "at": moment,
        }
        for one in results
    ]


def finish_events(connection: Connection, ended: Mapping[Key, str | None]) -> None:
    """These events are done; the value is what went wrong with one as a whole, None if nothing did."""
    if ended:
        connection.execute(
            _FINISHED,
            [{"of_account": key[0], "of_event": key[1], "new_error": error} for key, error in ended.items()],
        )


def give_back(connection: Connection, claim: Claim, key: Key, *, delay: timedelta, error: str) -> None:
    """The event could not be worked on: due again after `delay`, with the reason on it."""
    leases.give_back(connection, events, claim, key, delay=delay, error=error)


_INSERT_PLANS, _INSERT_ACTIONS = insert(plans), insert(plan_actions)
_EVALUATED = (
    update(events)
    .where(events.c.account_id == bindparam("of_account"), events.c.id == bindparam("of_event"))
    .values(
        rulebook=bindparam("new_rulebook"),
        listening=bindparam("new_listening"),
        planned=bindparam("new_planned"),
    )
)
_FINISHED = (
    update(events)
    .where(events.c.account_id == bindparam("of_account"), events.c.id == bindparam("of_event"))
    .values(state="done", lease_token=None, error=bindparam("new_error"))
)
