"""Rules: kept in order, with versions; refused with their place; compiled once per change."""

import pytest

from rules.exceptions import InvalidRule
from store import rulebook
from store.compiled_rules import Rulebooks
from store.endpoints import create_endpoint, delete_endpoint
from store.sealing import Sealer
from store.session import Database, NotFound
from tests.support.accounts import MadeAccount

TAG = {
    "name": "Web leads",
    "events": ["lead.created"],
    "if": {"all": [{"field": "lead.source.kind", "op": "is", "value": "form"}]},
    "then": [{"do": "add_tag", "tag": "web"}],
}


def tag_rule(name: str) -> dict[str, object]:
    return {**TAG, "name": name, "then": [{"do": "add_tag", "tag": name}]}


def test_a_rule_is_kept_as_the_json_it_came_from(database: Database, account: MadeAccount) -> None:
    with database.write() as connection:
        made = rulebook.create_rule(connection, account.scope, TAG, by=account.admin.id)
    with database.read() as connection:
        found = rulebook.rule_json(connection, account.scope, made["id"])
    assert found == made
    assert {name: found[name] for name in TAG} == TAG
    assert (found["version"], found["position"], found["enabled"], found["stop"]) == (1, 1, True, False)


def test_a_wrong_rule_is_refused_with_its_place(database: Database, account: MadeAccount) -> None:
    wrong = {**TAG, "if": {"all": [{"field": "lead.sauce", "op": "is", "value": "form"}]}}
    with database.write() as connection, pytest.raises(InvalidRule) as refusal:
        rulebook.create_rule(connection, account.scope, wrong)
    assert refusal.value.place == "if.all[0].field"
    with database.read() as connection:
        assert rulebook.rules_json(connection, account.scope) == []


def test_users_and_webhooks_of_others_are_refused(
    database: Database, account: MadeAccount, other_account: MadeAccount
) -> None:
    sealer = Sealer(b"k" * 32)
    with database.write() as connection:
        foreign = create_endpoint(
            connection, other_account.scope, sealer, url="https://x.example/", events=[], secret="whsec_x"
        )
        own = create_endpoint(
            connection, account.scope, sealer, url="https://x.example/", events=[], secret="whsec_x"
        )
        delete_endpoint(connection, account.scope, own.id)
    actions = [
        ({"do": "assign", "user_id": other_account.admin.id}, "then[1]"),
        ({"do": "webhook", "webhook_id": foreign.id}, "then[1].webhook_id"),
        ({"do": "webhook", "webhook_id": own.id}, "then[1].webhook_id"),
    ]
    for action, place in actions:
        document = {**TAG, "then": [{"do": "add_tag", "tag": "a"}, action]}
        with database.write() as connection, pytest.raises(InvalidRule) as refusal:
            rulebook.create_rule(connection, account.scope, document)
        assert refusal.value.place == place


def test_every_change_is_a_version(database: Database, account: MadeAccount) -> None:
    with database.write() as connection:
        rule = rulebook.create_rule(connection, account.scope, TAG)
    changes = ({"name": "Form leads"}, {"enabled": False}, {"enabled": False}, {"name": "Form leads"})
    for change in changes:
        with database.write() as connection:
            rule = rulebook.update_rule(connection, account.scope, rule["id"], change, by=account.admin.id)
    assert (rule["name"], rule["enabled"], rule["version"]) == ("Form leads", False, 3)
    with database.read() as connection:
        versions = rulebook.versions_json(connection, account.scope, rule["id"])
    assert [(v["version"], v["definition"]["name"], v["enabled"]) for v in versions] == [
        (3, "Form leads", False),
        (2, "Form leads", True),
        (1, "Web leads", True),
    ]
    assert versions[0]["changed_by"] == {"id": account.admin.id, "name": "Anna Admin"}


def test_rules_are_moved_and_deleted(database: Database, account: MadeAccount) -> None:
    with database.write() as connection:
        ids = [rulebook.create_rule(connection, account.scope, tag_rule(name))["id"] for name in "abc"]
        rulebook.update_rule(connection, account.scope, ids[2], {"position": 1})
    with database.read() as connection:
        order = rulebook.rules_json(connection, account.scope)
    assert [(rule["name"], rule["position"]) for rule in order] == [("c", 1), ("a", 2), ("b", 3)]
    with database.write() as connection:
        rulebook.delete_rule(connection, account.scope, ids[0])
        fourth = rulebook.create_rule(connection, account.scope, tag_rule("d"))
        with pytest.raises(NotFound):
            rulebook.rule_json(connection, account.scope, ids[0])
    assert fourth["position"] == 4
    with database.write() as connection, pytest.raises(InvalidRule):
        rulebook.update_rule(connection, account.scope, fourth["id"], {"position": 0})


def test_another_accounts_rules_do_not_exist(
    database: Database, account: MadeAccount, other_account: MadeAccount
) -> None:
    with database.write() as connection:
        rule = rulebook.create_rule(connection, account.scope, TAG)
    with database.write() as connection:
        assert rulebook.rules_json(connection, other_account.scope) == []
        for call in (rulebook.rule_json, rulebook.delete_rule, rulebook.versions_json):
            with pytest.raises(NotFound):
                call(connection, other_account.scope, rule["id"])
        with pytest.raises(NotFound):
            rulebook.update_rule(connection, other_account.scope, rule["id"], {"enabled": False})


def test_compiled_rules_follow_every_change(
    database: Database, account: MadeAccount, other_account: MadeAccount
) -> None:
    books = Rulebooks()

    def names() -> list[str]:
        with database.read() as connection:
            book = books.of(connection, [account.id, other_account.id])
        assert not book[other_account.id].rules.rules
        return [rule.name for rule in book[account.id].rules.rules if rule.enabled]

    assert names() == []
    with database.write() as connection:
        first = rulebook.create_rule(connection, account.scope, tag_rule("first"))
        rulebook.create_rule(connection, account.scope, tag_rule("second"))
    assert names() == ["first", "second"]
    with database.read() as connection:
        again = books.of(connection, [account.id])[account.id]
        assert books.of(connection, [account.id])[account.id] is again
    with database.write() as connection:
        rulebook.update_rule(connection, account.scope, first["id"], {"position": 2})
    assert names() == ["second", "first"]
    with database.write() as connection:
        rulebook.update_rule(connection, account.scope, first["id"], {"enabled": False})
    assert names() == ["second"]
    with database.write() as connection:
        rulebook.delete_rule(connection, account.scope, first["id"])
    assert names() == ["second"]


def test_the_cache_forgets_the_account_served_longest_ago(
    database: Database, account: MadeAccount, other_account: MadeAccount
) -> None:
    with database.write() as connection:
        for scope in (account.scope, other_account.scope):
            rulebook.create_rule(connection, scope, TAG)
    books = Rulebooks(most=1)
    with database.read() as connection:
        first = books.of(connection, [account.id])[account.id]
        books.of(connection, [other_account.id])
        assert books.of(connection, [account.id])[account.id] is not first


def test_a_rule_that_cannot_be_accepted_any_more_can_be_switched_off(
    database: Database, account: MadeAccount
) -> None:
    from sqlalchemy import update

    from store.tables.automation import rules

    with database.write() as connection:
        rule = rulebook.create_rule(connection, account.scope, TAG)
        connection.execute(
            update(rules)
            .where(rules.c.account_id == account.id, rules.c.id == rule["id"])
            .values(definition={**TAG, "then": [{"do": "sing"}]})
        )
        with pytest.raises(InvalidRule):
            rulebook.update_rule(connection, account.scope, rule["id"], {"name": "x"})
        off = rulebook.update_rule(connection, account.scope, rule["id"], {"enabled": False})
    assert off["enabled"] is False
