"""The books: proofs from independent records that nothing was lost or counted twice (product §3).

Each proof is one query for rows that contradict each other; what it finds is told in a sentence that
names the row. Read in one transaction, so a system at work proves clean too. `PROOFS` is the list; the
letters are those of product §3.
"""

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import Connection

from store.books import accepted, decided, filed, mailboxes
from store.books.contradiction import LARGEST_REPORT, Contradiction

PROOFS: Mapping[str, Callable[[Connection], Iterator[Contradiction]]] = {
    "a: sources": accepted.sources,
    "a: arrivals": accepted.arrivals_of_messages,
    "a: bytes": accepted.bytes_of_messages,
    "b: receipts": filed.receipts,
    "b: filed messages": filed.filed,
    "b: e-mail entries": filed.entries,
    "b: leads": filed.created,
    "c: holds": decided.open_holds,
    "d: duplicates": decided.duplicates,
    "e: plans": decided.stored_plans,
    "f: UIDs": mailboxes.uids,
    "f: decided": mailboxes.decided,
    "f: messages": mailboxes.came_by_it,
}


def prove(connection: Connection) -> list[Contradiction]:
    """Everything that is wrong with the books of all accounts; empty when they balance."""
    found: list[Contradiction] = []
    for name, proof in PROOFS.items():
        for number, contradiction in enumerate(proof(connection)):
            if number == LARGEST_REPORT:
                found.append(Contradiction(name[0], contradiction.account_id, "… and more of this kind"))
                break
            found.append(contradiction)
    return found
