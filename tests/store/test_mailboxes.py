"""Who reads a mailbox, how far it was read, and the books of it: on every database, as two processes would."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from ingest.accept import Acceptor, Connection, Incoming, Recipient
from store import mailbox_cursor, mailbox_leases, mailboxes
from store.books.proofs import prove
from store.leases import Turns
from store.mailbox_cursor import Seen
from store.mailbox_leases import Held, Overtaken, Trouble
from store.mailbox_values import read_since
from store.mailbox_views import Mailbox
from store.sealing import CannotOpen, Sealer
from store.session import Conflict, Database, Invalid, NotFound
from store.tables import mailboxes as tables
from store.tables.mail import messages
from tests.support.accounts import MadeAccount
from tests.support.rows import everything, rows

SEALER = Sealer(b"s" * 32)
MOMENT = datetime(2026, 11, 27, 10, 0, 0, tzinfo=UTC)


def make(database: Database, account: MadeAccount, username: str = "crm@firma.example") -> Mailbox:
    values = {"host": "imap.example", "username": username, "password": "secret"}
    with database.write() as connection:
        return mailboxes.create_mailbox(connection, account.scope, SEALER, values, since=None)


def claim(database: Database, holder: str = "one") -> list[Held]:
    with database.write() as connection:
        return mailbox_leases.claim(connection, Turns(), holder)


def come_back(database: Database) -> None:
    """As if all leases and pauses had run out."""
    with database.write() as connection:
        past = datetime.now(UTC) - timedelta(minutes=5)
        connection.execute(everything(update(tables.mailboxes).values(due_at=past)))


@pytest.fixture
def message_id(database: Database, account: MadeAccount) -> Iterator[str]:
    """A message that came by the account's first mailbox."""
    mailbox = make(database, account)
    acceptor = Acceptor(database, b"d" * 32, lambda: None)
    source = mailbox_leases.source_key(mailbox.id)
    recipient = Recipient(account.id, None, "leads", "crm@firma.example", source, None)
    facts = Connection("imap", None, "imap.example", "", tls=True, auth_user=None)
    yield acceptor.accept(Incoming(b"Subject: x\r\n\r\n", (recipient,), facts, MOMENT)).message_ids[0]
    acceptor.close()


@pytest.fixture
def held(database: Database, message_id: str) -> Held:
    (found,) = claim(database)
    return found


def test_one_reader_at_a_time_and_the_next_when_the_lease_has_run_out(
    database: Database, account: MadeAccount, other_account: MadeAccount
) -> None:
    make(database, account)
    make(database, other_account, "other@firma.example")
    first = claim(database)
    assert len(first) == 2, "mailboxes of every account"
    assert claim(database, "two") == []
    come_back(database)
    second = claim(database, "two") + claim(database, "two")
    assert {each.key for each in second} == {each.key for each in first}
    with database.write() as connection:
        assert mailbox_leases.renew(connection, first, ()) == set()
        assert mailbox_leases.renew(connection, second, [second[0].key]) == {each.key for each in second}
        with pytest.raises(Overtaken):
            mailbox_cursor.read_row(connection, first[0])
    with database.read() as connection:
        account_of = account if second[0].key[0] == account.id else other_account
        health = mailboxes.get_mailbox(connection, account_of.scope, second[0].id).health
    assert health.reader == "two" and health.lag is not None


def test_a_mailbox_given_back_says_why_and_comes_back_after_the_pause(
    database: Database, account: MadeAccount
) -> None:
    mailbox = make(database, account)
    (held,) = claim(database)
    with database.write() as connection:
        mailbox_leases.give_back(
            connection, held, Trouble("tcp", "no_answer", "Nothing answers."), timedelta(hours=1)
        )
    assert claim(database) == []
    come_back(database)
    (again,) = claim(database)
    assert again.claim.attempts[again.key] == 2, "attempts without success are counted"
    with database.write() as connection:
        since = mailboxes.get_mailbox(connection, account.scope, mailbox.id).health.error_since
        mailbox_leases.give_back(connection, again, Trouble("tls", "no_tls", "No TLS."), timedelta(0))
        health = mailboxes.get_mailbox(connection, account.scope, mailbox.id).health
    assert (health.error, health.error_stage, health.error_since) == ("No TLS.", "tls", since)
    (again,) = claim(database)
    with database.write() as connection:
        mailbox_leases.read_to_the_end(connection, again, None)
        health = mailboxes.get_mailbox(connection, account.scope, mailbox.id).health
    assert health.error is None and health.error_since is None and health.last_poll is not None
    with database.write() as connection:
        mailbox_leases.read_to_the_end(connection, again, Trouble("write", "write_refused", "Not moved."))
        assert mailbox_leases.free_all(connection) == 1
        assert mailbox_leases.any_due(connection)


def test_the_cursor(database: Database, account: MadeAccount, held: Held, message_id: str) -> None:
    before = [Seen(1, 100, MOMENT - timedelta(days=9), reason="before")]
    with database.write() as connection:
        mailbox_cursor.adopt(connection, held, 7, before)
        mailbox_cursor.record(
            connection,
            held,
            7,
            [
                Seen(2, 50, MOMENT, message_id=message_id),
                Seen(3, None, None, reason="unreadable"),
                Seen(4, 10, None, reason="too_large"),
            ],
            after_due=True,
        )
        mailbox_cursor.advance(connection, held, 4)
        mailbox_cursor.advance(connection, held, 2)
        assert mailbox_cursor.read_row(connection, held).last_uid == 4, "never backwards"
        assert mailbox_cursor.known_uids(connection, held, 7) == {1, 2, 4}, "3 is tried again"
        assert mailbox_cursor.known_uids(connection, held, 8) == set()
        assert mailbox_cursor.left_out(connection, held) == {(MOMENT - timedelta(days=9), 100)}
        assert mailbox_cursor.after_due(connection, held, 7, 10) == [2]
        mailbox_cursor.after_done(connection, held, 7, [2])
        assert mailbox_cursor.after_due(connection, held, 7, 10) == []
    with database.write() as connection:  # again, as after a crash before the cursor; and 3 can be read now
        seen = [Seen(2, 50, MOMENT, message_id=message_id), Seen(3, 50, MOMENT, message_id=message_id)]
        mailbox_cursor.record(connection, held, 7, seen, after_due=False)
        assert mailbox_cursor.known_uids(connection, held, 7) == {1, 2, 3, 4}
    with database.read() as connection:
        mailbox = mailboxes.get_mailbox(connection, account.scope, held.id)
        assert mailbox.messages == 1 and mailbox.skipped == {"before": 1, "too_large": 1}
        assert mailbox.health.last_mail == MOMENT
        assert prove(connection) == []


def test_bytes_are_known_only_where_they_came_by_this_mailbox(
    database: Database, account: MadeAccount, held: Held, message_id: str
) -> None:
    make(database, account, "other@firma.example")
    (other,) = claim(database)
    (row,) = rows(database, messages)
    with database.read() as connection:
        assert mailbox_cursor.known_here(connection, held, [row["raw_key"]]) == {row["raw_key"]: message_id}
        assert mailbox_cursor.known_here(connection, other, [row["raw_key"]]) == {}
        assert mailbox_cursor.known_here(connection, held, []) == {}


BREAKS = {
    "a UID is gone": ("DELETE FROM mailbox_uids WHERE uid = 1", "are accounted for"),
    "a UID lost its message": (
        "UPDATE mailbox_uids SET message_id = NULL WHERE uid = 2",
        "no message and no tombstone",
    ),
    "a UID has both": (
        "UPDATE mailbox_uids SET reason = 'before' WHERE uid = 2",
        "no message and no tombstone",
    ),
    "a reason that is none": (
        "UPDATE mailbox_uids SET reason = 'lost' WHERE uid = 1",
        "no message and no tombstone",
    ),
    "a message came another way": ("UPDATE arrivals SET source_key = 'mailbox:other'", "did not come by it"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_named(database: Database, held: Held, message_id: str, name: str) -> None:
    with database.write() as connection:
        mailbox_cursor.adopt(connection, held, 7, [Seen(1, 100, MOMENT, reason="before")])
        mailbox_cursor.record(
            connection, held, 7, [Seen(2, 50, MOMENT, message_id=message_id)], after_due=False
        )
        assert prove(connection) == []
        statement, sentence = BREAKS[name]
        connection.execute(everything(text(statement)))
        found = [each for each in prove(connection) if each.proof == "f"]
    assert [sentence in each.sentence for each in found] == [True]
    assert found[0].account_id == held.key[0]


def test_a_change_takes_the_lease_and_another_place_begins_again(
    database: Database, account: MadeAccount, held: Held, message_id: str
) -> None:
    with database.write() as connection:
        mailbox_cursor.adopt(connection, held, 7, [Seen(1, 100, MOMENT, reason="before")])
        mailbox_cursor.record(
            connection, held, 7, [Seen(2, 50, MOMENT, message_id=message_id)], after_due=False
        )
        mailboxes.update_mailbox(connection, account.scope, SEALER, held.id, {"folder": "Other"})
        with pytest.raises(Overtaken):
            mailbox_cursor.advance(connection, held, 2)
        mailbox = mailboxes.get_mailbox(connection, account.scope, held.id)
        assert (mailbox.messages, mailbox.skipped) == (0, {})
        assert prove(connection) == []
    (again,) = claim(database)
    with database.write() as connection:
        assert mailbox_cursor.read_row(connection, again).uidvalidity is None
        mailboxes.delete_mailbox(connection, account.scope, held.id)
        with pytest.raises(Overtaken):
            mailbox_cursor.read_row(connection, again)
        with pytest.raises(NotFound):
            mailboxes.get_mailbox(connection, account.scope, held.id)
    come_back(database)
    assert claim(database) == []


def test_going_further_back_forgets_what_was_left_out(
    database: Database, account: MadeAccount, held: Held
) -> None:
    old = [Seen(day, 100, MOMENT - timedelta(days=day), reason="before") for day in (1, 5, 9)]
    with database.write() as connection:
        mailbox_cursor.adopt(connection, held, 7, old)
        changes = {"since": MOMENT - timedelta(days=6)}
        mailbox = mailboxes.update_mailbox(connection, account.scope, SEALER, held.id, changes)
        assert mailbox.skipped == {"before": 1} and prove(connection) == []


def test_accounts_do_not_see_each_others(
    database: Database, account: MadeAccount, other_account: MadeAccount
) -> None:
    mailbox = make(database, account)
    with database.write() as connection:
        assert mailboxes.list_mailboxes(connection, other_account.scope) == []
        with pytest.raises(NotFound):
            mailboxes.get_mailbox(connection, other_account.scope, mailbox.id)
        with pytest.raises(NotFound):
            mailboxes.target(connection, other_account.scope, SEALER, mailbox.id)
        with pytest.raises(NotFound):
            mailboxes.update_mailbox(connection, other_account.scope, SEALER, mailbox.id, {"name": "x"})
        with pytest.raises(NotFound):
            mailboxes.delete_mailbox(connection, other_account.scope, mailbox.id)
    with pytest.raises(Conflict):
        make(database, other_account, "CRM@firma.example")


def test_secrets_open_only_with_the_key_and_in_their_place(database: Database, account: MadeAccount) -> None:
    mailbox = make(database, account)
    with database.read() as connection:
        found = mailboxes.target(connection, account.scope, SEALER, mailbox.id)
        assert found.credentials.password == "secret" and "secret" not in repr(found)
        with pytest.raises(CannotOpen):
            mailboxes.target(connection, account.scope, Sealer(b"o" * 32), mailbox.id)
    sealed = mailboxes.seal(SEALER, account.id, mailbox.id, found.credentials)
    with pytest.raises(CannotOpen):
        mailboxes.unseal(SEALER, account.id, "another", sealed)


def test_read_since() -> None:
    assert read_since("2026-11-01T00:00:00", MOMENT) == datetime(2026, 11, 1, tzinfo=UTC)
    for wrong in (1.5, object(), "2026-13-01", "-3", 99_999):
        with pytest.raises(Invalid):
            read_since(wrong, MOMENT)
