"""Which lead a mail belongs to: a pure decision over candidates (product §3, Matching).

In this order: the lead's own address, the conversation, the contacts. Whatever is not certain is held
with its candidates; nothing is guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.letter import Reading
from store.addresses import domain_of, is_free_mail
from store.contacts import Person
from store.matching import Candidate, Thread


@dataclass(frozen=True, slots=True)
class Candidates:
    """Everything a mail could belong to."""

    addressed: tuple[Candidate, ...]  # by leads' own addresses
    was_addressed: bool  # such an address was used, even if its lead is gone
    thread: Thread
    contacts: Mapping[str, tuple[Candidate, ...]]  # by normal address


@dataclass(frozen=True, slots=True)
class Attach:
    """It goes onto these leads; `joining` becomes a contact of them."""

    leads: tuple[Candidate, ...]
    reason: str
    who: str
    joining: Person | None = None
    unmatched: tuple[str, ...] = ()  # contacts without a lead: listed, nothing made
    suggested: tuple[Candidate, ...] = ()  # of contacts with several leads


@dataclass(frozen=True, slots=True)
class Create:
    """No lead matches at all: one new lead for the main contact."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A person must decide, with these leads to choose from."""

    reason: str
    who: str
    candidates: tuple[Candidate, ...]


Match = Attach | Create | Hold


def match(reading: Reading, found: Candidates) -> Match:
    """The decision; see the module's docstring."""
    decided = _by_address(reading, found) or _by_thread(reading, found.thread) or _by_contacts(reading, found)
    if isinstance(decided, Create) and found.thread.leads:  # a user's own mail in a conversation on several
        return Hold("ambiguous", _main(reading), found.thread.leads)
    if isinstance(decided, Create) and not reading.creates:
        return Hold(reading.unmatched, _main(reading), ())
    return decided


def _by_address(reading: Reading, found: Candidates) -> Match | None:
    """Every lead whose own address was written to; from somebody outside those that he is a contact of."""
    if not found.was_addressed:
        return None
    if not found.addressed:
        return Hold("lead_gone", _main(reading), ())
    author = reading.author
    if author is None or reading.forwarded_by:
        reason = "answered" if reading.answers else "lead_address"
        return Attach(found.addressed, reason, _main(reading))
    theirs = tuple(lead for lead in found.addressed if author.normal in lead.addresses)
    if not theirs:
        return Hold("not_a_contact", _main(reading), found.addressed)
    others = tuple(lead for lead in found.addressed if lead not in theirs)
    return Attach(theirs, "lead_address", _main(reading), suggested=others)


def _by_thread(reading: Reading, thread: Thread) -> Match | None:
    """The conversation gives candidates, not a decision: of those, the leads the people are contacts of."""
    if not thread.leads:
        return None
    people = {person.normal for person in reading.people}
    theirs = tuple(lead for lead in thread.leads if people & lead.addresses)
    chosen = _prefer(theirs, reading.user_id or reading.owner_id)
    if len(chosen) == 1:
        return Attach(chosen, "thread", _main(reading))
    if chosen:
        return Hold("ambiguous", _main(reading), chosen)
    if reading.author is None:
        # A user's own mail: the user is in the conversation, whoever else it now goes to.
        chosen = _prefer(thread.leads, reading.user_id)
        return Attach(chosen, "thread", _main(reading)) if len(chosen) == 1 else None
    if _took_part(reading.author, thread):
        chosen = _prefer(thread.leads, reading.owner_id)
        if len(chosen) == 1:
            return Attach(chosen, "thread", reading.author.address, joining=reading.author)
        return Hold("ambiguous", reading.author.address, chosen)
    return Hold("thread_stranger", reading.author.address, thread.leads)


def _by_contacts(reading: Reading, found: Candidates) -> Match:
    """Every contact with exactly one open lead decides; several for one contact is for a person to say."""
    matched: dict[str, Candidate] = {}
    several: dict[str, Candidate] = {}
    unmatched: list[str] = []
    first = ""
    for person in reading.people:
        candidates = [lead for lead in found.contacts.get(person.normal, ()) if lead.is_open]
        chosen = _prefer(candidates, reading.user_id or reading.owner_id)
        if len(chosen) == 1:
            matched[chosen[0].id] = chosen[0]
            first = first or person.address
        elif chosen:
            several |= {lead.id: lead for lead in chosen}
            first = first or person.address
        else:
            unmatched.append(person.address)
    if matched:
        return Attach(
            tuple(matched.values()),
            "contact",
            first,
            unmatched=tuple(unmatched),
            suggested=tuple(several.values()),
        )
    if several:
        return Hold("ambiguous", first, tuple(several.values()))
    return Create()


def _prefer(leads: Sequence[Candidate], user_id: str | None) -> tuple[Candidate, ...]:
    """Open leads before closed ones, those whose sender is proven before the others (nobody shall make a contact's
    lead ambiguous by a forged mail), the acting user's own before others'."""
    best = tuple({lead.id: lead for lead in leads}.values())
    best = tuple(lead for lead in best if lead.is_open) or best
    best = tuple(lead for lead in best if not lead.unconfirmed) or best
    return tuple(lead for lead in best if user_id and lead.owner_id == user_id) or best


def _took_part(person: Person, thread: Thread) -> bool:
    """Whether a mail of the conversation was from or to that address, or its organisation's domain."""
    if person.normal in thread.participants:
        return True
    domain = domain_of(person.address)
    return not is_free_mail(domain) and any(domain_of(address) == domain for address in thread.participants)


def _main(reading: Reading) -> str:
    """Whom the sentence names; nobody where a user wrote to the lead alone."""
    return (reading.author or reading.people[0]).address if reading.author or reading.people else ""
