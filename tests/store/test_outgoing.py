"""Who may be written to: the verdicts, the limits to people outside, and the account's own server."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from store import mailboxes, outgoing, smarthosts
from store.ids import new_id
from store.outgoing import Answered, NewMail, NotQueued, Post, Queued, Verdict
from store.outgoing_log import mails_json
from store.sealing import Sealer
from store.session import Database, Invalid, now
from store.tables.outgoing import outgoing_mails
from store.tables.outgoing import smarthosts as smarthosts_table
from store.tables.people import user_addresses, users
from tests.support.accounts import MadeAccount, make_user
from tests.support.rows import count, rows

SEALER = Sealer(b"s" * 32)
POST = Post(SEALER, has_smarthost=True)
OUTSIDE = "jan@outside.example"


def queue(
    database: Database, account: MadeAccount, to: str = OUTSIDE, key: str = "k", **more: Any
) -> Verdict:
    mail = NewMail(key=key, to=to, purpose="test", subject="s", text="secret text", **more)
    with database.write() as connection:
        return outgoing.queue(connection, account.scope, POST, mail)


def test_one_row_per_key_and_recipient(
    database: Database, account: MadeAccount, other_account: MadeAccount
) -> None:
    first = queue(database, account)
    assert isinstance(first, Queued) and not first.again
    assert queue(database, account, "JAN@Outside.Example") == Queued(first.id, again=True)
    assert isinstance(queue(database, account, key="another"), Queued)
    assert isinstance(queue(database, account, "eva@outside.example"), Queued)
    assert isinstance(queue(database, other_account), Queued)
    assert count(database, outgoing_mails) == 4


def test_at_most_two_a_day_to_an_address_outside(database: Database, account: MadeAccount) -> None:
    for number in range(2):
        assert isinstance(queue(database, account, key=f"k{number}"), Queued)
    assert queue(database, account, "Jan@OUTSIDE.example", key="k2") == NotQueued(outgoing.OVER_LIMIT)
    assert isinstance(queue(database, account, "eva@outside.example", key="k2"), Queued)
    with database.write() as connection:
        connection.execute(
            update(outgoing_mails)
            .where(outgoing_mails.c.account_id == account.id, outgoing_mails.c.key == "k0")
            .values(created_at=datetime.now(UTC) - timedelta(hours=25))
        )
    assert isinstance(queue(database, account, key="k2"), Queued)


def test_the_limit_holds_for_many_at_once(database: Database, account: MadeAccount) -> None:
    found: list[Verdict] = []
    askers = [
        threading.Thread(
            target=lambda number=number: found.append(queue(database, account, key=f"k{number}"))
        )
        for number in range(8)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert sum(isinstance(verdict, Queued) for verdict in found) == 2
    assert found.count(NotQueued(outgoing.OVER_LIMIT)) == 6


def test_users_have_no_such_limit(database: Database, account: MadeAccount) -> None:
    ben = make_user(database, account, "ben@acme.example")
    with database.write() as connection:
        connection.execute(
            insert(user_addresses).values(
                account_id=account.id,
                id=new_id(),
                user_id=ben.id,
                address="ben@home.example",
                created_at=now(connection),
            )
        )
    for number in range(4):
        for address in ("anna@acme.example", "Ben@Home.example"):
            assert isinstance(queue(database, account, address, key=f"k{number}"), Queued)
    assert {row["user_id"] for row in rows(database, outgoing_mails)} == {account.admin.id, ben.id}
    with database.write() as connection:
        connection.execute(
            update(users).where(users.c.account_id == account.id, users.c.id == ben.id).values(active=False)
        )
    assert isinstance(queue(database, account, "ben@acme.example", key="x"), Queued)
    assert rows(database, outgoing_mails)[-1]["user_id"] is None, "who was removed is somebody outside"


@pytest.mark.parametrize(
    ("to", "more", "reason"),
    [
        ("nobody", {}, outgoing.NOT_AN_ADDRESS),
        ("a@b@c.example", {}, outgoing.NOT_AN_ADDRESS),
        ("a@x.example\r\nRCPT TO:<b@x.example>", {}, outgoing.NOT_AN_ADDRESS),
        ("a>b@x.example", {}, outgoing.NOT_AN_ADDRESS),
        ('"a b"@x.example', {}, outgoing.NOT_AN_ADDRESS),
        ("jö rg@x.example", {}, outgoing.NOT_AN_ADDRESS),
        ("jörg\u2028@x.example", {}, outgoing.NOT_AN_ADDRESS),
        ("jörg\u202e@x.example", {}, outgoing.NOT_AN_ADDRESS),
        ("jörg,eva@x.example", {}, outgoing.NOT_AN_ADDRESS),
        ("ö" * 33 + "@x.example", {}, outgoing.NOT_AN_ADDRESS),  # 66 octets
        ("a@" + "x" * 300 + ".example", {}, outgoing.NOT_AN_ADDRESS),
        ("leads@acme.test", {}, outgoing.OWN_ADDRESS),
        ("leads@GLOBEX.test", {}, outgoing.OWN_ADDRESS),
        (OUTSIDE, {"answered": Answered("auto-reply", OUTSIDE)}, outgoing.AUTOMATIC_MAIL),
        (OUTSIDE, {"answered": Answered("list", OUTSIDE)}, outgoing.AUTOMATIC_MAIL),
        (OUTSIDE, {"answered": Answered(None, "")}, outgoing.NULL_SENDER),
    ],
)
def test_who_is_not_written_to(
    database: Database,
    account: MadeAccount,
    other_account: MadeAccount,
    to: str,
    more: dict[str, Any],
    reason: str,
) -> None:
    assert queue(database, account, to, **more) == NotQueued(reason)
    assert count(database, outgoing_mails) == 0


def test_letters_beyond_ascii_are_an_address_of_ours_to_write_to_and_none_to_write_from(
    database: Database, account: MadeAccount
) -> None:
    assert isinstance(queue(database, account, "jo\u0308rg@müller.example"), Queued)
    (row,) = rows(database, outgoing_mails)
    assert row["address"] == "jörg@xn--mller-kva.example"
    with pytest.raises(Invalid, match="from_address"):
        smarthosts.checked({"host": "mail.example.com", "from_address": "jörg@x.example"})


def test_a_mailbox_that_leadgate_reads_is_not_written_to(
    database: Database, account: MadeAccount, other_account: MadeAccount
) -> None:
    """But where it is a user's own address: links for a password go there."""
    for owner, address in ((account, "anna@acme.example"), (other_account, "crm@kunde.example")):
        values = {
            "host": "imap.example",
            "username": address,
            "password": "s",
            "kind": "leads",
            "address": address,
        }
        with database.write() as connection:
            mailboxes.create_mailbox(connection, owner.scope, SEALER, values, since=None)
    for to in ("crm@kunde.example", "CRM+anna.x@kunde.example"):
        assert queue(database, account, to) == NotQueued(outgoing.OWN_ADDRESS)
    assert isinstance(queue(database, account, "anna@acme.example"), Queued)


def test_an_answer_to_a_person_is_sent(database: Database, account: MadeAccount) -> None:
    assert isinstance(queue(database, account, answered=Answered(None, OUTSIDE)), Queued)
    assert isinstance(
        queue(database, account, "jörg.weiß@x.example".replace("ö", "oe").replace("ß", "ss")), Queued
    )
    assert isinstance(queue(database, account, "a@süß.example"), Queued)


def test_texts_are_sealed_and_logs_do_not_hold_them(database: Database, account: MadeAccount) -> None:
    queue(database, account, html="<b>secret text</b>")
    (row,) = rows(database, outgoing_mails)
    assert b"secret" not in row["content"]
    with database.read() as connection:
        (shown,) = mails_json(connection, account.scope)
    assert "secret" not in str(shown) and shown["to"] == OUTSIDE and shown["may_be_sent_again"]


GIVEN = {"host": "Mail.Example.com", "username": "crm", "password": "one two"}


def change(database: Database, account: MadeAccount, **changes: Any) -> dict[str, Any]:
    with database.write() as connection:
        return smarthosts.change(connection, account.scope, SEALER, changes)


def test_the_accounts_own_server(
    database: Database, account: MadeAccount, other_account: MadeAccount
) -> None:
    with database.read() as connection:
        assert not outgoing.can_send(connection, account.scope, Post(SEALER))
        assert smarthosts.opened(connection, account.scope, SEALER) is None
    found = change(database, account, **GIVEN)
    assert (found["own"], found["host"], found["port"], found["tls"]) == (
        True,
        "mail.example.com",
        587,
        "starttls",
    )
    assert found["has_password"] and "one two" not in str(found)
    (row,) = rows(database, smarthosts_table)
    assert b"one two" not in row["secrets"]
    with database.read() as connection:
        opened = smarthosts.opened(connection, account.scope, SEALER)
        assert opened is not None and opened.password == "one two"
        assert outgoing.can_send(connection, account.scope, Post(SEALER))
        assert not outgoing.can_send(connection, other_account.scope, Post(SEALER))
    assert change(database, account, from_name="Acme")["has_password"], "kept while the server is the same"
    for server in ({"host": "evil.example"}, {"port": 25}, {"tls": "none"}, {"username": "other"}):
        with pytest.raises(Invalid) as caught:
            change(database, account, **server)
        assert caught.value.place == "password"
    assert change(database, account, host="b.example", password="new")["host"] == "b.example"
    assert not change(database, account, username="")["has_password"]
    assert change(database, account, tls="tls")["port"] == 465
    gone = change(database, account, host=None)
    assert not gone["own"] and gone["host"] is None and not gone["has_password"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"host": "", "tls": "tls", "port": 465}, ""),
        ({"host": "a b"}, "host"),
        ({"host": "x\r\ny"}, "host"),
        ({"port": 70_000}, "port"),
        ({"tls": "ssl"}, "tls"),
        ({"return_path": "x"}, "return_path"),
        ({"from_address": "nobody"}, "from_address"),
        ({"from_address": "a@b.example\nBcc: c@d.example"}, "from_address"),
        ({"from_name": "x\ny"}, "from_name"),
        ({"username": None, "password": "x"}, "username"),
        ({"password": None}, "password"),
        ({"password": "x\ry"}, "password"),
    ],
)
def test_wrong_settings_name_the_place(
    database: Database, account: MadeAccount, changes: dict[str, Any], place: str
) -> None:
    if not place:  # no host: back to the deployment's
        assert not change(database, account, **(GIVEN | changes))["own"]
        return
    with pytest.raises(Invalid) as caught:
        change(database, account, **(GIVEN | changes))
    assert caught.value.place == place
