"""What the rooms of the IMAP door are told; `config.wiring` fills it in."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

from webhooks.destination import Policy

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ImapOptions:
    """Where may be connected to, how long is waited, how much is taken. Times in seconds.

    policy             addresses that may be reached; asked for every answer of the resolver
    connect            until a socket is connected, and until TLS is agreed
    answer             how long the server may keep silent in the middle of a command
    stuck              a reader without progress for so long loses its socket: answers that trickle have an end, too
    poll               between two looks, also while IDLE promises to tell
    idle               the longest an IDLE lasts: servers forget it after half an hour (RFC 2177), routers sooner
    look               between two questions whether to stop, and whether a mailbox is due
    reconcile          between two comparisons of everything that is there with everything that is here
    max_message_bytes  a larger mail is left where it is, with a tombstone
    """

    policy: Policy = field(default_factory=Policy)
    connect: float = 10.0
    answer: float = 30.0
    stuck: float = 300.0
    poll: float = 120.0
    idle: float = 540.0
    look: float = 1.0
    reconcile: float = 3_600.0
    max_message_bytes: int = 35 * MIB
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
