"""Acting on events: what a batch of evaluated events intends, locked and carried out in their order.

Called within an effect transaction, by `automate` for stored events and by `at_once` for those of mails just decided.
Leads, then pools are locked in
the order of their ids, so that two batches cannot block each other. What an action cannot do any more (the lead is
gone, in the trash, merged; the webhook closed) is skipped with its reason.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ingest.effects import Carried, LeadEffects, Numbered, carry_out, carry_out_alone, skipped
from rules.effects import Assign, CallWebhook, How
from rules.engine import evaluate
from rules.event import Event
from rules.plan import Plan, Verdict
from store.compiled_rules import Book
from store.draws import lock_turns
from store.facts import facts_of
from store.lead_shelf import LeadShelf
from store.leases import Key
from store.plans import DONE, ActionResult, Evaluation
from store.scope import AccountScope
from webhooks.dispatch import Dispatch


@dataclass(frozen=True, slots=True)
class Planned:
    """The plans of an event. `evaluation`: None if they were stored earlier; `error`: why they were left out."""

    plans: tuple[Plan, ...] = ()
    evaluation: Evaluation | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One claimed event, ready to be carried out. `event` is None if it cannot be read.

    `done`: the actions (rule id, index) that have a result; `error`: what is wrong with the event as a whole.
    """

    key: Key
    event: Event | None
    lead_id: str | None
    planned: Planned = Planned()
    done: Collection[tuple[str, int]] = ()
    dispatch: Dispatch | None = None
    error: str | None = None

    def left(self, plan: Plan) -> list[Numbered]:
        """The actions of `plan` that have no result yet."""
        return [
            (number, effect)
            for number, effect in enumerate(plan.effects)
            if (plan.rule_id, number) not in self.done
        ]


def first_plan(event: Event, book: Book) -> Planned:
    """What the rules intend, of an event that was never evaluated."""
    made = evaluate(event, facts_of(event), book.rules).plans
    listening = len(book.rules.listeners(event.type).rules)
    return Planned(made, Evaluation((event.account_id, event.id), book.revision, listening, made))


def lock(connection: Connection, works: Sequence[Work]) -> dict[str, LeadShelf]:
    """Locks leads, then pools, of all actions of the batch, both in the order of their ids, so that two batches
    cannot block each other; the leads by account."""
    leads: dict[str, set[str]] = defaultdict(set)
    for work in works:
        for plan in work.planned.plans:
            if work.lead_id and any(not isinstance(effect, CallWebhook) for _, effect in work.left(plan)):
                leads[work.key[0]].add(work.lead_id)
    shelves = {account: LeadShelf(connection, AccountScope(account)) for account in sorted(leads)}
    for account, shelf in shelves.items():
        shelf.read(leads[account])
    lock_pools(connection, works)
    return shelves


def lock_pools(connection: Connection, works: Sequence[Work]) -> None:
    """Locks the pools that the actions draw from in turn, in the order of their ids."""
    lock_turns(
        connection,
        {
            (work.key[0], plan.rule_id, number)
            for work in works
            for plan in work.planned.plans
            for number, effect in work.left(plan)
            if isinstance(effect, Assign) and effect.choose.how is How.ROUND_ROBIN
        },
    )


def act(connection: Connection, work: Work, shelves: Mapping[str, LeadShelf], *, alone: bool) -> Carried:
    """Carries out what is left of the event's plans, in the rules' order."""
    carried = Carried([], [])
    for plan in work.planned.plans:
        if plan.verdict is not Verdict.MATCHED or work.event is None:
            continue
        on_lead: list[Numbered] = []
        for number, effect in work.left(plan):
            if isinstance(effect, CallWebhook):
                carried.results.append(_call(work, plan, number, effect))
            else:
                on_lead.append((number, effect))
        if not on_lead:
            continue
        shelf = shelves.get(work.key[0])
        code = _why_not(shelf, work.lead_id)
        if code is not None or work.lead_id is None or shelf is None:
            carried.results.extend(
                skipped(work.key, plan.rule_id, number, code or "no_lead") for number, _ in on_lead
            )
            continue
        effects = LeadEffects(work.event, work.lead_id, plan, on_lead)
        done = carry_out_alone(connection, effects) if alone else carry_out(connection, shelf, effects)
        carried.results.extend(done.results)
        carried.event_ids.extend(done.event_ids)
    return carried


def _why_not(shelf: LeadShelf | None, lead_id: str | None) -> str | None:
    """Why a rule may not change the lead, a code of `effects.WHY_NOT`; None if it may."""
    if shelf is None or lead_id is None:
        return "no_lead"
    lead = shelf.standing(lead_id)
    if lead is None:
        return "gone"
    if lead.row["merged_into"]:
        return "merged"
    return "trashed" if lead.row["trashed_at"] else None


def _call(work: Work, plan: Plan, number: int, effect: CallWebhook) -> ActionResult:
    if work.dispatch is None or not work.dispatch.reaches(effect.webhook_id):
        return skipped(work.key, plan.rule_id, number, "webhook_closed")
    return ActionResult(work.key, plan.rule_id, number, DONE, {"webhook_id": effect.webhook_id})


def called(carried: Carried) -> list[str]:
    """The endpoints that rules sent the event to."""
    return [result.detail["webhook_id"] for result in carried.results if "webhook_id" in result.detail]
