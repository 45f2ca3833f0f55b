"""Alarms about sources: `source.silent` where one is silent for longer than its own rhythm allows, `source.failing`
where a mailbox cannot be read for ten minutes.

Each is told once: a row of `source_alarms` says which silence it was (the time of its last message) or since when a
mailbox fails, and is written with the event in one transaction; a second scheduler, or this one after a crash, finds
the row there. It ends with the next message, or the next success. What is silent because nothing of ours could take
mail is not to be blamed on a source: the scheduler looks only after it has been up for a while, and not while paused.

Personal addresses have no alarm (people are on holiday), nor have sources that are switched off.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Connection, and_, func, select, type_coerce, update
from sqlalchemy.dialects import postgresql, sqlite

from rules.event import Actor, ActorKind
from store.accounts import get_account
from store.events import NewEvent, Origin, append
from store.leads import iso
from store.mailbox_leases import source_key
from store.rhythm import RHYTHM, rhythm_of
from store.scope import AccountScope
from store.session import Database, across, now
from store.source_health import FAILING, SILENT, address_key, form_keys
from store.tables.forms import forms
from store.tables.mail import arrivals
from store.tables.mailboxes import mailboxes
from store.tables.people import accounts, inbound_addresses
from store.tables.sources import source_alarms

FAILS_FOR = timedelta(minutes=10)
MOST_LOOKED_AT = 2_000
"""Arrivals; of a source that sends more within a few weeks, the first and last of each hour are looked at."""
BUSY_WEEKS = timedelta(weeks=4)
HOUR = 3_600_000_000
WATCHED = ("leads", "bcc", "partner")
"""Kinds of addresses. A form's is watched with the form."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source that is on. Alarms are kept under the first of its keys."""

    kind: str  # address form mailbox
    id: str
    name: str
    keys: tuple[str, ...]
    failing_since: datetime | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is to be told about a source, if it was not told yet."""

    source: Source
    kind: str
    occurrence: datetime
    allowed: timedelta | None = None


def watch(database: Database, moment: datetime | None = None) -> int:
    """Looks at the sources of all accounts; how many alarms are new. `moment`: other than the database's own now."""
    with database.read() as connection:
        found = connection.execute(
            across(select(accounts.c.id).order_by(accounts.c.id), "deployment")
        ).scalars()
        scopes = [AccountScope(account_id) for account_id in found]
    return sum(_watch(database, scope, moment) for scope in scopes)


def _watch(database: Database, scope: AccountScope, moment: datetime | None) -> int:
    with database.read() as connection:
        at = moment or now(connection)
        sources = list(_sources(connection, scope))
        alarms = [alarm for source in sources for alarm in _alarms(connection, scope, source, at)]
        told = _open(connection, scope)
    on = {(alarm.source.keys[0], alarm.kind, alarm.occurrence) for alarm in alarms}
    fresh = [a for a in alarms if (a.source.keys[0], a.kind, a.occurrence) not in told]
    over = told - on
    if not fresh and not over:
        return 0
    with database.write() as connection:
        for alarm in sorted(over):
            connection.execute(update(source_alarms).where(*_is(scope, *alarm)).values(ended_at=at))
        return sum(_raise(connection, scope, each, at) for each in fresh)


def _alarms(connection: Connection, scope: AccountScope, source: Source, at: datetime) -> Iterator[Alarm]:
    if source.failing_since is not None and at - source.failing_since >= FAILS_FOR:
        yield Alarm(source, FAILING, source.failing_since)
    last = _last(connection, scope, source.keys)
    if last is None or at - last < RHYTHM.least or source.failing_since is not None:
        return
    account = get_account(connection, scope)
    rhythm = rhythm_of(_came(connection, scope, source.keys, last), ZoneInfo(account.timezone))
    if rhythm is not None and rhythm.is_silent(last, at):
        yield Alarm(source, SILENT, last, rhythm.allowed)


def _sources(connection: Connection, scope: AccountScope) -> Iterator[Source]:
    addresses = connection.execute(
        select(inbound_addresses.c.id, inbound_addresses.c.name).where(
            inbound_addresses.c.account_id == scope.account_id,
            inbound_addresses.c.kind.in_(WATCHED),
            inbound_addresses.c.enabled,
            inbound_addresses.c.accepted_until.is_(None),
        )
    )
    for row in addresses:
        yield Source("address", row.id, row.name, (address_key(row.id),))
    made = connection.execute(
        select(forms.c.id, forms.c.name, forms.c.address_id).where(
            forms.c.account_id == scope.account_id, forms.c.deleted_at.is_(None)
        )
    )
    for form in made:
        yield Source("form", form.id, form.name, form_keys(form.id, form.address_id))
    read = connection.execute(
        select(mailboxes.c.id, mailboxes.c.name, mailboxes.c.error_since, mailboxes.c.error).where(
            mailboxes.c.account_id == scope.account_id,
            mailboxes.c.deleted_at.is_(None),
            mailboxes.c.state != "done",
        )
    )
    for box in read:
        yield Source("mailbox", box.id, box.name, (source_key(box.id),), box.error_since, box.error)


def _last(connection: Connection, scope: AccountScope, keys: Sequence[str]) -> datetime | None:
    found = (
        connection.execute(
            select(func.max(arrivals.c.received_at)).where(
                arrivals.c.account_id == scope.account_id, arrivals.c.source_key == key
            )
        ).scalar()
        for key in keys
    )
    return max((moment for moment in found if moment is not None), default=None)


def _came(connection: Connection, scope: AccountScope, keys: Sequence[str], last: datetime) -> list[datetime]:
    """When its messages came, as far back as its rhythm is told from."""
    mine = and_(
        arrivals.c.account_id == scope.account_id,
        arrivals.c.source_key.in_(keys),
        arrivals.c.received_at > last - RHYTHM.look_back,
    )
    newest = select(arrivals.c.received_at).where(mine).order_by(arrivals.c.received_at.desc())
    came = list(connection.execute(newest.limit(MOST_LOOKED_AT)).scalars())
    if len(came) < MOST_LOOKED_AT or last - came[-1] >= BUSY_WEEKS:
        return came
    hour = type_coerce(arrivals.c.received_at, BigInteger) // HOUR
    rows = connection.execute(
        select(
            func.min(arrivals.c.received_at).label("first"), func.max(arrivals.c.received_at).label("last")
        )
        .where(mine, arrivals.c.received_at > last - BUSY_WEEKS)
        .group_by(hour)
    )
    return [moment for row in rows for moment in (row.first, row.last)]


def _open(connection: Connection, scope: AccountScope) -> set[tuple[str, str, datetime]]:
    rows = connection.execute(
        select(source_alarms.c.source_key, source_alarms.c.kind, source_alarms.c.occurrence).where(
            source_alarms.c.account_id == scope.account_id, source_alarms.c.ended_at.is_(None)
        )
    )
    return {(row.source_key, row.kind, row.occurrence) for row in rows}


def _is(scope: AccountScope, key: str, kind: str, occurrence: datetime) -> tuple[Any, ...]:
    return (
        source_alarms.c.account_id == scope.account_id,
        source_alarms.c.source_key == key,
        source_alarms.c.kind == kind,
        source_alarms.c.occurrence == occurrence,
    )


def _raise(connection: Connection, scope: AccountScope, alarm: Alarm, at: datetime) -> int:
    """Writes the alarm with its event; 0 if it was told before."""
    source, allowed = alarm.source, alarm.allowed
    seconds = None if allowed is None else int(allowed.total_seconds())
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    written = connection.execute(
        dialect.insert(source_alarms)
        .values(
            account_id=scope.account_id,
            source_key=source.keys[0],
            kind=alarm.kind,
            occurrence=alarm.occurrence,
            after_seconds=seconds,
            at=at,
        )
        .on_conflict_do_nothing()
        .returning(source_alarms.c.source_key)
    ).all()
    if not written:  # told before, and ended by a fault that hid it: it goes on, and is not told again
        connection.execute(
            update(source_alarms)
            .where(*_is(scope, source.keys[0], alarm.kind, alarm.occurrence))
            .values(ended_at=None)
        )
        return 0
    about: dict[str, Any] = {"kind": source.kind, "id": source.id, "name": source.name}
    if alarm.kind == SILENT:
        about |= {"last_message": iso(alarm.occurrence), "silent_after_seconds": seconds}
    else:
        about |= {"failing_since": iso(alarm.occurrence), "error": source.fault}
    event = NewEvent(f"source.{alarm.kind}", None, None, None, {"source": about})
    append(connection, scope, Origin(Actor(ActorKind.SYSTEM)), at, [event])
    return 1
