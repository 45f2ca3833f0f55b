"""Links by mail: invitations, forgotten passwords, and "was this you?" asked of the address itself."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from store import outgoing_work, smarthosts
from store.books.proofs import prove
from store.doorbell import Work
from store.outgoing import Post
from store.outgoing_log import mails_json
from store.sealing import Sealer
from store.session import Database, now
from store.smarthosts import ensure_row
from store.tables.mail import holds
from store.tables.outgoing import outgoing_mails
from store.tables.outgoing import smarthosts as smarthosts_table
from store.tables.people import user_addresses
from tests.support.mails import mail
from tests.support.rows import rows
from tests.web.browsing import Browser, admin_of, browser_of
from tests.web.world import KEY, PUBLIC_URL, Person, World, data, make_world, problem
from web.services import Limits

POST = Post(Sealer(KEY), has_smarthost=True)


@pytest.fixture
def mailing(database: Database) -> Iterator[World]:
    """A world with a mail server."""
    with make_world(database, post=POST) as world:
        yield world


def mails(world: World) -> list[dict[str, Any]]:
    """The mails queued for the first account, oldest first, with their texts."""
    with world.database.write() as connection:
        accounts = [account.id for account in outgoing_work.due_accounts(connection)]
        claimed = outgoing_work.claim(connection, accounts, most=100, lease=outgoing_work.WARN_AFTER)
        outgoing_work.release(connection, claimed)
        texts = {each.id: each.texts(POST.sealer)[0] for each in claimed}
        found = mails_json(connection, world.account.scope)[::-1]
    return [each | {"text": texts[each["id"]]} for each in found]


def link_in(text: str) -> str:
    """The path of the one link in a mail."""
    (found,) = re.findall(r"https?://\S+", text)
    assert found.startswith(PUBLIC_URL)
    return str(found.removeprefix(PUBLIC_URL))


class Anybody(Browser):
    """Somebody who is not logged in."""

    def post(
        self, path: str, form: dict[str, str] | None = None, *, page: str = "/login", **more: Any
    ) -> TestResponse:
        return super().post(path, form, page=page, **more)


def anybody(world: World) -> Browser:
    return Anybody(world.app)


def test_the_api_mails_an_invitation_and_says_so(mailing: World) -> None:
    made = data(mailing.admin.post("/users", {"email": "ben@acme.example", "name": "Ben"}), 201)
    assert made["invitation"] == "mailed" and mailing.rung[-1] is Work.MAILS
    (sent,) = mails(mailing)
    assert (sent["purpose"], sent["to"], sent["user_id"]) == ("invitation", "ben@acme.example", made["id"])
    assert anybody(mailing).get(link_in(sent["text"])).status_code == 200
    known = {"email": "eva@acme.example", "password": "correct horse battery"}
    assert data(mailing.admin.post("/users", known), 201)["invitation"] == "not_needed"
    once = {"Idempotency-Key": "k"}
    for _ in range(2):
        body = {"email": "once@acme.example"}
        assert data(mailing.admin.post("/users", body, headers=once), 201)["invitation"] == "mailed"
    assert [each["to"] for each in mails(mailing)] == ["ben@acme.example", "once@acme.example"]
    with mailing.database.write() as connection:
        ensure_row(connection, mailing.account.scope)
        connection.execute(
            update(smarthosts_table)
            .where(smarthosts_table.c.account_id == mailing.account.id)
            .values(failing_since=now(connection))
        )
    assert data(mailing.admin.post("/users", {"email": "late@acme.example"}), 201)["invitation"] == "delayed"


def test_without_a_mail_server_the_api_says_that_nothing_was_mailed(world: World) -> None:
    made = data(world.admin.post("/users", {"email": "ben@acme.example"}), 201)
    assert made["invitation"] == "no_mail_server" and rows(world.database, outgoing_mails) == []
    assert "invitation" not in data(world.admin.get(f"/users/{made['id']}"))


def test_an_invitation_is_mailed_and_not_shown(mailing: World) -> None:
    form = {"name": "Jörg Weiß", "email": "joerg@acme.example", "level": "user"}
    page = admin_of(mailing).post("/team", form).text
    assert "The link was mailed to joerg@acme.example" in page and "token=" not in page
    (sent,) = mails(mailing)
    assert (sent["purpose"], sent["to"]) == ("invitation", "joerg@acme.example")
    assert "Jörg Weiß" in sent["text"] and mailing.rung.count(Work.MAILS) == 1
    shown = admin_of(mailing).post(
        f"/team/{sent['user_id']}/password-link", {"show": "yes", "invites": "yes"}
    )
    assert "token=" in shown.text and "for 7 days" in shown.text and len(mails(mailing)) == 1
    answer = anybody(mailing).get(link_in(sent["text"]))
    assert answer.status_code == 200 and "joerg@acme.example" in answer.text


def test_mails_are_in_their_readers_language(mailing: World) -> None:
    data(mailing.admin.patch("/account", {"locale": "de"}))
    user = mailing.user("ann")
    page = admin_of(mailing).post(f"/team/{user.id}/password-link", {}).text
    assert "was mailed" in page, "the admin's page is in the admin's language"
    (sent,) = mails(mailing)
    assert sent["subject"] == "Ein neues Passwort für leadgate" and "Sie" in sent["text"]


@pytest.mark.parametrize("how", ["none", "failing"])
def test_the_admin_gets_the_link_where_no_mail_goes_out(database: Database, how: str) -> None:
    with make_world(database, post=POST if how == "failing" else Post(Sealer(KEY))) as world:
        if how == "failing":
            with database.write() as connection:
                ensure_row(connection, world.account.scope)
                connection.execute(
                    update(smarthosts_table)
                    .where(smarthosts_table.c.account_id == world.account.id)
                    .values(failing_since=now(connection))
                )
                assert smarthosts.find(connection, world.account.scope)["failing_since"]
        user = world.user("ann")
        page = admin_of(world).post(f"/team/{user.id}/password-link", {}).text
        assert "token=" in page and "Hand the link over yourself" in page


def test_who_forgot_gets_a_link_and_nobody_learns_who_is_a_user(mailing: World) -> None:
    user = mailing.user("ann")
    known, unknown = anybody(mailing), anybody(mailing)
    assert "/forgot" in known.get("/login").text
    answers = [known.post("/forgot", {"email": f" {user.email.upper()} "})]
    answers += [unknown.post("/forgot", {"email": email}) for email in ("nobody@acme.example", "x", "")]
    assert {(a.status_code, a.headers["Location"], a.text) for a in answers} == {
        (303, "/login?notice=link_mailed", "")
    }
    (sent,) = mails(mailing)
    assert (sent["to"], sent["purpose"]) == (user.email, "password_reset")
    path = link_in(sent["text"])
    token = path.partition("token=")[2]
    for expected in (303, 404):
        form = {"token": token, "password": "correct horse battery"}
        assert anybody(mailing).post("/password", form).status_code == expected


def test_links_are_not_asked_for_without_end(database: Database) -> None:
    with make_world(database, post=POST, limits=Limits(requests_per_minute=0)) as world:
        user = world.user("ann")
        statuses = [anybody(world).post("/forgot", {"email": user.email}).status_code for _ in range(5)]
        assert statuses == [303, 303, 303, 429, 429] and len(mails(world)) == 3
        assert anybody(world).post("/forgot", {"email": "else@acme.example"}).status_code == 303


def test_without_a_mail_server_the_log_in_page_says_whom_to_ask(one_world: World) -> None:
    page = anybody(one_world).get("/login").text
    assert "/forgot" not in page and "reset-link" in page


# ------------------------------------------------------------------------------------------------- "was this you?"
HOME = "Ann@Home.example"


def held(world: World, user: Person, number: int, sender: str = HOME) -> str:
    raw = mail(
        sender=sender,
        to="p@prospect.example",
        subject=f"Offer {number}",
        text="Here it is.",
        message_id=f"<{number}@home.example>",
    )
    return world.by_smtp(raw, user.address)


def process(world: World) -> None:
    while world.process():
        pass


def test_the_address_itself_is_asked(mailing: World) -> None:
    ann = mailing.user("ann")
    first, second, other = (
        held(mailing, ann, 1),
        held(mailing, ann, 2),
        held(mailing, ann, 3, "x@home.example"),
    )
    for _ in range(3):
        answer = data(ann.post(f"/messages/{first}/resolve", {"action": "own_address"}))
        assert answer["outcome"] == "held", "nothing is done before the address has answered"
    (sent,) = mails(mailing)
    assert (sent["to"], sent["purpose"], sent["user_id"]) == ("Ann@home.example", "own_address", None)
    path, browser = link_in(sent["text"]), anybody(mailing)
    for _ in range(2):
        page = browser.get(path)
        assert page.status_code == 200 and "ann@home.example" in page.text
    process(mailing)
    assert data(ann.get(f"/messages/{first}"))["outcome"] == "held", "opening a link does nothing"
    assert "ann@home.example" not in {row["address"] for row in rows(mailing.database, user_addresses)}
    done = browser.post("/own-address", {"token": path.partition("token=")[2]})
    assert done.status_code == 200 and "Thank you" in done.text and mailing.rung[-1] is Work.MESSAGES
    process(mailing)
    for message_id, outcome in ((first, "lead_created"), (second, "history_added")):
        found = data(ann.get(f"/messages/{message_id}"))
        assert (found["outcome"], found["acting_user"]["id"]) == (outcome, ann.id)
    assert data(ann.get(f"/messages/{other}"))["outcome"] == "held"
    closed = [row for row in rows(mailing.database, holds) if row["message_id"] in (first, second)]
    assert {row["resolved_by"] for row in closed} == {ann.id}
    with mailing.database.read() as connection:
        assert prove(connection) == []
    again = browser.post("/own-address", {"token": path.partition("token=")[2]})
    assert again.status_code == 200, "a link that did its work does it no harm to use again"


def test_a_link_is_worth_nothing_when_it_is_changed(mailing: World) -> None:
    ann, ben = mailing.user("ann"), mailing.user("ben")
    data(ann.post(f"/messages/{held(mailing, ann, 1)}/resolve", {"action": "own_address"}))
    token = link_in(mails(mailing)[0]["text"]).partition("token=")[2]
    parts = token.split(".")
    for changed in (
        [parts[0], ben.id, *parts[2:]],
        [*parts[:2], str(int(parts[2]) + 1), *parts[3:]],
        [*parts[:3], "ZXZpbEBldmlsLmV4YW1wbGU", parts[4]],
        [*parts[:3], "%%%", parts[4]],
        parts[:4],
        ["ä"],
    ):
        assert anybody(mailing).get(f"/own-address?token={'.'.join(changed)}").status_code == 404


def test_an_address_that_became_somebody_elses_is_not_taken(mailing: World) -> None:
    ann, ben = mailing.user("ann"), mailing.user("ben")
    for person, number in ((ann, 1), (ben, 2)):
        message_id = held(mailing, person, number)
        data(person.post(f"/messages/{message_id}/resolve", {"action": "own_address"}))
    first, second = (link_in(each["text"]).partition("token=")[2] for each in mails(mailing))
    assert anybody(mailing).post("/own-address", {"token": first}).status_code == 200
    assert anybody(mailing).post("/own-address", {"token": second}).status_code == 409


def test_where_the_address_cannot_be_written_to_an_admin_answers(mailing: World) -> None:
    ann = mailing.user("ann")
    message_id = held(mailing, ann, 1, f"{'a' * 65}@home.example")
    body = {"action": "own_address", "user_id": ann.id}
    problem(ann.post(f"/messages/{message_id}/resolve", body), 409)
    assert data(mailing.admin.post(f"/messages/{message_id}/resolve", body))["outcome"] == "pending"
    closed = [row for row in rows(mailing.database, holds) if row["message_id"] == message_id]
    assert closed[0]["resolved_by"] == mailing.account.admin.id


def test_the_page_says_that_a_link_was_mailed(mailing: World) -> None:
    ann = mailing.user("ann")
    message_id = held(mailing, ann, 1)
    browser = browser_of(mailing, mailing.account.scope, ann.id)
    assert "A link is mailed to that address" in browser.get(f"/inbox/{message_id}").text
    done = browser.post(f"/inbox/{message_id}/resolve", {"action": "own_address", "user": ann.id})
    assert done.headers["Location"].endswith("notice=own_address_mailed")
