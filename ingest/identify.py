"""Who sent this, and may they act as a user: product §6, the first rule that applies.

SPF, DKIM and DMARC are not asked yet: without them every sender is `unknown` until one of the rules
below lifts him. What is decided here is stored with the message and not judged again by a reprocess.

1. SMTP AUTH as a user: From must be one of that user's addresses. Who hands a message in through the API
   or the admin is known by key or session; there another From is a mail of somebody else, and no fault.
2. A personal address lifts `unknown` to `verified` as its user, if From is one of that user's addresses,
   the mail is not automatic and the address is neither exposed nor replaced.
3. A personal address that stands in To or Cc of mail from anybody but its user is exposed from now on.
"""

from dataclasses import replace

from ingest.letter import Identity, Letter, Stop, who
from parsers import addresses
from parsers.message import Message
from store.addresses import normal
from store.directory import InboundAddress

HANDED_IN = ("api", "upload")
NOT_CHECKED = "SPF, DKIM and DMARC not checked"


def identify(letter: Letter, message: Message) -> Identity:
    """Who may be acted as; with a `stop` when a person has to say so."""
    directory = letter.directory
    sender = message.sender.address if message.sender and message.sender.address else ""
    claimed = directory.user_of(sender)
    exposed = _exposed(letter, message, claimed)
    if letter.trust == "verified" and letter.acting_user_id in directory.names:
        return Identity("verified", "found when it came", letter.acting_user_id, exposed=exposed)
    sender_user = claimed if _one_author(message) else None
    unknown = Identity(letter.trust or "unknown", NOT_CHECKED, exposed=exposed)

    def held(reason: str, user_id: str | None) -> Identity:
        return replace(unknown, stop=Stop("held", reason, {"who": who(message)}, user_id))

    for arrival in letter.arrivals:
        if arrival.auth_user is None:
            continue
        if arrival.auth_user == sender_user:
            return Identity("verified", f"signed in at {arrival.door}", user_id=sender_user, exposed=exposed)
        if arrival.door not in HANDED_IN:
            return held("auth_from_mismatch", arrival.auth_user)
    own = _personal(letter, sender_user)
    if own and not (message.automatic or own.rotated or own.exposed or own.id in exposed):
        detail = "the user's own address wrote to the user's secret address"
        return Identity("verified", detail, sender_user, exposed=exposed)
    inbound = own or letter.inbound
    if letter.kind != "personal" or inbound is None:
        return unknown
    owner = inbound.user_id if inbound.user_id in directory.names else None  # None: that user was removed
    if inbound.rotated:
        return held("address_rotated", owner)
    if claimed is not None:
        return held("sender_unverified", claimed)
    visible = {normal(m.address) for m in (*message.to, *message.cc) if m.address}
    if not any(_stands_in(visible, arrival.recipient) for arrival in letter.arrivals):
        return held("was_this_you", owner)
    return replace(unknown, owner_hint=owner)


def _one_author(message: Message) -> bool:
    """Whether one From field names one author: of several, whoever checks and whoever shows them may take
    different ones (RFC 5322 §3.6 allows one field; product §6: such mail is taken for no user's)."""
    written = [value for name, value in message.headers if name.casefold() == "from"]
    return len(written) == 1 and sum(1 for author in addresses.read(written[0]) if author.address) == 1


def _personal(letter: Letter, user_id: str | None) -> InboundAddress | None:
    """The user's own among several personal addresses that received the message; of those the present one."""
    received = (letter.directory.inbound.get(arrival.address_id or "") for arrival in letter.arrivals)
    own = [a for a in received if a and a.kind == "personal" and a.user_id and a.user_id == user_id]
    return min(own, key=lambda address: address.rotated, default=None)


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
