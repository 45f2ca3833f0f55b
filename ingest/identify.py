"""Who sent this, and may they act as a user: product §6, the first rule that applies.

What the sender's domain proves was found out before (`ingest.trust`). What is decided here is stored with the message
and not judged again by a reprocess.

1. SMTP AUTH as a user: From must be one of that user's addresses. Who hands a message in through the API
   or the admin is known by key or session; there another From is a mail of somebody else, and no fault.
2. DMARC failed: the mail may be forged. It acts as nobody, and is held wherever From would be evidence
   (HELD_IF_FAILED); but at leads@ one that a listed forwarder handed over makes a lead, its sender unconfirmed.
3. The domain in From is proven: it is that user's mail, if From is one of a user's addresses.
4. A personal address lifts `unknown` to `verified` as its user, if From is one of that user's addresses,
   the mail is not automatic, its header not ambiguous, and the address is neither exposed nor replaced. Not where the
   address was only found in a header (IMAP): whoever wrote the mail may have written that.
   An address that accepts `unknown` (`InboundAddress.accepts_unknown`) lets the user act just so, trust staying
   `unknown`. Neither ever lifts `failed`.
5. An answer address (`store.addresses.reply_local_part`) of a mail of ours to a user lifts `unknown` for that very user
   under the same conditions, but only for a note on the lead that the mail was about (`Identity.answers`), and only
   where the answer goes to nobody but us: whoever else got it knows the address. From anybody else it is a hint.
6. A personal address that stands in To or Cc of mail from anybody but its user is exposed from now on.
"""

from collections.abc import Callable
from dataclasses import replace

from ingest.forwarders import forwarder_of
from ingest.letter import ANSWER, Arrival, Identity, Letter, Stop, who
from ingest.trust.judgement import FAILED, NOT_CHECKED, PROVES_DOMAIN, UNKNOWN, VERIFIED, Judgement
from parsers import addresses
from parsers.message import Message
from store.addresses import domain_of, normal, split_tag
from store.directory import InboundAddress

BY_ANSWER_ADDRESS = "the user answered leadgate's mail to the address that only this user was given"
BY_OWN_ADDRESS = "the user's own address wrote to the user's secret address"
HANDED_IN = ("api", "upload")
Answers = Callable[[str, str], bool]
"""(local part, address in normal form): whether it is an answer address that was made for this very recipient."""
HELD_IF_FAILED = ("leads", "bcc", "personal", "lead", "partner")
"""Kinds of address at which it matters who sent a mail. A form's From is the website, and no evidence."""
NO_ENVELOPE = ("imap",)
"""Doors whose recipients are what a header says: destinations, and no proof of identity."""
UNASKED: Answers = lambda *_: False  # noqa: E731  a default value
"""No address proves anything."""


def identify(letter: Letter, message: Message, answers: Answers = UNASKED) -> Identity:
    """Who may be acted as; with a `stop` when a person has to say so. `answers`: see there."""
    directory, judged = letter.directory, letter.judgement or NOT_CHECKED
    sender = message.sender.address if message.sender and message.sender.address else ""
    claimed = directory.user_of(sender)
    exposed = _exposed(letter, message, None if judged.trust == FAILED else claimed)
    if letter.trust == VERIFIED and letter.acting_user_id in directory.names:
        return Identity(judged, letter.acting_user_id, exposed=exposed)
    sender_user = claimed if _one_author(message) else None

    def held(reason: str, user_id: str | None) -> Identity:
        return Identity(judged, exposed=exposed, stop=Stop("held", reason, {"who": who(message)}, user_id))

    signed = [a for a in letter.arrivals if a.auth_user and _decides(a, sender_user)]
    signed_in = min(signed, key=lambda arrival: arrival.auth_user != sender_user, default=None)
    if signed_in is not None and signed_in.auth_user == sender_user:
        return Identity(_by(judged, "auth", f"signed in at {signed_in.door}"), sender_user, exposed=exposed)
    if signed_in is not None:
        return held("auth_from_mismatch", signed_in.auth_user)
    own = _personal(letter, sender_user)
    inbound = own or letter.inbound
    owner = _owner(letter, inbound)
    if judged.trust == FAILED and letter.kind in HELD_IF_FAILED:
        through = forwarder_of(letter, judged)
        if through is not None:
            return Identity(judged, exposed=exposed, forwarder=through)
        return held("sender_failed", owner if letter.kind == "personal" else claimed)
    if sender_user is not None and _proves(judged, sender):
        return Identity(judged, sender_user, exposed=exposed)
    trusted = own and not (message.automatic or own.rotated or own.exposed or own.id in exposed)
    about = sender_user if _is_about(judged, sender) else None
    if about and trusted and judged.trust == UNKNOWN and judged.by != "ambiguous":
        return Identity(_by(judged, "personal", BY_OWN_ADDRESS), about, exposed=exposed)
    if about and (lifted := _lifted(letter, message, judged, about, answers)):
        return replace(lifted, exposed=exposed)
    if letter.kind != "personal" or inbound is None:
        return Identity(judged, exposed=exposed)
    if inbound.rotated:
        return held("address_rotated", owner)
    if claimed is not None:
        return held("sender_unverified", claimed)
    visible = {normal(m.address) for m in (*message.to, *message.cc) if m.address}
    if not any(_stands_in(visible, arrival.recipient) for arrival in letter.arrivals):
        return held("was_this_you", owner)
    return Identity(judged, owner_hint=owner, exposed=exposed)


def _lifted(
    letter: Letter, message: Message, judged: Judgement, user_id: str, answers: Answers
) -> Identity | None:
    """The user whom nothing about the mail proves, but who may act by the address it came to."""
    if judged.trust != UNKNOWN or judged.by == "ambiguous" or message.automatic:
        return None
    if _accepted(letter):
        return Identity(judged, user_id, unproven=True)
    if _answers_alone(letter, message, user_id, answers):
        return Identity(_by(judged, ANSWER, BY_ANSWER_ADDRESS), user_id)
    return None


def _by(judged: Judgement, by: str, summary: str) -> Judgement:
    """Verified by something else than the sender's domain."""
    return Judgement(VERIFIED, by, summary, judged.evidence)


def _decides(arrival: Arrival, sender_user: str | None) -> bool:
    """Whether it says who sent the mail that a user signed in: not where it may well be somebody else's mail."""
    return arrival.auth_user == sender_user or arrival.door not in HANDED_IN


def _proves(judged: Judgement, sender: str) -> bool:
    """Whether it is proven that the mail comes from the sender's domain, as both readers of From have it."""
    return judged.trust == VERIFIED and judged.by in PROVES_DOMAIN and _is_about(judged, sender)


def _is_about(judged: Judgement, sender: str) -> bool:
    """Whether the domain that was asked about, if any was, is the one that is shown."""
    shown = domain_of(sender)
    return bool(judged.evidence.get("from", shown) == shown)


def _accepted(letter: Letter) -> bool:
    """Whether an address that received the mail accepts a user whom nothing proves."""
    proving = (arrival for arrival in letter.arrivals if arrival.door not in NO_ENVELOPE)
    received = (letter.directory.inbound.get(arrival.address_id or "") for arrival in proving)
    return any(a is not None and a.accepts_unknown and not a.rotated for a in received)


def _answers_alone(letter: Letter, message: Message, user_id: str, answers: Answers) -> bool:
    """Whether the mail went to nothing but answer addresses of this very user, each known by its envelope."""
    if any(arrival.kind != "lead" or arrival.door in NO_ENVELOPE for arrival in letter.arrivals):
        return False
    own = [address for address, of in letter.directory.users.items() if of == user_id]
    addressed = (box.address for box in (*message.to, *message.cc) if box.address)
    return all(letter.directory.is_ours(address) for address in addressed) and all(
        any(answers(split_tag(arrival.recipient.rpartition("@")[0])[0], address) for address in own)
        for arrival in letter.arrivals
    )


def _owner(letter: Letter, inbound: InboundAddress | None) -> str | None:
    """The user whose address it is; None for one who was removed."""
    return inbound.user_id if inbound and inbound.user_id in letter.directory.names else None


def _one_author(message: Message) -> bool:
    """Whether one From field names one author: of several, whoever checks and whoever shows them may take
    different ones (RFC 5322 §3.6 allows one field; product §6: such mail is taken for no user's)."""
    written = [value for name, value in message.headers if name.casefold() == "from"]
    return len(written) == 1 and sum(1 for author in addresses.read(written[0]) if author.address) == 1


def _personal(letter: Letter, user_id: str | None) -> InboundAddress | None:
    """The user's own among several personal addresses that received the message; of those the present one."""
    proving = (arrival for arrival in letter.arrivals if arrival.door not in NO_ENVELOPE)
    received = (letter.directory.inbound.get(arrival.address_id or "") for arrival in proving)
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
