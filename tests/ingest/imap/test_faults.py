"""A server or a network that fails: what was read is kept, nothing is read twice, and no wait is without an end."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from ingest.imap import fetch, reader, readers
from ingest.imap.readers import Readers
from store.tables.mailboxes import mailboxes
from tests.ingest.imap.rig import Rig
from tests.support.fault_proxy import Armed, FaultProxy
from tests.support.rows import rows


@pytest.fixture
def proxy(rig: Rig) -> Iterator[FaultProxy]:
    made = FaultProxy(rig.dovecot.port)
    yield made
    made.close()


def test_a_greeting_that_trickles_has_an_end_too(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "KEEP_SECONDS", 0.2)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:

        def trickle() -> None:
            client, _ = door.accept()
            with client:
                try:
                    while True:
                        client.sendall(b"*")
                        time.sleep(0.05)
                except OSError:
                    ended.set()

        threading.Thread(target=trickle, daemon=True).start()
        mailbox = rig.make(port=door.getsockname()[1])
        rig.begin(stuck=1.0)
        rig.wait(ended.is_set, 10)
        rig.wait(lambda: rig.mailbox(mailbox).health.error_stage == "tls")


@pytest.mark.parametrize("after", [200, 700, 1_500, 6_000, 9_999])
def test_a_connection_that_is_cut_in_the_middle_of_anything(rig: Rig, proxy: FaultProxy, after: int) -> None:
    mailbox = rig.make(port=proxy.port, after="delete")
    names = sorted(f"mail {number:02}" for number in range(30))
    rig.append(*names)
    fault = Armed(down=True, after=after)
    proxy.arm(fault)
    rig.begin()
    rig.wait(lambda: rig.subjects() == names)
    rig.wait(lambda: rig.left() == [])
    assert fault.done and proxy.connections >= 2
    assert len(rig.arrivals()) == 30
    rig.wait(lambda: rig.mailbox(mailbox).health.error is None)


def test_a_server_that_stalls_is_left_after_a_while_and_told_of(rig: Rig, proxy: FaultProxy) -> None:
    mailbox = rig.make(port=proxy.port)
    rig.append("first")
    rig.begin(answer=0.5, poll=0.5)
    rig.wait(lambda: rig.subjects() == ["first"])
    proxy.stall(4)
    rig.wait(lambda: rig.mailbox(mailbox).health.error, 10)
    assert "kept silent" in str(rig.mailbox(mailbox).health.error)
    rig.append("second")
    rig.wait(lambda: rig.subjects() == ["first", "second"])


@pytest.mark.parametrize("waited", [True, False])
def test_a_connection_that_ends_when_it_has_waited_for_a_while_is_no_fault(
    rig: Rig, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch, waited: bool
) -> None:
    monkeypatch.setattr(reader, "A_WHILE", 0.3 if waited else 60.0)
    mailbox = rig.make(port=proxy.port)
    rig.append("first")
    rig.begin()
    rig.wait(lambda: rig.subjects() == ["first"])
    rig.wait(lambda: rig.mailbox(mailbox).health.last_poll)
    time.sleep(0.5)  # in IDLE by now
    before = proxy.connections
    assert proxy.cut() == 1
    rig.append("second")
    told = set[str | None]()

    def came() -> bool:
        told.add(rig.mailbox(mailbox).health.error)
        return rig.subjects() == ["first", "second"]

    rig.wait(came)
    assert proxy.connections == before + 1
    if waited:
        assert told == {None}
    else:
        assert told - {None}, (
            "a server that hangs up at once, each time, is not silently called again and again"
        )


def test_an_answer_that_trickles_has_an_end_too(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "KEEP_SECONDS", 0.2)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:

        def trickle() -> None:
            client, _ = door.accept()
            with client:
                client.sendall(b"* OK ready\r\n")
                tag = client.recv(100).split(b" ")[0]
                client.sendall(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + tag + b" OK done\r\n")
                try:
                    while True:
                        client.sendall(b"*")
                        time.sleep(0.05)
                except OSError:
                    ended.set()

        thread = threading.Thread(target=trickle, daemon=True)
        thread.start()
        mailbox = rig.make(port=door.getsockname()[1])
        rig.begin(stuck=1.0)
        rig.wait(ended.is_set, 10)
        rig.wait(lambda: rig.mailbox(mailbox).health.error_stage == "login")


def test_attempts_pause_longer_and_a_refused_login_longest(rig: Rig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        nobody = door.getsockname()[1]
    mailbox = rig.make(port=nobody)
    wrong = rig.make(password="wrong", folder="Other")
    rig.begin()
    rig.wait(
        lambda: rows(rig.database, mailboxes.select().where(mailboxes.c.id == mailbox.id))[0]["attempts"] == 3
    )
    rig.wait(lambda: rig.mailbox(wrong).health.error_stage == "login")
    rig.stop()
    by_id = {row["id"]: row for row in rows(rig.database, mailboxes)}
    assert by_id[mailbox.id]["error_stage"] == "tcp"
    assert by_id[wrong.id]["attempts"] == 1, "no second log-in soon: servers lock accounts"
    assert by_id[wrong.id]["due_at"].timestamp() - time.time() > 40


def test_a_paused_deployment_reads_nothing(rig: Rig) -> None:
    rig.make()
    rig.append("waits")
    stopping, paused = threading.Event(), [True]

    def desk() -> object:
        raise AssertionError("nothing is to be read")

    looking = Readers(rig.database, desk, "test", stopping, lambda: paused[0], 0.05)  # type: ignore[arg-type]  # never made
    thread = threading.Thread(target=looking.run, kwargs={"alone": True})
    thread.start()
    time.sleep(0.5)
    stopping.set()
    thread.join()
    assert rig.subjects() == []


def test_two_processes_read_a_mailbox_one_after_the_other(rig: Rig) -> None:
    mailbox = rig.make()
    first = rig.begin("one/imap")
    rig.wait(lambda: rig.mailbox(mailbox).health.reader == "one/imap")
    rig.begin("two/imap")
    rig.append("a")
    rig.wait(lambda: rig.subjects() == ["a"])
    assert rig.mailbox(mailbox).health.reader == "one/imap"
    first.set()
    rig.wait(lambda: rig.mailbox(mailbox).health.reader == "two/imap")
    rig.append("b")
    rig.wait(lambda: rig.subjects() == ["a", "b"])
    assert len(rig.arrivals()) == 2


def test_mail_gone_between_being_listed_and_fetched_leaves_a_tombstone(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:

    bodies, went = fetch.bodies, list[bool]()

    def first_somebody_deletes(*given: object, **more: object) -> object:
        if not went:
            went.append(True)
            rig.dovecot.expunge(rig.user, "gone")
        return bodies(*given, **more)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(fetch, "bodies", first_somebody_deletes)
    mailbox = rig.make()
    rig.append("a", "gone", "c")
    mailbox = rig.read_once(mailbox)
    assert rig.subjects() == ["a", "c"]
    assert mailbox.skipped == {"vanished": 1}
