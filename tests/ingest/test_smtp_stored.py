"""The listener before the real acceptor and the real address book: what is answered 250 is in the database."""

import smtplib
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from ingest.accept import Acceptor
from ingest.address_book import StoredAddressBook
from ingest.listening.limits import ListenerOptions
from ingest.listening.listener import Listener
from store import raw
from store.session import Database, across
from store.tables.mail import arrivals, messages
from tests.support.accounts import MadeAccount


@pytest.fixture
def port(database: Database, account: MadeAccount) -> Iterator[int]:
    acceptor = Acceptor(database, b"k" * 32, lambda: None)
    listener = Listener(
        ListenerOptions("mx.acme.test", smtp=(("127.0.0.1", 0),)),
        StoredAddressBook(database, b"a" * 32),
        acceptor,
    )
    [bound] = listener.open()
    thread = threading.Thread(target=listener.run)
    thread.start()
    yield bound.port
    listener.stop()
    thread.join(20)
    acceptor.close()


def test_what_is_answered_250_is_in_the_database(database: Database, account: MadeAccount, port: int) -> None:
    text = b"Subject: x\r\n\r\nbare \n.\n and \x00 and \xff\r\n.dot\r\n"
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo("client.test")
        client.mail("")
        assert client.rcpt(account.leads.upper())[0] == 250
        assert client.rcpt("nobody@acme.test")[0] == 550
        assert client.rcpt("postmaster@acme.test")[0] == 250
        client.docmd("DATA")
        client.send(text.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        code, answer = client.getreply()
    assert code == 250
    assert answer.startswith(b"2.6.0 stored as ")
    message_id = answer.rpartition(b" ")[2].decode()
    with database.read() as connection:
        assert raw.read(connection, account.scope, message_id) == text
        rows = connection.execute(
            across(
                select(arrivals.c.kind, arrivals.c.door, arrivals.c.mail_from, arrivals.c.helo), "deployment"
            )
        ).all()
    assert sorted(rows) == [("leads", "smtp", "", "client.test"), ("postmaster", "smtp", "", "client.test")]


def test_a_resend_has_the_same_id(account: MadeAccount, port: int) -> None:
    answers = []
    for _ in range(2):
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.helo("client.test")
            client.mail("a@b.test")
            client.rcpt(account.leads)
            answers.append(client.data(b"Subject: x\r\n\r\nx\r\n"))
    assert answers[0][0] == 250
    assert answers[0] == answers[1]


def test_many_senders_at_once(database: Database, account: MadeAccount, port: int) -> None:
    def send(number: int) -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            for turn in range(10):
                client.sendmail("a@b.test", [account.leads], b"Subject: %d-%d\r\n\r\nx\r\n" % (number, turn))

    senders = [threading.Thread(target=send, args=(number,)) for number in range(20)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    with database.read() as connection:
        assert (
            connection.execute(across(select(func.count()).select_from(messages), "deployment")).scalar()
            == 200
        )
