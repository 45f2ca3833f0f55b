"""Who sent this, and may they act as a user: product §6, the first rule that applies.

SPF, DKIM and DMARC are not asked yet: without them every sender is `unknown` until one of the rules
below lifts him. What is decided here is stored with the message and not judged again by a reprocess.

1. SMTP AUTH as a user: From must be one of that user's addresses. Who hands a message in through the API
   or the admin is known by key or session; there another From is a mail of somebody else, and no fault.
2. A personal address lifts `unknown` to `verified` as its user, if From is one of that user's addresses,
   the mail is not automatic and the address is neither exposed nor replaced.
3. A personal address that stands in To or Cc of mail from anybody but its user is exposed from now on.
"""

from ingest.letter import Identity, Letter, Stop, who
from parsers.message import Message
from store.addresses import normal
from store.directory import InboundAddress

HANDED_IN = ("api", "upload")
NOT_CHECKED = "SPF, DKIM and DMARC not checked"


def identify(letter: Letter, message: Message) -> Identity | Stop:
    """Who may be acted as; a Stop when a person has to say so."""
    directory = letter.directory
    sender = message.sender.address if message.sender and message.sender.address else ""
    sender_user = directory.user_of(sender)
    exposed = _exposed(letter, message, sender_user)
    for arrival in letter.arrivals:
        if arrival.auth_user is None:
            continue
        if arrival.auth_user == sender_user:
            return Identity("verified", f"signed in at {arrival.door}", user_id=sender_user, exposed=exposed)
        if arrival.door not in HANDED_IN:
            return Stop("held", "auth_from_mismatch", {"who": who(message)}, arrival.auth_user)
    inbound = _personal(letter, sender_user) or letter.inbound
    if letter.kind != "personal" or inbound is None:
        return Identity(letter.trust or "unknown", NOT_CHECKED, exposed=exposed)
    owner = inbound.user_id if inbound.user_id in directory.names else None  # None: that user was removed
    if inbound.rotated:
        return Stop("held", "address_rotated", {"who": who(message)}, owner)
    if sender_user == inbound.user_id:
        if message.automatic is None and not inbound.exposed and inbound.id not in exposed:
            return Identity(
                "verified", "the user's own address wrote to the user's secret address", inbound.user_id
            )
        return Stop("held", "sender_unverified", {"who": who(message)}, inbound.user_id)
    if sender_user is not None:
        return Stop("held", "sender_unverified", {"who": who(message)}, sender_user)
    visible = {normal(m.address) for m in (*message.to, *message.cc) if m.address}
    if not any(_stands_in(visible, arrival.recipient) for arrival in letter.arrivals):
        return Stop("held", "was_this_you", {"who": who(message)}, owner)
    return Identity("unknown", NOT_CHECKED, owner_hint=owner, exposed=exposed)


def _personal(letter: Letter, user_id: str | None) -> InboundAddress | None:
    """The user's own among several personal addresses that received the message."""
    received = (letter.directory.inbound.get(arrival.address_id or "") for arrival in letter.arrivals)
    return next(
        (a for a in received if a and a.kind == "personal" and a.user_id and a.user_id == user_id), None
    )


def _exposed(letter: Letter, message: Message, sender_user: str | None) -> tuple[str, ...]:
    """Personal addresses visible in To or Cc of a mail that their user did not send."""
    found = (
        letter.directory.personal_address_of(mailbox.address)
        for mailbox in (*message.to, *message.cc)
        if mailbox.address
    )
    return tuple(
        dict.fromkeys(a.id for a in found if a is not None and not a.exposed and a.user_id != sender_user)
    )


def _stands_in(visible: set[str], recipient: str) -> bool:
    """Whether the recipient, with or without its sub-address, is among the visible addresses."""
    local_part, _, domain = normal(recipient).rpartition("@")
    return any(
        address.rpartition("@")[2] == domain
        and address.rpartition("@")[0].partition("+")[0] == local_part.partition("+")[0]
        for address in visible
    )
