"""The server that an account's mail goes out through: the account's own, where an admin set one.

It goes before the deployment's, which is no row but a setting. A password is kept sealed and never comes back out but
for a connection (`opened`, `target`). It is given anew whenever host, port, encryption or user name change: a stored
password is never sent to another server than the one it was given for.

The row also says since when no server took any mail (`failing_since`), for either of the two.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row, select, update

from store.addresses import normal_domain
from store.leads import iso
from store.scope import AccountScope, Scope
from store.sealing import Sealer
from store.session import Invalid, across, now
from store.tables.outgoing import outgoing_mails, smarthosts
from store.upsert import insert_unless_there

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""How the connection is encrypted, and the port that goes with it (RFC 8314 §3.3)."""
RETURN_PATHS = ("bounce", "from")
CONNECTS_BY = ("host", "port", "tls", "username")
PLAIN = (*CONNECTS_BY, "from_address", "from_name", "return_path")
LONGEST = 300
LONGEST_SECRET = 10_000
LONGEST_ADDRESS = 254
_LOCAL_PART = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.")


@dataclass(frozen=True, slots=True)
class Smarthost:
    """A server that takes our mail. `username` None: it asks for no login.

    `return_path`: whom bounces go to. `bounce` is an address of the mail's own at the account's domain, by which
    leadgate learns of them; `from` is the From address, for servers that take no other envelope sender.
    """

    host: str
    port: int
    tls: str  # none starttls tls
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    from_address: str | None = None  # None: postmaster at the account's domain
    from_name: str = "leadgate"
    return_path: str = "bounce"

    @property
    def place(self) -> str:
        """host:port"""
        return f"{self.host}:{self.port}"


def find(connection: Connection, scope: Scope) -> dict[str, Any]:
    """What is set and how mail fares, as JSON, without the password."""
    row = _row(connection, scope)
    values = {name: getattr(row, name) if row else None for name in PLAIN}
    return {
        "own": row is not None and row.host is not None,
        **values,
        "has_password": bool(row is not None and row.secrets),
        "failing_since": iso(row.failing_since) if row else None,
    }


def any_own(connection: Connection) -> bool:
    """Whether any account has a server of its own."""
    statement = select(smarthosts.c.account_id).where(smarthosts.c.host.is_not(None)).limit(1)
    return connection.execute(across(statement, "deployment")).first() is not None


def opened(connection: Connection, scope: Scope, sealer: Sealer) -> Smarthost | None:
    """The account's own server with its password; None where the deployment's is used. Raises sealing.CannotOpen."""
    row = _row(connection, scope)
    return None if row is None or row.host is None else _opened(row, sealer)


def change(
    connection: Connection, scope: AccountScope, sealer: Sealer, changes: Mapping[str, Any]
) -> dict[str, Any]:
    """Sets the account's own server, or changes it; `host` None goes back to the deployment's. Gives `find`'s answer.

    What failed so far is tried again at once, through what is set now. Invalid names the place.
    """
    ensure_row(connection, scope)
    if "host" in changes and not changes["host"]:
        values: dict[str, Any] = dict.fromkeys(PLAIN) | {"secrets": None}
    else:
        found = target(connection, scope, sealer, changes)
        values = {name: getattr(found, name) for name in PLAIN}
        sealed = sealer.seal(found.password.encode(), place=_place(scope)) if found.password else None
        values["secrets"] = sealed
    values |= {"changed_at": now(connection), "failing_since": None, "warned_at": None}
    connection.execute(update(smarthosts).where(smarthosts.c.account_id == scope.account_id).values(**values))
    connection.execute(
        update(outgoing_mails)
        .where(
            outgoing_mails.c.account_id == scope.account_id,
            outgoing_mails.c.state == "pending",
            outgoing_mails.c.result == "failing",
        )
        .values(due_at=now(connection))
    )
    return find(connection, scope)


def target(connection: Connection, scope: Scope, sealer: Sealer, changes: Mapping[str, Any]) -> Smarthost:
    """What a connection needs to know, with `changes` that are not saved. Raises as `change`."""
    row = _row(connection, scope)
    before = _opened(row, sealer) if row is not None and row.host is not None else None
    given = {name: getattr(before, name) for name in PLAIN} if before else {}
    if before and "tls" in changes and "port" not in changes and before.port == PORTS[before.tls]:
        given["port"] = None  # the port that goes with the encryption goes with the new one
    found = checked({**given, **{name: value for name, value in changes.items() if name in PLAIN}})
    password = changes.get("password")
    if password:
        return replace(found, password=_password(password, found))
    if before is None or before.password is None or found.username is None:
        if found.username is not None:
            raise Invalid("password", "must be given with a user name")
        return found
    if any(getattr(before, name) != getattr(found, name) for name in CONNECTS_BY):
        raise Invalid("password", "must be given again for another server or user")
    return replace(found, password=before.password)


def checked(given: Mapping[str, Any]) -> Smarthost:
    """The settings, with defaults for what is missing and without a password. Invalid names the place."""
    tls = given.get("tls") or "starttls"
    if tls not in PORTS:
        raise Invalid("tls", f"one of {', '.join(PORTS)}")
    port = given.get("port") or PORTS[tls]
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65_536:
        raise Invalid("port", "must be a number from 1 to 65535")
    return_path = given.get("return_path") or "bounce"
    if return_path not in RETURN_PATHS:
        raise Invalid("return_path", f"one of {', '.join(RETURN_PATHS)}")
    host = normal_domain(_line(given, "host"))
    if not host:
        raise Invalid("host", "must be given")
    if not host.isascii() or any(letter in host for letter in " /@\\"):
        raise Invalid("host", "must be the name or address of a mail server")
    from_address = _line(given, "from_address") or None
    if from_address is not None:
        from_address = sendable(from_address)
        if from_address is None:
            raise Invalid("from_address", "not an e-mail address")
    return Smarthost(
        host=host,
        port=port,
        tls=tls,
        username=_line(given, "username") or None,
        from_address=from_address,
        from_name=_line(given, "from_name") or "leadgate",
        return_path=return_path,
    )


def sendable(address: str, *, beyond_ascii: bool = False) -> str | None:
    """The address as it may stand in an envelope and a header: a dot-atom local part (RFC 5321 §4.1.2), the domain in
    IDNA's ASCII form. None where it has no such form. `beyond_ascii`: the local part may have letters that only
    servers with SMTPUTF8 take (RFC 6531 §3.3)."""
    local, at, domain = address.strip().rpartition("@")
    domain = normal_domain(domain)
    local = unicodedata.normalize("NFC", local)  # what the recipient's server compares (RFC 6532 §3.1)
    known = all(letter in _LOCAL_PART or (beyond_ascii and _is_beyond(letter)) for letter in local)
    plain = known and all(local.split(".")) and len(local.encode("utf-8", "replace")) <= 64
    labels = domain.split(".")
    named = domain.isascii() and all(
        label.replace("-", "").replace("_", "").isalnum() and not label.startswith("-") for label in labels
    )
    if not at or not plain or not named or len(address) > LONGEST_ADDRESS:
        return None
    return f"{local}@{domain}"


def _is_beyond(letter: str) -> bool:
    """Whether it is a letter, digit, mark or sign beyond ASCII: nothing that separates, directs or is not seen."""
    return not letter.isascii() and letter.isprintable()


def ensure_row(connection: Connection, scope: Scope) -> None:
    """Makes the account's row if there is none."""
    row = {"account_id": scope.account_id, "changed_at": now(connection)}
    insert_unless_there(connection, smarthosts, [row])


def _opened(row: Row[Any], sealer: Sealer) -> Smarthost:
    place = _place(AccountScope(row.account_id))
    password = sealer.open(row.secrets, place=place).decode() if row.secrets else None
    return Smarthost(password=password, **{name: getattr(row, name) for name in PLAIN})


def _row(connection: Connection, scope: Scope) -> Row[Any] | None:
    return connection.execute(select(smarthosts).where(smarthosts.c.account_id == scope.account_id)).first()


def _place(scope: Scope) -> str:
    return f"smarthosts:{scope.account_id}"


def _password(password: object, found: Smarthost) -> str:
    if found.username is None:
        raise Invalid("username", "must be given with a password")
    if (
        not isinstance(password, str)
        or len(password) > LONGEST_SECRET
        or any(c in password for c in "\r\n\0")
    ):
        raise Invalid("password", "is too long or has a line break")
    return password


def _line(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST or not (value.isprintable() or value == ""):
        raise Invalid(name, f"must be one line of at most {LONGEST} characters")
    return value.strip()
