"""What outgoing mails said is forgotten DELIVERY_BODIES after they ended (product §7, GDPR); that they were sent stays.

A forgotten text is an empty one, as of mails whose time is over (`store.outgoing_work`): such a mail cannot be sent
again.
"""

from datetime import timedelta

from sqlalchemy import literal_column, select, tuple_, update

from store.session import Database, across, clock
from store.tables.outgoing import HAS_TEXT, outgoing_mails

DELIVERY_BODIES = timedelta(days=30)
AT_ONCE = 500
"""Texts forgotten in one transaction."""


def forget_texts(database: Database) -> int:
    """Forgets what is due, of whatever account; how many texts that were."""
    forgotten = 0
    while (found := _forget_some(database)) > 0:
        forgotten += found
        if found < AT_ONCE:
            break
    return forgotten


def _forget_some(database: Database) -> int:
    with database.write() as connection:
        due = (
            select(outgoing_mails.c.account_id, outgoing_mails.c.id)
            .where(
                literal_column(HAS_TEXT),
                outgoing_mails.c.state == "done",
                outgoing_mails.c.ended_at < clock(connection, -DELIVERY_BODIES),
            )
            .limit(AT_ONCE)
        )
        keys = [(row.account_id, row.id) for row in connection.execute(across(due, "deployment"))]
        if keys:
            connection.execute(
                across(
                    update(outgoing_mails)
                    .where(
                        tuple_(outgoing_mails.c.account_id, outgoing_mails.c.id).in_(keys),
                        outgoing_mails.c.state == "done",  # nobody sends it again since
                    )
                    .values(content=b""),
                    "deployment",
                )
            )
        return len(keys)
