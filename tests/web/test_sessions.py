"""Set-up, log in, log out: sessions end on the server, wrong passwords are slowed down, forms are ours."""

from datetime import timedelta
from pathlib import Path

import pytest

from config import setup_link
from config.settings import load
from config.web_services import trusted_hosts
from store import sessions
from store.accounts import viewer_of
from store.passwords import hash_password
from store.session import Database, now
from store.tables.people import sessions as table
from store.user_requests import change_user
from tests.support.mails import mail
from tests.support.rows import everything, rows
from tests.web.browsing import Browser, browser_of
from tests.web.world import World, make_world
from web.services import Limits

PASSWORD = "correct horse battery staple"


def with_password(world: World) -> str:
    """The admin's e-mail address, for logging in with PASSWORD."""
    hashed = hash_password(PASSWORD)
    for account in (world.account, world.other):
        with world.database.write() as connection:
            viewer = viewer_of(connection, account.scope, account.admin.id)
            change_user(connection, viewer, account.admin.id, {"password_hash": hashed})
    return world.account.admin.email


def log_in(browser: Browser, email: str, password: str = PASSWORD, **more: str) -> int:
    form = {"email": email, "password": password, **more}
    return browser.post("/login", form, page="/login").status_code


def test_log_in_and_out(world: World) -> None:
    email = with_password(world)
    browser = Browser(world.app)
    assert browser.get("/leads?q=chairs").headers["Location"] == "/login?next=/leads%3Fq%3Dchairs"
    assert log_in(browser, email, "wrong password") == 422
    assert log_in(browser, "nobody@acme.example") == 422
    answer = browser.post(
        "/login", {"email": email.upper(), "password": PASSWORD, "next": "/leads?q=chairs"}, page="/login"
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/leads?q=chairs")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("leadgate_session="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
    token = cookie.partition("=")[2].partition(";")[0]
    assert token.encode() not in repr(rows(world.database, table)).encode(), "only its digest is kept"
    assert browser.get("/leads").status_code == 200
    assert browser.post("/logout").headers["Location"] == "/login?notice=logged_out"
    assert Browser(world.app, token).get("/leads").status_code == 303, "it ended on the server too"


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "/\\evil.example", "/login", "x\n"]
)
def test_a_log_in_leads_nowhere_else(one_world: World, to: str) -> None:
    browser, email = Browser(one_world.app), with_password(one_world)
    answer = browser.post("/login", {"email": email, "password": PASSWORD, "next": to}, page="/login")
    assert answer.headers["Location"] == "/"


def test_wrong_passwords_are_slowed_down_per_address_and_client(sqlite_database: Database) -> None:
    with make_world(sqlite_database, limits=Limits(wrong_passwords=2)) as world:
        email, browser = with_password(world), Browser(world.app)
        assert [log_in(browser, email, "wrong") for _ in range(3)] == [422, 422, 429]
        assert log_in(browser, email) == 429, "the right one has to wait as well"
        other = world.other.admin.email
        assert log_in(browser, other) == 303, "nobody else has to"
        browser = Browser(world.app)
        assert [log_in(browser, f"{n}@x.example") for n in range(9)][-1] == 429, "unless from the same client"


def test_sessions_end_with_time_and_with_their_user(one_world: World) -> None:
    world, scope = one_world, one_world.account.scope
    user = world.user("berta")
    browser = browser_of(world, scope, user.id)
    assert browser.get("/leads").status_code == 200
    for column, age in ((table.c.seen_at, sessions.IDLE), (table.c.created_at, sessions.LONGEST)):
        browser = browser_of(world, scope, user.id)
        with world.database.write() as connection:
            old = now(connection) - age - timedelta(seconds=1)
            connection.execute(everything(table.update().values({column: old})))
        assert browser.get("/leads").status_code == 303
    browser = browser_of(world, scope, user.id)
    assert world.admin.delete(f"/users/{user.id}?leads_to=unassigned").status_code == 204
    assert browser.get("/leads").status_code == 303


def test_one_ends_ones_other_sessions(one_world: World) -> None:
    scope, admin = one_world.account.scope, one_world.account.admin.id
    first, second, third = (browser_of(one_world, scope, admin) for _ in range(3))
    assert first.get("/you").text.count('title="Test browser"') == 3
    assert first.post("/you/sessions/end-others").status_code == 303
    assert [b.get("/leads").status_code for b in (first, second, third)] == [200, 303, 303]


def test_language_and_time_zone_are_ones_own(one_world: World) -> None:
    browser = browser_of(one_world, one_world.account.scope, one_world.account.admin.id)
    assert '<html lang="en">' in browser.get("/you").text
    assert '<html lang="de">' in browser.get("/you", headers={"Accept-Language": "de-AT,en;q=0.5"}).text
    browser.post("/you", {"locale": "de", "timezone": "Asia/Tokyo"})
    page = browser.get("/you").text
    assert '<html lang="de">' in page and '<option value="Asia/Tokyo" selected>Asia/Tokyo</option>' in page
    assert 'title="' in page


def test_the_set_up_link_makes_the_first_account_once(sqlite_database: Database) -> None:
    with make_world(sqlite_database, setup_token="t" * 40) as world:
        assert Browser(world.app).get(f"/setup?token={'t' * 40}").status_code == 404, "there is an account"


def test_set_up_on_an_empty_deployment(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[bool] = []
    with make_world(sqlite_database, setup_token="t" * 40, was_set_up=lambda: told.append(True)) as world:
        monkeypatch.setattr("web.pages.entry.count_accounts", lambda _: 0)  # as if there were none yet
        browser, link = Browser(world.app), f"/setup?token={'t' * 40}"
        assert browser.get("/setup").status_code == browser.get("/setup?token=guess").status_code == 404
        assert "no account yet" in browser.get("/login").text
        form = {
            "token": "t" * 40,
            "account": "newco",
            "domain": "newco.test",
            "name": "Nora",
            "email": "nora@newco.example",
            "password": "short",
            "timezone": "Europe/Berlin",
        }
        assert browser.post("/setup", form, page=link).status_code == 422
        assert (
            browser.post("/setup", form | {"domain": "x", "password": PASSWORD}, page=link).status_code == 422
        )
        assert not told
        done = browser.post("/setup", form | {"password": PASSWORD}, page=link)
        assert told, "whoever keeps the link may throw it away"
        assert done.headers["Location"] == "/leads?notice=welcome"
        monkeypatch.undo()
        assert browser.get(link).status_code == 404
        page = browser.get("/leads")
        assert "leads@newco.test" in page.text and page.status_code == 200
        assert Browser(world.app).post("/setup", form, page="/login").status_code == 404


def test_https_makes_cookies_secure(sqlite_database: Database) -> None:
    with make_world(sqlite_database, public_url="https://leads.example") as world:
        cookies = Browser(world.app).get("/login").headers.getlist("Set-Cookie")
        assert [
            c for c in cookies if c.startswith("__Host-leadgate-form=") and "Secure" in c and "HttpOnly" in c
        ]


def test_pages_say_what_may_be_loaded(one_world: World) -> None:
    page = Browser(one_world.app).get("/login")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert "<script>" not in page.text and "style=" not in page.text and " on" not in policy
    missing = Browser(one_world.app).get("/nothing")
    assert missing.status_code == 404 and missing.mimetype == "text/html"


def test_the_link_is_shown_or_kept_in_a_file_and_then_removed(tmp_path: Path) -> None:
    place = tmp_path
    settings = load({"LEADGATE_DATA_DIR": str(place)}, place)
    [told] = setup_link.sentences(settings, is_new=True, shown=True)
    assert f"http://127.0.0.1:8080/setup?token={setup_link.token(settings)}" in told
    [told] = setup_link.sentences(settings, is_new=True, shown=False)
    file = place / "setup-link"
    assert str(file) in told and "token=" not in told
    assert file.stat().st_mode & 0o777 == 0o600 and setup_link.token(settings) in file.read_text()
    assert setup_link.sentences(settings, is_new=False, shown=False) == [] and not file.exists()
    setup_link.sentences(settings, is_new=True, shown=False)
    setup_link.remove(settings)
    setup_link.remove(settings)
    assert not file.exists()


def test_hosts_are_the_public_one_and_loopback(tmp_path: Path) -> None:
    given = {"LEADGATE_DATA_DIR": str(tmp_path), "LEADGATE_PUBLIC_URL": "https://leads.example"}
    assert trusted_hosts(load(given, tmp_path)) == ("127.0.0.1", "[::1]", "leads.example", "localhost")
    everywhere = given | {"LEADGATE_HTTP": "0.0.0.0:8080"}
    assert "0.0.0.0" not in trusted_hosts(load(everywhere, tmp_path))


def test_receipts_are_told_in_the_language_of_the_page(one_world: World) -> None:
    account = one_world.account
    browser = browser_of(one_world, account.scope, account.admin.id)
    assert "leads@acme.test" in browser.get("/inbox").text, "an empty inbox says where to write to"
    raw = mail(
        sender="p@kunde.example", to=account.leads, subject="s", text="t", message_id="<1@kunde.example>"
    )
    one_world.by_smtp(raw, account.leads)
    page = browser.get("/inbox", headers={"Accept-Language": "de"}).text
    assert "also wurde einer angelegt" in page and "Ihr erster Lead" not in page
