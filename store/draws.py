"""Drawing somebody from a rule's pool, in the transaction that carries the action out.

In turn (`round_robin`) means: the one after whoever was drawn last, in the order of the pool, skipping those who
are no active users. The rows that remember whose turn it is are locked for a whole batch at once, in order and
after the leads (`lock_turns`), and stay locked until the transaction ends: two workers never draw the same turn,
and a draw that is rolled back was never made.
"""

import random
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select, tuple_, update

from rules.effects import Choose, How
from store.scope import AccountScope
from store.tables.automation import rule_draws
from store.tables.people import users
from store.upsert import insert_unless_there

Turn = tuple[str, str, int]
"""(account id, rule id, action index): one pool's row."""


def lock_turns(connection: Connection, turns: Iterable[Turn]) -> None:
    """Makes and locks the rows of these pools; call once, before drawing from any of them."""
    wanted = sorted(set(turns))
    if not wanted:
        return
    rows = [
        {"account_id": account, "rule_id": rule, "number": number, "last_user_id": None, "drawn": 0}
        for account, rule, number in wanted
    ]
    insert_unless_there(connection, rule_draws, rows)
    columns = (rule_draws.c.account_id, rule_draws.c.rule_id, rule_draws.c.number)
    connection.execute(
        select(*columns).where(tuple_(*columns).in_(wanted)).order_by(*columns).with_for_update()
    )


def draw(
    connection: Connection, scope: AccountScope, choose: Choose, *, rule_id: str, number: int
) -> str | None:
    """The id of the user drawn for action `number` of a rule; None when nobody of the pool can take it.

    For `round_robin` the caller holds the pool's row (`lock_turns`).
    """
    present = _active(connection, scope, choose.users)
    if not present:
        return None
    if choose.how is How.ROUND_ROBIN:
        return _in_turn(connection, choose.users, present, (scope.account_id, rule_id, number))
    return random.choice(present)


def _in_turn(connection: Connection, pool: Sequence[str], present: Sequence[str], turn: Turn) -> str:
    account, rule, number = turn
    this = (
        rule_draws.c.account_id == account,
        rule_draws.c.rule_id == rule,
        rule_draws.c.number == number,
    )
    last = connection.execute(select(rule_draws.c.last_user_id).where(*this)).scalar_one()
    after = pool.index(last) + 1 if last in pool else 0
    drawn = next(user for user in (*pool[after:], *pool[:after]) if user in present)
    connection.execute(
        update(rule_draws).where(*this).values(last_user_id=drawn, drawn=rule_draws.c.drawn + 1)
    )
    return drawn


def _active(connection: Connection, scope: AccountScope, pool: Sequence[str]) -> list[str]:
    """Those of the pool who are active users of the account, in its order."""
    found = set(
        connection.execute(
            select(users.c.id).where(
                users.c.account_id == scope.account_id, users.c.id.in_(pool), users.c.active
            )
        ).scalars()
    )
    return [user for user in pool if user in found]
