"""The books: broken by hand in every way they can be, each time named; and clean where nothing is broken."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from store.books.proofs import prove
from store.session import Database, across
from tests.ingest.mailroom import Mailroom, write
from tests.support.accounts import MadeAccount


@pytest.fixture
def room(database: Database, account: MadeAccount) -> Iterator[Mailroom]:
    """An account with a lead, history, a duplicate and a held message, all of it in order."""
    made = Mailroom(database, account)
    first = write()
    made.send(first)
    made.send(first)
    when = datetime.now(UTC)
    made.send(write(message_id="<2@kunde.example>", date=when))
    made.send(write(message_id="<2@kunde.example>", date=when, headers={"Received": "by other.example"}))
    made.send(write(sender="Anna <anna@acme.example>", message_id="<3@acme.example>"), account.bcc)
    made.work()
    yield made
    made.close()


BREAKS = {
    "a source counts one too many": ("UPDATE source_counters SET accepted = accepted + 1", "a", "accepted"),
    "an arrival is gone": ("DELETE FROM arrivals WHERE id = (SELECT min(id) FROM arrivals)", "a", "arrivals"),
    "bytes are gone": (
        "DELETE FROM raw_chunks WHERE message_id = (SELECT min(message_id) FROM raw_chunks)",
        "a",
        "lost bytes",
    ),
    "an outcome is gone": (
        "UPDATE messages SET reason = NULL WHERE id = (SELECT min(id) FROM messages)",
        "b",
        "without a whole receipt",
    ),
    "an entry is gone": (
        "DELETE FROM history_entries WHERE id = (SELECT min(id) FROM history_entries WHERE kind = 'email')",
        "b",
        "no lead has its entry",
    ),
    "an entry lost its message": (
        "UPDATE messages SET outcome = 'ignored' WHERE outcome = 'history_added'",
        "b",
        "no message that was filed",
    ),
    "a lead has no beginning": (
        "UPDATE events SET type = 'lead.updated' WHERE type = 'lead.created'",
        "b",
        "0 lead.created events",
    ),
    "a hold is gone": ("DELETE FROM holds", "c", "0 open holds"),
    "a hold is open though its message is not held": (
        "UPDATE messages SET outcome = 'ignored' WHERE outcome = 'held'",
        "c",
        "its message is not held",
    ),
    "a duplicate of itself": (
        "UPDATE messages SET duplicate_of = id WHERE duplicate_of IS NOT NULL",
        "d",
        "in a circle",
    ),
    "an original that is filed all the same": (
        "UPDATE messages SET outcome = 'history_added' WHERE duplicate_of IS NOT NULL",
        "d",
        "names an original",
    ),
    "an event without its plans": ("UPDATE events SET state = 'done', planned = 1", "e", "0 plans"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_named(room: Mailroom, name: str) -> None:
    assert room.contradictions() == []
    statement, proof, sentence = BREAKS[name]
    with room.database.write() as connection:
        connection.execute(across(text(statement), "deployment"))
    with room.database.read() as connection:
        found = prove(connection)
    named = [contradiction for contradiction in found if sentence in contradiction.sentence]
    assert named, f"{statement!r} was not noticed; noticed: {found}"
    assert {contradiction.proof for contradiction in named} == {proof}
    assert {contradiction.account_id for contradiction in named} == {room.account.id}


def test_an_entry_that_stands_twice_is_named(room: Mailroom) -> None:
    columns = "account_id, lead_id, kind, direction, at, written_at, text, message_id, visibility"
    copy = (
        f"INSERT INTO history_entries (id, {columns}) SELECT 'twice', {columns} FROM history_entries "
        "WHERE id = (SELECT min(id) FROM history_entries WHERE kind = 'email')"
    )
    with room.database.write() as connection:
        connection.execute(across(text(copy), "deployment"))
    assert any("stands 2 times" in sentence for sentence in room.contradictions())


def test_a_broken_machine_prints_no_million_lines(room: Mailroom) -> None:
    for number in range(30):
        room.send(write(message_id=f"<many{number}@x>"))
    room.work()
    with room.database.write() as connection:
        connection.execute(across(text("DELETE FROM raw_chunks"), "deployment"))
    sentences = room.contradictions()
    assert sentences[-1] == "… and more of this kind"
    assert len(sentences) == 21
