"""What the rooms of outgoing mail are told; `config.wiring` fills it in."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

from store.smarthosts import Smarthost
from webhooks.destination import Policy


@dataclass(frozen=True, slots=True)
class MailOptions:
    """Where may be connected to, how long is waited. Times in seconds.

    deployment   the server of accounts without one of their own; it may stand anywhere: the operator named it
    policy       addresses that accounts' own servers may have; asked for every answer of the resolver
    address_key  MAC key of bounce and answer addresses
    hostname     how we greet
    connect      until a socket is connected
    answer       how long the server may keep silent in the middle of a command
    greeting     from the connected socket to the end of the login, however the server trickles
    message      from MAIL to the answer to DATA's end, the same; RFC 5321 §4.5.3.2 wants patience at the end, where
                 giving up early sends twice
    lease        of a claim; longer than all of these together
    grace        for what is under way when the process ends
    """

    address_key: bytes = field(repr=False)
    deployment: Smarthost | None = None
    policy: Policy = field(default_factory=Policy)
    hostname: str = "localhost"
    connect: float = 10.0
    answer: float = 60.0
    greeting: float = 60.0
    message: float = 180.0
    lease: float = 360.0
    grace: float = 5.0
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
