"""A rule: when one of these events, if these conditions hold, then these actions. And its JSON (product §9).

    {"name": "Web leads", "events": ["lead.created"],
     "if": {"all": [{"field": "lead.source.kind", "op": "is", "value": "form"}, {"any": […]}]},
     "then": [{"do": "add_tag", "tag": "web"}, {"do": "webhook", "webhook_id": "…"}],
     "stop": false, "enabled": true, "after": "2h", "unless": ["lead.email.sent"]}

`name`, `events` and `then` are needed. `events` takes types and filters like `lead.*`. `stop` ends the row of
rules for this event when this one matches. `after` and `unless` are read and refused until due times exist.

`parse_rule` raises `InvalidRule(place, reason)` and nothing else, whatever it is given. `load_rule` reads
what the database holds and never raises: a stored rule that can no longer be read becomes a rule that is
*in error* on each of its events, because a rule must never quietly stop counting.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from rules.actions import NOT_YET, changes_lead, effect_to_json, read_action
from rules.conditions import Condition, group, read_condition
from rules.effects import Effect
from rules.event import EVENT_TYPES, JSON, expand_filters, filter_matches, filter_problem
from rules.exceptions import InvalidRule
from rules.reading import Node, duration_text

MEMBERS = frozenset({"name", "events", "if", "then", "stop", "enabled", "after", "unless"})
NEEDED = frozenset({"name", "events", "then"})
MOST_ACTIONS = 50
ALWAYS = group("all", ())


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, compiled. `id` is empty and `version` 0 until it is stored; the order of rules is the caller's.

    `events` are filters as written. `broken`: why a stored rule cannot be evaluated any more, else None.
    """

    id: str
    version: int
    name: str
    events: tuple[str, ...]
    condition: Condition
    effects: tuple[Effect, ...]
    stop: bool = False
    enabled: bool = True
    after: timedelta | None = None
    unless: tuple[str, ...] = ()
    broken: str | None = None

    def listens_to(self, event_type: str) -> bool:
        """Whether events of this type concern the rule; off is off."""
        return self.enabled and filter_matches(self.events, event_type)


def parse_rule(json: object, *, rule_id: str = "", version: int = 0, refuse_unavailable: bool = True) -> Rule:
    """Read a rule's JSON; raises InvalidRule(place, reason) and nothing else.

    `refuse_unavailable`: also refuse what leadgate understands but does not carry out yet.
    """
    document = Node(json)
    members = document.members(MEMBERS, NEEDED)
    name = members["name"].text()
    events = _read_events(members["events"], filters=True)
    condition = read_condition(members["if"]) if "if" in members else ALWAYS
    effects = _read_effects(members["then"], events, refuse_unavailable)
    after = members["after"].duration() if "after" in members else None
    unless = _read_events(members["unless"], filters=False) if "unless" in members else ()
    if unless and after is None:
        raise members["unless"].refuse("makes sense only together with after")
    if after is not None and refuse_unavailable:
        raise members["after"].refuse(f"waiting {NOT_YET}")
    return Rule(
        id=rule_id,
        version=version,
        name=name,
        events=events,
        condition=condition,
        effects=effects,
        stop=members["stop"].flag() if "stop" in members else False,
        enabled=members["enabled"].flag() if "enabled" in members else True,
        after=after,
        unless=unless,
    )


def load_rule(json: object, *, rule_id: str, version: int, enabled: bool = True) -> Rule:
    """Read a stored rule; one that cannot be read is `broken` and in error on its events, never left out.

    `enabled` False overrules the document.
    """
    try:
        rule = parse_rule(json, rule_id=rule_id, version=version)
    except InvalidRule as fault:
        given: Mapping[object, object] = json if isinstance(json, dict) else {}
        names = given.get("events")
        known = tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()
        rule = Rule(
            id=rule_id,
            version=version,
            name=str(given.get("name", "")),
            events=tuple(name for name in known if filter_problem(name) is None) or ("*",),
            condition=ALWAYS,
            effects=(),
            enabled=given.get("enabled") is not False,
            broken=str(fault),
        )
    return rule if enabled else _disabled(rule)


def rule_to_json(rule: Rule) -> dict[str, JSON]:
    """The rule's canonical JSON, which `parse_rule` reads back to an equal rule (but for id and version)."""
    json: dict[str, JSON] = {
        "name": rule.name,
        "events": list(rule.events),
        "if": rule.condition.to_json(),
        "then": [effect_to_json(effect) for effect in rule.effects],
        "stop": rule.stop,
        "enabled": rule.enabled,
    }
    if rule.after is not None:
        json["after"] = duration_text(rule.after)
        json["unless"] = list(rule.unless)
    return json


def _disabled(rule: Rule) -> Rule:
    return replace(rule, enabled=False)


def _read_events(node: Node, *, filters: bool) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for item in node.items(most=2 * len(EVENT_TYPES), least=1 if filters else 0):
        name = item.text()
        if not filters and name not in EVENT_TYPES:
            raise item.refuse("is not an event type")
        problem = filter_problem(name)
        if problem is not None:
            raise item.refuse(f"{problem}")
        names[name] = None
    return tuple(names)


def _read_effects(node: Node, events: tuple[str, ...], refuse_unavailable: bool) -> tuple[Effect, ...]:
    has_lead = any(EVENT_TYPES[name].may_have_lead for name in expand_filters(events))
    effects = []
    for item in node.items(MOST_ACTIONS, least=1):
        effect = read_action(item, refuse_unavailable=refuse_unavailable)
        if changes_lead(effect) and not has_lead:
            raise item.refuse("changes a lead, but none of the rule's events has one")
        effects.append(effect)
    return tuple(effects)
