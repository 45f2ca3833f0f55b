"""Claiming work: lease and fencing token, the same for messages, events and deliveries.

A table of work has `state` (pending, claimed, done), `due_at`, `lease_token` and `attempts`. A claim is
committed on its own: a new token, `due_at` = the end of the lease by the database's clock, attempts + 1.
A claimed row whose lease has run out is claimable again, so nothing depends on who held it. Whoever
writes a result begins with `fence`: only rows that still carry the token may be written, so a worker
that was overtaken (stopped, swapped out, on another machine) writes nothing late.

Accounts take turns: a claim shares its batch among the accounts that have work, starting after the
account that was served last, so 10,000 waiting rows of one delay another by one batch.

A row that was claimed before and came back is claimed alone (`claim_again`): if it was what stopped
the worker, it stops nobody else's work a second time.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Executable,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    update,
)

from store.session import across, clock, clock_after, clock_of

_MICROSECOND = timedelta(microseconds=1)
Key = tuple[str, str]
"""(account_id, id) of a row of work."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows claimed under one token; `attempts` counts this claim too."""

    token: int
    attempts: dict[Key, int]

    @property
    def keys(self) -> list[Key]:
        return list(self.attempts)

    def __bool__(self) -> bool:
        return bool(self.attempts)


NOTHING = Claim(0, {})
"""Nothing was due."""


class Turns:
    """Which account was served last; one per process and table."""

    def __init__(self) -> None:
        self._last = ""

    def order(self, accounts: Sequence[str]) -> list[str]:
        """`accounts` sorted, beginning after the one that was served last."""
        ordered = sorted(accounts)
        return [a for a in ordered if a > self._last] + [a for a in ordered if a <= self._last]

    def served(self, account: str) -> None:
        self._last = account


def claim(connection: Connection, table: Table, turns: Turns, *, limit: int, lease: timedelta) -> Claim:
    """Claims up to `limit` rows never claimed before, shared among the accounts that have any."""
    built = _statements(table, connection.dialect.name)
    accounts = turns.order(list(connection.execute(built.accounts).scalars()))[:limit]
    keys: list[Key] = []
    for place, account in enumerate(accounts):
        share = -(-(limit - len(keys)) // (len(accounts) - place))
        picked = connection.execute(built.fresh_of, {"of_account": account, "most": share})
        keys += [(row.account_id, row.id) for row in picked]
        turns.served(account)
        if len(keys) >= limit:
            break
    return _take(connection, table, keys, lease)


def claim_again(connection: Connection, table: Table, *, lease: timedelta, limit: int = 1) -> Claim:
    """Claims one row that was claimed before and came back, or whose lease has run out."""
    picked = connection.execute(_statements(table, connection.dialect.name).back, {"most": limit})
    return _take(connection, table, [(row.account_id, row.id) for row in picked], lease)


def fence(
    connection: Connection, table: Table, claim: Claim, keys: Iterable[Key], lease: timedelta
) -> set[Key]:
    """Renews the lease of those of `keys` that are still ours and locks them; the rest must not be written."""
    wanted = list(keys)
    if not wanted:
        return set()
    rows = connection.execute(
        _statements(table, connection.dialect.name).fence,
        {"keys": wanted, "token": claim.token, "lease": lease // _MICROSECOND},
    )
    return {(row.account_id, row.id) for row in rows}


def release(
    connection: Connection,
    table: Table,
    claim: Claim,
    keys: Iterable[Key],
    *,
    delay: timedelta = timedelta(0),
) -> None:
    """Gives rows back unworked, as if never claimed; claimable again after `delay`."""
    wanted = list(keys)
    if wanted:
        connection.execute(
            across(
                update(table)
                .where(
                    tuple_(table.c.account_id, table.c.id).in_(wanted),
                    table.c.lease_token == claim.token,
                    table.c.state == "claimed",
                )
                .values(
                    state="pending",
                    lease_token=None,
                    due_at=clock(connection, delay),
                    attempts=table.c.attempts - 1,
                ),
                "claim",
            )
        )


def give_back(
    connection: Connection, table: Table, claim: Claim, key: Key, *, delay: timedelta, **values: Any
) -> None:
    """Gives one row back after a failure: the attempt counts, and it is due again after `delay`."""
    connection.execute(
        update(table)
        .where(
            table.c.account_id == key[0],
            table.c.id == key[1],
            table.c.lease_token == claim.token,
            table.c.state == "claimed",
        )
        .values(state="pending", lease_token=None, due_at=clock(connection, delay), **values)
    )


def waiting(connection: Connection, table: Table) -> bool:
    """True when some row of any account is due."""
    return connection.execute(_statements(table, connection.dialect.name).any_due).first() is not None


def oldest_due(connection: Connection, table: Table) -> datetime | None:
    """Since when the longest waiting row of any account is due that nobody holds; None when nothing is."""
    found: datetime | None = connection.execute(
        across(
            select(func.min(table.c.due_at)).where(
                table.c.state != "done", table.c.due_at <= clock(connection)
            ),
            "claim",
        )
    ).scalar()
    return found


def in_hand(connection: Connection, table: Table) -> bool:
    """True when somebody holds a row of any account whose lease has not run out."""
    held = across(
        select(table.c.id).where(table.c.state == "claimed", table.c.due_at > clock(connection)).limit(1),
        "claim",
    )
    return connection.execute(held).first() is not None


def _take(connection: Connection, table: Table, keys: list[Key], lease: timedelta) -> Claim:
    if not keys:
        return NOTHING
    token = secrets.randbits(62) | 1
    rows = connection.execute(
        _statements(table, connection.dialect.name).take,
        {"keys": keys, "new_token": token, "lease": lease // _MICROSECOND},
    )
    attempts = {(row.account_id, row.id): row.attempts for row in rows}
    return Claim(token, {key: attempts[key] for key in keys if key in attempts})


@dataclass(frozen=True, slots=True)
class _Statements:
    """What is asked of a table of work for every batch."""

    any_due: Executable
    accounts: Executable
    fresh_of: Executable
    back: Executable
    take: Executable
    fence: Executable


@cache
def _statements(table: Table, dialect: str) -> _Statements:
    """Built once: building one costs more than running it."""
    columns = (table.c.account_id, table.c.id)
    those = tuple_(*columns).in_(bindparam("keys", expanding=True))
    due = table.c.due_at <= clock_of(dialect)
    ends = clock_after(dialect, bindparam("lease", type_=BigInteger))
    fresh = and_(table.c.state == "pending", table.c.attempts == 0, due)
    back = and_(due, or_(table.c.state == "claimed", and_(table.c.state == "pending", table.c.attempts > 0)))
    pick = (
        select(*columns)
        .where(table.c.state != "done")
        .order_by(table.c.due_at, table.c.id)
        .limit(bindparam("most", type_=BigInteger))
        .with_for_update(skip_locked=True)
    )
    ours = and_(those, table.c.lease_token == bindparam("token"), table.c.state == "claimed")
    return _Statements(
        any_due=across(select(table.c.id).where(table.c.state != "done", due).limit(1), "claim"),
        accounts=across(select(table.c.account_id).distinct().where(table.c.state != "done", fresh), "claim"),
        fresh_of=across(pick.where(table.c.account_id == bindparam("of_account"), fresh), "claim"),
        back=across(pick.where(back), "claim"),
        take=across(
            update(table)
            .where(those)
            .values(
                state="claimed",
                lease_token=bindparam("new_token"),
                due_at=ends,
                attempts=table.c.attempts + 1,
            )
            .returning(*columns, table.c.attempts),
            "claim",
        ),
        fence=across(update(table).where(ours).values(due_at=ends).returning(*columns), "claim"),
    )
