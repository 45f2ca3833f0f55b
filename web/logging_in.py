"""Passwords checked, wrong ones slowed down: per e-mail address and per client, in windows of a quarter of an hour.

An unknown address costs the same time as a wrong password and gives the same answer, so nobody learns who is a
user. Hashing happens outside any transaction. Counted in this process, like everything in `web.rates`.
"""

from dataclasses import dataclass, field
from functools import cache

from store import sessions
from store.passwords import LONGEST, hash_password, is_password
from store.session import Database
from store.sessions import Login
from web.rates import Rate, Rates
from web.services import Limits

WINDOW = 15 * 60
CLIENT_FACTOR = 5
LINK_WINDOW = 60 * 60
MOST_LINKS = 3
"""Links for a new password that may be asked for in an hour, for one address."""


class TooMany(Exception):
    """Too many wrong passwords; `rate` says until when."""

    def __init__(self, rate: Rate) -> None:
        super().__init__(rate.resets)
        self.rate = rate


@dataclass(slots=True)
class Throttle:
    """How many wrong passwords were given for an address, and by a client."""

    limits: Limits
    addresses: Rates = field(init=False)
    clients: Rates = field(init=False)
    links: Rates = field(init=False)
    link_clients: Rates = field(init=False)

    def __post_init__(self) -> None:
        wrong = self.limits.wrong_passwords
        self.addresses = Rates(wrong, seconds=WINDOW)
        self.clients = Rates(wrong * CLIENT_FACTOR, seconds=WINDOW)
        self.links = Rates(min(wrong, MOST_LINKS), seconds=LINK_WINDOW)
        self.link_clients = Rates(min(wrong, MOST_LINKS) * CLIENT_FACTOR, seconds=LINK_WINDOW)

    def exceeded(self, email: str, client: str) -> Rate | None:
        """The rate that must pass first after too many; None where one may try."""
        rates = (self.addresses.look(email), self.clients.look(client))
        return next((rate for rate in rates if rate is not None and rate.exceeded), None)

    def asks_for_link(self, email: str, client: str) -> Rate | None:
        """Counts one that asks for a link to a new password; the rate that must pass first after too many."""
        rates = (self.links.count(email.strip().lower()), self.link_clients.count(client))
        return next((rate for rate in rates if rate is not None and rate.exceeded), None)

    def count(self, email: str, client: str) -> None:
        """One more wrong one."""
        self.addresses.count(email)
        self.clients.count(client)


def who_logs_in(
    database: Database, throttle: Throttle, email: str, password: str, client: str
) -> list[Login]:
    """The users whose address and password these are; [] for none. TooMany after too many wrong ones."""
    email = email.strip().lower()[:300]
    rate = throttle.exceeded(email, client)
    if rate is not None:
        raise TooMany(rate)
    with database.read() as connection:
        candidates = [login for login in sessions.logins(connection, email) if login.password_hash]
    hashes: list[str | None] = [login.password_hash for login in candidates]
    checked = [is_password(password[:LONGEST], stored) for stored in hashes or [_nobodys()]]
    found = [login for login, right in zip(candidates, checked, strict=False) if right]
    if not found:
        throttle.count(email, client)
    return found


@cache
def _nobodys() -> str:
    """A hash to check against where there is none."""
    return hash_password("nobody has this password")
