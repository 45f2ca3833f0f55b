"""The leads that a mail was addressed to, by their own addresses."""

from ingest.letter import Letter
from ingest.receiving import Keys, Office
from store.addresses import lead_number, split_tag
from store.matching import Candidate


def numbers(letter: Letter, keys: Keys) -> list[int]:
    """Their numbers, each once."""
    local_parts = (split_tag(a.recipient.rpartition("@")[0])[0] for a in letter.arrivals if a.kind == "lead")
    found = (lead_number(keys.address, letter.key[0], local_part) for local_part in local_parts)
    return list(dict.fromkeys(number for number in found if number is not None))


def addressed(office: Office, letter: Letter) -> tuple[Candidate, ...]:
    """Those that are still there, merged ones as one. To who may not act by such an address, a hint."""
    found = (office.known.by_number(number) for number in numbers(letter, office.keys))
    return tuple({lead.id: lead for lead in found if lead}.values())
