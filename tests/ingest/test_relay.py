"""No relay: the classic ways to write an address so that a mail server passes mail on to somebody else (quality §4).

With the real address book: what is taken is an address of an account, and nothing else.
"""

from collections.abc import Iterator

import pytest

from ingest.address_book import StoredAddressBook
from tests.ingest.post_room import Room
from tests.support.accounts import make_account
from tests.support.databases import Databases

FORMS = (
    "victim@other.example",
    "victim@other.example.",
    "<victim@other.example",
    "victim%other.example@acme.test",
    "victim%other.example@[127.0.0.1]",
    "victim%other.example@localhost",
    "victim%other.example",
    "victim@other.example@acme.test",
    '"victim@other.example"@acme.test',
    '"victim%other.example"@acme.test',
    '"victim@other.example"',
    '"victim"@other.example',
    "@acme.test:victim@other.example",
    "@acme.test,@other.example:victim@other.example",
    "@other.example:leads@elsewhere.example",
    "other.example!victim",
    "other.example!victim@acme.test",
    "other.example!victim@[127.0.0.1]",
    "acme.test!other.example!victim",
    "victim@[127.0.0.1]",
    "victim@[IPv6:::1]",
    "victim@other.example(leads@acme.test)",
    "leads@acme.test,victim@other.example",
    "leads@acme.test victim@other.example",
    "leads@acme.test;victim@other.example",
    "leads@acme.test\\@other.example",
    "leads@acme.test.other.example",
    "leads@other.example",
    "leads%acme.test@other.example",
    "victim@localhost",
    "victim@localhost.localdomain",
    "victim",
    "root",
    "victim@",
    "@other.example",
    "victim@acme.test@other.example",
    "victim@=?utf-8?q?other.example?=",
)
SENDERS = ("a@other.example", "leads@acme.test", "root@localhost", "")
OURS = ("leads@acme.test", "LEADS@acme.TEST", "leads+tag@acme.test", "postmaster", "postmaster@acme.test")


@pytest.fixture(scope="module")
def closed(databases: Databases) -> Iterator[Room]:
    with databases.sqlite() as database:
        account = make_account(database)
        more = dict.fromkeys(
            ("unknown_recipients_per_hour", "errors_per_session", "commands_per_message"), 100_000
        )
        room = Room(StoredAddressBook(database, b"a" * 32), **more)
        assert account.domain == "acme.test"
        yield room
        room.close()


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("lmtp", [False, True], ids=["smtp", "lmtp"])
def test_nothing_is_passed_on(closed: Room, sender: str, lmtp: bool) -> None:
    taken = []
    with closed.wire(lmtp=lmtp) as wire:
        wire.say("LHLO c" if lmtp else "EHLO c")
        for form in FORMS:
            wire.say("RSET", f"MAIL FROM:<{sender}>")
            answer = wire.say(f"RCPT TO:<{form}>")
            assert answer[:1] in "245", answer
            if answer[:1] == "2":
                taken.append(form)
    assert taken == []
    assert closed.notebook.written == []


def test_ours_are_taken_by_the_same_listener(closed: Room) -> None:
    with closed.wire() as wire:
        wire.say("EHLO c", "MAIL FROM:<a@other.example>")
        assert {wire.say(f"RCPT TO:<{address}>") for address in OURS} == {"250 2.1.5 Recipient accepted"}
