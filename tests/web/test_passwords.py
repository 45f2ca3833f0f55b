"""Passwords on the pages: changed by who knows the present one, set by a link that an admin hands over."""

import re

from store.accounts import viewer_of
from store.passwords import hash_password
from store.session import Database
from store.user_requests import change_user
from tests.web.browsing import Browser, browser_of
from tests.web.test_sessions import PASSWORD, log_in, with_password
from tests.web.world import World, data, make_world
from web.services import Limits

NEW = "a wholly other password"
LINK = re.compile(r"http://leadgate\.test(/password\?token=[0-9a-z.]+)")


def link_on(text: str) -> str:
    found = LINK.search(text)
    assert found is not None, text
    return found[1]


def test_a_user_changes_the_password(one_world: World) -> None:
    email, scope = with_password(one_world), one_world.account.scope
    here, elsewhere = (browser_of(one_world, scope, one_world.account.admin.id) for _ in range(2))
    for wrong in ({"current": "guess", "password": NEW}, {"current": PASSWORD, "password": "short"}):
        assert here.post("/you/password", wrong).status_code == 422
    assert elsewhere.get("/leads").status_code == 200
    done = here.post("/you/password", {"current": PASSWORD, "password": NEW})
    assert done.headers["Location"] == "/you?notice=password_changed"
    assert here.get("/leads").status_code == 200 and elsewhere.get("/leads").status_code == 303
    assert log_in(Browser(one_world.app), email) == 422
    assert log_in(Browser(one_world.app), email, NEW) == 303


def test_the_present_password_cannot_be_guessed_at_length(sqlite_database: Database) -> None:
    with make_world(sqlite_database, limits=Limits(wrong_passwords=2)) as world:
        with_password(world)
        browser = browser_of(world, world.account.scope, world.account.admin.id)
        form = {"current": "guess", "password": NEW}
        answers = [browser.post("/you/password", form) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [422, 422, 429]
        assert "Too many attempts" in answers[2].text and answers[2].headers["Retry-After"]


def test_an_admin_hands_over_a_link_that_works_once(one_world: World) -> None:
    user = one_world.user("berta")
    admin = browser_of(one_world, one_world.account.scope, one_world.account.admin.id)
    lost = browser_of(one_world, one_world.account.scope, user.id)
    assert user.email in admin.get("/team").text
    link = link_on(admin.post(f"/team/{user.id}/password-link").text)
    assert link not in admin.get("/team").text
    browser = Browser(one_world.app)
    page = browser.get(link)
    assert page.status_code == 200 and user.email in page.text
    token = link.partition("=")[2]
    form = {"token": token, "password": NEW}
    assert browser.post("/password", form | {"password": "short"}, page=link).status_code == 422
    assert browser.client.post("/password", data=form).status_code == 403, "a form without its token"
    done = browser.post("/password", form, page=link)
    assert done.headers["Location"] == "/?notice=password_changed"
    assert browser.get("/leads").status_code == 200, "the link logs its user in"
    assert lost.get("/leads").status_code == 303, "and ends what was open"
    again = Browser(one_world.app)
    assert again.get(link).status_code == 404 and "Ask an admin" in again.get(link).text
    assert again.post("/password", form, page="/login").status_code == 404
    assert log_in(Browser(one_world.app), user.email, NEW) == 303


def test_an_invited_user_sets_a_password(one_world: World) -> None:
    admin = browser_of(one_world, one_world.account.scope, one_world.account.admin.id)
    form = {"email": "carl@acme.example", "name": "Carl", "level": "user"}
    page = admin.post("/team", form)
    assert "7 days" in page.text
    assert admin.post("/team", form).status_code == 409, "an address is one user's"
    assert admin.post("/team", form | {"email": "carl"}).status_code == 422
    link = link_on(page.text)
    assert log_in(Browser(one_world.app), "carl@acme.example", "") == 422, "no password, no way in"
    browser = Browser(one_world.app)
    browser.post("/password", {"token": link.partition("=")[2], "password": NEW}, page=link)
    assert "/team" not in browser.get("/leads").text, "a user, no admin"


def test_the_solo_edition_invites_nobody(one_world: World) -> None:
    data(one_world.admin.patch("/account", {"edition": "solo"}))
    admin = browser_of(one_world, one_world.account.scope, one_world.account.admin.id)
    page = admin.get("/team").text
    assert "The solo edition has one user" in page and 'name="email"' not in page
    form = {"email": "carl@acme.example", "name": "Carl"}
    answer = admin.post("/team", form, headers={"Accept-Language": "de"})
    assert answer.status_code == 409 and "Die Edition Solo hat einen Benutzer" in answer.text


def test_a_log_in_that_must_wait_says_how_long(sqlite_database: Database) -> None:
    with make_world(sqlite_database, limits=Limits(wrong_passwords=1)) as world:
        email, browser = with_password(world), Browser(world.app)
        log_in(browser, email, "wrong")
        form = {"email": email, "password": PASSWORD}
        answer = browser.post("/login", form, page="/login", headers={"Accept-Language": "de"})
        assert answer.status_code == 429 and int(answer.headers["Retry-After"]) <= 900
        assert re.search(r"Versuchen Sie es in \d+ Minuten? wieder", answer.text)
        assert f'value="{email}"' in answer.text, "what was typed is still there"


def test_a_password_changed_by_the_api_ends_sessions(one_world: World) -> None:
    browser = browser_of(one_world, one_world.account.scope, one_world.account.admin.id)
    with one_world.database.write() as connection:
        viewer = viewer_of(connection, one_world.account.scope, one_world.account.admin.id)
        change_user(connection, viewer, viewer.user_id, {"password_hash": hash_password(NEW)})
    assert browser.get("/leads").status_code == 303
