"""The log of outgoing mail for admins: what was sent to whom and how it went, and sending one again."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select, update

from store.leads import iso
from store.scope import AccountScope, Scope
from store.session import Conflict, NotFound, clock, now
from store.tables.outgoing import outgoing_attempts, outgoing_mails

RESULTS = ("pending", "sent", "failing", "exhausted", "bounced")
Json = dict[str, Any]


def mails_json(
    connection: Connection, scope: Scope, *, limit: int = 100, before: str | None = None
) -> list[Json]:
    """The account's outgoing mails, newest first, from after the one with the id `before`. Never their texts."""
    statement = (
        select(*_LISTED)
        .where(outgoing_mails.c.account_id == scope.account_id)
        .order_by(outgoing_mails.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(outgoing_mails.c.id < before)
    rows = connection.execute(statement).all()
    attempts = _attempts(connection, scope, [row.id for row in rows])
    moment = now(connection)
    return [_json(row, attempts[row.id], moment) for row in rows]


def count_mails(connection: Connection, scope: Scope, *, most: int) -> int:
    """How many there are, counted up to `most`."""
    some = (
        select(outgoing_mails.c.id)
        .where(outgoing_mails.c.account_id == scope.account_id)
        .limit(most)
        .subquery()
    )
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def mail_json(connection: Connection, scope: Scope, mail_id: str) -> Json:
    """One mail with its attempts. NotFound."""
    row = connection.execute(select(*_LISTED).where(*_is(scope, mail_id))).first()
    if row is None:
        raise NotFound("mail")
    return _json(row, _attempts(connection, scope, [row.id])[row.id], now(connection))


def send_again(connection: Connection, scope: AccountScope, mail_id: str) -> Json:
    """Starts the schedule of one mail anew, under the same Message-ID. NotFound; Conflict where its text was
    forgotten or its time is over. One that is being sent at this moment is left to it."""
    row = connection.execute(
        select(*_LISTED, outgoing_mails.c.content).where(*_is(scope, mail_id)).with_for_update()
    ).first()
    if row is None:
        raise NotFound("mail")
    if not row.content or (row.good_until is not None and row.good_until <= now(connection)):
        raise Conflict("the mail is not good any more: what it says has ended")
    if row.state != "claimed":
        anew: Json = {"state": "pending", "result": "pending", "tries": 0, "attempts": 0, "lease_token": None}
        anew |= {"due_at": clock(connection), "ended_at": None, "diagnostic": None}
        connection.execute(update(outgoing_mails).where(*_is(scope, mail_id)).values(**anew))
    return mail_json(connection, scope, mail_id)


_NAMES = "id purpose address user_id subject result diagnostic state due_at created_at ended_at good_until"
_LISTED = (
    *(outgoing_mails.c[name] for name in _NAMES.split()),
    (func.length(outgoing_mails.c.content) > 0).label("kept"),
)


def _is(scope: Scope, mail_id: str) -> tuple[Any, ...]:
    return outgoing_mails.c.account_id == scope.account_id, outgoing_mails.c.id == mail_id


def _attempts(connection: Connection, scope: Scope, mail_ids: Sequence[str]) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = defaultdict(list)
    if mail_ids:
        for row in connection.execute(
            select(outgoing_attempts)
            .where(
                outgoing_attempts.c.account_id == scope.account_id, outgoing_attempts.c.mail_id.in_(mail_ids)
            )
            .order_by(outgoing_attempts.c.id)
        ):
            attempt = {"at": iso(row.at), "server": row.server, "stage": row.stage, "code": row.code}
            found[row.mail_id].append(
                attempt | {"error": row.error, "detail": row.detail, "ms": row.milliseconds}
            )
    return found


def _json(row: Any, attempts: list[Json], moment: Any) -> Json:
    return {
        "id": row.id,
        "purpose": row.purpose,
        "to": row.address,
        "user_id": row.user_id,
        "subject": row.subject,
        "state": row.result,
        "diagnostic": row.diagnostic,
        "attempts": attempts,
        "next_attempt_at": iso(row.due_at) if row.state == "pending" else None,
        "created_at": iso(row.created_at),
        "ended_at": iso(row.ended_at),
        "may_be_sent_again": bool(row.kept) and (row.good_until is None or row.good_until > moment),
    }
