"""From mail to outcome: a lead's own address, what is ignored, duplicates, and a reply before its parent."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from store.accounts import update_account
from store.addresses import lead_local_part
from store.tables.mail import arrivals, messages
from tests.ingest.automation import LONG_AGO
from tests.ingest.mailroom import KEYS, Mailroom, anna, rep_mail, write
from tests.support.accounts import make_user


class TestLeadAddress:
    def address(self, room: Mailroom) -> str:
        return f"{lead_local_part(KEYS.address, room.account.id, 1)}@{room.account.domain}"

    def test_a_contact_writes_to_the_lead(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        message = mailroom.receive(write(message_id="<2@kunde.example>"), self.address(mailroom))
        assert (message.outcome, message.reason) == ("history_added", "lead_address")

    def test_anybody_else_is_held(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        stranger = write(sender="else@kunde.example", message_id="<2@kunde.example>")
        message = mailroom.receive(stranger, self.address(mailroom))
        assert (message.outcome, message.reason) == ("held", "not_a_contact")

    def test_a_wrong_mac_is_nobodys_address(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        assert mailroom.book.resolve("lead-1-aaaaaaaaaaaaaaaa@acme.test") is None


class TestIgnored:
    def test_list_mail_of_nobody_known(self, mailroom: Mailroom) -> None:
        news = write(headers={"List-Id": "<news.example>", "List-Unsubscribe": "<mailto:u@news.example>"})
        message = mailroom.receive(news)
        assert (message.outcome, message.reason) == ("ignored", "list")

    def test_a_known_contacts_mail_is_never_ignored_for_list_headers(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        news = write(message_id="<2@kunde.example>", headers={"List-Id": "<news.example>"})
        assert mailroom.receive(news).outcome == "history_added"

    def test_an_automatic_reply_is_noted_on_the_lead_it_answers(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        away = write(
            subject="Out of office",
            message_id="<2@kunde.example>",
            headers={"Auto-Submitted": "auto-replied", "In-Reply-To": "<1@kunde.example>"},
        )
        message = mailroom.receive(away)
        assert (message.outcome, message.reason) == ("ignored", "auto_reply")
        (lead,) = mailroom.leads()
        assert [e["kind"] for e in mailroom.history(lead["id"])] == ["note", "email"]
        admin = mailroom.account.admin.id
        mailroom.reprocessor.reprocess(mailroom.account.scope, message.id, user_id=admin, apply=True)
        assert [e["kind"] for e in mailroom.history(lead["id"])] == ["note", "email"], "not noted twice"

    def test_mail_among_colleagues(self, mailroom: Mailroom) -> None:
        make_user(mailroom.database, mailroom.account, "bob@acme.example", "Bob")
        message = mailroom.receive(rep_mail(to="bob@acme.example"), mailroom.account.bcc)
        assert (message.outcome, message.reason) == ("ignored", "internal")

    def test_never_log(self, mailroom: Mailroom) -> None:
        with mailroom.database.write() as connection:
            update_account(connection, mailroom.account.scope, {"never_log": ["*@kunde.example"]})
        message = mailroom.receive(write())
        assert (message.outcome, message.reason) == ("ignored", "never_log")

    def test_postmaster_is_held_for_admins(self, mailroom: Mailroom) -> None:
        message = mailroom.receive(write(), "postmaster@acme.test")
        assert (message.outcome, message.reason) == ("held", "postmaster")


class TestDuplicates:
    def test_equal_bytes_add_an_arrival(self, mailroom: Mailroom) -> None:
        raw = write()
        first, second = mailroom.send(raw), mailroom.send(raw)
        mailroom.work()
        assert first == second
        assert len(mailroom.leads()) == 1
        with mailroom.database.read() as connection:
            found = connection.execute(
                select(arrivals.c.id).where(arrivals.c.account_id == mailroom.account.id)
            ).all()
        assert len(found) == 2

    def test_other_bytes_of_the_same_mail_are_a_copy(self, mailroom: Mailroom) -> None:
        when = datetime.now(UTC)
        first = mailroom.receive(write(date=when))
        second = mailroom.receive(write(date=when, headers={"Received": "by elsewhere.example"}))
        assert (second.outcome, second.reason, second.duplicate_of) == ("ignored", "duplicate", first.id)

    def test_a_message_id_alone_makes_no_duplicate(self, mailroom: Mailroom) -> None:
        mailroom.receive(write())
        assert mailroom.receive(write(text="Something else")).outcome == "history_added"

    def test_one_transaction_for_two_recipients_is_one_message(self, mailroom: Mailroom) -> None:
        message = mailroom.receive(rep_mail(), mailroom.account.bcc, anna(mailroom))
        assert message.arrivals == 2
        assert message.outcome == "lead_created"


def test_a_reply_waits_for_its_parent(mailroom: Mailroom) -> None:
    """The parent is claimed by another worker: the reply of a stranger to us isn't decided before it."""
    parent = mailroom.send(write(), age=timedelta(seconds=1))
    claim = mailroom.processor._claim()
    assert [key[1] for key in claim.keys] == [parent]
    reply = write(
        sender="chef@kunde.example", message_id="<2@x>", headers={"In-Reply-To": "<1@kunde.example>"}
    )
    answer = mailroom.send(reply)
    mailroom.processor.process_batch()
    assert mailroom.message(answer).state == "pending"
    mailroom.processor._work_on(claim)
    with mailroom.database.write() as connection:
        connection.execute(
            update(messages)
            .where(messages.c.account_id == mailroom.account.id, messages.c.id == answer)
            .values(due_at=LONG_AGO)
        )
    mailroom.work()
    assert mailroom.message(answer).reason == "thread"
