"""Carrying out what a rule intends on a lead: one table effect -> how.

An effect is done through `LeadEditor`, with the rule as its actor and the event's chain of causes, so that
history says which rule did it and the events it raises know where they come from. Effects of one rule are done
together, seen by others as one change; if one of them cannot be done, each is done by itself, and the one at fault
becomes a visible error while the others stand: an editor that raised has changed nothing.

Everything happens on the `LeadShelf` of the lead's account, which the caller writes. A fault of the database is no
result: it ends the transaction, and the event comes back. `carry_out_alone` writes each rule's effects in a savepoint
of its own, so that what the database refuses becomes the error of that action.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from rules.effects import AddTag, Assign, Comment, Effect, RemoveTag, SetStatus, Star
from rules.event import Actor, ActorKind, Event
from rules.plan import Plan
from store.draws import draw
from store.events import Origin
from store.lead_ops import LeadEditor
from store.lead_shelf import LeadShelf
from store.leases import Key
from store.plans import DONE, ERROR, SKIPPED, ActionResult
from store.scope import AccountScope
from store.session import StoreError, is_deadlock, is_unavailable

_log = logging.getLogger(__name__)

Numbered = tuple[int, Effect]
"""An effect with its index among the actions of its plan."""

WHY_NOT: Mapping[str, str] = MappingProxyType(
    {
        "no_lead": "The event has no lead",
        "gone": "The lead is gone",
        "trashed": "The lead is in the trash",
        "merged": "The lead was merged into another",
        "nobody": "Nobody of the pool can take it",
        "webhook_closed": "The webhook is disabled or deleted",
        "not_available": "leadgate does not carry out this action yet",
    }
)
"""Code -> sentence, for actions that were skipped or could not be done."""


@dataclass(frozen=True, slots=True)
class LeadEffects:
    """The effects on one lead that one rule intends because of one event."""

    event: Event
    lead_id: str
    plan: Plan
    effects: Sequence[Numbered]

    @property
    def key(self) -> Key:
        """(account id, event id)."""
        return self.event.account_id, self.event.id


@dataclass(frozen=True, slots=True)
class Carried:
    """The results, one per effect, and the events they raised."""

    results: list[ActionResult]
    event_ids: list[str]


def carry_out(connection: Connection, shelf: LeadShelf, wanted: LeadEffects) -> Carried:
    """Does the effects; the lead stands on the shelf, the pools are locked (`draws.lock_turns`)."""
    draws = any(isinstance(effect, Assign) for _, effect in wanted.effects)
    try:
        # A draw is the one effect that writes at once: it is taken back with the others, or a turn would be lost.
        with connection.begin_nested() if draws and len(wanted.effects) > 1 else nullcontext():
            return _change(connection, shelf, wanted, wanted.effects)
    except DBAPIError:
        raise
    except Exception as fault:  # noqa: BLE001  it becomes the visible error of the action at fault
        if len(wanted.effects) == 1:
            return Carried([_error(wanted, wanted.effects[0], fault)], [])
    return _one_by_one(wanted, lambda one: carry_out(connection, shelf, one))


def carry_out_alone(connection: Connection, wanted: LeadEffects) -> Carried:
    """Does the effects and writes them, on a shelf and in a savepoint of their own."""
    try:
        with connection.begin_nested():
            shelf = LeadShelf(connection, AccountScope(wanted.event.account_id))
            carried = carry_out(connection, shelf, wanted)
            shelf.write()
            return carried
    except Exception as fault:
        if is_unavailable(fault) or is_deadlock(fault):
            raise
        if len(wanted.effects) == 1:
            return Carried([_error(wanted, wanted.effects[0], fault)], [])
    return _one_by_one(wanted, lambda one: carry_out_alone(connection, one))


def _one_by_one(wanted: LeadEffects, do: Callable[[LeadEffects], Carried]) -> Carried:
    carried = Carried([], [])
    for numbered in wanted.effects:
        alone = do(replace(wanted, effects=[numbered]))
        carried.results.extend(alone.results)
        carried.event_ids.extend(alone.event_ids)
    return carried


def skipped(key: Key, rule_id: str, number: int, code: str) -> ActionResult:
    """An action that is not to be done; `code` of WHY_NOT."""
    return ActionResult(key, rule_id, number, SKIPPED, {"code": code, "sentence": WHY_NOT[code]})


@dataclass(frozen=True, slots=True)
class _Hand:
    """What an effect's function works with."""

    connection: Connection
    scope: AccountScope
    editor: LeadEditor
    lead_id: str
    key: Key
    rule_id: str
    number: int

    def done(self, **detail: Any) -> ActionResult:
        return ActionResult(self.key, self.rule_id, self.number, DONE, detail)


def _change(
    connection: Connection, shelf: LeadShelf, wanted: LeadEffects, effects: Sequence[Numbered]
) -> Carried:
    rule = wanted.plan
    scope = AccountScope(wanted.event.account_id)
    origin = Origin(Actor(ActorKind.RULE, rule.rule_id, rule.rule_name), wanted.event.causes_of(rule.rule_id))
    editor = LeadEditor(connection, scope, origin, shelf=shelf)
    results = []
    for number, effect in effects:
        hand = _Hand(connection, scope, editor, wanted.lead_id, wanted.key, rule.rule_id, number)
        results.append(HOW.get(type(effect), _not_available)(hand, effect))
    editor.finish()
    return Carried(results, list(editor.event_ids))


def _error(wanted: LeadEffects, numbered: Numbered, fault: Exception) -> ActionResult:
    number, _ = numbered
    if isinstance(fault, StoreError):
        sentence = str(fault)
    else:
        _log.error("an action could not be carried out", exc_info=fault)
        sentence = f"The action could not be carried out: {type(fault).__name__}"
    detail = {"code": "refused" if isinstance(fault, StoreError) else "fault", "sentence": sentence}
    return ActionResult(wanted.key, wanted.plan.rule_id, number, ERROR, detail)


def _add_tag(hand: _Hand, effect: AddTag) -> ActionResult:
    hand.editor.tag(hand.lead_id, add=[effect.tag])
    return hand.done()


def _remove_tag(hand: _Hand, effect: RemoveTag) -> ActionResult:
    hand.editor.tag(hand.lead_id, remove=[effect.tag])
    return hand.done()


def _set_status(hand: _Hand, effect: SetStatus) -> ActionResult:
    hand.editor.change(hand.lead_id, {"status": effect.status})
    return hand.done()


def _star(hand: _Hand, effect: Star) -> ActionResult:
    hand.editor.change(hand.lead_id, {"starred": effect.starred})
    return hand.done()


def _comment(hand: _Hand, effect: Comment) -> ActionResult:
    entry_id = hand.editor.comment(hand.lead_id, effect.text, author_id=None)
    return hand.done(history_id=entry_id)


def _assign(hand: _Hand, effect: Assign) -> ActionResult:
    user = draw(hand.connection, hand.scope, effect.choose, rule_id=hand.rule_id, number=hand.number)
    if user is None:
        return skipped(hand.key, hand.rule_id, hand.number, "nobody")
    hand.editor.assign(hand.lead_id, user)
    return hand.done(user_id=user)


def _not_available(hand: _Hand, _: Effect) -> ActionResult:
    detail = {"code": "not_available", "sentence": WHY_NOT["not_available"]}
    return ActionResult(hand.key, hand.rule_id, hand.number, ERROR, detail)


HOW: Mapping[type[Effect], Callable[[_Hand, Any], ActionResult]] = MappingProxyType(
    {
        AddTag: _add_tag,
        RemoveTag: _remove_tag,
        SetStatus: _set_status,
        Star: _star,
        Comment: _comment,
        Assign: _assign,
    }
)
"""Webhooks are not here: `automate` makes deliveries of them, one per (event, endpoint)."""
