"""The same mail with other bytes, by another way: which of the two stays (product §3, Duplicates)."""

from ingest.letter import Identity, Letter
from ingest.receiving import Office
from ingest.trust.judgement import BY_TRUST, UNKNOWN
from store.arriving import HELD_FOR_TRUST, IGNORED_FOR_TRUST, rank
from store.receipts import came_as_junk, kinds_of, standing_of, supersede


def copy_of(office: Office, letter: Letter, identity: Identity | None, content: bytes | None) -> str | None:
    """The message this one is a copy of; None also when that gives way: one that is held, because this one came by a
    more specific address, proves which user sent it or raises trust; one ignored for lack of trust for the latter; one
    that lay in a folder for spam, because this one did not."""
    if content is None:
        return None
    found = office.known.copy_of(content, except_message=letter.id)
    if found is None:
        return None
    copy_id, outcome = found
    if outcome in ("held", "ignored"):
        office.write()  # the copy may have been decided in this very transaction
        if _gives_way(office, copy_id, outcome, letter, identity):
            supersede(office.connection, office.scope, copy_id, letter.id)
            return None
    return copy_id


def _gives_way(office: Office, copy_id: str, outcome: str, letter: Letter, identity: Identity | None) -> bool:
    copy = standing_of(office.connection, office.scope, copy_id)
    if copy.reason == "spam" and not letter.junk:
        return came_as_junk(office.connection, office.scope, copy_id)
    if outcome == "ignored" and copy.reason not in IGNORED_FOR_TRUST:
        return False
    if identity is not None:
        if identity.user_id is not None and copy.acting_user_id is None:
            return True
        for_trust = copy.reason in (*HELD_FOR_TRUST, *IGNORED_FOR_TRUST)
        if for_trust and BY_TRUST.index(identity.trust) > BY_TRUST.index(copy.trust or UNKNOWN):
            return True
    ranks = [rank(kind) for kind in kinds_of(office.connection, office.scope, copy_id)]
    return outcome == "held" and bool(ranks) and rank(letter.kind) < min(ranks)
