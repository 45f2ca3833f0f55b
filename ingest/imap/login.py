"""Logging in: a password, or an access token by XOAUTH2.

A password goes by AUTHENTICATE PLAIN where the server offers it, which takes any character as UTF-8 (RFC 4616); LOGIN
takes ASCII only. XOAUTH2 is Google's and Microsoft's (developers.google.com/gmail/imap/xoauth2-protocol); where a
server offers only its successor OAUTHBEARER (RFC 7628), that one is used. Both answer a refusal with a challenge that
tells why, and wait for an empty answer before they say NO.
"""

import json
from collections.abc import Callable, Sequence

from ingest.imap import tokens
from ingest.imap.faults import FAULTS, CannotRead, LoggedOut, Refused
from ingest.imap.options import ImapOptions
from ingest.imap.session import Session
from store.mailbox_values import OAuth, Target

REFUSALS: Sequence[tuple[str, str, bool]] = (
    ("[unavailable]", "login_unavailable", True),
    ("[inuse]", "login_unavailable", True),
    ("[limit]", "login_unavailable", True),
    ("[serverbug]", "login_unavailable", True),
    ("too many simultaneous connections", "login_unavailable", True),
    ("[expired]", "password_expired", False),
    ("[privacyrequired]", "not_encrypted", False),
    ("[contactadmin]", "provider_refuses", False),
    ("application-specific password required", "app_password", False),
    ("web login required", "web_login", False),
)
"""What a refusal says (RFC 5530, and Gmail's own words), what it means, and whether it may pass by itself. The first
that fits; others refuse who we are."""

Keep = Callable[[OAuth], None]
"""Keeps tokens that were renewed."""


def log_in(session: Session, target: Target, options: ImapOptions, keep: Keep) -> None:
    """Logs the session in. LoggedOut when the server refuses, with what it says."""
    username, credentials = target.values.username, target.credentials
    if credentials.oauth is None:
        _password(session, username, credentials.password or "")
        return
    oauth = tokens.fresh(credentials.oauth, options)
    if oauth is not credentials.oauth:
        keep(oauth)
    try:
        _token(session, username, oauth.access_token)
    except LoggedOut:
        if oauth is not credentials.oauth:
            raise
        # a kept token may have been withdrawn before its time
        oauth = tokens.renew(oauth, options)
        keep(oauth)
        _token(session, username, oauth.access_token)


def _password(session: Session, username: str, password: str) -> None:
    offered = session.capabilities()
    try:
        if "AUTH=PLAIN" in offered:
            session.authenticate("PLAIN", lambda _: f"\0{username}\0{password}".encode())
        elif "LOGINDISABLED" in offered:
            sentence = "The server takes no password on a connection that is not encrypted."
            raise LoggedOut("not_encrypted", sentence)
        elif not (username + password).isascii():
            raise LoggedOut("only_ascii", "The server takes only ASCII in user name and password.")
        else:
            session.login(username, password)
    except Refused as fault:
        raise _refusal(fault, "password_refused", "The server refused user name or password") from fault


def _token(session: Session, username: str, token: str) -> None:
    bearer = "AUTH=XOAUTH2" not in session.capabilities() and "AUTH=OAUTHBEARER" in session.capabilities()
    if bearer:
        name = username.replace("=", "=3D").replace(",", "=2C")
        first = f"n,a={name},\1auth=Bearer {token}\1\1"
    else:
        first = f"user={username}\1auth=Bearer {token}\1\1"
    told: list[bytes] = []

    def answer(challenge: bytes) -> bytes:
        told.append(challenge)
        if len(told) == 1:
            return first.encode()
        return b"\1" if bearer else b""

    try:
        session.authenticate("OAUTHBEARER" if bearer else "XOAUTH2", answer)
    except Refused as fault:
        said = Refused(_reason(told[1:]) or fault.said)
        raise _refusal(said, "token_refused", "The server refused the access token") from fault


def _refusal(fault: Refused, code: str, sentence: str) -> CannotRead:
    """The fault that a refused log-in is: that of REFUSALS that fits, else `code`."""
    said = fault.said.lower()
    for words, known, passes in REFUSALS:
        if words in said:
            if passes:
                told = f"The server cannot let us in just now: {fault}."
                return CannotRead("login", known, told, fault.said)
            return LoggedOut(known, f"{FAULTS[known]} The server said: {fault}.", fault.said)
    return LoggedOut(code, f"{sentence}: {fault}.", fault.said)


def _reason(challenges: list[bytes]) -> str:
    """The status that the error challenge names, as `{"status":"401",…}`."""
    for challenge in challenges:
        try:
            told = json.loads(challenge)
        except ValueError:
            continue
        if isinstance(told, dict) and told.get("status"):
            return str(told["status"])[:100]
    return ""
