"""A bounce that came to the address of one of our own mails: the mail is marked, and its lead found.

The address is proof enough of which mail it is: it stood in that mail's envelope alone, and carries a MAC. Who the
bounce says it could not reach is only shown: a forwarded mail bounces for somebody else.
"""

from dataclasses import dataclass

from ingest.letter import Letter
from ingest.receiving import Office
from parsers.message import Message
from store.addresses import bounced_mail, split_tag
from store.matching import Candidate
from store.outgoing_bounces import mark_bounced

NOT_FAILED = frozenset({"delayed", "delivered", "relayed", "expanded"})
"""Actions of a report that end no mail (RFC 3464 §2.3.3)."""


@dataclass(frozen=True, slots=True)
class CameBack:
    """Our mail to `address` came back; `lead`: the one that it was about."""

    address: str
    lead: Candidate | None


def came_back(office: Office, letter: Letter, message: Message) -> CameBack | None:
    """Marks the mail that bounced; None when it is none of ours, or a notice about a delay."""
    if letter.kind != "bounce" or message.automatic != "bounce" or _still_tried(message):
        return None
    for arrival in letter.arrivals:
        local_part = split_tag(arrival.recipient.rpartition("@")[0])[0]
        mail_id = bounced_mail(office.keys.address, office.scope.account_id, local_part)
        if arrival.kind != "bounce" or mail_id is None:
            continue
        found = mark_bounced(office.connection, office.scope, mail_id, _diagnostic(message))
        if found is not None:
            lead = office.known.by_number(found.lead_number) if found.lead_number is not None else None
            return CameBack(found.address, lead)
    return None


def _still_tried(message: Message) -> bool:
    """Whether it only says that a server goes on trying, or has passed the mail on."""
    told = message.bounce.recipients if message.bounce else ()
    return bool(told) and all(each.action in NOT_FAILED for each in told)


def _diagnostic(message: Message) -> str:
    """What the bounce says of the first recipient; its first lines where it says nothing of any."""
    failed = message.bounce.recipients if message.bounce else ()
    told = next((" ".join(filter(None, (each.status, each.diagnostic))) for each in failed), "")
    return told or message.text[:500]
