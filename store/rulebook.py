"""The rules of an account: their order and their versions.

Every change raises the account's `rulebooks.revision` in the same transaction, by which `store.compiled_rules`
knows that it must read anew; the row is also the lock under which positions are given. A change is kept as a
version: plans name the version they were made with.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from rules.effects import Assign, CallWebhook
from rules.exceptions import InvalidRule
from rules.rule import Rule, parse_rule, rule_to_json
from store.ids import new_id
from store.leads import iso
from store.scope import AccountScope, Scope
from store.session import Conflict, NotFound, now
from store.tables.automation import endpoints, rule_versions, rulebooks, rules
from store.tables.people import users
from store.upsert import insert_unless_there

Json = dict[str, Any]

MOST_RULES = 1_000
_OFF: Json = {"enabled": False}
"""The one change that is made unread: a rule that can no longer be accepted must still be switched off."""


def create_rule(
    connection: Connection, scope: AccountScope, document: object, *, by: str | None = None
) -> Json:
    """A new rule from its JSON, after all others; its JSON. InvalidRule names the place; Conflict at the limit."""
    definition = _checked(connection, scope, document)
    _raise_revision(connection, scope)
    last, count = connection.execute(
        select(func.max(rules.c.position), func.count()).where(*_of(scope))
    ).one()
    if count >= MOST_RULES:
        raise Conflict(f"an account has at most {MOST_RULES} rules")
    rule_id, moment = new_id(), now(connection)
    connection.execute(
        insert(rules).values(
            account_id=scope.account_id,
            id=rule_id,
            name=definition["name"],
            position=(last or 0) + 1,
            version=1,
            definition=definition,
            enabled=definition["enabled"],
            created_at=moment,
            updated_at=moment,
        )
    )
    _keep_version(connection, scope, rule_id, by)
    return rule_json(connection, scope, rule_id)


def update_rule(
    connection: Connection,
    scope: AccountScope,
    rule_id: str,
    changes: Mapping[str, Any],
    *,
    by: str | None = None,
) -> Json:
    """Replaces members of a rule's JSON (`enabled` among them); a new version. `position` moves it in the row.

    InvalidRule names the place, NotFound. Changes that change nothing make no version.
    """
    _raise_revision(connection, scope)
    row = _row(connection, scope, rule_id)
    wanted = dict(changes)
    if "position" in wanted:
        _move(connection, scope, rule_id, wanted.pop("position"))
    before = {**row.definition, "enabled": row.enabled}
    after = _checked(connection, scope, {**before, **wanted}) if wanted != _OFF else before | _OFF
    if after != before:
        connection.execute(
            update(rules)
            .where(*_of(scope), rules.c.id == rule_id)
            .values(
                name=after["name"],
                version=row.version + 1,
                definition=after,
                enabled=after["enabled"],
                updated_at=now(connection),
            )
        )
        _keep_version(connection, scope, rule_id, by)
    return rule_json(connection, scope, rule_id)


def delete_rule(connection: Connection, scope: AccountScope, rule_id: str) -> None:
    """Takes a rule out of the row; what it did stays in the records. NotFound."""
    _raise_revision(connection, scope)
    _row(connection, scope, rule_id)
    connection.execute(
        update(rules)
        .where(*_of(scope), rules.c.id == rule_id)
        .values(deleted_at=now(connection), enabled=False)
    )


def rules_json(connection: Connection, scope: Scope) -> list[Json]:
    """The account's rules in their order."""
    return [_json(row) for row in connection.execute(in_order(scope))]


def rule_json(connection: Connection, scope: Scope, rule_id: str) -> Json:
    """One rule: the JSON of product §9 with id, position, version and times. NotFound."""
    return _json(_row(connection, scope, rule_id))


def versions_json(connection: Connection, scope: Scope, rule_id: str) -> list[Json]:
    """Every version a rule had, newest first. NotFound."""
    _row(connection, scope, rule_id)
    rows = connection.execute(
        select(rule_versions, users.c.name)
        .outerjoin_from(
            rule_versions,
            users,
            (users.c.account_id == rule_versions.c.account_id) & (users.c.id == rule_versions.c.changed_by),
        )
        .where(rule_versions.c.account_id == scope.account_id, rule_versions.c.rule_id == rule_id)
        .order_by(rule_versions.c.version.desc())
    )
    return [
        {
            "version": row.version,
            "definition": row.definition,
            "enabled": row.enabled,
            "changed_at": iso(row.changed_at),
            "changed_by": {"id": row.changed_by, "name": row.name} if row.changed_by else None,
        }
        for row in rows
    ]


def in_order(scope: Scope) -> Select[Any]:
    """The statement for the account's rules in their order."""
    return select(rules).where(*_of(scope)).order_by(rules.c.position, rules.c.id)


def _of(scope: Scope) -> tuple[Any, ...]:
    return rules.c.account_id == scope.account_id, rules.c.deleted_at.is_(None)


def _row(connection: Connection, scope: Scope, rule_id: str) -> Row[Any]:
    row = connection.execute(select(rules).where(*_of(scope), rules.c.id == rule_id)).first()
    if row is None:
        raise NotFound("rule")
    return row


def _json(row: Row[Any]) -> Json:
    return {
        "id": row.id,
        **row.definition,
        "enabled": row.enabled,
        "position": row.position,
        "version": row.version,
        "created_at": iso(row.created_at),
        "updated_at": iso(row.updated_at),
    }


def _raise_revision(connection: Connection, scope: AccountScope) -> None:
    """Comes before every change: also the lock that puts two changes of one account in a row."""
    insert_unless_there(connection, rulebooks, [{"account_id": scope.account_id, "revision": 0}])
    connection.execute(
        update(rulebooks)
        .where(rulebooks.c.account_id == scope.account_id)
        .values(revision=rulebooks.c.revision + 1)
    )


def _keep_version(connection: Connection, scope: AccountScope, rule_id: str, by: str | None) -> None:
    row = _row(connection, scope, rule_id)
    connection.execute(
        insert(rule_versions).values(
            account_id=scope.account_id,
            rule_id=rule_id,
            version=row.version,
            definition=row.definition,
            enabled=row.enabled,
            changed_at=row.updated_at,
            changed_by=by,
        )
    )


def _move(connection: Connection, scope: AccountScope, rule_id: str, position: object) -> None:
    """Puts a rule at `position` (from 1; beyond the end is the end) and numbers the row anew."""
    if isinstance(position, bool) or not isinstance(position, int) or position < 1:
        raise InvalidRule("position", "must be a whole number from 1")
    order = [row.id for row in connection.execute(in_order(scope)) if row.id != rule_id]
    order.insert(position - 1, rule_id)
    for number, each in enumerate(order, 1):
        connection.execute(
            update(rules)
            .where(*_of(scope), rules.c.id == each, rules.c.position != number)
            .values(position=number)
        )


def _checked(connection: Connection, scope: AccountScope, document: object) -> Json:
    """The canonical JSON of a rule that may be saved; InvalidRule."""
    rule = parse_rule(document)
    _refuse_strangers(connection, scope, rule)
    return rule_to_json(rule)


def _refuse_strangers(connection: Connection, scope: AccountScope, rule: Rule) -> None:
    """Refuses a rule that names a user or webhook the account does not have; InvalidRule names the place."""
    for index, effect in enumerate(rule.effects):
        place = f"then[{index}]"
        if isinstance(effect, Assign) and effect.choose.users:
            active = set(
                connection.execute(
                    select(users.c.id).where(
                        users.c.account_id == scope.account_id,
                        users.c.id.in_(effect.choose.users),
                        users.c.active,
                    )
                ).scalars()
            )
            unknown = [user for user in effect.choose.users if user not in active]
            if unknown:
                raise InvalidRule(place, f"{unknown[0][:60]!r} is no active user of this account")
        if isinstance(effect, CallWebhook):
            found = connection.execute(
                select(endpoints.c.id).where(
                    endpoints.c.account_id == scope.account_id,
                    endpoints.c.id == effect.webhook_id,
                    endpoints.c.deleted_at.is_(None),
                )
            ).first()
            if found is None:
                raise InvalidRule(f"{place}.webhook_id", "is no webhook of this account")
