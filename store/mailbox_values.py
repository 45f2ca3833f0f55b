"""What is said about a mailbox: where it is, how one logs in, what its mail becomes; and whether that can be.

Pure: values and their checks. `store.mailboxes` keeps them in rows, a connection test takes them unsaved.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from store.addresses import normal, normal_domain
from store.session import Invalid

PORTS = {"tls": 993, "starttls": 143, "none": 143}
"""How the connection is encrypted, and the port that goes with it (RFC 8314 §3.2)."""
KINDS = ("leads", "bcc", "form", "partner", "by_recipient")
AFTER = ("leave", "seen", "move", "delete")
RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
TOKEN_URLS = {
    "google": "https://oauth2.googleapis.com/token",
    "microsoft": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
}
SCOPES = {"google": "", "microsoft": "https://outlook.office.com/IMAP.AccessAsUser.All offline_access"}
LONGEST = 300
LONGEST_SECRET = 10_000
MOST_DAYS = 3_650
MOST_HOPS = 5


@dataclass(frozen=True, slots=True)
class Values:
    """A mailbox's settings. `address`: its own e-mail address, in normal form.

    `authserv_id`: whose `Authentication-Results` count (`ingest.trust.authentication_results`), `authserv_hops`: how
    many Received lines of the provider's own machines may stand above them.
    """

    name: str
    host: str
    port: int
    tls: str
    username: str
    folder: str = "INBOX"
    kind: str = "leads"
    fallback: str = "leads"
    recipient_headers: tuple[str, ...] = RECIPIENT_HEADERS
    address: str | None = None
    after: str = "leave"
    move_to: str | None = None
    authserv_id: str | None = None
    authserv_hops: int = 0


@dataclass(frozen=True, slots=True)
class OAuth:
    """What an access token is got with (RFC 6749 §6), and the last one that was got."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    scope: str = ""
    access_token: str = field(default="", repr=False)
    expires_at: float = 0.0  # seconds since the epoch


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens the mailbox: a password, or OAuth."""

    password: str | None = field(default=None, repr=False)
    oauth: OAuth | None = None

    @property
    def auth(self) -> str:
        return "password" if self.oauth is None else "xoauth2"


@dataclass(frozen=True, slots=True)
class Target:
    """What a connection needs to know."""

    values: Values
    credentials: Credentials


def checked(given: Mapping[str, Any]) -> Values:
    """The settings, with defaults for what is missing. Invalid names the place."""
    tls = _one_of(given, "tls", tuple(PORTS), "tls")
    kind = _one_of(given, "kind", KINDS, "leads")
    after = _one_of(given, "after", AFTER, "leave")
    folder = _line(given, "folder", "INBOX")
    folder = "INBOX" if folder.upper() == "INBOX" else folder  # RFC 3501 §5.1
    username = _line(given, "username")
    move_to = _line(given, "move_to", "") or None
    if after == "move" and move_to is None:
        raise Invalid("move_to", "names the folder that mail is moved to")
    if after == "move" and move_to == folder:
        raise Invalid("move_to", "must be another folder than the one that is read")
    port = given.get("port")
    if port is None:
        port = PORTS[tls]
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65_536:
        raise Invalid("port", "must be a number from 1 to 65535")
    host = normal_domain(_line(given, "host"))
    name = _line(given, "name", username)
    headers = given.get("recipient_headers")
    return Values(
        name=name,
        host=host,
        port=port,
        tls=tls,
        username=username,
        folder=folder,
        kind=kind,
        fallback=_one_of(given, "fallback", KINDS[:-1], "leads"),
        recipient_headers=RECIPIENT_HEADERS if headers is None else _headers(headers),
        address=_address(given, username),
        after=after,
        move_to=move_to,
        authserv_id=_authserv_id(given),
        authserv_hops=_hops(given),
    )


def checked_credentials(given: Mapping[str, Any]) -> Credentials:
    """The password or OAuth of a mailbox. Invalid names the place."""
    password, oauth = given.get("password"), given.get("oauth")
    if oauth is None:
        if not isinstance(password, str) or not password:
            raise Invalid("password", "must be given, or oauth")
        if len(password) > LONGEST_SECRET or any(octet in password for octet in "\r\n\0"):
            raise Invalid("password", "is too long or has a line break")
        return Credentials(password=password)
    if password is not None:
        raise Invalid("password", "must not be given beside oauth")
    provider = oauth.get("provider")
    if provider is not None and provider not in TOKEN_URLS:
        raise Invalid("oauth.provider", f"one of {', '.join(TOKEN_URLS)}")
    url = oauth.get("token_url") or TOKEN_URLS.get(provider or "")
    if not url:
        raise Invalid("oauth.token_url", "must be given, or provider")
    for name in ("client_id", "refresh_token"):
        if not oauth.get(name):
            raise Invalid(f"oauth.{name}", "must be given")
    return Credentials(
        oauth=OAuth(
            token_url=url,
            client_id=oauth["client_id"],
            client_secret=oauth.get("client_secret") or "",
            refresh_token=oauth["refresh_token"],
            scope=oauth.get("scope") or SCOPES.get(provider or "", ""),
        )
    )


def read_since(since: object, moment: datetime) -> datetime | None:
    """How far back a first run goes: None only new mail, a number of days, a date, or a time with its offset.

    Invalid for anything else.
    """
    if since is None or since in ("", "new", "now"):
        return None
    wrong = Invalid("since", "null, a number of days, a date such as 2026-11-01, or a time with its offset")
    if isinstance(since, bool) or not isinstance(since, int | str):
        raise wrong
    if isinstance(since, str) and since.removesuffix("d").isdecimal():
        since = int(since.removesuffix("d")[:5])
    if isinstance(since, int):
        if not 0 <= since <= MOST_DAYS:
            raise Invalid("since", f"at most {MOST_DAYS} days")
        return moment - timedelta(days=since)
    try:
        if len(since) == 10:
            return datetime.combine(date.fromisoformat(since), time(), UTC)
        found = datetime.fromisoformat(since)
    except ValueError:
        raise wrong from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _address(given: Mapping[str, Any], username: str) -> str | None:
    address = _line(given, "address", "") or (username if username.count("@") == 1 else "")
    if not address:
        return None
    local_part, at, domain = normal(address).rpartition("@")
    if not at or not local_part or "." not in domain:
        if given.get("address"):
            raise Invalid("address", "not an e-mail address")
        return None
    return f"{local_part}@{domain}"


def _authserv_id(given: Mapping[str, Any]) -> str | None:
    name = _line(given, "authserv_id", "").lower()
    if any(letter in ' ;"()' or not letter.isascii() for letter in name):
        raise Invalid("authserv_id", "one word, as Authentication-Results begins with")
    return name or None


def _hops(given: Mapping[str, Any]) -> int:
    hops = given.get("authserv_hops")
    if hops is None:
        return 0
    if not isinstance(hops, int) or isinstance(hops, bool) or not 0 <= hops <= MOST_HOPS:
        raise Invalid("authserv_hops", f"a number from 0 to {MOST_HOPS}")
    return hops


def _headers(headers: Any) -> tuple[str, ...]:
    if not isinstance(headers, list | tuple) or len(headers) > 10:
        raise Invalid("recipient_headers", "a list of at most 10 names of header fields")
    for place, name in enumerate(headers):
        if not isinstance(name, str) or not name.isascii() or not name.replace("-", "").isalnum():
            raise Invalid(f"recipient_headers[{place}]", "not the name of a header field")
    return tuple(headers)


def _one_of(given: Mapping[str, Any], name: str, choices: tuple[str, ...], default: str) -> str:
    value = given.get(name)
    if value is None:
        return default
    if value not in choices:
        raise Invalid(name, f"one of {', '.join(choices)}")
    return str(value)


def _line(given: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """A line of text without control characters: it may become part of an IMAP command."""
    value = given.get(name)
    if value is None or value == "":
        if default is None:
            raise Invalid(name, "must be given")
        return default
    if not isinstance(value, str) or len(value) > LONGEST or any(ord(letter) < 32 for letter in value):
        raise Invalid(name, f"must be one line of at most {LONGEST} characters")
    return value.strip()
