"""The one door: plain situations, and that nothing makes it raise."""

from __future__ import annotations

from parsers.understand import understand

PLAIN = (
    "From: =?utf-8?q?J=C3=B6rg_Wei=C3=9F?= <joerg@weiss.example>\r\nTo: leads@acme.example\r\nSubject: Angebot\r\n"
    "Message-ID: <1@weiss.example>\r\nDate: Mon, 23 Nov 2026 08:00:00 +0100\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\nGrüße aus Köln\r\n"
).encode()


def test_a_plain_mail() -> None:
    message = understand(PLAIN)
    assert message.sender is not None
    assert (message.sender.name, message.sender.address) == ("Jörg Weiß", "joerg@weiss.example")
    assert message.subject == "Angebot"
    assert message.message_id == "<1@weiss.example>"
    assert message.date is not None
    assert message.date.isoformat() == "2026-11-23T08:00:00+01:00"
    assert message.reply == "Grüße aus Köln"
    assert message.problems == ()
    assert message.header("subject") == "Angebot"


def test_nothing_at_all() -> None:
    message = understand(b"")
    assert [problem.code for problem in message.problems] == ["empty-message"]
