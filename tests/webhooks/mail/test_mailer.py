"""Mails are sent once, again when they have to be, and by nobody's leave but their own server's."""

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from store import outgoing, smarthosts
from store.inbound import add_inbound_address
from store.outgoing_log import send_again
from store.session import Conflict, Database, NotFound
from store.smarthosts import Smarthost
from store.tables.outgoing import outgoing_mails
from store.tables.outgoing import smarthosts as smarthosts_table
from tests.support.accounts import MadeAccount
from tests.support.rows import rows
from tests.webhooks.mail.room import POST, SEALER, Room
from tests.webhooks.mail.server import MailServer, running
from webhooks.mail.faults import FIXES
from webhooks.mail.retry import MOST_ATTEMPTS


def test_a_mail_is_sent_once_however_often_it_is_asked_for(room: Room, server: MailServer) -> None:
    ids: set[str] = set()

    def ask() -> None:
        for _ in range(5):
            ids.add(room.queued(key="the one"))

    askers = [threading.Thread(target=ask) for _ in range(10)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    (mail_id,) = ids
    mailers = [room.mailer(server.smarthost()) for _ in range(3)]
    room.send(mailers[0], lambda: room.mail(mail_id)["state"] == "sent")
    for mailer in mailers:
        mailer.send_batch()
        mailer.close()
    (taken,) = server.taken
    assert taken.message["Message-ID"] == f"<{mail_id}@acme.test>"
    assert taken.message.get_content().strip() == "It works."
    assert taken.mail_from.startswith(f"bounce-{mail_id}-") and taken.mail_from.endswith("@acme.test")
    (attempt,) = room.mail(mail_id)["attempts"]
    assert (attempt["code"], attempt["error"], attempt["server"]) == (250, None, f"127.0.0.1:{server.port}")


def test_what_is_refused_for_now_is_tried_again(room: Room, server: MailServer) -> None:
    server.behaviour.data = "451 4.7.1 greylisted"
    mail_id = room.queued()
    mailer = room.mailer(server.smarthost())
    found = room.send_one(mailer, mail_id)
    assert found["state"] == "failing" and found["next_attempt_at"] > datetime.now(UTC).isoformat()
    assert (found["attempts"][0]["stage"], found["attempts"][0]["code"]) == ("data", 451)
    server.behaviour.data = ""
    room.overdue()
    assert room.send_one(mailer, mail_id)["state"] == "sent"
    assert len(server.taken) == 1


def test_what_is_refused_for_good_ends_at_once(room: Room, server: MailServer) -> None:
    server.behaviour.rcpt["anna@acme.example"] = "550 5.1.1 nobody here"
    mail_id = room.queued()
    found = room.send_one(room.mailer(server.smarthost()), mail_id)
    assert (found["state"], found["next_attempt_at"], len(found["attempts"])) == ("exhausted", None, 1)
    assert "nobody here" in found["attempts"][0]["detail"]


def test_a_server_that_is_away_is_tried_ten_times(room: Room, server: MailServer) -> None:
    gone = server.smarthost()
    server.stop()
    first, second = room.queued(key="a"), room.queued(key="b")
    mailer = room.mailer(gone)
    for number in range(1, MOST_ATTEMPTS + 1):
        room.overdue()
        found = room.send_one(mailer, first)
        assert found["state"] == ("failing" if number < MOST_ATTEMPTS else "exhausted")
        assert found["attempts"][-1]["stage"] == "tcp"
    assert len(room.mail(second)["attempts"]) >= MOST_ATTEMPTS - 1, (
        "a dead connection counts for all it should take"
    )
    server._thread = threading.Thread(target=server._loop.run_forever)
    server.__init__(server.certificate.parent)  # type: ignore[misc]  # the same server, alive again
    server.start(gone.port)
    with room.database.write() as connection:
        send_again(connection, room.account.scope, first)
    assert room.send_one(mailer, first)["state"] == "sent"


def test_a_server_that_hangs_holds_up_nobody_elses_mail(
    room: Room, other_account: MadeAccount, tmp_path: Path, server: MailServer
) -> None:
    (tmp_path / "b").mkdir()
    with running(tmp_path / "b") as hanging:
        hanging.behaviour.on_data = "hang"
        with room.database.write() as connection:
            given = {"host": "127.0.0.1", "port": hanging.port, "tls": "none"}
            smarthosts.change(connection, other_account.scope, SEALER, given)
        theirs = Room(room.database, other_account)
        for number in range(5):
            theirs.queued("anna@globex.example", key=f"k{number}")
        mailer = room.mailer(server.smarthost(), message=60.0)
        room.send(mailer, lambda: hanging.sessions > 0)
        began = time.monotonic()
        mine = room.queued()
        room.send(mailer, lambda: room.mail(mine)["state"] == "sent")
        assert time.monotonic() - began < 20
        assert {mail["state"] for mail in theirs.mails()} == {"pending"}
        mailer.close()
        assert all(mail["attempts"] == [] for mail in theirs.mails())


def test_the_accounts_own_server_goes_before_the_deployments(
    room: Room, tmp_path: Path, server: MailServer
) -> None:
    (tmp_path / "own").mkdir()
    with running(tmp_path / "own", tls="starttls", login=True) as own:
        given = {"host": "localhost", "port": own.port, "username": "crm@provider.example"}
        given |= {
            "password": "correct hörse battery",
            "from_address": "crm@acme.example",
            "from_name": "Acme",
        }
        with room.database.write() as connection:
            smarthosts.change(connection, room.account.scope, SEALER, given | {"return_path": "from"})
        mail_id = room.queued()
        mailer = room.mailer(server.smarthost(), tls=own.trusted)
        assert room.send_one(mailer, mail_id)["state"] == "sent"
        (taken,) = own.taken
        assert server.taken == [] and taken.tls and taken.mail_from == "crm@acme.example"
        assert taken.message["From"] == "Acme <crm@acme.example>"


def test_what_failed_goes_out_at_once_through_a_server_that_is_set_now(
    room: Room, server: MailServer
) -> None:
    mail_id = room.queued()
    mailer = room.mailer(Smarthost("does-not-exist.invalid", 25, "none"))
    assert room.send_one(mailer, mail_id)["attempts"][0]["error"] == "unknown_host"
    with room.database.write() as connection:
        given = {"host": "127.0.0.1", "port": server.port, "tls": "none"}
        smarthosts.change(connection, room.account.scope, SEALER, given)
    assert room.send_one(mailer, mail_id)["state"] == "sent"


def test_a_worker_that_lost_its_lease_writes_nothing(room: Room, server: MailServer) -> None:
    mail_id = room.queued()

    def taken_over(_: object) -> None:
        with room.database.write() as connection:
            connection.execute(
                update(outgoing_mails)
                .where(outgoing_mails.c.account_id == room.account.id, outgoing_mails.c.id == mail_id)
                .values(lease_token=7)
            )

    server.behaviour.called = taken_over
    mailer = room.mailer(server.smarthost())
    room.send(mailer, lambda: bool(server.taken))
    mailer.close()
    found = room.mail(mail_id)
    assert (found["state"], found["attempts"]) == ("pending", [])


def test_what_was_not_begun_is_given_back_at_the_end(room: Room, server: MailServer) -> None:
    server.behaviour.pause = 0.5
    for number in range(8):
        room.queued(key=f"k{number}")
    mailer = room.mailer(server.smarthost(), grace=20.0)
    room.send(mailer, lambda: bool(server.taken))
    mailer.close()
    left = [row for row in rows(room.database, outgoing_mails) if row["result"] == "pending"]
    assert left and {(row["state"], row["attempts"]) for row in left} == {("pending", 0)}
    assert len(server.taken) + len(left) == 8


def test_no_secret_local_part_leaves(room: Room, server: MailServer) -> None:
    secret, domain = room.account.admin.address, room.account.domain
    with room.database.write() as connection:
        add_inbound_address(
            connection, room.account.scope, kind="partner", local_part="partner-abcdefghijklmnop", name="P"
        )
    every = f"{secret} {secret.upper()} partner-abcdefghijklmnop+x@{domain} lead-7-abcdefghijklmnop@{domain}"
    mail_id = room.queued(
        "kunde@outside.example", subject=every, text=every, html=f"<a>{every}</a>", name=every, lead_number=7
    )
    room.send_one(room.mailer(server.smarthost()), mail_id)
    (taken,) = server.taken
    found = taken.message
    parts = [part.get_content() for part in found.walk() if not part.is_multipart()]
    told = "\n".join([str(found["To"]), str(found["Subject"]), str(found["From"]), *parts]).lower()
    hidden = secret.partition("@")[0].rpartition(".")[2]
    assert hidden not in told and "abcdefghijklmnop" not in told and told.count("…") >= 8
    assert found["Reply-To"].startswith("lead-7-") and found["Reply-To"].endswith(f"@{domain}")


def test_a_mail_whose_time_is_over_is_not_sent_and_a_link_is_forgotten(
    room: Room, server: MailServer
) -> None:
    late = room.queued(key="late", good_until=datetime.now(UTC) - timedelta(seconds=1))
    good = room.queued(key="good", good_until=datetime.now(UTC) + timedelta(hours=1))
    mailer = room.mailer(server.smarthost())
    room.send(mailer, lambda: all(mail["attempts"] for mail in room.mails()))
    assert (room.mail(late)["state"], room.mail(late)["attempts"][0]["error"]) == ("exhausted", "expired")
    assert room.mail(good)["state"] == "sent" and len(server.taken) == 1
    contents = {row["id"]: row["content"] for row in rows(room.database, outgoing_mails)}
    assert contents[good] == b"" and b"It works" not in contents[late]
    for mail_id in (late, good):
        with room.database.write() as connection, pytest.raises(Conflict):
            send_again(connection, room.account.scope, mail_id)
    with room.database.write() as connection, pytest.raises(NotFound):
        send_again(connection, room.account.scope, "nothing")


def test_admins_are_told_once_when_nothing_goes_out_for_five_days(
    room: Room, database: Database, server: MailServer
) -> None:
    server.behaviour.mail = "451 4.3.0 full"
    mail_id = room.queued()
    mailer = room.mailer(server.smarthost())
    room.send_one(mailer, mail_id)
    (row,) = rows(database, smarthosts_table)
    assert row["failing_since"] is not None and room.rung == []
    with database.write() as connection:
        connection.execute(
            update(smarthosts_table)
            .where(smarthosts_table.c.account_id == room.account.id)
            .values(failing_since=datetime.now(UTC) - timedelta(days=5, minutes=1))
        )
    for _ in range(2):
        room.overdue()
        room.send_one(mailer, mail_id)
    assert room.rung == ["events"]
    server.behaviour.mail = ""
    room.overdue()
    room.send_one(mailer, mail_id)
    assert rows(database, smarthosts_table)[0]["failing_since"] is None


def test_nothing_is_due_without_a_server(room: Room) -> None:
    with room.database.write() as connection:
        mail = outgoing.NewMail(key="k", to="anna@acme.example", purpose="t", subject="s", text="t")
        none = outgoing.Post(SEALER)
        assert outgoing.queue(connection, room.account.scope, none, mail) == outgoing.NotQueued(
            "no_smarthost"
        )
        assert isinstance(outgoing.queue(connection, room.account.scope, POST, mail), outgoing.Queued)
    (found,) = room.mails()
    assert room.send_one(room.mailer(None), found["id"])["attempts"][0]["error"] == "no_smarthost"


def test_a_recipient_beyond_ascii_is_sent_to_where_the_server_offers_it(room: Room, tmp_path: Path) -> None:
    with running(tmp_path, beyond_ascii=True) as server:
        mailer = room.mailer(server.smarthost())
        first = room.queued("Jörg.Müller@müller.example", key="a", name="Jörg", text="Grüße")
        second = room.queued("jan@outside.example", key="b")
        room.send(mailer, lambda: {room.mail(each)["state"] for each in (first, second)} == {"sent"})
        beyond, plain = sorted(server.taken, key=lambda taken: taken.raw.isascii())
        assert beyond.rcpt_to == ("Jörg.Müller@xn--mller-kva.example",)
        assert "<Jörg.Müller@xn--mller-kva.example>".encode() in beyond.raw and beyond.mail_from.isascii()
        assert plain.rcpt_to == ("jan@outside.example",) and plain.raw.isascii()


def test_a_server_without_smtputf8_ends_such_a_mail_in_a_clear_sentence(
    room: Room, server: MailServer
) -> None:
    mailer = room.mailer(server.smarthost())
    first, second = room.queued("jörg@outside.example", key="a"), room.queued("jan@outside.example", key="b")
    found = room.send_one(mailer, first)
    assert (found["state"], len(found["attempts"])) == ("exhausted", 1)
    (attempt,) = found["attempts"]
    assert (attempt["stage"], attempt["error"], attempt["code"]) == ("recipient", "no_smtputf8", None)
    assert "SMTPUTF8" in attempt["detail"] and attempt["error"] in FIXES
    room.send(mailer, lambda: room.mail(second)["state"] == "sent")
    assert [taken.rcpt_to for taken in server.taken] == [("jan@outside.example",)]
