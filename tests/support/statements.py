"""The statement guard: every statement that touches a tenant table names its account, or says why it doesn't.

Each statement that any engine executes in this process is parsed (once per shape). A statement passes if

- it names no tenant table (no table of ours with `account_id`, and not `accounts`), or
- `store.session.across` marked it with a listed reason, or
- every tenant table in each FROM, UPDATE and DELETE is tied to an account: its `account_id` (for `accounts`:
  its `id`) equals a value, stands in a list of values, or equals that of a table which is tied. What stands
  under OR counts only if it stands in every branch; what stands under NOT counts for nothing, and
- every INSERT into a tenant table writes `account_id`.

A foreign key is no tie: `leads.id = :id` would find another account's row if an id ever leaked.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import sqlglot
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlglot import exp
from sqlglot.errors import SqlglotError

from store.session import ACROSS_ACCOUNTS
from store.tables.everything import metadata

IN_A_TEST = "test"
"""The reason of `tests.support.rows`: a test looks at everything."""

TENANT = {table.name: "account_id" for table in metadata.tables.values() if "account_id" in table.c} | {
    "accounts": "id"
}

_PARAMETER = re.compile(r"%\([^)]*\)s(?:::\w+)?")
_LISTS = re.compile(r"\?(?:, \?)+")
_ROWS = re.compile(r"\(\?\)(?:, \(\?\))+")
_READS_OR_WRITES = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "REPLACE", "VALUES")


class ForgotAccount(AssertionError):
    """A statement touches a tenant table without naming the account."""


class Guard:
    """Watches every engine of the process from `begin` to `end`; `seen` keeps what it found wrong.

    It also raises at once, in the statement's own thread, so the traceback shows who ran it; `seen` is for
    those whose catch-all swallows that.
    """

    def __init__(self) -> None:
        self.seen: list[str] = []

    def begin(self) -> None:
        event.listen(Engine, "before_cursor_execute", self._check)

    def end(self) -> None:
        event.remove(Engine, "before_cursor_execute", self._check)

    def _check(
        self, connection: Connection, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool
    ) -> None:
        options = connection.get_execution_options() if context is None else context.execution_options
        reason = options.get("across_accounts")
        if reason in ACROSS_ACCOUNTS or reason == IN_A_TEST:
            return
        found = complaint(statement, connection.dialect.name)
        if found:
            self.seen.append(f"{found}\n    in: {statement}")
            raise ForgotAccount(self.seen[-1])


@lru_cache(maxsize=20_000)
def complaint(statement: str, dialect: str) -> str | None:
    """What is wrong with a statement; None if nothing is."""
    if not statement.lstrip(" (\n").upper().startswith(_READS_OR_WRITES):
        return None
    return _complaint(_ROWS.sub("(?)", _LISTS.sub("?", _PARAMETER.sub("?", statement))), dialect)


@lru_cache(maxsize=5_000)
def _complaint(shape: str, dialect: str) -> str | None:
    try:
        trees = sqlglot.parse(shape, dialect={"postgresql": "postgres"}.get(dialect, dialect))
    except SqlglotError as error:
        return f"it cannot be parsed: {error}"
    return next((found for tree in trees if tree for found in _wrong(tree)), None)


def _wrong(tree: Any) -> Iterator[str]:
    ctes = {cte.alias for cte in tree.find_all(exp.CTE)}
    for part in tree.find_all(exp.Select, exp.Update, exp.Delete, exp.Insert):
        if isinstance(part, exp.Insert):
            yield from _wrong_insert(part)
            continue
        tables = dict(_own_tables(part, ctes))
        tied = _tied(part, tables) if TENANT.keys() & tables.values() else set()
        for alias, table in tables.items():
            if table in TENANT and alias not in tied:
                called = table if alias == table else f"{table} (as {alias})"
                yield f"{part.key.upper()} touches {called} without a condition on its {TENANT[table]}"


def _wrong_insert(part: exp.Insert) -> Iterator[str]:
    target = part.this
    table = (target.this if isinstance(target, exp.Schema) else target).name
    columns = [column.name for column in target.expressions] if isinstance(target, exp.Schema) else []
    if table in TENANT and TENANT[table] not in columns:
        yield f"INSERT into {table} without {TENANT[table]}"


def _own_tables(part: exp.Expression, ctes: set[str]) -> Iterator[tuple[str, str]]:
    """(alias, table) of what stands in this very FROM, JOIN, UPDATE, DELETE or USING; a subquery's table is ""."""
    sources: list[Any] = []
    if isinstance(part, exp.Update | exp.Delete):
        sources.append(part.this)
    sources += [part.args[name].this for name in ("from_", "from") if part.args.get(name) is not None]
    sources += part.args.get("using") or []
    sources += [join.this for join in _joins(part)]
    for source in sources:
        if isinstance(source, exp.Table):
            yield source.alias_or_name, "" if source.name in ctes else source.name
        else:
            yield source.alias_or_name, ""


def _joins(part: exp.Expression) -> list[exp.Join]:
    """The joins of this part, those hung below its tables included, those of subqueries not."""
    found: list[exp.Join] = list(part.args.get("joins") or [])
    roots = [
        part.args.get("from_"),
        part.args.get("from"),
        part.this if isinstance(part, exp.Update) else None,
    ]
    for root in roots:
        source = root.this if isinstance(root, exp.From) else root
        if isinstance(source, exp.Table):
            found += source.args.get("joins") or []
    return found


def _tied(part: exp.Expression, own: Mapping[str, str]) -> set[str]:
    """The aliases of `own` (alias → table) whose account is named, directly or through another table's."""
    conditions = [part.args["where"].this] if part.args.get("where") else []
    conditions += [join.args["on"] for join in _joins(part) if join.args.get("on") is not None]
    ties = {tie for condition in conditions for tie in _ties(condition, own)}
    tied = {one for one, other in ties if other is None}
    while True:
        more = {one for one, other in ties if other in tied} - tied
        if not more:
            return tied
        tied |= more


Tie = tuple[str, str | None]
"""(alias, the alias its account equals; None: a value, or a table outside, which is looked at on its own)."""


def _ties(condition: Any, own: Mapping[str, str]) -> set[Tie]:
    match condition:
        case exp.Paren():
            return _ties(condition.this, own)
        case exp.And():
            return _ties(condition.left, own) | _ties(condition.right, own)
        case exp.Or():
            return _ties(condition.left, own) & _ties(condition.right, own)
        case exp.EQ():
            return _equal(condition.left, condition.right, own)
        case exp.In():
            first = condition.this
            columns = first.expressions if isinstance(first, exp.Tuple) else [first]
            return {(alias, None) for column in columns if (alias := _account_of(column, own)) is not None}
        case _:
            return set()


def _equal(left: Any, right: Any, own: Mapping[str, str]) -> set[Tie]:
    one, other = _account_of(left, own), _account_of(right, own)
    if one is not None and other is not None:
        return {(one, other), (other, one)}
    if one is not None and _is_value(right, own):
        return {(one, None)}
    if other is not None and _is_value(left, own):
        return {(other, None)}
    return set()


def _account_of(node: Any, own: Mapping[str, str]) -> str | None:
    """The own alias whose account column this is."""
    if not isinstance(node, exp.Column) or node.name not in ("account_id", "id"):
        return None
    alias = node.table or (next(iter(own)) if len(own) == 1 else "")
    if alias not in own:
        return None
    return alias if node.name == TENANT.get(own[alias], "account_id") else None


def _is_value(node: Any, own: Mapping[str, str]) -> bool:
    """A parameter, a literal, or a column of a table outside this part (checked where it stands)."""
    if isinstance(node, exp.Cast):
        return _is_value(node.this, own)
    if isinstance(node, exp.Column):
        return bool(node.table) and node.table not in own
    return isinstance(node, exp.Placeholder | exp.Parameter | exp.Literal | exp.Subquery)
