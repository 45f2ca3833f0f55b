"""The recipe for Postfix, as printed: the domain's mail comes by LMTP, unknown addresses go back to their sender."""

import smtplib

import pytest

from tests.docs.pages import ROOT, blocks
from tests.ingest.post_room import room, wait_until
from tests.support.postfix import Postfix, find_postfix

PAGE = ROOT / "docs" / "how-to" / "postfix.md"


def test_the_recipe() -> None:
    if find_postfix() is None:
        pytest.skip("Postfix is not installed, or we are not root")
    settings, main, transport, *_ = (block.text for block in blocks(PAGE, "text"))
    assert settings == "LEADGATE_LMTP=127.0.0.1:2524\n"

    with room() as post:

        def here(text: str) -> str:
            written = text.replace("leads.example.com", "acme.test")
            return written.replace("127.0.0.1:2524", f"127.0.0.1:{post.lmtp_port}")

        postfix = Postfix("acme.test", post.lmtp_port, handing_on=here(main), transport=here(transport))
        try:
            with smtplib.SMTP("127.0.0.1", postfix.port, timeout=20) as client:
                client.sendmail("x@kunde.example", ["leads@acme.test", "nobody@acme.test"], "Subject: a\n\nb")
                with pytest.raises(smtplib.SMTPRecipientsRefused):
                    client.sendmail("x@kunde.example", ["x@elsewhere.example"], "Subject: a\n\nb")
            wait_until(lambda: len(post.notebook.written) == 1)
            (incoming,) = post.notebook.written
            assert incoming.connection.door == "lmtp"
            assert [recipient.address for recipient in incoming.recipients] == ["leads@acme.test"]
            wait_until(lambda: "550 5.1.1" in postfix.said())
        finally:
            postfix.close()
