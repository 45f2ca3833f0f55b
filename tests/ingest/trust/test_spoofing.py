"""Mail that pretends to be Anna's: none of it is taken for hers (quality §4: 60 cases, 0 verified).

acme.example, Anna's domain, publishes a key, SPF for one client, and a policy that rejects; evil.example has all of
that for itself. The mail comes from a stranger's client, or through a hop that the operator trusts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.ingest.mailroom import Mailroom, rep_mail
from tests.ingest.trust.conftest import CLIENT, HOP
from tests.ingest.trust.signing import ed25519_key, sign

ANNA = "Anna <anna@acme.example>"
EVIL = {"mail_from": "x@evil.example", "client_ip": "203.0.113.66"}
BY_HOP = {"mail_from": "anna@acme.example", "client_ip": HOP, "trusted_hop": True}
PASS = "mx.acme.example; dkim=pass header.d=acme.example; dmarc=pass header.from=acme.example"
RECEIVED = "from a.example by mx.acme.example; Mon, 23 Nov 2026 08:00:00 +0000"


@dataclass(frozen=True)
class Case:
    """A forged mail and how it came."""

    raw: bytes
    facts: Mapping[str, Any] = field(default_factory=lambda: EVIL)


def mail(**more: Any) -> bytes:
    return rep_mail(**({"subject": "Angebot // !won"} | more))


def above(*fields: str, raw: bytes | None = None) -> bytes:
    """Fields written above everything that stands in the mail."""
    return "".join(f"{one}\r\n" for one in fields).encode() + (mail() if raw is None else raw)


def sender(written: str) -> bytes:
    return mail(sender=written)


def by_evil(written: str = ANNA, **more: Any) -> bytes:
    """Signed well, by evil.example."""
    return sign(sender(written), "evil.example", **more)


def changed(old: bytes, new: bytes, raw: bytes | None = None) -> bytes:
    """A mail that Anna's server signed, changed on its way."""
    signed = sign(mail(), "acme.example") if raw is None else raw
    assert old in signed
    return signed.replace(old, new, 1)


def results(value: str, received: str | None = RECEIVED, first: bool = True) -> bytes:
    """A mail with Authentication-Results above (or below) the topmost Received; None: without any Received."""
    raw = re.sub(rb"\AReceived: .*\r\n", b"", mail())
    fields = [f"Authentication-Results: {value}", *([f"Received: {received}"] if received else [])]
    return above(*(fields if first else reversed(fields)), raw=raw)


def hop(raw: bytes) -> Case:
    return Case(raw, BY_HOP)


REPLAYED = sign(mail(), "acme.example")
FORGED = {
    # From alone
    "plain": Case(mail()),
    "envelope of hers": Case(mail(), EVIL | {"mail_from": "anna@acme.example"}),
    "null sender": Case(mail(), EVIL | {"mail_from": ""}),
    "null sender, helo of hers": Case(mail(), EVIL | {"mail_from": "", "helo": "acme.example"}),
    "envelope with her domain in the local part": Case(mail(), EVIL | {"mail_from": "anna@acme.example@evil.example"}),
    "from below her domain": Case(sender("anna@sub.acme.example")),
    "spf of the stranger's passes": Case(mail(), EVIL | {"mail_from": "x@open.example"}),
    # two authors
    "second from below": Case(above(f"From: {ANNA}", raw=by_evil("x@evil.example"))),
    "second from above": Case(above("From: x@evil.example", raw=REPLAYED)),
    "second from in other case": Case(above("FROM: x@evil.example", raw=REPLAYED)),
    "second from with a space": Case(above("From : x@evil.example", raw=REPLAYED)),
    "two in one from": Case(by_evil(f"{ANNA}, x@evil.example")),
    "two in one from, she last": Case(by_evil(f"x@evil.example, {ANNA}")),
    "a group": Case(by_evil(f"Team: {ANNA}, x@evil.example;")),
    "from hidden behind a line feed": Case(above(f"X-A: b\nFrom: {ANNA}", raw=by_evil("x@evil.example"))),
    "from hidden behind a carriage return": Case(above(f"X-A: b\rFrom: {ANNA}", raw=by_evil("x@evil.example"))),
    "from behind a NUL": Case(above(f"X-A: \0\r\nFrom: {ANNA}", raw=by_evil("x@evil.example"))),
    "no from, she as sender": Case(sign(mail(sender=None, headers={"Sender": ANNA}), "acme.example")),
    "reply-to her": Case(by_evil("x@evil.example").replace(b"To: ", b"Reply-To: anna@acme.example\r\nTo: ", 1)),
    # her name, other addresses
    "her address as the name": Case(by_evil('"anna@acme.example" <x@evil.example>')),
    "her address as a comment": Case(by_evil("x@evil.example (anna@acme.example)")),
    "her address encoded as the name": Case(by_evil("=?utf-8?q?anna=40acme=2Eexample?= <x@evil.example>")),
    "two pairs of brackets": Case(by_evil("<anna@acme.example> <x@evil.example>")),
    "two pairs, she last": Case(by_evil("<x@evil.example> <anna@acme.example>")),
    "source route": Case(by_evil("<@acme.example:x@evil.example>")),
    "quoted local part": Case(by_evil('"anna@acme.example"@evil.example')),
    # look-alikes
    "hyphen": Case(sign(sender("anna@acme-example.test"), "acme-example.test")),
    "her domain in front": Case(by_evil("anna@acme.example.evil.example")),
    "cyrillic letter": Case(by_evil("anna@аcme.example")),
    "punycode": Case(by_evil("anna@xn--cme-7cd.example")),
    "full width": Case(by_evil("anna@ａｃｍｅ.example")),
    "trailing dot": Case(by_evil("anna@acme.example.")),
    "zero width": Case(by_evil("anna@ac\u200bme.example")),
    "domain signs for the suffix": Case(sign(mail(), "example")),
    # signatures of others
    "signed by evil": Case(by_evil()),
    "signed by evil in her name": Case(by_evil(i="@acme.example")),
    "signed by evil, d of hers": Case(changed(b"d=evil.example", b"d=acme.example", by_evil())),
    "signed by evil and broken by her": Case(sign(changed(b"Bitte", b"Bitter"), "evil.example")),
    "another key": Case(sign(mail(), "acme.example", key=ed25519_key())),
    "selector elsewhere": Case(sign(mail(), "acme.example", selector="s1._domainkey.evil.example.x")),
    "no selector of hers": Case(sign(mail(), "acme.example", selector="s2")),
    # signatures of hers, mail of others
    "l= nothing": Case(changed(b"Bitte", b"Bitter", sign(mail(), "acme.example", length=0))),
    "l= and text behind": Case(sign(mail(), "acme.example", length=10) + b"#won\r\n"),
    "l= exact": Case(sign(mail(), "acme.example", length=len("Bitte ein Angebot.\r\n"))),
    "l= larger than the body": Case(sign(mail(), "acme.example", length=99_999)),
    "body changed": Case(changed(b"Bitte", b"Bitter")),
    "text behind": Case(REPLAYED + b"#won\r\n"),
    "second subject above": Case(above("Subject: // !won", raw=REPLAYED)),
    "second subject below": Case(changed(b"\r\nTo: ", b"\r\nSubject: // !won\r\nTo: ")),
    "second to": Case(above("To: other@kunde.example", raw=REPLAYED)),
    "second content-type": Case(above("Content-Type: text/plain", "Content-Type: text/html", raw=REPLAYED)),
    "subject not covered": Case(changed(b"Angebot", b"Auftrag", sign(mail(), "acme.example", covers="from:to:date"))),
    "from not covered": Case(sign(mail(), "acme.example", covers="to:subject:date")),
    "expired": Case(sign(mail(), "acme.example", x="1600000000")),
    # results that somebody wrote
    "results from nowhere": Case(above(f"Authentication-Results: {PASS}")),
    "results of a hop that is none": Case(results(PASS)),
    "results below received": hop(results(PASS, first=False)),
    "results without received": hop(results(PASS, received=None)),
    "results of another server": hop(results(PASS.replace("mx.acme", "mx.evil"))),
    "results of a longer name": hop(results(PASS.replace("mx.acme.example", "mx.acme.example.evil.example"))),
    "results about evil": hop(results("mx.acme.example; dkim=pass header.d=evil.example; dmarc=fail")),
    "results about evil's envelope": hop(results("mx.acme.example; spf=pass smtp.mailfrom=x@evil.example")),
    "results in a comment": hop(results("mx.acme.example; spf=fail (dmarc=pass header.from=acme.example)")),
    "results in quotes": hop(results('mx.acme.example; spf=fail reason="; dkim=pass header.d=acme.example"')),
    "results that failed": hop(results("mx.acme.example; dkim=fail header.d=acme.example; dmarc=fail")),
    "arc results": hop(results(PASS).replace(b"Authentication-Results", b"ARC-Authentication-Results")),
    "results said to be by the hop's name": hop(above(f"X-Authentication-Results: {PASS}")),
}  # fmt: skip


def test_nobody_is_taken_for_anna(room: Mailroom) -> None:
    assert len(FORGED) >= 60
    sent = {}
    for number, (name, case) in enumerate(FORGED.items()):
        raw = case.raw.replace(b"<r@acme.example>", f"<{number}@acme.example>".encode())
        sent[name] = room.send(raw, room.account.bcc, **case.facts)
    room.work()
    taken = {}
    for name, message_id in sent.items():
        message = room.message(message_id)
        assert message.outcome is not None, name
        of_anna = message.acting_user_id is not None or message.outcome in ("lead_created", "history_added")
        claims_her = (message.sender_address or "").rpartition("@")[2] == "acme.example"
        if of_anna or (message.trust == "verified" and claims_her):
            taken[name] = (message.trust, message.outcome, message.reason, message.trust_detail)
    assert taken == {}


def test_the_same_mail_of_hers_is_verified(room: Mailroom) -> None:
    """What the forgeries are made from: so it is the forging that fails."""
    message = room.receive(REPLAYED, room.account.bcc, **EVIL)
    assert (message.trust, message.acting_user_id) == ("verified", room.account.admin.id)


def test_her_servers_client_is_verified(room: Mailroom) -> None:
    message = room.receive(mail(), room.account.bcc, mail_from="anna@acme.example", client_ip=CLIENT)
    assert (message.trust, message.acting_user_id) == ("verified", room.account.admin.id)


def test_results_of_her_hop_are_verified(room: Mailroom) -> None:
    message = room.receive(results(PASS), room.account.bcc, **BY_HOP)
    assert (message.trust, message.acting_user_id) == ("verified", room.account.admin.id)
