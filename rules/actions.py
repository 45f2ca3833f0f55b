"""What a rule may do: one table action name -> how its JSON is read into an effect and written back.

The JSON of an effect is that of the action it came from, in canonical form, so plans store what rules say;
`effect_from_json` is the way back from a stored plan.

`CARRIED_OUT` names the actions that are carried out today. The others are understood and refused, so that no
rule is accepted whose actions would silently not happen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType

from rules.effects import (
    AddTag,
    Assign,
    CallWebhook,
    Choose,
    Comment,
    Effect,
    How,
    Notify,
    NotifyTo,
    RemoveTag,
    SetAmount,
    SetField,
    SetNextAction,
    SetPipeline,
    SetStatus,
    SetStep,
    Star,
    Trash,
)
from rules.event import JSON
from rules.fields import STATUSES
from rules.reading import Node, duration_text

CARRIED_OUT = frozenset({"add_tag", "remove_tag", "set_status", "star", "comment", "assign", "webhook"})
ASSIGNED_TODAY = frozenset({How.USER, How.RANDOM, How.ROUND_ROBIN})
NOT_YET = "is not available yet"
LONGEST_COMMENT = 10_000
MOST_USERS = 500
LARGEST_AMOUNT = 10**11
"""With four decimals still exact as a JSON number."""

Members = dict[str, Node]
Object = dict[str, JSON]


@dataclass(frozen=True, slots=True)
class Action:
    """One line of the table: the members its JSON may and must have, how they are read and written back.

    `on_lead`: it changes the event's lead, so it makes no sense where there can be none.
    """

    effect: type[Effect]
    read: Callable[[Node, Members], Effect]
    write: Callable[..., Object]
    known: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    on_lead: bool = True


def read_action(node: Node, *, refuse_unavailable: bool = True) -> Effect:
    """Read `{"do": …}`; raises InvalidRule naming the place, also for what is not carried out yet."""
    if not isinstance(node.value, dict):
        raise node.refuse("must be an action: an object with do")
    name = Node(node.value, node.place).members(set(map(str, node.value)), {"do"})["do"].choice(ACTIONS)
    action = ACTIONS[name]
    members = node.members({"do", *action.known, *action.needed}, action.needed)
    effect = action.read(node, members)
    if refuse_unavailable:
        if name not in CARRIED_OUT:
            raise members["do"].refuse(f"{name} {NOT_YET}")
        if isinstance(effect, Assign) and effect.choose.how not in ASSIGNED_TODAY:
            raise members["how"].refuse(f"assigning by {effect.choose.how.value} {NOT_YET}")
    return effect


def changes_lead(effect: Effect) -> bool:
    """Whether the effect needs a lead."""
    return ACTIONS[action_name(effect)].on_lead


def action_name(effect: Effect) -> str:
    """The name by which rules and plans call this effect."""
    return _NAMES[type(effect)]


def effect_to_json(effect: Effect) -> Object:
    """The effect as its action's canonical JSON."""
    name = action_name(effect)
    return {"do": name, **ACTIONS[name].write(effect)}


def effect_from_json(value: object) -> Effect:
    """The way back from `effect_to_json`; raises InvalidRule."""
    return read_action(Node(value), refuse_unavailable=False)


def _read_assign(node: Node, members: Members) -> Effect:
    named = [members[key] for key in ("user_id", "user") if key in members]
    how = How(members["how"].choice({way.value for way in How})) if "how" in members else How.USER
    if how is How.TEAM:
        _only(node, {"team_id"})
        return Assign(Choose(how, team_id=members["team_id"].text()))
    if how is How.USER and named:
        _only(node, {"user_id" if "user_id" in members else "user"})
        return Assign(Choose(how, (named[0].text(),)))
    _only(node, {"users"})
    users = tuple(dict.fromkeys(item.text() for item in members["users"].items(MOST_USERS, least=1)))
    if how is How.USER and len(users) != 1:
        raise members["users"].refuse("must be exactly one user, or say how: random or round_robin")
    return Assign(Choose(how, users))


def _only(node: Node, needed: set[str]) -> None:
    """Exactly these besides do and how: a user named beside a pool would silently be ignored otherwise."""
    node.members({"do", "how", *needed}, needed)


def _write_assign(effect: Assign) -> Object:
    choose = effect.choose
    if choose.how is How.USER:
        return {"how": choose.how.value, "user_id": choose.users[0]}
    if choose.how is How.TEAM:
        return {"how": choose.how.value, "team_id": choose.team_id}
    return {"how": choose.how.value, "users": list(choose.users)}


def _read_amount(_: Node, members: Members) -> Effect:
    amount = Decimal(str(members["amount"].number()))
    if not 0 <= amount < LARGEST_AMOUNT or amount != amount.quantize(Decimal("0.0001")):
        raise members["amount"].refuse("must be an amount of money, not negative, with at most 4 decimals")
    currency = members["currency"].text(3).upper() if "currency" in members else None
    if currency is not None and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise members["currency"].refuse("must be three letters like EUR")
    return SetAmount(amount, currency)


def _write_amount(effect: SetAmount) -> Object:
    whole = effect.amount == int(effect.amount)
    amount: Object = {"amount": int(effect.amount) if whole else float(effect.amount)}
    return amount if effect.currency is None else {**amount, "currency": effect.currency}


def _read_next_action(node: Node, members: Members) -> Effect:
    if ("at" in members) == ("in" in members):
        raise node.refuse("needs either at, a time, or in, a duration like 2d")
    if "at" in members:
        return SetNextAction(at=members["at"].time())
    return SetNextAction(after=members["in"].duration())


def _write_next_action(effect: SetNextAction) -> Object:
    return {"at": effect.at.isoformat()} if effect.at else {"in": duration_text(effect.after or timedelta())}


def _read_field(_: Node, members: Members) -> Effect:
    given = members["value"]
    name = members["field"].text().removeprefix("lead.fields.")
    if given.value is None or isinstance(given.value, bool):
        return SetField(name, given.value)
    if isinstance(given.value, str):
        return SetField(name, given.text(LONGEST_COMMENT, lines=True))
    return SetField(name, given.number())


def _read_notify(node: Node, members: Members) -> Effect:
    to = NotifyTo(members["to"].choice({person.value for person in NotifyTo}))
    needed = _NOTIFY_TARGET[to]
    node.members({"do", "to", "template", *needed}, needed)
    target = members[needed[0]].text() if needed else None
    if to is NotifyTo.ADDRESS and (target is None or target.count("@") != 1 or " " in target):
        raise members["address"].refuse("must be an e-mail address")
    return Notify(to, target, members["template"].text() if "template" in members else None)


def _write_notify(effect: Notify) -> Object:
    target: Object = dict.fromkeys(_NOTIFY_TARGET[effect.to], effect.target)
    template: Object = {} if effect.template is None else {"template": effect.template}
    return {"to": effect.to.value, **target, **template}


_NOTIFY_TARGET: Mapping[NotifyTo, tuple[str, ...]] = MappingProxyType(
    {
        NotifyTo.OWNER: (),
        NotifyTo.TEAM_MANAGER: (),
        NotifyTo.USER: ("user_id",),
        NotifyTo.TEAM: ("team_id",),
        NotifyTo.ADDRESS: ("address",),
    }
)


def _just(*keys: str) -> frozenset[str]:
    return frozenset(keys)


ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "add_tag": Action(
            AddTag, lambda _, m: AddTag(m["tag"].text(100)), lambda e: {"tag": e.tag}, needed=_just("tag")
        ),
        "remove_tag": Action(
            RemoveTag,
            lambda _, m: RemoveTag(m["tag"].text(100)),
            lambda e: {"tag": e.tag},
            needed=_just("tag"),
        ),
        "assign": Action(
            Assign, _read_assign, _write_assign, known=_just("how", "user_id", "user", "users", "team_id")
        ),
        "set_status": Action(
            SetStatus,
            lambda _, m: SetStatus(m["status"].choice(STATUSES)),
            lambda e: {"status": e.status},
            needed=_just("status"),
        ),
        "set_step": Action(
            SetStep, lambda _, m: SetStep(m["step"].text()), lambda e: {"step": e.step}, needed=_just("step")
        ),
        "set_pipeline": Action(
            SetPipeline,
            lambda _, m: SetPipeline(m["pipeline"].text()),
            lambda e: {"pipeline": e.pipeline},
            needed=_just("pipeline"),
        ),
        "set_amount": Action(
            SetAmount, _read_amount, _write_amount, known=_just("currency"), needed=_just("amount")
        ),
        "set_next_action": Action(
            SetNextAction, _read_next_action, _write_next_action, known=_just("at", "in")
        ),
        "set_field": Action(
            SetField,
            _read_field,
            lambda e: {"field": e.field, "value": e.value},
            needed=_just("field", "value"),
        ),
        "star": Action(
            Star,
            lambda _, m: Star(m["starred"].flag() if "starred" in m else True),
            lambda e: {"starred": e.starred},
            known=_just("starred"),
        ),
        "comment": Action(
            Comment,
            lambda _, m: Comment(m["text"].text(LONGEST_COMMENT, lines=True)),
            lambda e: {"text": e.text},
            needed=_just("text"),
        ),
        "trash": Action(Trash, lambda *_: Trash(), lambda _: {}),
        "notify": Action(
            Notify,
            _read_notify,
            _write_notify,
            known=_just("user_id", "team_id", "address", "template"),
            needed=_just("to"),
            on_lead=False,
        ),
        "webhook": Action(
            CallWebhook,
            lambda _, m: CallWebhook(m["webhook_id"].text()),
            lambda e: {"webhook_id": e.webhook_id},
            needed=_just("webhook_id"),
            on_lead=False,
        ),
    }
)
_NAMES: Mapping[type[Effect], str] = MappingProxyType({entry.effect: name for name, entry in ACTIONS.items()})
