"""What one client may do, told from others by its address; in the listener, and in the gate by itself."""

import ipaddress
from itertools import count

from ingest.listening.allowance import Allowance
from ingest.listening.gate import Client, Gate, Refusal
from ingest.listening.limits import MEBIBYTE, ListenerOptions, Rate
from tests.ingest.post_room import Wire, room, wait_until

CLIENT = Client("192.0.2.1", "192.0.2.1", local=False, trusted=False)


def test_connections_in_all_and_per_client() -> None:
    with room(
        max_connections=5, waiting_connections=0, connections_per_local_client=3, spared_seconds=60
    ) as post:
        wires = [post.wire() for _ in range(3)]
        with Wire(post.smtp_port) as fourth:
            assert fourth.read() == "421 4.7.0 Too many connections from your address; try again later"
            assert fourth.closed()
        wires += [post.wire(source="127.0.0.2") for _ in range(2)]
        with Wire(post.smtp_port, "127.0.0.3") as sixth:
            assert sixth.read() == "421 4.3.2 Too many connections; try again later"
        wires.pop(0).close()
        wait_until(lambda: post.listener.health().sessions == 4)
        with post.wire() as again:
            assert again.say("NOOP").startswith("250 ")
        for wire in wires:
            wire.close()
        assert post.refused(Refusal.CONNECTIONS) == 1
        assert post.refused(Refusal.CONNECTIONS_OF_CLIENT) == 1


TOO_MANY_UNKNOWN = "421 4.7.1 Too many unknown recipients from your address; try again in an hour"


def test_unknown_recipients_per_hour_and_client() -> None:
    with room(unknown_recipients_per_hour=3, local=()) as post:
        with post.wire() as wire:
            wire.say("EHLO c", "MAIL FROM:<a@b.test>")
            for _ in range(3):
                assert wire.say("RCPT TO:<nobody@acme.test>").startswith("550 5.1.1 ")
            assert wire.say("RCPT TO:<nobody@acme.test>") == TOO_MANY_UNKNOWN
            assert wire.closed()
        with post.wire() as wire:  # it learns nothing any more, not even who does exist
            wire.say("EHLO c", "MAIL FROM:<a@b.test>")
            assert wire.say("RCPT TO:<leads@acme.test>") == TOO_MANY_UNKNOWN
        with post.wire(source="127.0.0.2") as other:
            other.begin()
        with post.wire(lmtp=True) as relay:
            relay.begin(hello="LHLO")
        assert post.addresses.asked.count("nobody@acme.test") == 3


def test_connections_of_a_client_in_a_minute() -> None:
    with room(local=(), connection_rate_per_client=Rate(3, 3600)) as post:
        for _ in range(3):
            post.wire().close()
        with Wire(post.smtp_port) as fourth:
            assert (
                fourth.read()
                == "421 4.7.0 Too many connections from your address in a minute; try again later"
            )
            assert fourth.closed()
        post.wire(source="127.0.0.2").close()
        assert post.refused(Refusal.CONNECTION_RATE_OF_CLIENT) == 1


def test_messages_of_a_client_in_a_minute() -> None:
    with room(local=(), message_rate_per_client=Rate(2, 3600)) as post, post.wire() as wire:
        for _ in range(2):
            wire.begin()
            wire.send(b"x\r\n.\r\n")
            assert wire.read().startswith("250 ")
        too_much = "451 4.7.1 Too much mail from your address in a minute; try again later"
        assert wire.say("MAIL FROM:<a@b.test>") == too_much
        assert wire.say("NOOP").startswith("250 "), "it may come back on the same connection"
        assert post.refused(Refusal.MESSAGE_RATE_OF_CLIENT) == 1


def test_bytes_of_one_client_leave_room_for_others() -> None:
    with room(local=(), bytes_in_flight_per_client=MEBIBYTE) as post:
        with post.wire() as first, post.wire() as second, post.wire(source="127.0.0.2") as other:
            for wire in (first, second, other):
                wire.begin()
            first.send(b"x\r\n" * (MEBIBYTE // 3))
            wait_until(lambda: post.listener.health().bytes_in_flight > MEBIBYTE // 2)
            second.send(b"x\r\n" * (MEBIBYTE // 3) + b".\r\n")
            assert second.read() == "452 4.3.1 Too much mail at once; try again later"
            for wire in (first, other):
                wire.send(b"x\r\n" * (MEBIBYTE // 3) + b".\r\n" if wire is other else b".\r\n")
                assert wire.read().startswith("250 ")
        wait_until(lambda: post.listener.health().bytes_in_flight == 0)


def test_the_hour_ends() -> None:
    clock = count()
    now = 0.0
    gate = Gate(ListenerOptions("mx", unknown_recipients_per_hour=2), now=lambda: now + 0 * next(clock))
    gate.note_unknown(CLIENT)
    now = 1800.0
    gate.note_unknown(CLIENT)
    assert not gate.guesses_left(CLIENT)
    now = 3600.0
    assert gate.guesses_left(CLIENT)
    gate.note_unknown(CLIENT)
    assert not gate.guesses_left(CLIENT)
    now = 5400.0
    assert gate.guesses_left(CLIENT)


def test_who_is_at_the_other_end() -> None:
    hops = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("2001:db8:1::/48"))
    gate = Gate(ListenerOptions("mx", trusted_hops=hops))
    assert gate.client(("192.0.2.1", 25)) == CLIENT
    assert gate.client(("::ffff:192.0.2.1", 25, 0, 0)) == CLIENT
    assert gate.client(("2001:db8::5", 25, 0, 0)).key == gate.client(("2001:db8::6", 25, 0, 0)).key
    assert gate.client(("fe80::1%eth0", 25, 0, 2)).ip == "fe80::1"
    assert gate.client(("10.1.2.3", 25)).trusted
    assert gate.client(("2001:db8:1::1", 25, 0, 0)).trusted
    assert gate.client(("127.0.0.1", 25)).local
    assert gate.client(("::1", 25, 0, 0)).local
    for unix in ("", None, b""):
        assert gate.client(unix) == Client(None, "unix", local=True, trusted=False)


def test_trusted_hops_speak_for_many() -> None:
    hop = Client("10.0.0.1", "10.0.0.1", local=False, trusted=True)
    gate = Gate(ListenerOptions("mx", connections_per_client=1, unknown_recipients_per_hour=1))
    for _ in range(3):
        assert gate.enter(hop) is None
        gate.note_unknown(hop)
    assert gate.guesses_left(hop)
    assert gate.enter(CLIENT) is None
    assert gate.enter(CLIENT) is Refusal.CONNECTIONS_OF_CLIENT


def test_remembered_clients_are_bounded() -> None:
    gate = Gate(ListenerOptions("mx", unknown_recipients_per_hour=1))
    for number in range(10_050):
        gate.note_unknown(Client(str(number), str(number), local=False, trusted=False))
    assert len(gate._unknown_of) == 10_000
    assert gate.guesses_left(Client("0", "0", local=False, trusted=False))
    assert not gate.guesses_left(Client("10049", "10049", local=False, trusted=False))
    for number in range(10_050):
        gate.note_delivery(Client(str(number), str(number), local=False, trusted=False))
    assert not gate.delivers(Client("49", "49", local=False, trusted=False))
    assert gate.delivers(Client("50", "50", local=False, trusted=False))


def test_an_allowance_grows_back_little_by_little_and_is_bounded() -> None:
    clock = count().__next__
    now = [0.0]
    allowance = Allowance(Rate(2, 10), lambda: now[0])
    assert [allowance.take("a") for _ in range(3)] == [True, True, False]
    assert allowance.take("b")
    now[0] = 5.0
    assert [allowance.take("a") for _ in range(2)] == [True, False]
    now[0] = 1000.0
    assert [allowance.take("a") for _ in range(3)] == [True, True, False], "no more than the number at once"
    for _ in range(10_050):
        allowance.take(str(clock()))
    assert len(allowance._left) == 10_000
