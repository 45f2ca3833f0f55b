"""Gmail's question is recognised in any language, and nothing else is taken for it."""

import pytest

from parsers import forwarding_confirmation
from parsers.forwarding_confirmation import Confirmation
from parsers.understand import ParseOptions, understand

YES = "https://mail-settings.google.com/mail/vf-%5BANGjdJ8s%5D-0Q_x.y~z"
NO = "https://mail-settings.google.com/mail/uf-%5BANGjdJ8t%5D-9R"
ENGLISH = f"""\
paula@gmail.com has requested to automatically forward mail to your email address leads@acme.test.

Confirmation code: 123456789

To allow paula@gmail.com to automatically forward mail to your address, please click the link below:

{YES}

If you accidentally clicked the link, click this link to cancel: {NO}
"""
GERMAN = f"""\
paula@gmail.com möchte automatisch E-Mails an Ihre Adresse leads@acme.test weiterleiten.
Bestätigungscode: 123456789
Klicken Sie auf den folgenden Link, um die Anfrage zu bestätigen:
{YES}
"""
ALL = Confirmation("paula@gmail.com", YES, "123456789")


def read(text: str, sender: str = "forwarding-noreply@google.com", subject: str = "x") -> Confirmation | None:
    raw = f"From: Gmail Team <{sender}>\nTo: leads@acme.test\nSubject: {subject}\n"
    raw += f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}"
    return forwarding_confirmation.read(understand(raw.encode(), ParseOptions()))


@pytest.mark.parametrize("text", [ENGLISH, GERMAN])
def test_it_is_read_in_any_language(text: str) -> None:
    assert read(text) == ALL


def test_code_and_mailbox_of_the_subject() -> None:
    subject = "(#987654321) Gmail Forwarding Confirmation - Receive Mail from bo@gmail.com"
    assert read("See above.", subject=subject) == Confirmation("bo@gmail.com", None, "987654321")


@pytest.mark.parametrize(
    "link",
    [
        NO,
        "https://mail.google.com.evil.example/mail/vf-1",
        "http://mail.google.com/mail/vf-1",
        "https://evil.example/?https://mail-google.com/mail/vf-1",
        "https://evil.example/mail/vf-1",
    ],
)
def test_a_link_elsewhere_is_not_shown(link: str) -> None:
    found = read(f"Code: 123456789\n{link}")
    assert found is not None and found.link is None and found.code == "123456789"
    assert read(f"No code.\n{link}") is None


@pytest.mark.parametrize(
    "sender", ["forwarding-noreply@google.com.example", "x@google.com", "paula@gmail.com"]
)
def test_only_googles_own_address_asks(sender: str) -> None:
    assert read(ENGLISH, sender=sender) is None


def test_numbers_of_other_lengths_and_within_links_are_no_code() -> None:
    found = read(f"On 2026-11-27 at 12345678901 from 1234567\n{YES}12345678901")
    assert found is not None and found.code is None
