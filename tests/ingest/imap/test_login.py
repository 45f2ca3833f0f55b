"""Passwords and XOAUTH2, against Dovecot and a token endpoint of our own."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from ingest.imap import tokens
from ingest.imap.attempt import Attempt, opened
from ingest.imap.faults import CannotRead, LoggedOut
from ingest.imap.options import ImapOptions
from ingest.imap.session import Session
from store import mailboxes
from store.mailbox_values import Credentials, OAuth, Target, checked
from store.session import Database
from tests.ingest.imap.rig import LOOPBACK, SEALER, Rig, options
from tests.ingest.imap.test_attempt import odd_server
from tests.ingest.imap.token_server import TokenServer, token_server
from tests.support.accounts import MadeAccount
from tests.support.dovecot import PASSWORD, Dovecot, find_dovecot


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with token_server() as running:
        yield running


@pytest.fixture(scope="module")
def oauth_dovecot() -> Iterator[tuple[Dovecot, TokenServer]]:
    if find_dovecot() is None:
        pytest.skip("Dovecot (Debian: dovecot-imapd) is not installed on this machine")
    with token_server() as tokens_of_it:
        running = Dovecot(token_info=tokens_of_it.info)
        yield running, tokens_of_it
        running.close()


def oauth(server: TokenServer, **more: Any) -> OAuth:
    return OAuth(server.url, "client", "secret", more.pop("refresh_token", "refresh-1"), **more)


OPTIONS = ImapOptions(policy=LOOPBACK, answer=2.0)


# ----------------------------------------------------------------------------------------------------- the token
def test_a_token_is_got_and_kept_until_it_runs_out(server: TokenServer) -> None:
    got = tokens.fresh(oauth(server, scope="mail"), OPTIONS)
    assert got.access_token == "access-1" and got.refresh_token == "refresh-1"
    assert time.time() + 3_500 < got.expires_at < time.time() + 3_700
    assert server.forms == [
        {
            "grant_type": "refresh_token",
            "refresh_token": "refresh-1",
            "client_id": "client",
            "client_secret": "secret",
            "scope": "mail",
        }
    ]
    assert tokens.fresh(got, OPTIONS) is got
    assert tokens.fresh(replace(got, expires_at=time.time() + 30), OPTIONS).access_token == "access-2"


def test_a_new_refresh_token_takes_the_old_ones_place(server: TokenServer) -> None:
    server.rotates = True
    got = tokens.renew(oauth(server), OPTIONS)
    assert got.refresh_token == "refresh-2"
    assert tokens.renew(got, OPTIONS).access_token == "access-2"


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (
            (400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}),
            LoggedOut,
            "access_ended",
        ),
        ((401, {"error": "invalid_client"}), LoggedOut, "client_refused"),
        ((400, {"error": "temporarily_unavailable"}), CannotRead, "no_token"),
        ((429, {"error": "slow_down"}), CannotRead, "no_token"),
        ((500, {"error": "server_error"}), CannotRead, "no_token"),
        ((200, {"token_type": "Bearer"}), CannotRead, "no_token"),
        ((200, ["no object"]), CannotRead, "no_token"),
        ((200, b"<html>"), CannotRead, "no_token"),
        ((302, {}), CannotRead, "no_token"),
    ],
)
def test_no_token(server: TokenServer, answer: tuple[int, Any], kind: type[CannotRead], code: str) -> None:
    server.answer = answer
    with pytest.raises(CannotRead) as raised:
        tokens.renew(oauth(server), OPTIONS)
    fault = raised.value
    assert (type(fault), fault.stage, fault.code) == (kind, "login", code)
    if code == "access_ended":
        assert fault.said == "invalid_grant: Token has been expired or revoked."


def test_an_endpoint_that_must_not_be_reached_or_is_not_there(server: TokenServer) -> None:
    with pytest.raises(CannotRead, match="must not be reached"):
        tokens.renew(replace(oauth(server), token_url="http://localhost:8081/token"), ImapOptions(answer=1.0))
    with pytest.raises(CannotRead, match="must not be called"):
        tokens.renew(oauth(server), ImapOptions())
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(CannotRead, match="Nothing answers"):
        tokens.renew(replace(oauth(server), token_url=f"http://127.0.0.1:{port}/token"), OPTIONS)


def test_an_endpoint_that_trickles_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST_SECONDS", 0.5)

    def trickle(client: socket.socket) -> None:
        client.recv(4096)
        client.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for _ in range(100):
            client.sendall(b" ")
            time.sleep(0.05)

    begun = time.monotonic()
    with odd_server(trickle) as port:
        given = OAuth(f"http://127.0.0.1:{port}/token", "client", "", "refresh")
        with pytest.raises(CannotRead) as raised:
            tokens.renew(given, ImapOptions(policy=LOOPBACK))
    assert (raised.value.code, time.monotonic() - begun < 4) == ("no_token", True)


# --------------------------------------------------------------------------------------------------- the mailbox
def target(dovecot: Dovecot, user: str, credentials: Credentials) -> Target:
    values = {"host": "127.0.0.1", "port": dovecot.port, "tls": "none", "username": user}
    return Target(checked(values), credentials)


def enter(dovecot: Dovecot, user: str, credentials: Credentials) -> list[OAuth]:
    """Opens the mailbox; the tokens to be kept."""
    kept: list[OAuth] = []
    opened(Attempt(target(dovecot, user, credentials), options(dovecot), kept.append)).close()
    return kept


def test_dovecot_takes_an_access_token(oauth_dovecot: tuple[Dovecot, TokenServer]) -> None:
    dovecot, server = oauth_dovecot
    server.user = "anna@firma.example"
    (kept,) = enter(dovecot, "anna@firma.example", Credentials(oauth=oauth(server)))
    assert enter(dovecot, "anna@firma.example", Credentials(oauth=kept)) == [], "the same token again"


def test_a_token_withdrawn_before_its_time_is_renewed_once(
    oauth_dovecot: tuple[Dovecot, TokenServer],
) -> None:
    dovecot, server = oauth_dovecot
    server.user = "ben@firma.example"
    old = oauth(server, access_token="withdrawn", expires_at=time.time() + 3_600)
    (kept,) = enter(dovecot, "ben@firma.example", Credentials(oauth=old))
    assert kept.access_token != "withdrawn"


def test_a_token_of_somebody_else_is_refused(oauth_dovecot: tuple[Dovecot, TokenServer]) -> None:
    dovecot, server = oauth_dovecot
    server.user = "somebody.else@firma.example"
    with pytest.raises(LoggedOut, match="refused the access token"):
        enter(dovecot, "anna@firma.example", Credentials(oauth=oauth(server)))


def test_oauthbearer_where_there_is_no_xoauth2(
    oauth_dovecot: tuple[Dovecot, TokenServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot, server = oauth_dovecot
    server.user = "carla@firma.example"
    offered = Session.capabilities
    monkeypatch.setattr(Session, "capabilities", lambda session: offered(session) - {"AUTH=XOAUTH2"})
    assert enter(dovecot, "carla@firma.example", Credentials(oauth=oauth(server)))


def test_renewed_tokens_are_kept_sealed_with_the_mailbox(
    oauth_dovecot: tuple[Dovecot, TokenServer], sqlite_database: Database, acme: MadeAccount
) -> None:
    dovecot, server = oauth_dovecot
    rig = Rig(dovecot, sqlite_database, acme)
    server.user, server.rotates, server.refresh_token = rig.user, True, "refresh-1"
    rig.append("by token")
    given = {"client_id": "client", "client_secret": "secret", "refresh_token": "refresh-1"}
    mailbox = rig.make(password=None, oauth=given | {"token_url": server.url}, since=None, after="seen")
    rig.append("new")
    try:
        rig.read_once(mailbox)
        asked = len(server.forms)
        rig.append("later")
        rig.begin()
        rig.wait(lambda: "later" in rig.subjects())
    finally:
        rig.close()
        server.rotates, server.refresh_token = False, "refresh-1"
    assert len(server.forms) == asked, "the kept token was used"
    with sqlite_database.read() as connection:
        kept = mailboxes.target(connection, acme.scope, SEALER, mailbox.id).credentials.oauth
        (sealed,) = connection.exec_driver_sql(
            f"SELECT secrets FROM mailboxes WHERE account_id = '{acme.id}'"
        ).one()
    assert (
        kept is not None and kept.refresh_token.startswith("refresh-") and kept.refresh_token != "refresh-1"
    )
    assert b"refresh" not in sealed and kept.access_token.encode() not in sealed


@pytest.mark.parametrize("lacks", [(), ("AUTH=PLAIN",)])
def test_passwords(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, lacks: tuple[str, ...]) -> None:
    offered = Session.capabilities
    monkeypatch.setattr(Session, "capabilities", lambda session: offered(session) - set(lacks))
    with pytest.raises(LoggedOut, match="refused user name or password"):
        enter(dovecot, "x@firma.example", Credentials(password='wr"ong\\'))
    if lacks:
        with pytest.raises(LoggedOut, match="only ASCII"):
            enter(dovecot, "x@firma.example", Credentials(password=PASSWORD))
    else:
        assert enter(dovecot, "x@firma.example", Credentials(password=PASSWORD)) == []


def test_no_password_where_the_server_takes_none_unencrypted(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "capabilities", lambda _: frozenset({"IMAP4REV1", "LOGINDISABLED"}))
    with pytest.raises(LoggedOut, match="not encrypted"):
        enter(dovecot, "x@firma.example", Credentials(password="x"))
