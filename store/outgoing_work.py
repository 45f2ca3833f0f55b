"""Sending mail as work: claiming what is due, account by account, and recording what came of each attempt.

A claim is a lease with a token as in `store.leases`; `renew` is asked right before a mail is sent, and the result is
written only by who still holds it. Lists of accounts say which server a mail goes through: an account with a server of
its own waits for nobody else's, and nobody else for it.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, tuple_, update

from rules.event import Actor, ActorKind
from store import leases
from store.events import NewEvent, Origin, append
from store.ids import new_id
from store.leads import iso
from store.leases import Claim, Key
from store.masking import Masks, masks_of
from store.outgoing import content_place
from store.scope import AccountScope
from store.sealing import Sealer
from store.session import across, clock, now
from store.smarthosts import ensure_row
from store.tables.outgoing import outgoing_attempts, outgoing_mails, smarthosts
from store.tables.people import accounts

WARNING_EVENT = "system.warning"
WARN_AFTER = timedelta(days=5)
"""Since when no server has taken anything, until admins are told by an event."""


@dataclass(frozen=True, slots=True)
class DueAccount:
    """An account with mail that is due. `own`: it has a server of its own."""

    id: str
    own: bool


@dataclass(frozen=True, slots=True)
class DueMail:
    """A claimed mail. `domain`: its account's mail domain; `tries` were made before this attempt.

    `masks`: of its account's secrets, none of which may leave.
    """

    account_id: str
    id: str
    domain: str
    masks: Masks
    address: str
    recipient: str
    name: str
    purpose: str
    subject: str
    content: bytes = field(repr=False)
    lead_number: int | None
    good_until: datetime | None
    created_at: datetime
    tries: int
    claims: int
    token: int

    @property
    def key(self) -> Key:
        """(account id, mail id)."""
        return self.account_id, self.id

    @property
    def claim(self) -> Claim:
        """The lease it is held under."""
        return Claim(self.token, {self.key: self.claims})

    def texts(self, sealer: Sealer) -> tuple[str, str | None]:
        """Plain text and HTML. Raises sealing.CannotOpen."""
        found = json.loads(sealer.open(self.content, place=content_place(*self.key)))
        return found["text"], found["html"]


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one attempt. `result`: sent, failing (again after `wait`) or exhausted.

    `stage`, `code`, `error` and `detail` say why it was not sent; `blames_server`: no mail could be sent so.
    """

    at: datetime
    server: str
    milliseconds: int
    result: str
    stage: str | None = None
    code: int | None = None
    error: str | None = None
    detail: str | None = None
    wait: timedelta = timedelta(0)
    blames_server: bool = False


def due_accounts(connection: Connection) -> list[DueAccount]:
    """The accounts that have mail due."""
    due = (outgoing_mails.c.state != "done", outgoing_mails.c.due_at <= clock(connection))
    statement = (
        select(outgoing_mails.c.account_id, smarthosts.c.host)
        .join_from(
            outgoing_mails,
            smarthosts,
            smarthosts.c.account_id == outgoing_mails.c.account_id,
            isouter=True,
        )
        .where(*due)
        .distinct()
    )
    rows = connection.execute(across(statement, "claim"))
    return [DueAccount(row.account_id, row.host is not None) for row in rows]


def claim(
    connection: Connection, account_ids: Sequence[str], *, most: int, lease: timedelta
) -> list[DueMail]:
    """Claims up to `most` mails that are due, shared among these accounts in the order given."""
    keys: list[Key] = []
    for place, account_id in enumerate(account_ids):
        share = -(-(most - len(keys)) // (len(account_ids) - place))
        picked = connection.execute(
            select(outgoing_mails.c.account_id, outgoing_mails.c.id)
            .where(
                outgoing_mails.c.account_id == account_id,
                outgoing_mails.c.state != "done",
                outgoing_mails.c.due_at <= clock(connection),
            )
            .order_by(outgoing_mails.c.due_at, outgoing_mails.c.id)
            .limit(share)
            .with_for_update(skip_locked=True)
        )
        keys += [(row.account_id, row.id) for row in picked]
    if not keys:
        return []
    token = secrets.randbits(62) | 1
    rows = connection.execute(
        across(
            update(outgoing_mails)
            .where(tuple_(outgoing_mails.c.account_id, outgoing_mails.c.id).in_(keys))
            .values(
                state="claimed",
                lease_token=token,
                due_at=clock(connection, lease),
                attempts=outgoing_mails.c.attempts + 1,
            )
            .returning(outgoing_mails),
            "claim",
        )
    ).all()
    ids = sorted({account_id for account_id, _ in keys})
    domains, masks = _domains(connection, ids), masks_of(connection, ids)
    claimed = {
        (row.account_id, row.id): _due(row, domains[row.account_id], masks[row.account_id], token)
        for row in rows
    }
    return [claimed[key] for key in keys]


def renew(connection: Connection, mail: DueMail, lease: timedelta) -> bool:
    """Whether the mail is still ours; if so, for as long as `lease` from now."""
    return bool(leases.fence(connection, outgoing_mails, mail.claim, [mail.key], lease))


def release(connection: Connection, mails: Sequence[DueMail]) -> None:
    """Gives claimed mails back that were not tried, as if never claimed."""
    for mail in mails:
        leases.release(connection, outgoing_mails, mail.claim, [mail.key])


def record(connection: Connection, mail: DueMail, tried: Tried) -> list[str]:
    """Writes an attempt and what follows from it; the ids of the events this made. Nothing if the lease was lost."""
    if not leases.fence(connection, outgoing_mails, mail.claim, [mail.key], timedelta(0)):
        return []
    moment = now(connection)
    connection.execute(
        insert(outgoing_attempts).values(
            account_id=mail.account_id,
            id=new_id(),
            mail_id=mail.id,
            at=tried.at,
            server=tried.server,
            stage=tried.stage,
            code=tried.code,
            error=tried.error,
            detail=tried.detail,
            milliseconds=tried.milliseconds,
        )
    )
    ended = tried.result != "failing"
    values: dict[str, Any] = {
        "result": tried.result,
        "state": "done" if ended else "pending",
        "due_at": moment + tried.wait,
        "tries": mail.tries + 1,
        "attempts": 0,
        "lease_token": None,
        "ended_at": moment if ended else None,
    }
    if tried.result == "sent" and mail.good_until is not None:
        values["content"] = b""
    connection.execute(
        update(outgoing_mails)
        .where(outgoing_mails.c.account_id == mail.account_id, outgoing_mails.c.id == mail.id)
        .values(**values)
    )
    return _judge(connection, AccountScope(mail.account_id), tried, moment)


def _judge(connection: Connection, scope: AccountScope, tried: Tried, moment: datetime) -> list[str]:
    """Keeps since when nothing goes out, and tells it once when that is long."""
    of_account = smarthosts.c.account_id == scope.account_id
    if tried.result == "sent":
        connection.execute(
            update(smarthosts)
            .where(of_account, smarthosts.c.failing_since.is_not(None))
            .values(failing_since=None, warned_at=None)
        )
        return []
    if not tried.blames_server:
        return []
    ensure_row(connection, scope)
    row = connection.execute(select(smarthosts).where(of_account).with_for_update()).one()
    since = row.failing_since or moment
    warns = moment - since >= WARN_AFTER and row.warned_at is None
    if row.failing_since is not None and not warns:
        return []
    warned_at = moment if warns else row.warned_at
    connection.execute(update(smarthosts).where(of_account).values(failing_since=since, warned_at=warned_at))
    if not warns:
        return []
    data: dict[str, Any] = {
        "lead": None,
        "message": None,
        "changes": {},
        "warning": "outgoing_mail_failing",
        "since": iso(since),
        "server": tried.server,
        "stage": tried.stage,
    }
    new = NewEvent(WARNING_EVENT, None, None, None, data)
    return append(connection, scope, Origin(Actor(ActorKind.SYSTEM)), moment, [new])


def _domains(connection: Connection, account_ids: Sequence[str]) -> dict[str, str]:
    statement = select(accounts.c.id, accounts.c.domain).where(accounts.c.id.in_(account_ids))
    return {row.id: row.domain for row in connection.execute(statement)}


def _due(row: Any, domain: str, masks: Masks, token: int) -> DueMail:
    return DueMail(
        account_id=row.account_id,
        id=row.id,
        domain=domain,
        masks=masks,
        address=row.address,
        recipient=row.recipient,
        name=row.name,
        purpose=row.purpose,
        subject=row.subject,
        content=row.content,
        lead_number=row.lead_number,
        good_until=row.good_until,
        created_at=row.created_at,
        tries=row.tries,
        claims=row.attempts,
        token=token,
    )
