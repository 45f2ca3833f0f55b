"""For whom a fetched mail is."""

from dataclasses import dataclass

import pytest

from ingest.accept import Recipient
from ingest.address_book import StoredAddressBook
from ingest.imap.recipients import behind_plus, recipients_of
from store.mailbox_values import checked
from store.session import Database
from tests.ingest.imap.rig import mail
from tests.support.accounts import MadeAccount, make_account


@dataclass
class Ours:
    account: MadeAccount
    book: StoredAddressBook

    def of(self, raw: bytes, **values: object) -> list[tuple[str, str, str | None]]:
        given = {"host": "imap.example", "username": "crm@firma.example", "kind": "by_recipient"}
        found = recipients_of(
            raw, checked(given | values), self.book, self.account.id, self.account.domain, "mailbox:x"
        )
        assert {each.source_key for each in found} == {"mailbox:x"}
        assert {each.account_id for each in found} == {self.account.id}
        return [(each.kind, each.address, each.tag) for each in found]


@pytest.fixture
def ours(sqlite_database: Database) -> Ours:
    account = make_account(sqlite_database, "acme")
    make_account(sqlite_database, "globex")
    return Ours(account, StoredAddressBook(sqlite_database, b"a" * 32))


FALLBACK = [("leads", "crm@firma.example", None)]


def test_a_mailbox_of_one_kind_asks_no_header(ours: Ours) -> None:
    raw = mail("x", to="bcc@acme.test", headers={"Delivered-To": "bcc@acme.test"})
    assert ours.of(raw, kind="leads") == FALLBACK
    assert ours.of(raw, kind="form", username="crm") == [("form", "crm", None)]


def test_the_topmost_recipient_header_decides_and_what_stands_below_does_not(ours: Ours) -> None:
    headers = {
        "Received": "by mx.firma.example",
        "x-original-to": "bcc@acme.test",
        "Delivered-To": "leads@acme.test",
    }
    assert ours.of(mail("x", headers=headers)) == [("bcc", "bcc@acme.test", None)]
    headers = {"Delivered-To": "crm@firma.example", "X-Original-To": "bcc@acme.test"}
    assert ours.of(mail("x", headers=headers)) == FALLBACK, "the second may be the sender's"
    assert ours.of(mail("x", headers=headers), recipient_headers=["X-Original-To"]) == [
        ("bcc", "bcc@acme.test", None)
    ]


def test_else_to_and_cc_else_the_fallback(ours: Ours) -> None:
    raw = mail("x", to="Us <leads+Fair2026@acme.test>, x@y.example", headers={"Cc": "bcc@acme.test"})
    assert ours.of(raw) == [("bcc", "bcc@acme.test", None), ("leads", "leads+Fair2026@acme.test", "fair2026")]
    assert ours.of(mail("x", to="x@y.example"), fallback="bcc") == [("bcc", "crm@firma.example", None)]
    assert ours.of(b"\r\nno header at all") == FALLBACK


def test_another_accounts_address_is_nobody_here(ours: Ours) -> None:
    assert ours.of(mail("x", to="leads@globex.test")) == FALLBACK


def test_without_a_domain_of_ones_own_addresses_stand_behind_a_plus(ours: Ours) -> None:
    personal = ours.account.admin.address.partition("@")[0]
    to = f"CRM+{personal}@firma.example"
    assert ours.of(mail("x", headers={"Delivered-To": to})) == [("personal", to, None)]
    to = "crm+leads+fair@firma.example"
    assert ours.of(mail("x", to=to)) == [("leads", to, "fair")]
    assert ours.of(mail("x", to="crm+leads@other.example")) == FALLBACK
    assert behind_plus("crm@firma.example", "crm@firma.example") is None
    assert behind_plus("crm+x@firma.example", None) is None


def test_what_stands_behind_the_plus_is_a_tag_where_it_is_no_address_of_ours(ours: Ours) -> None:
    to = "CRM+Fair2026@firma.example"
    assert ours.of(mail("x", to=to), kind="leads") == [("leads", to, "fair2026")]
    assert ours.of(mail("x", headers={"Delivered-To": to}), kind="bcc") == [("bcc", to, "fair2026")]
    assert ours.of(mail("x", to=f"x@y.example, {to}")) == [("leads", to, "fair2026")]
    assert ours.of(mail("x", to="crm+a+b@firma.example"), kind="form") == [
        ("form", "crm+a+b@firma.example", "a+b")
    ]


def test_a_secret_becomes_no_tag(ours: Ours) -> None:
    personal = ours.account.admin.address.partition("@")[0]
    gone = "anna.abcdefghijklmnop"
    for behind in (personal, "leads", "leads+fair", gone, f"{gone}+x", "partner-abcdefghijklmnop"):
        assert ours.of(mail("x", to=f"crm+{behind}@firma.example"), kind="leads") == FALLBACK


def test_many_addresses_are_bounded(ours: Ours) -> None:
    asked: list[str] = []

    class Book:
        def resolve(self, address: str) -> Recipient | None:
            asked.append(address)
            return None

    raw = mail("x", to=", ".join(f"a{number}@y.example" for number in range(1_000)))
    values = checked({"host": "imap.example", "username": "u", "kind": "by_recipient"})
    assert len(recipients_of(raw, values, Book(), ours.account.id, "acme.test", "mailbox:x")) == 1
    assert len(asked) <= 50
