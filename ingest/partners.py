"""Reading a partner's mail (product §2, Partner; §6): who may send it, and what it brings.

Held unless From is on the partner's list and did not fail the check (`identify`). A mail that brings one lead as data
(ADF, JSON, CSV, XML, vCard) is read: the document itself says which value is what. Everything else is for a template;
without a fitting one it is held, labels and values in a text too: which of them are the customer's and which the
partner's own would be a guess. A partner's own address is never a contact.
"""

from dataclasses import replace

from ingest.letter import Letter, Read, Reading, Stop, person, who
from ingest.outside import may_ask, plain_subject, visitor
from parsers.message import Message
from parsers.structured.rows import CONTACT, Row


def read_partner(letter: Letter, message: Message) -> Read:
    """A lead that a partner sends, or why a person has to look."""
    sender = message.sender.address if message.sender and message.sender.address else ""
    inbound = letter.inbound
    if inbound and inbound.rotated:
        return Stop("held", "address_rotated", {"who": who(message)}, letter.owner_id)
    theirs = [
        one for one in letter.directory.partners_of(sender) if inbound is None or one.address_id == inbound.id
    ]
    if not theirs:
        partner = inbound.name if inbound else "…"
        return Stop("held", "partner_sender", {"who": who(message), "partner": partner}, letter.owner_id)
    rows = message.structured.rows if message.structured else ()
    if len(rows) > 1:
        return Stop("held", "several_leads", {"number": len(rows)}, letter.owner_id)
    if not rows or not any(rows[0].fields.get(name) for name in CONTACT):
        return Stop("held", "no_template", {"who": who(message)}, letter.owner_id)
    found = _one_lead(letter, message, rows[0])
    if (
        inbound is None and len(theirs) == 1
    ):  # a mailbox of partners' mail names no address: the sender says whose it is
        own = letter.directory.inbound[theirs[0].address_id]
        owner = own.owner_id if own.owner_id in letter.directory.names else None
        return replace(found, owner_id=owner, tags=own.tags, team_id=own.team_id)
    return found


def _one_lead(letter: Letter, message: Message, row: Row) -> Reading:
    """The lead of a document; one without a usable address is called by its name or number."""
    fields = {**row.extra, **row.fields}
    written = visitor(row.fields)
    author = person(written) if may_ask(letter.directory, written) else None
    names = ("name", "company", "phone")
    called = (author and author.address) or next(
        (row.fields[name] for name in names if row.fields.get(name)), ""
    )
    return Reading(
        direction="in",
        people=(author,) if author else (),
        author=author,
        subject=plain_subject(message.subject),
        text=row.fields.get("message") or message.reply or message.text,
        fields=fields,
        owner_id=letter.owner_id,
        called=called,
    )
