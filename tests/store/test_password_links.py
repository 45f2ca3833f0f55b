"""Links by which a password is set: once, for a while, and worth nothing to anybody who changes a character."""

from datetime import timedelta

import pytest

from store import password_links, sessions
from store.accounts import viewer_of
from store.password_links import INVITATION, RESET
from store.scope import AccountScope
from store.session import Database, NotFound
from store.tables.people import users
from store.user_requests import change_user
from tests.support.accounts import make_account, make_user

KEY = b"k" * 32


def made(database: Database, scope: AccountScope, user_id: str, lasts: timedelta = RESET) -> str:
    with database.read() as connection:
        return password_links.make(connection, scope, user_id, KEY, lasts)


def works(database: Database, token: str, key: bytes = KEY) -> bool:
    with database.read() as connection:
        try:
            password_links.find(connection, token, key)
        except NotFound:
            return False
    return True


def test_a_link_sets_the_password_once_and_ends_every_session(database: Database) -> None:
    account = make_account(database)
    admin, scope = account.admin, account.scope
    token, other = made(database, scope, admin.id), made(database, scope, admin.id, INVITATION)
    with database.write() as connection:
        session = sessions.begin(connection, scope, admin.id, client="b")
    with database.write() as connection:
        found = password_links.use(connection, token, KEY, "a hash")
        assert (found.scope, found.user_id, found.email, found.slug) == (scope, admin.id, admin.email, "acme")
    with database.read() as connection:
        assert sessions.logins(connection, admin.email)[0].password_hash == "a hash"
        assert sessions.find(connection, session) is None
    assert not works(database, token) and not works(database, other), (
        "no other link of the user counts either"
    )
    with database.write() as connection, pytest.raises(NotFound):
        password_links.use(connection, token, KEY, "another hash")


def test_a_link_ends_with_its_time_with_the_password_and_with_its_user(database: Database) -> None:
    account = make_account(database)
    scope, user = account.scope, make_user(database, account, "berta@acme.example", "Berta")
    assert not works(database, made(database, scope, user.id, timedelta(0)))
    token = made(database, scope, user.id)
    assert works(database, token)
    with database.write() as connection:
        viewer = viewer_of(connection, scope, user.id)
        change_user(connection, viewer, user.id, {"password_hash": "changed"})
    assert not works(database, token)
    token = made(database, scope, user.id)
    with database.write() as connection:
        connection.execute(
            users.update()
            .where(users.c.account_id == scope.account_id, users.c.id == user.id)
            .values(active=False)
        )
    assert not works(database, token)
    with pytest.raises(NotFound):
        made(database, scope, user.id)


def test_a_changed_link_is_none(database: Database) -> None:
    account, other = make_account(database), make_account(database, "globex")
    token = made(database, account.scope, account.admin.id)
    account_id, user_id, ends, mac = token.split(".")
    assert works(database, token) and not works(database, token, b"x" * 32)
    for wrong in (
        "",
        "....",
        token[:-1],
        token + "0",
        f"{account_id}.{user_id}.{int(ends) + 1}.{mac}",
        f"{other.id}.{user_id}.{ends}.{mac}",
        f"{other.id}.{other.admin.id}.{ends}.{mac}",
        f"{account_id}.{user_id}.-{ends}.{mac}",
        f"{account_id}.{user_id}.{'9' * 30}.{mac}",
        f"{account_id}.{user_id}.{ends}.ü",
        f"{account_id}.{user_id}.{ends}.\udc80",
    ):
        assert not works(database, wrong), wrong


def test_another_password_ends_the_other_sessions_only(database: Database) -> None:
    account = make_account(database)
    with database.write() as connection:
        tokens = [sessions.begin(connection, account.scope, account.admin.id, client="b") for _ in range(2)]
    with database.write() as connection:
        kept = sessions.find(connection, tokens[0])
        assert kept is not None
        viewer = viewer_of(connection, account.scope, account.admin.id)
        change_user(connection, viewer, account.admin.id, {"password_hash": "h"}, session_id=kept.id)
    with database.read() as connection:
        assert [sessions.find(connection, token) is not None for token in tokens] == [True, False]
