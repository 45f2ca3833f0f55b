"""The one door: what waits together is stored together, and each hears of its own."""

import logging
import time
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.accept import Accepted, Connection, Incoming, NotStored
from tests.ingest.mailroom import Mailroom, write

FACTS = Connection("smtp", "192.0.2.1", "client.example", "x@kunde.example", tls=False, auth_user=None)


def _incoming(room: Mailroom, number: int) -> Incoming:
    recipient = room.book.resolve(room.account.leads)
    assert recipient is not None
    return Incoming(write(message_id=f"<{number}@x>"), (recipient,), FACTS, datetime.now(UTC))


def _while_somebody_writes(room: Mailroom, first: Incoming, *later: Incoming) -> "list[Future[Accepted]]":
    """Hands in `first`, and the others once it waits for its turn."""
    with room.database.write():
        futures = [room.acceptor.submit(first)]
        time.sleep(0.2)
        return futures + [room.acceptor.submit(one) for one in later]


def test_what_comes_while_a_batch_waits_for_its_turn_joins_it(
    mailroom: Mailroom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "ingest.accept")
    futures = _while_somebody_writes(mailroom, *(_incoming(mailroom, number) for number in range(6)))
    stored = [future.result(20).message_ids[0] for future in futures]
    assert len(set(stored)) == 6
    assert [mailroom.message(message_id).rfc_message_id for message_id in stored] == [
        f"<{number}@x>" for number in range(6)
    ]
    commits = [record for record in caplog.records if record.getMessage() == "accepted"]
    if mailroom.database.is_sqlite:  # PostgreSQL lets several write: the first has not waited
        assert len(commits) == 1


def test_one_that_cannot_be_stored_costs_the_others_nothing(mailroom: Mailroom) -> None:
    good, bad, other = (_incoming(mailroom, number) for number in range(3))
    nobodys = replace(bad, recipients=(replace(bad.recipients[0], account_id="0" * 26),))
    first, refused, last = _while_somebody_writes(mailroom, good, nobodys, other)
    with pytest.raises(NotStored):
        refused.result(20)
    assert {first.result(20).message_ids, last.result(20).message_ids} == {
        (mailroom.message(future.result().message_ids[0]).id,) for future in (first, last)
    }


def test_what_was_given_up_meanwhile_is_not_stored(mailroom: Mailroom) -> None:
    with mailroom.database.write():
        first = mailroom.acceptor.submit(_incoming(mailroom, 1))
        time.sleep(0.2)
        given_up, wanted = (mailroom.acceptor.submit(_incoming(mailroom, number)) for number in (2, 3))
        if mailroom.database.is_sqlite:
            assert given_up.cancel()
    assert first.result(20).message_ids != wanted.result(20).message_ids
    mailroom.work()
    emails = [entry for lead in mailroom.leads() for entry in mailroom.history(lead["id"])]
    told = sum(entry["kind"] == "email" for entry in emails)
    assert told == (2 if mailroom.database.is_sqlite else 3)


def test_what_waits_when_it_closes_is_stored(mailroom: Mailroom) -> None:
    futures = _while_somebody_writes(mailroom, *(_incoming(mailroom, number) for number in range(3)))
    mailroom.acceptor.close()
    assert all(future.result(0).message_ids for future in futures)
    with pytest.raises(NotStored):
        mailroom.acceptor.submit(_incoming(mailroom, 4))
