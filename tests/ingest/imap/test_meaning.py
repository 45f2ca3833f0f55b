"""What becomes of fetched mail once it is understood: whose it is, whom it is about, and what proves nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ingest.process import Processor
from parsers.understand import understand
from store.directory import read_directory
from store.leads import lead_json
from store.session import Database
from store.tables.leads import contacts, leads
from store.tables.mail import messages
from tests.ingest.imap.rig import Rig, mail
from tests.ingest.mailroom import KEYS
from tests.support.accounts import MadeAccount
from tests.support.dovecot import Dovecot
from tests.support.rows import rows

USER = "crm@firma.example"


@pytest.fixture
def desk(dovecot: Dovecot, sqlite_database: Database, acme: MadeAccount) -> Iterator[Rig]:
    made = Rig(dovecot, sqlite_database, acme)
    yield made
    made.close()


def work(rig: Rig) -> None:
    processor = Processor(rig.database, understand, KEYS, lambda: None, lambda: None)
    while processor.process_batch():
        pass
    assert rig.contradictions() == []


def test_a_mail_to_the_mailbox_is_a_lead_of_that_source(desk: Rig) -> None:
    mailbox = desk.make(name="Info@")
    desk.append("Anfrage")
    desk.read_once(mailbox)
    work(desk)
    (lead,) = rows(desk.database, leads)
    with desk.database.read() as connection:
        told = lead_json(connection, desk.account.scope, [lead["id"]])[lead["id"]]
    assert told["source"] == {"kind": "email", "name": "Info@"}
    assert told["contacts"][0]["emails"] == ["paula@kunde.example"]


def test_a_personal_address_in_a_header_is_a_destination_and_no_proof(desk: Rig) -> None:
    """The user's own address as sender, the user's secret in the header: anybody could have written both."""
    mailbox = desk.make(kind="by_recipient")
    secret = desk.account.admin.address.partition("@")[0]
    base, _, domain = desk.user.partition("@")
    raw = mail("BCC", headers={"Delivered-To": f"{base}+{secret}@{domain}"})
    desk.dovecot.append(desk.user, [raw.replace(b"Paula <paula@kunde.example>", b"Anna <anna@acme.example>")])
    desk.read_once(mailbox)
    assert [each["kind"] for each in desk.arrivals()] == ["personal"]
    work(desk)
    (message,) = rows(desk.database, messages)
    assert (message["outcome"], message["reason"]) == ("held", "sender_unverified")


def test_the_mailboxes_own_address_is_never_a_contact(desk: Rig) -> None:
    mailbox = desk.make()
    base, _, domain = desk.user.partition("@")
    to = f"{desk.user}, {base}+leads@{domain}"
    desk.dovecot.append(desk.user, [mail("own", to=to, headers={"Cc": "Cora <cora@kunde.example>"})])
    desk.read_once(mailbox)
    work(desk)
    assert not any(desk.user in str(row) for row in rows(desk.database, contacts))
    with desk.database.read() as connection:
        directory = read_directory(connection, desk.account.scope)
    assert directory.is_ours(desk.user.upper()) and directory.is_ours(f"{base}+x@{domain}")
    assert not directory.is_ours(f"{base}x@{domain}") and not directory.is_ours(f"x@{domain}")
    personal = desk.account.admin.address.partition("@")[0]
    found = directory.personal_address_of(f"{base}+{personal}+tag@{domain}")
    assert found is not None and found.user_id == desk.account.admin.id
    assert directory.personal_address_of(f"other+{personal}@{domain}") is None


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("leads", "lead_created"), ("bcc", "held"), ("form", "held"), ("partner", "held")],
)
def test_every_kind_is_decided_without_an_address_of_ours(desk: Rig, kind: str, outcome: str) -> None:
    mailbox = desk.make(kind=kind)
    desk.append("Anfrage")
    desk.read_once(mailbox)
    work(desk)
    (message,) = rows(desk.database, messages)
    assert message["outcome"] == outcome, message["reason"]


def test_what_stands_behind_the_plus_of_a_mailbox_of_one_kind_is_a_tag(desk: Rig) -> None:
    mailbox = desk.make()
    base, _, domain = desk.user.partition("@")
    desk.dovecot.append(desk.user, [mail("Messe", to=f"{base}+Fair2026@{domain}")])
    desk.read_once(mailbox)
    work(desk)
    (lead,) = rows(desk.database, leads)
    with desk.database.read() as connection:
        told = lead_json(connection, desk.account.scope, [lead["id"]])[lead["id"]]
    assert told["tags"] == ["fair2026"]


def test_a_folder_for_spam_brings_spam_until_somebody_moves_the_mail(desk: Rig) -> None:
    since = datetime.now(UTC) - timedelta(days=1)
    junk = desk.make(folder="Spamverdacht", since=since)
    desk.append("Gewonnen", "Anfrage", folder="Spamverdacht")
    desk.read_once(junk)
    work(desk)
    assert {(each["outcome"], each["reason"]) for each in rows(desk.database, messages)} == {
        ("ignored", "spam")
    }
    inbox = desk.make(since=since)
    desk.append("Anfrage")
    desk.read_once(inbox)
    work(desk)
    assert sorted(each["outcome"] for each in rows(desk.database, messages)) == ["ignored", "lead_created"]
    assert len(rows(desk.database, leads)) == 1


def test_a_folder_that_is_missing_is_named_and_none_is_read_in_its_place(desk: Rig) -> None:
    mailbox = desk.make(folder="Anfragen")
    desk.append("in the inbox")
    told = desk.read_once(mailbox).health
    assert told.error_stage == "folder"
    assert str(told.error).startswith("There is no folder Anfragen; there are ")
    assert desk.raws() == []
    desk.append("there now", folder="Anfragen")
    desk.change(mailbox, since=datetime.now(UTC) - timedelta(days=1))
    assert desk.read_once(mailbox).health.error is None
    assert desk.subjects() == ["there now"]
