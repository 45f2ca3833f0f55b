"""Gmail's question is held with a reason of its own, and never becomes a lead."""

import pytest

from tests.ingest.mailroom import Mailroom, anna, write

LINK = "https://mail-settings.google.com/mail/vf-%5BANGj%5D-0Qx"
TEXT = f"paula@gmail.com has requested to forward mail.\nConfirmation code: 123456789\n{LINK}\n"
GOOGLE = "Gmail Team <forwarding-noreply@google.com>"


@pytest.mark.parametrize("to", ["leads", "bcc", "personal"])
@pytest.mark.parametrize("headers", [{}, {"Auto-Submitted": "auto-generated"}])
def test_it_waits_for_a_person(mailroom: Mailroom, to: str, headers: dict[str, str]) -> None:
    address = {"leads": mailroom.account.leads, "bcc": mailroom.account.bcc, "personal": anna(mailroom)}[to]
    message = mailroom.receive(write(sender=GOOGLE, to=address, text=TEXT, headers=headers), address)
    assert (message.outcome, message.reason) == ("held", "forwarding_confirmation")
    assert message.reason_data == {"mailbox": "paula@gmail.com", "link": LINK, "code": "123456789"}
    assert mailroom.leads() == []


def test_other_mail_of_google_is_ordinary(mailroom: Mailroom) -> None:
    message = mailroom.receive(write(sender="Jo <jo@google.com>", text=TEXT))
    assert message.outcome == "lead_created"
