"""People who are logged in: sessions that live here and nowhere else, so that revoking one ends it at once.

The browser holds a random token, the table its SHA-256. A session ends `IDLE` after it was last seen, `LONGEST`
after it began, when it is revoked, and with its user. What a login needs is asked across accounts: an e-mail
address may be a user of several.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from store.accounts import viewer_of
from store.addresses import normal
from store.ids import new_id
from store.scope import AccountScope, Viewer
from store.session import Invalid, NotFound, across, now
from store.tables.people import accounts, sessions, users

IDLE = timedelta(days=7)
LONGEST = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)
"""How precisely it is known when a session was last seen: more would be a write per page."""
LONGEST_CLIENT = 300


@dataclass(frozen=True, slots=True)
class Session:
    """A person who is logged in, with what pages need to know of them."""

    id: str
    viewer: Viewer
    name: str
    email: str
    slug: str  # of the account
    locale: str | None  # chosen by the user
    timezone: str  # IANA name
    stale: bool  # worth a `touch`


@dataclass(frozen=True, slots=True)
class Login:
    """A user who may be meant by an e-mail address."""

    account_id: str
    slug: str
    user_id: str
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Somebody:
    """A user of any account, as who runs the server sees them."""

    slug: str
    email: str
    level: str
    active: bool


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One of a user's sessions, as the user sees it."""

    id: str
    client: str
    created_at: datetime
    seen_at: datetime


def logins(connection: Connection, email: str) -> list[Login]:
    """The active users with this address, the oldest first."""
    statement = (
        select(users.c.account_id, accounts.c.slug, users.c.id, users.c.password_hash)
        .join_from(users, accounts, accounts.c.id == users.c.account_id)
        .where(users.c.email == normal(email), users.c.active)
        .order_by(users.c.created_at, users.c.id)
        .limit(20)
    )
    return [
        Login(row.account_id, row.slug, row.id, row.password_hash)
        for row in connection.execute(across(statement, "door"))
    ]


def everybody(connection: Connection) -> list[Somebody]:
    """The users of all accounts, by account and age."""
    statement = (
        select(accounts.c.slug, users.c.email, users.c.level, users.c.active)
        .join_from(users, accounts, accounts.c.id == users.c.account_id)
        .order_by(accounts.c.slug, users.c.created_at, users.c.id)
    )
    rows = connection.execute(across(statement, "deployment"))
    return [Somebody(row.slug, row.email, row.level, row.active) for row in rows]


def begin(connection: Connection, scope: AccountScope, user_id: str, *, client: str) -> str:
    """A new session; its token, which only the browser keeps. Ended ones of the user are removed."""
    token, moment = secrets.token_urlsafe(32), now(connection)
    mine = (sessions.c.account_id == scope.account_id, sessions.c.user_id == user_id)
    connection.execute(delete(sessions).where(*mine, sessions.c.created_at < moment - LONGEST))
    connection.execute(
        insert(sessions).values(
            account_id=scope.account_id,
            id=new_id(),
            user_id=user_id,
            token_hash=_digest(token),
            client=client[:LONGEST_CLIENT],
            created_at=moment,
            seen_at=moment,
        )
    )
    return token


def find(connection: Connection, token: str) -> Session | None:
    """The session of a token; None when it ended, was revoked or never was."""
    statement = (
        select(
            sessions.c.account_id,
            sessions.c.id,
            sessions.c.user_id,
            sessions.c.created_at,
            sessions.c.seen_at,
            users.c.name,
            users.c.email,
            users.c.locale,
            users.c.timezone,
            accounts.c.slug,
            accounts.c.timezone.label("account_timezone"),
        )
        .join_from(
            sessions,
            users,
            (users.c.account_id == sessions.c.account_id) & (users.c.id == sessions.c.user_id),
        )
        .join(accounts, accounts.c.id == sessions.c.account_id)
        .where(sessions.c.token_hash == _digest(token), sessions.c.revoked_at.is_(None))
    )
    row = connection.execute(across(statement, "door")).first()
    moment = now(connection)
    if row is None or row.seen_at < moment - IDLE or row.created_at < moment - LONGEST:
        return None
    try:
        viewer = viewer_of(connection, AccountScope(row.account_id), row.user_id)
    except NotFound:
        return None
    return Session(
        row.id,
        replace(viewer, locale=row.locale),
        row.name,
        row.email,
        row.slug,
        row.locale,
        row.timezone or row.account_timezone,
        row.seen_at < moment - SEEN_EVERY,
    )


def touch(connection: Connection, session: Session) -> None:
    """Notes that the session was seen now."""
    connection.execute(
        update(sessions)
        .where(sessions.c.account_id == session.viewer.account_id, sessions.c.id == session.id)
        .values(seen_at=now(connection))
    )


def list_sessions(connection: Connection, viewer: Viewer) -> list[OpenSession]:
    """The viewer's own sessions that are open, the one seen last first."""
    moment = now(connection)
    rows = connection.execute(
        select(sessions)
        .where(*_own(viewer), sessions.c.seen_at > moment - IDLE, sessions.c.created_at > moment - LONGEST)
        .order_by(sessions.c.seen_at.desc(), sessions.c.id.desc())
    )
    return [OpenSession(row.id, row.client, row.created_at, row.seen_at) for row in rows]


def revoke(connection: Connection, viewer: Viewer, session_id: str) -> None:
    """Ends one of the viewer's own sessions. NotFound if it isn't theirs or has ended."""
    statement = update(sessions).where(*_own(viewer), sessions.c.id == session_id)
    if connection.execute(statement.values(revoked_at=now(connection))).rowcount == 0:
        raise NotFound("session")


def revoke_others(connection: Connection, viewer: Viewer, kept: str) -> None:
    """Ends all of the viewer's sessions but the one with the id `kept`."""
    revoke_all(connection, viewer.scope, viewer.user_id, kept=kept)


def revoke_all(connection: Connection, scope: AccountScope, user_id: str, *, kept: str | None = None) -> None:
    """Ends every session of a user, but for the one with the id `kept`."""
    statement = update(sessions).where(
        sessions.c.account_id == scope.account_id,
        sessions.c.user_id == user_id,
        sessions.c.revoked_at.is_(None),
    )
    if kept is not None:
        statement = statement.where(sessions.c.id != kept)
    connection.execute(statement.values(revoked_at=now(connection)))


def set_preferences(connection: Connection, viewer: Viewer, *, locale: str | None, timezone: str) -> None:
    """The viewer's own language (None: as the browser asks) and time zone (IANA name). Invalid."""
    if locale not in (None, "en", "de"):
        raise Invalid("locale", "en or de")
    connection.execute(
        update(users)
        .where(users.c.account_id == viewer.account_id, users.c.id == viewer.user_id)
        .values(locale=locale, timezone=timezone)
    )


def _own(viewer: Viewer) -> tuple[Any, ...]:
    return (
        sessions.c.account_id == viewer.account_id,
        sessions.c.user_id == viewer.user_id,
        sessions.c.revoked_at.is_(None),
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
