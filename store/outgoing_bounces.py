"""Bounces of our own mail: what came back, and why.

Whoever calls this has seen that the bounce came to the mail's own address, which only its envelope named.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, update

from store.scope import AccountScope
from store.session import now
from store.tables.outgoing import outgoing_mails

LONGEST_DIAGNOSTIC = 1_000


@dataclass(frozen=True, slots=True)
class Returned:
    """The mail that came back."""

    address: str
    lead_number: int | None


def mark_bounced(
    connection: Connection, scope: AccountScope, mail_id: str, diagnostic: str
) -> Returned | None:
    """Ends a mail as bounced; None where there is no such mail any more. A worker that holds it writes no more."""
    printable = "".join(letter if letter.isprintable() else " " for letter in diagnostic)
    row = connection.execute(
        update(outgoing_mails)
        .where(outgoing_mails.c.account_id == scope.account_id, outgoing_mails.c.id == mail_id)
        .values(
            result="bounced",
            state="done",
            lease_token=None,
            diagnostic=" ".join(printable.split())[:LONGEST_DIAGNOSTIC],
            ended_at=now(connection),
        )
        .returning(outgoing_mails.c.address, outgoing_mails.c.lead_number)
    ).first()
    return Returned(row.address, row.lead_number) if row is not None else None
