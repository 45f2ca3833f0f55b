"""A question of Gmail that somebody else made up is none, whichever address it comes to."""

import pytest

from store.forms import create_form
from tests.ingest.mailroom import Mailroom, write
from tests.ingest.trust.zone import Zone


@pytest.mark.parametrize("kind", ["leads", "form"])
def test_a_forged_question_of_gmail_is_none(room: Mailroom, zone: Zone, kind: str) -> None:
    zone.txt("google.com", "v=spf1 ip4:192.0.2.99 -all").txt("_dmarc.google.com", "v=DMARC1; p=reject")
    with room.database.write() as connection:
        form = create_form(connection, room.account.scope, {"name": "Contact"})
    to = {"leads": room.account.leads, "form": form.address}[kind]
    asked = write(
        sender="Gmail Team <forwarding-noreply@google.com>",
        text="x@gmail.com asks. Code: 123456789 https://mail.google.com/mail/vf-1",
    )
    message = room.receive(asked, to, mail_from="x@evil.example", client_ip="203.0.113.66")
    assert message.trust == "failed" and message.reason != "forwarding_confirmation"
    assert room.leads() == []
