"""A past for sources: messages that came when no test was running."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert

from store.ids import new_id
from store.session import Database
from store.tables.mail import arrivals, messages
from tests.support.accounts import MadeAccount


def came(database: Database, account: MadeAccount, key: str, moments: Iterable[datetime]) -> None:
    """Messages of a source, as if they had come at these moments."""
    with database.write() as connection:
        for at in moments:
            message_id = new_id()
            connection.execute(
                insert(messages).values(
                    account_id=account.id,
                    id=message_id,
                    raw_key=message_id.encode(),
                    size=1,
                    received_at=at,
                    state="done",
                    due_at=at,
                    attempts=0,
                    arrivals=1,
                )
            )
            connection.execute(
                insert(arrivals).values(
                    account_id=account.id,
                    id=new_id(),
                    message_id=message_id,
                    door="smtp",
                    source_key=key,
                    kind="leads",
                    recipient="x@acme.test",
                    mail_from="",
                    tls=False,
                    trusted_hop=False,
                    received_at=at,
                )
            )
