"""A message from a mail server's pipe: codes and sentences."""

import io

import pytest

from ingest.accept import NotStored
from ingest.pipe import ExitCode, PipeResult, ingest
from tests.ingest.post_room import Addresses, Notebook

MAIL = b"From: kunde@example.test\nSubject: Anfrage\n\nGuten Tag\n"


@pytest.fixture
def addresses() -> Addresses:
    return Addresses()


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


def run(
    addresses: Addresses, notebook: Notebook, *to: str, sender: str = "a@b.test", mail: bytes = MAIL
) -> PipeResult:
    stdin = io.BytesIO(mail)
    result = ingest(stdin, to, sender, addresses, notebook, max_bytes=1000)
    assert stdin.read() == b"", "the mail server must be able to write all of it"
    return result


def test_a_message_is_stored_as_it_came(addresses: Addresses, notebook: Notebook) -> None:
    result = run(addresses, notebook, "leads@acme.test")
    assert result == PipeResult(ExitCode.OK, "2.6.0 stored as acme-1", ("acme-1",))
    assert result.code == 0
    [incoming] = notebook.written
    assert incoming.raw == MAIL
    assert incoming.connection.door == "pipe"
    assert incoming.connection.mail_from == "a@b.test"
    assert incoming.connection.client_ip is None


@pytest.mark.parametrize(
    ("given", "stored"),
    [("", ""), ("<>", ""), ("MAILER-DAEMON", ""), ("<a@b.test>", "a@b.test"), ("odd one@", "odd one@")],
)
def test_senders(addresses: Addresses, notebook: Notebook, given: str, stored: str) -> None:
    assert run(addresses, notebook, "leads@acme.test", sender=given).code is ExitCode.OK
    assert notebook.written[0].connection.mail_from == stored


def test_several_recipients(addresses: Addresses, notebook: Notebook) -> None:
    result = run(addresses, notebook, "leads@acme.test", "<leads@globex.test>", "leads@acme.test")
    assert result.message_ids == ("acme-1", "globex-1")
    assert len(notebook.written[0].recipients) == 2


def test_one_unknown_recipient_refuses_all(addresses: Addresses, notebook: Notebook) -> None:
    result = run(addresses, notebook, "leads@acme.test", "nobody@acme.test")
    assert result == PipeResult(ExitCode.NO_USER, "5.1.1 No such recipient here: nobody@acme.test")
    assert result.code == 67
    assert notebook.written == []


@pytest.mark.parametrize("to", [(), ("",), ("leads @acme.test",), ("a@acme.test", "<")])
def test_wrongly_called_is_a_later_for_postfix(
    addresses: Addresses, notebook: Notebook, to: list[str]
) -> None:
    result = run(addresses, notebook, *to)
    assert result.code == 64
    assert result.sentence.startswith("4.3.5 ")


@pytest.mark.parametrize(
    ("mail", "sentence"),
    [
        (b"", "5.6.0 There is no message on standard input"),
        (b"x" * 1001, "5.3.4 The message is larger than 1000 bytes"),
    ],
)
def test_messages_that_are_none(addresses: Addresses, notebook: Notebook, mail: bytes, sentence: str) -> None:
    assert run(addresses, notebook, "leads@acme.test", mail=mail) == PipeResult(ExitCode.DATA_ERROR, sentence)


def test_the_largest_message(addresses: Addresses, notebook: Notebook) -> None:
    assert run(addresses, notebook, "leads@acme.test", mail=b"x" * 1000).code is ExitCode.OK


@pytest.mark.parametrize("fault", [NotStored("locked: secret"), RuntimeError("secret"), MemoryError()])
@pytest.mark.parametrize("where", ["look-up", "submit", "commit"])
def test_our_own_faults_are_a_later_without_details(
    addresses: Addresses, notebook: Notebook, fault: Exception, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    match where:
        case "look-up":
            addresses.broken = fault
        case "submit":
            notebook.refuses = fault
        case _:
            notebook.broken = fault
    result = run(addresses, notebook, "leads@acme.test")
    assert result.code == 75
    assert result.sentence.startswith("4.3.0 ")
    assert "secret" not in result.sentence
