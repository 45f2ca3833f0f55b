"""Many mails decided in one transaction: each sees what the ones before it did, and one fault is one message's."""

from typing import Any

import pytest
from sqlalchemy import event as listen
from sqlalchemy import update

from ingest import decide, effect, process
from ingest.prepare import Prepared
from ingest.receiving import Office
from store.tables.mail import messages
from tests.ingest.mailroom import Mailroom, anna, rep_mail, write


def test_the_second_mail_of_a_batch_finds_the_lead_that_the_first_made(mailroom: Mailroom) -> None:
    ids = [mailroom.send(write(message_id=f"<{n}@kunde.example>", subject=f"Nr. {n}")) for n in range(3)]
    assert mailroom.processor.process_batch() == 3
    assert [mailroom.message(i).outcome for i in ids] == ["lead_created", "history_added", "history_added"]
    (lead,) = mailroom.leads()
    assert [e["subject"] for e in mailroom.history(lead["id"]) if e["kind"] == "email"] == [
        "Nr. 2",
        "Nr. 1",
        "Nr. 0",
    ]
    assert mailroom.contradictions() == []


def test_an_answer_finds_what_it_answers_in_the_same_batch(mailroom: Mailroom) -> None:
    mailroom.send(write(message_id="<root@kunde.example>"))
    answer = write(
        sender="Otto <otto@kunde.example>",
        message_id="<2@kunde.example>",
        headers={"In-Reply-To": "<root@kunde.example>"},
    )
    answered = mailroom.send(answer)
    assert mailroom.processor.process_batch() == 2
    assert mailroom.message(answered).reason == "thread"
    (lead,) = mailroom.leads()
    assert [c["emails"] for c in lead["contacts"]] == [["paula@kunde.example"], ["otto@kunde.example"]]


def test_copies_within_a_batch_are_found_and_the_more_specific_one_stays(mailroom: Mailroom) -> None:
    """The copy to bcc@ is held (no proof), and then gives way to the one to the personal address (proof)."""
    mail = rep_mail()
    held = mailroom.send(mail, mailroom.account.bcc)
    trace = b"Received: from elsewhere.example by mx.example; Mon, 23 Nov 2026 08:00:01 +0000\r\n"
    proven = mailroom.send(trace + mail, anna(mailroom))
    again = mailroom.send(trace + trace + mail, anna(mailroom))
    assert mailroom.processor.process_batch() == 3
    assert [mailroom.message(i).outcome for i in (held, proven, again)] == [
        "ignored",
        "lead_created",
        "ignored",
    ]
    assert mailroom.message(held).duplicate_of == proven
    assert mailroom.message(again).duplicate_of == proven
    assert mailroom.contradictions() == []


def test_one_that_cannot_be_decided_keeps_no_other_from_its_outcome(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [
        mailroom.send(write(sender=f"p{n}@kunde.example", message_id=f"<{n}@kunde.example>"))
        for n in range(4)
    ]

    def faulty(office: Office, prepared: Prepared) -> str:
        outcome = effect.settle(office, prepared)
        if prepared.letter.id == ids[2]:
            raise RuntimeError("a fault of ours, after everything was decided")
        return outcome

    monkeypatch.setattr(decide, "settle", faulty)
    mailroom.processor.process_batch()
    outcomes = [mailroom.message(i).outcome for i in ids]
    assert outcomes == ["lead_created", "lead_created", None, "lead_created"]
    waiting = mailroom.message(ids[2])
    assert (waiting.state, waiting.error) == (
        "pending",
        "RuntimeError: a fault of ours, after everything was decided",
    )
    assert [lead["number"] for lead in mailroom.leads()] == [1, 2, 3]
    assert mailroom.contradictions() == []


def test_a_batch_takes_few_statements_however_many_mails_it_holds(mailroom: Mailroom) -> None:
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    for engine in mailroom.database.engines:
        listen.listen(engine, "before_cursor_execute", note)
    counts = []
    for first, number in ((0, 2), (100, 40)):
        for n in range(first, first + number):
            mailroom.send(write(sender=f"p{n}@kunde.example", message_id=f"<{n}@kunde.example>"))
        seen.clear()
        assert mailroom.processor.process_batch() == number
        counts.append(len(seen))
    assert counts[1] <= counts[0] + 2


@pytest.mark.parametrize(("seconds", "handled"), [(60.0, [6, 0, 0, 0]), (0.0, [4, 1, 1, 0])])
def test_mails_that_came_back_and_fresh_ones_take_turns(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch, seconds: float, handled: list[int]
) -> None:
    """Killed workers leave a batch each: it is worked off one by one, and neither waits for all of the other."""
    monkeypatch.setattr(process, "AGAIN_SECONDS", seconds)
    monkeypatch.setattr(process, "LOOK_AGAIN", 0.0)
    back = [
        mailroom.send(write(sender=f"b{n}@kunde.example", message_id=f"<b{n}@kunde.example>"))
        for n in range(3)
    ]
    with mailroom.database.write() as connection:
        mine = (messages.c.account_id == mailroom.account.id, messages.c.id.in_(back))
        connection.execute(update(messages).where(*mine).values(attempts=1))
    for n in range(3):
        mailroom.send(write(sender=f"f{n}@kunde.example", message_id=f"<f{n}@kunde.example>"))
    assert [mailroom.processor.process_batch() for _ in range(4)] == handled
    assert len(mailroom.leads()) == 6


@pytest.mark.parametrize(("stopped", "outcome"), [(4, "lead_created"), (5, "failed")])
def test_a_message_that_stopped_the_worker_five_times_is_failed(
    mailroom: Mailroom, stopped: int, outcome: str
) -> None:
    message = mailroom.send(write())
    with mailroom.database.write() as connection:
        mine = (messages.c.account_id == mailroom.account.id, messages.c.id == message)
        connection.execute(update(messages).where(*mine).values(attempts=stopped))
    mailroom.work()
    assert mailroom.message(message).outcome == outcome
    assert (mailroom.message(message).reason == "stopped_the_worker") == (outcome == "failed")
