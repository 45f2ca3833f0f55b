"""Outgoing mail by API and page: settings, the test of what is on the screen, the log."""

from dataclasses import replace
from typing import Any

import pytest

from store import outgoing
from store.doorbell import Work
from store.outgoing import NewMail, Post, Queued
from store.sealing import Sealer
from store.session import Database
from tests.web.browsing import Browser, browser_of
from tests.web.world import KEY, World, data, make_world, problem
from web.pages import words
from webhooks.mail.faults import FIXES

SERVER = {"host": "mail.example.com", "username": "crm@example.com", "password": "one two three"}


@pytest.fixture
def admin(one_world: World) -> Browser:
    return browser_of(one_world, one_world.account.scope, one_world.account.admin.id)


def test_the_api_keeps_the_accounts_own_server(world: World) -> None:
    assert data(world.admin.get("/outgoing-mail"))["in_force"] is None
    found = data(world.admin.patch("/outgoing-mail", SERVER))
    assert (found["in_force"], found["port"], found["tls"]) == ("account", 587, "starttls")
    assert found["has_password"] and "password" not in found and "one two" not in str(found)
    assert data(world.stranger_admin.get("/outgoing-mail"))["in_force"] is None
    wrong = problem(world.admin.patch("/outgoing-mail", {"host": "evil.example"}), 422)
    assert wrong["errors"][0]["place"] == "password"
    refused = problem(world.admin.patch("/outgoing-mail", SERVER | {"host": "mine.example"}), 422)
    assert refused["errors"][0]["place"] == "host"
    assert data(world.admin.patch("/outgoing-mail", {"host": None}))["in_force"] is None


def test_a_test_takes_what_is_given_and_saves_nothing(world: World) -> None:
    problem(world.admin.post("/outgoing-mail/test", {}), 422)
    tried = data(world.admin.post("/outgoing-mail/test", {"host": "mail.example.com"}))
    assert tried["ok"] and tried["stages"][0]["detail"] == "mail.example.com"
    assert data(world.admin.get("/outgoing-mail"))["host"] is None
    problem(world.admin.post("/outgoing-mail/test", {"host": "mine.example"}), 422)


def test_the_deployments_server_is_not_told(database: Database) -> None:
    with make_world(database, post=Post(Sealer(KEY), has_smarthost=True)) as world:
        found = data(world.admin.get("/outgoing-mail"))
        assert found["in_force"] == "deployment" and found["host"] is None
        tried = data(world.admin.post("/outgoing-mail/test", {}))
        assert tried["stages"][0]["detail"] == "shared"


def _queued(world: World, key: str, **more: Any) -> str:
    given: dict[str, Any] = {"purpose": "test", "subject": "Hello", "text": "secret text"}
    mail = NewMail(key=key, to=f"{key}@outside.example", **(given | more))
    with world.database.write() as connection:
        post = replace(world.services.post, has_smarthost=True)
        verdict = outgoing.queue(connection, world.account.scope, post, mail)
    assert isinstance(verdict, Queued)
    return verdict.id


def test_the_log_has_pages_and_no_texts(world: World) -> None:
    ids = [_queued(world, f"k{number}") for number in range(3)]
    first = world.admin.get("/outgoing-mails?limit=2")
    assert [mail["id"] for mail in data(first)] == ids[:0:-1]
    assert first.headers["X-Total-Count"] == "3" and "secret" not in first.text
    following = first.headers["Link"].partition("<")[2].partition(">")[0].partition("/api/v1")[2]
    assert [mail["id"] for mail in data(world.admin.get(following))] == ids[:1]
    again = data(world.admin.post(f"/outgoing-mails/{ids[0]}/send-again"), 202)
    assert again["state"] == "pending" and world.rung[-1] is Work.MAILS
    assert data(world.admin.get(f"/outgoing-mails/{ids[0]}"))["to"] == "k0@outside.example"
    problem(world.stranger_admin.post(f"/outgoing-mails/{ids[0]}/send-again"), 404)


def test_the_page_saves_and_never_shows_the_password(one_world: World, admin: Browser) -> None:
    done = admin.post("/settings/mail", SERVER | {"tls": "tls", "from_name": "Acme", "return_path": "from"})
    assert done.status_code == 303
    page = admin.get("/settings/mail").text
    assert "mail.example.com" in page and 'value="465"' in page and "one two three" not in page
    same = {"host": "mail.example.com", "tls": "tls", "username": "crm@example.com"}
    assert admin.post("/settings/mail", same).status_code == 303
    assert data(one_world.admin.get("/outgoing-mail"))["has_password"], "an empty field keeps the password"
    refused = admin.post("/settings/mail", SERVER | {"host": "other.example", "password": ""})
    assert refused.status_code == 422 and "give it again" in refused.text and "other.example" in refused.text
    assert admin.post("/settings/mail", {"host": ""}).status_code == 303
    assert data(one_world.admin.get("/outgoing-mail"))["in_force"] is None


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"host": "mail.example.com", "port": "abc"}, "Port: a number"),
        ({"host": "mail.example.com", "port": "99999"}, "Port: a number"),
        ({"host": "mine.example"}, "Host: the name of a mail server"),
        ({"host": "mail.example.com", "from_address": "nobody"}, "From: this is not"),
        ({"host": "mail.example.com", "username": "crm"}, "Password: give it again"),
    ],
)
def test_what_cannot_be_is_told_saved_or_tested(admin: Browser, form: dict[str, str], told: str) -> None:
    saved = admin.post("/settings/mail", form)
    assert saved.status_code == 422 and told in saved.text
    tested = admin.post("/settings/mail/test", form)
    assert tested.status_code == 200 and told in tested.text
    assert form["host"] in saved.text and form["host"] in tested.text


STAGES: list[dict[str, Any]] = [
    {"stage": "dns", "ok": True, "detail": "192.0.2.1", "code": None, "fix": None},
    {"stage": "tcp", "ok": True, "detail": "answers", "code": None, "fix": None},
    {"stage": "tls", "ok": True, "detail": "TLSv1.3", "code": None, "fix": None},
    {"stage": "login", "ok": False, "detail": "535 no", "code": "password_refused", "fix": "x"},
    {"stage": "sender", "ok": None, "detail": "not reached", "code": None, "fix": None},
]


def test_the_test_button_tests_what_is_typed(sqlite_database: Database) -> None:
    asked: list[Any] = []

    def tries(account_id: str, domain: str, server: Any) -> list[dict[str, Any]]:
        asked.append((account_id, domain, server))
        return STAGES

    with make_world(sqlite_database, test_smarthost=tries) as world:
        admin = browser_of(world, world.account.scope, world.account.admin.id)
        page = admin.post("/settings/mail/test", SERVER | {"port": "2587"}).text
        german = admin.post("/settings/mail/test", SERVER, headers={"Accept-Language": "de"}).text
        account_id, domain, server = asked[0]
        assert (account_id, domain) == (world.account.id, "acme.test")
        assert (server.host, server.port, server.password) == ("mail.example.com", 2587, "one two three")
        assert "create an app password" in page and "535 no" in page and "not reached" in page
        assert 'value="2587"' in page and "one two three" not in page
        assert "App-Passwort" in german and "nicht erreicht" in german
        assert "535 no" in german and "192.0.2.1" in german, "what is in no language is shown in all"
        assert data(world.admin.get("/outgoing-mail"))["host"] is None


def test_the_page_lists_mails_and_sends_again(one_world: World, admin: Browser) -> None:
    mail_id = _queued(one_world, "jan")
    page = admin.get("/settings/mail").text
    assert "jan@outside.example" in page and "secret text" not in page
    done = admin.post(f"/settings/mail/{mail_id}/again", {})
    assert done.status_code == 303 and one_world.rung[-1] is Work.MAILS


def test_the_page_has_the_words_of_all_faults() -> None:
    assert {code: str(word) for code, word in words.MAIL_FIXES.items()} == dict(FIXES)
