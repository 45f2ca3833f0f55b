"""Allowed and blocked senders: what their mail becomes, and whom the lists never concern."""

from typing import Any

import pytest

from store.accounts import update_account
from store.senders import ALLOWED, BLOCKED, block, listed, normal_sender, unblock
from tests.ingest.mailroom import Mailroom, anna, rep_mail, write


def lists(room: Mailroom, **values: list[str]) -> None:
    with room.database.write() as connection:
        update_account(
            connection, room.account.scope, {f"{name}_senders": each for name, each in values.items()}
        )


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("a@spam.example", BLOCKED),
        ("A@SPAM.example", BLOCKED),
        ("good@spam.example", ALLOWED),  # the address goes before its domain
        ("bad@fine.example", BLOCKED),
        ("b@fine.example", ALLOWED),
        ("both@x.example", ALLOWED),
        ("a@sub.spam.example", None),
        ("nobody@else.example", None),
        ("", None),
    ],
)
def test_an_address_goes_before_its_domain(address: str, said: str | None) -> None:
    allowed = {"good@spam.example", "*@fine.example", "both@x.example"}
    assert listed(allowed, {"*@spam.example", "bad@fine.example", "both@x.example"}, address) == said


def test_entries_are_addresses_or_domains() -> None:
    assert normal_sender(" *@MÜLLER.example ") == "*@xn--mller-kva.example"
    for wrong in (
        "",
        "spam.example",
        "a@",
        "@b.example",
        "a b@c.example",
        "a@localhost",
        "a@b.example c@d.example",
    ):
        with pytest.raises(ValueError, match=r"\*@"):
            normal_sender(wrong)


@pytest.mark.parametrize("kind", ["leads", "bcc", "personal"])
def test_a_blocked_senders_mail_is_spam(mailroom: Mailroom, kind: str) -> None:
    lists(mailroom, blocked=["*@kunde.example"])
    to = {"leads": mailroom.account.leads, "bcc": mailroom.account.bcc, "personal": anna(mailroom)}[kind]
    message = mailroom.receive(write(to="else@else.example"), to)
    assert (message.outcome, message.reason) == ("ignored", "spam")
    assert message.reason_data == {"why": "blocked_sender"}
    assert mailroom.leads() == [] and "lead.created" not in mailroom.events()
    mailroom.resolver.resolve(
        mailroom.account.scope, message.id, "not_spam", user_id=mailroom.account.admin.id
    )
    assert mailroom.message(message.id).reason != "spam", "a person's word goes before the list"


def test_who_it_is_from_counts_where_another_sends_it(mailroom: Mailroom) -> None:
    lists(mailroom, blocked=["paula@kunde.example"])
    text = "Name: Paula\r\nE-Mail: paula@kunde.example\r\nNachricht: Hallo\r\n"
    raw = write(sender="Site <wordpress@site.example>", text=text, message_id="<f@site.example>")
    assert mailroom.receive(raw).reason_data == {"why": "blocked_sender"}


def test_colleagues_are_never_blocked(mailroom: Mailroom) -> None:
    lists(mailroom, blocked=["*@acme.example", "paula@kunde.example"])
    message = mailroom.receive(rep_mail(), anna(mailroom))
    assert message.outcome == "lead_created", "a user's own mail, to whomever"
    held = mailroom.receive(rep_mail(message_id="<2@acme.example>"), mailroom.account.bcc)
    assert (held.outcome, held.reason) == ("held", "sender_unverified")


def test_an_allowed_sender_is_never_spam(mailroom: Mailroom) -> None:
    def arrives(number: int) -> Any:
        return mailroom.receive(
            write(message_id=f"<{number}@kunde.example>", subject=f"s{number}"), door="imap", junk=True
        )

    assert arrives(1).reason == "spam"
    lists(mailroom, allowed=["*@kunde.example"])
    assert arrives(2).outcome == "lead_created"


def test_blocking_takes_off_the_other_list_and_back(mailroom: Mailroom) -> None:
    lists(mailroom, allowed=["a@x.example"])
    with mailroom.database.write() as connection:
        scope = mailroom.account.scope
        assert block(connection, scope, ["A@x.example", "b@x.example"]) == ["a@x.example", "b@x.example"]
        assert block(connection, scope, ["a@x.example"]) == []
        assert unblock(connection, scope, ["a@x.example", "c@x.example"]) == ["a@x.example"]
        account = update_account(connection, scope, {})
    assert (account.allowed_senders, account.blocked_senders) == ((), ("b@x.example",))
