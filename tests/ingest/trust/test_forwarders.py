"""Mail to leads@ whose check failed, and that came through a forwarder the admin listed (product §6)."""

from typing import Any

import pytest

from store.accounts import update_account
from store.forwarders import by_address, by_domain, normal_forwarder
from store.reasons import sentence
from tests.ingest.mailroom import Mailroom, anna, rep_mail, write
from tests.ingest.trust.conftest import HOP
from tests.ingest.trust.signing import sign
from tests.ingest.trust.test_outcomes import STRANGER, hers
from tests.ingest.trust.zone import Zone

FORWARDER = "203.0.113.9"
THROUGH: dict[str, Any] = {"mail_from": "srs0=x=kunde.example=paula@relay.example", "client_ip": FORWARDER}


@pytest.fixture
def zone(zone: Zone) -> Zone:
    return zone.txt("relay.example", f"v=spf1 ip4:{FORWARDER} -all")


def trust_it(room: Mailroom, *entries: str) -> None:
    with room.database.write() as connection:
        update_account(connection, room.account.scope, {"forwarders": list(entries)})


@pytest.mark.parametrize("entry", [FORWARDER, "203.0.113.0/28", "relay.example"])
def test_it_makes_a_lead_whose_sender_is_unconfirmed(room: Mailroom, entry: str) -> None:
    trust_it(room, "192.0.2.77", entry)
    message = room.receive(write(), **THROUGH)
    assert (message.outcome, message.reason, message.trust) == (
        "lead_created",
        "sender_unconfirmed",
        "failed",
    )
    assert entry in sentence(message.reason, message.reason_data)
    (lead,) = room.leads()
    assert lead["sender_unconfirmed"] is True
    assert lead["contacts"][0]["emails"] == ["paula@kunde.example"]
    assert room.events() == ["lead.created", "lead.email.received"]


def test_by_a_network_that_has_no_ipv4(room: Mailroom) -> None:
    trust_it(room, "2001:db8::/48")
    assert room.receive(write(), client_ip="2001:db8::25").reason == "sender_unconfirmed"


def test_a_name_alone_proves_no_forwarder(room: Mailroom) -> None:
    trust_it(room, "relay.example")
    message = room.receive(
        write(), mail_from="a@relay.example", helo="relay.example", client_ip="203.0.113.66"
    )
    assert (message.outcome, message.reason) == ("held", "sender_failed")


def test_neither_does_one_that_is_not_listed(room: Mailroom) -> None:
    trust_it(room, "other.example", "192.0.2.0/24")
    assert room.receive(write(), **THROUGH).reason == "sender_failed"


def test_nor_a_domain_that_ends_alike(room: Mailroom) -> None:
    trust_it(room, "lay.example")
    assert room.receive(write(), **THROUGH).reason == "sender_failed"


def test_what_a_trusted_server_found_about_the_forwarder(room: Mailroom) -> None:
    trust_it(room, "relay.example")
    results = (
        b"Authentication-Results: mx.acme.example; dmarc=fail header.from=kunde.example;\r\n"
        b" spf=pass smtp.mailfrom=a@relay.example\r\n"
    )
    assert room.receive(results + write(), client_ip=HOP, trusted_hop=True).reason == "sender_unconfirmed"
    forged = results.replace(b"mx.acme", b"mx.evil") + write(message_id="<2@kunde.example>")
    assert room.receive(forged, client_ip="203.0.113.66").reason == "sender_failed"


def test_the_operators_own_server_is_no_forwarder(room: Mailroom) -> None:
    trust_it(room, HOP)
    results = b"Authentication-Results: mx.acme.example; dmarc=fail header.from=kunde.example\r\n"
    assert room.receive(results + write(), client_ip=HOP, trusted_hop=True).reason == "sender_failed"


def test_it_never_comes_onto_a_lead_that_is_there(room: Mailroom) -> None:
    trust_it(room, "relay.example")
    room.make_lead("Paula", "paula@kunde.example")
    first = room.receive(write(headers={"In-Reply-To": "<r@acme.example>"}), **THROUGH)
    second = room.receive(write(message_id="<2@kunde.example>"), **THROUGH)
    assert [first.outcome, second.outcome] == ["lead_created", "lead_created"]
    known, *new = room.leads()
    assert room.history(known["id"]) == [] and not known["sender_unconfirmed"]
    assert [lead["sender_unconfirmed"] for lead in new] == [True, True]


def test_a_conversation_does_not_take_it_in(room: Mailroom) -> None:
    trust_it(room, "relay.example")
    room.receive(hers(), anna(room))
    reply = write(
        message_id="<2@kunde.example>", headers={"In-Reply-To": "<r@acme.example>"}, text="Konto: DE00…"
    )
    assert room.receive(reply, **THROUGH).outcome == "lead_created"
    assert [entry["direction"] for entry in room.history(room.leads()[0]["id"])] == ["out"]


def test_what_is_proven_goes_to_the_lead_that_is_proven(room: Mailroom) -> None:
    """Else anybody could make a contact's mail ambiguous for ever."""
    trust_it(room, "relay.example")
    room.make_lead("Paula", "paula@kunde.example")
    room.receive(write(), **THROUGH)
    proven = sign(write(message_id="<2@kunde.example>"), "kunde.example")
    message = room.receive(proven, **STRANGER)
    assert (message.outcome, message.reason) == ("history_added", "contact")
    assert len(room.history(room.leads()[0]["id"])) == 1


def test_proven_mail_of_somebody_whose_only_lead_is_unconfirmed(room: Mailroom) -> None:
    trust_it(room, "relay.example")
    room.receive(write(), **THROUGH)
    proven = sign(write(message_id="<2@kunde.example>"), "kunde.example")
    assert room.receive(proven, **STRANGER).outcome == "history_added"
    assert len(room.leads()) == 1


@pytest.mark.parametrize("kind", ["bcc", "personal"])
def test_only_to_leads(room: Mailroom, kind: str) -> None:
    trust_it(room, "relay.example")
    to = {"bcc": room.account.bcc, "personal": anna(room)}[kind]
    assert room.receive(write(to=to), to, **THROUGH).reason == "sender_failed"


def test_a_users_forged_mail_makes_nothing(room: Mailroom) -> None:
    trust_it(room, "relay.example")
    message = room.receive(rep_mail(), room.account.leads, **THROUGH)
    assert (message.outcome, message.reason, message.acting_user_id) == ("held", "sender_unverified", None)


def test_listed_afterwards_it_is_read_again(room: Mailroom) -> None:
    """By its address, which is a fact that was kept; for its domain nobody had asked."""
    held = room.receive(write(), **THROUGH)
    assert held.reason == "sender_failed"
    trust_it(room, FORWARDER)
    admin = room.account.admin.id
    room.reprocessor.reprocess(room.account.scope, held.id, user_id=admin, apply=True)
    assert room.message(held.id).reason == "sender_unconfirmed"


def test_proven_mail_through_it_is_as_any_other(room: Mailroom) -> None:
    trust_it(room, "relay.example")
    message = room.receive(sign(write(), "kunde.example"), **THROUGH)
    assert (message.reason, message.trust) == ("no_match", "verified")
    assert room.leads()[0]["sender_unconfirmed"] is False


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" 203.0.113.9 ", "203.0.113.9"),
        ("203.0.113.9/28", "203.0.113.0/28"),
        ("2001:DB8::1", "2001:db8::1"),
        ("Relay.Example.", "relay.example"),
        ("münchen.example", "xn--mnchen-3ya.example"),
    ],
)
def test_entries_are_kept_in_one_form(written: str, kept: str) -> None:
    assert normal_forwarder(written) == kept


@pytest.mark.parametrize(
    "wrong", ["", "relay", "a@relay.example", "*.example.com", "0.0.0.0/0", "::/0", "1.2.3", "a..b", "x y.z"]
)
def test_what_is_no_forwarder(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"neither|half the world"):
        normal_forwarder(wrong)


def test_finding_an_entry() -> None:
    listed = ("relay.example", "203.0.113.0/28", "2001:db8::1")
    assert by_address(listed, "203.0.113.15") == "203.0.113.0/28"
    assert by_address(listed, "::ffff:203.0.113.1") == "203.0.113.0/28"
    assert by_address(listed, "203.0.113.16") is None and by_address(listed, None) is None
    assert by_domain(listed, "out.relay.example") == "relay.example"
    assert by_domain(listed, "relay.example.evil.example") is None and by_domain(listed, "") is None
