"""Rules, as `rules.rule` reads them; a wrong one is 422 naming the place. For admins."""

from store import rulebook
from web.api.bodies import RuleDocument
from web.api.route import Answer, Call


def list_rules(call: Call) -> Answer:
    """The account's rules in their order."""
    found = rulebook.rules_json(call.connection, call.scope)
    return Answer(found, headers={"X-Total-Count": str(len(found))})


def get_rule(call: Call, rule_id: str) -> Answer:
    """One rule."""
    return Answer(rulebook.rule_json(call.connection, call.scope, rule_id))


def create_rule(call: Call, body: RuleDocument) -> Answer:
    """A new rule, after all others."""
    made = rulebook.create_rule(call.connection, call.scope, body.root, by=call.viewer.user_id)
    return Answer(made, 201)


def change_rule(call: Call, rule_id: str, body: RuleDocument) -> Answer:
    """Replaces members of a rule; `position` moves it."""
    changed = rulebook.update_rule(call.connection, call.scope, rule_id, body.root, by=call.viewer.user_id)
    return Answer(changed)


def delete_rule(call: Call, rule_id: str) -> Answer:
    """Takes a rule away; what it did stays in the records."""
    rulebook.delete_rule(call.connection, call.scope, rule_id)
    return Answer(status=204)


def list_versions(call: Call, rule_id: str) -> Answer:
    """Every version of a rule, newest first."""
    found = rulebook.versions_json(call.connection, call.scope, rule_id)
    return Answer(found, headers={"X-Total-Count": str(len(found))})
