"""What is read, when, and how often: the cursor in all its situations."""

import time
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import delete, update

from ingest.imap.session import Session
from store import mailbox_cursor, mailbox_leases
from store.leases import Turns
from store.tables.mail import messages
from store.tables.mailboxes import mailbox_uids, mailboxes
from tests.ingest.imap.rig import Rig, mail
from tests.support.dovecot import PASSWORD
from tests.support.rows import count, everything, rows


def test_only_new_mail_is_taken_and_what_was_there_is_left_out_for_good(rig: Rig) -> None:
    rig.append("old", "older", age=timedelta(days=3))
    mailbox = rig.make()
    rig.append("new")
    mailbox = rig.read_once(mailbox)
    assert rig.subjects() == ["new"]
    assert mailbox.messages == 1 and mailbox.skipped == {"before": 2}
    assert mailbox.health.error is None and mailbox.health.lag is not None
    rig.read_once(mailbox)
    assert rig.subjects() == ["new"] and len(rig.arrivals()) == 1
    assert rig.left() == ["new", "old", "older"], "BODY.PEEK and EXAMINE: nothing was changed"
    assert all("\\Seen" not in flags for flags in rig.dovecot.flags(rig.user).values())


def test_the_last_days_are_taken_when_asked_for(rig: Rig) -> None:
    rig.append("a week old", age=timedelta(days=7))
    rig.append("a year old", age=timedelta(days=365))
    mailbox = rig.read_once(rig.make(since=datetime.now(UTC) - timedelta(days=30)))
    assert rig.subjects() == ["a week old"]
    rig.change(mailbox, since=datetime.now(UTC) - timedelta(days=400))
    mailbox = rig.read_once(mailbox)
    assert rig.subjects() == ["a week old", "a year old"]
    assert mailbox.skipped == {}


def test_the_raw_bytes_and_facts_are_as_the_server_gave_them(rig: Rig) -> None:
    odd = b"Subject: odd\r\n\r\nbare \n line, \xff\xfe, no end"
    rig.make()
    rig.dovecot.append(rig.user, [odd])
    mailbox = rig.make(folder="Other", kind="bcc")
    rig.append("elsewhere", folder="Other")
    rig.read_once(mailbox)
    rig.wait(lambda: True)
    rig.begin()
    rig.wait(lambda: len(rig.raws()) == 2)
    assert [each for each in rig.raws() if b"odd" in each] == [rig.dovecot.raws(rig.user)[1]]
    arrival = next(each for each in rig.arrivals() if each["kind"] == "bcc")
    assert arrival["door"] == "imap" and arrival["source_key"] == f"mailbox:{mailbox.id}"
    assert arrival["auth_user"] is None and arrival["recipient"] == rig.user


def test_idle_tells_of_new_mail_at_once_and_polling_finds_it_without(rig: Rig) -> None:
    mailbox = rig.make()
    rig.begin(poll=60.0)
    rig.wait(lambda: rig.mailbox(mailbox).health.last_poll)
    for mails in (["one"], ["one", "two"], ["one", "three", "two"]):
        rig.append(next(each for each in mails if each not in rig.subjects()))
        rig.wait(partial(_holds, rig, mails), 5)


def test_mail_told_of_in_the_answer_to_a_search_is_found_at_once(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server tells of it then, and in IDLE never again."""
    search, came = Session.uids, list[bool]()

    def something_comes_meanwhile(session: Session, *criteria: str) -> list[int]:
        found = search(session, *criteria)
        if not came:
            came.append(True)
            rig.append("meanwhile")
            while not session._client._imap.untagged_responses.get("EXISTS"):
                search(session, "1:1")  # until an answer tells of the mail
        return found

    monkeypatch.setattr(Session, "uids", something_comes_meanwhile)
    rig.make()
    rig.begin()
    rig.wait(lambda: rig.subjects() == ["meanwhile"], 8)


def _holds(rig: Rig, subjects: list[str]) -> bool:
    return rig.subjects() == subjects


def test_a_poll_finds_mail_where_the_server_cannot_idle(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    cannot = Session.capabilities
    monkeypatch.setattr(Session, "capabilities", lambda session: cannot(session) - {"IDLE"})
    mailbox = rig.make()
    rig.begin(poll=1.0)
    rig.wait(lambda: rig.mailbox(mailbox).health.last_poll)
    rig.append("polled")
    rig.wait(lambda: rig.subjects() == ["polled"], 5)


def test_an_idle_is_renewed_and_the_mailbox_known_to_be_caught_up(rig: Rig) -> None:
    mailbox = rig.make()
    rig.begin(poll=30.0, idle=0.5)
    rig.wait(lambda: rig.mailbox(mailbox).health.last_poll)
    time.sleep(6.5)
    assert rig.mailbox(mailbox).health.lag is not None
    assert (rig.mailbox(mailbox).health.lag or 0) <= 5, "the keeper notes it beside the polls"
    rig.append("after many an IDLE")
    rig.wait(lambda: rig.subjects() == ["after many an IDLE"], 5)


def test_a_new_uidvalidity_is_read_again_without_a_duplicate_or_second_arrival(rig: Rig) -> None:
    rig.append("old", age=timedelta(days=3))
    mailbox = rig.make()
    rig.append("first", "second")
    rig.read_once(mailbox)
    rig.dovecot.new_uidvalidity(rig.user)
    rig.append("third")
    mailbox = rig.read_once(mailbox)
    assert rig.subjects() == ["first", "second", "third"], "old stays out, by its date and size"
    assert len(rig.arrivals()) == 3
    validities = {each["uidvalidity"] for each in rig.uids()}
    assert len(validities) == 2
    assert mailbox.messages == 3 and mailbox.skipped == {"before": 1}, "each once, though it has two rows"


def test_what_the_server_has_and_we_have_not_is_found(rig: Rig) -> None:
    mailbox = rig.make()
    rig.append("a", "b", "c")
    rig.read_once(mailbox)
    with rig.database.write() as connection:  # as a backup of ours that knew less would say
        connection.execute(everything(delete(mailbox_uids).where(mailbox_uids.c.uid == 2)))
        connection.execute(everything(update(mailboxes).values(seen=mailboxes.c.seen - 1)))
    rig.read_once(mailbox)
    assert rig.subjects() == ["a", "b", "c"]
    assert {each["uid"] for each in rig.uids()} == {1, 2, 3}
    assert len(rig.arrivals()) == 3


def test_the_cursor_stays_where_it_is_while_nothing_can_be_stored(rig: Rig) -> None:
    mailbox = rig.make()
    rig.append("kept")
    with rig.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE raw_chunks RENAME TO raw_chunks_away")
    mailbox = rig.read_once(mailbox)
    assert mailbox.health.error_stage == "store" and mailbox.messages == 0
    (row,) = rows(rig.database, mailboxes)
    assert row["last_uid"] == 0 and row["attempts"] == 1 and row["due_at"] > datetime.now(UTC)
    with rig.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE raw_chunks_away RENAME TO raw_chunks")
    rig.begin()
    rig.wait(lambda: rig.subjects() == ["kept"])
    rig.wait(lambda: rig.mailbox(mailbox).health.error is None)


def test_equal_bytes_twice_in_the_mailbox_are_one_message(rig: Rig) -> None:
    mailbox = rig.make()
    rig.append("same", "same")
    mailbox = rig.read_once(mailbox)
    assert count(rig.database, messages) == 1
    assert mailbox.messages == 1 and len(rig.uids()) == 2


def test_a_mail_over_the_limit_stays_there_with_a_tombstone(rig: Rig) -> None:
    mailbox = rig.make(after="delete")
    large = mail("large") + b"x" * 3_000 + b"\r\n"
    rig.dovecot.append(rig.user, [mail("a"), large, mail("b")])
    rig.begin(max_message_bytes=2_000)
    rig.wait(lambda: rig.mailbox(mailbox).health.last_poll)
    rig.stop()
    assert rig.subjects() == ["a", "b"]
    assert rig.mailbox(mailbox).skipped == {"too_large": 1}
    assert rig.left() == ["large"]


def test_a_large_mail_comes_in_pieces_whole(rig: Rig) -> None:
    mailbox = rig.make()
    large = mail("large") + b"".join(b"%07d line of a large mail\r\n" % number for number in range(100_000))
    exact = mail("exact")
    exact += b"x" * (2 * 1024 * 1024 - len(exact) - 2) + b"\r\n"
    rig.dovecot.append(rig.user, [large, exact])
    rig.read_once(mailbox)
    assert sorted(rig.raws()) == sorted([large, exact])


def test_a_reader_that_was_overtaken_writes_nothing(rig: Rig) -> None:
    mailbox = rig.make()
    with rig.database.write() as connection:
        (held,) = mailbox_leases.claim(connection, Turns(), "one")
        assert mailbox_leases.claim(connection, Turns(), "two") == [], "one reader at a time"
    assert rig.mailbox(mailbox).health.reader == "one"
    rig.change(mailbox, name="Renamed")
    seen = [mailbox_cursor.Seen(1, 10, None, reason="vanished")]
    with rig.database.write() as connection, pytest.raises(mailbox_leases.Overtaken):
        mailbox_cursor.record(connection, held, 1, seen, after_due=False)
    assert rig.uids() == []


def test_changes_are_noticed_without_a_restart(rig: Rig) -> None:
    rig.begin()
    mailbox = rig.make(password="wrong")
    rig.wait(lambda: rig.mailbox(mailbox).health.error)
    assert rig.mailbox(mailbox).health.error_stage == "login"
    rig.append("waits")
    rig.change(mailbox, password=PASSWORD)
    rig.wait(lambda: rig.subjects() == ["waits"])
    rig.change(mailbox, enabled=False)
    rig.append("not read")
    rig.wait(lambda: rig.mailbox(mailbox).health.reader is None)
    rig.change(mailbox, enabled=True)
    rig.wait(lambda: rig.subjects() == ["not read", "waits"])
