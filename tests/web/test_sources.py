"""The pages of sources: what they show of each, what their forms do, and that nothing needs a script."""

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from ingest.imap.faults import FAULTS
from ingest.imap.findings import FINDINGS
from ingest.mail_domain import Question, check
from store.mailbox_cursor import SKIPPED
from store.session import now
from store.tables.mailboxes import mailbox_uids, mailboxes
from tests.support.mails import mail
from tests.web.browsing import admin_of
from tests.web.scene import MAILBOX
from tests.web.world import World, data
from web.app import create_app
from web.pages import mailbox_words

FORM = {"host": "imap.example.com", "username": "crm@kunde.example", "password": "s3cret s3cret", "tls": "starttls"} | {
    "folder": "INBOX", "kind": "by_recipient", "fallback": "bcc", "after": "move", "move_to": "Done", "since": "30"
}  # fmt: skip
LINK = "https://mail-settings.google.com/mail/vf-1-x"


def one(world: World, path: str) -> Any:
    """The only thing that a list of the API has."""
    (found,) = data(world.admin.get(path))
    return found


def address_id(world: World, local_part: str) -> str:
    listed = data(world.admin.get("/addresses"))
    return next(str(each["id"]) for each in listed if each["address"].startswith(f"{local_part}@"))


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("receives", "nothing came yet")), ("de", ("empfängt", "noch kam nichts"))]
)
def test_each_source_tells_how_it_fares(one_world: World, language: str, words: tuple[str, str]) -> None:
    raw = mail(
        sender="p@kunde.example", to="leads@acme.test", subject="s", text="t", message_id="<1@k.example>"
    )
    one_world.by_smtp(raw, one_world.account.leads)
    page = admin_of(one_world).get("/sources", headers={"Accept-Language": language}).text
    assert all(word in page for word in words)
    assert "leads@acme.test" in page and one_world.account.admin.address in page


def test_an_address_is_made_changed_switched_and_replaced(one_world: World) -> None:
    browser = admin_of(one_world)
    ben = one_world.user("ben")
    made = browser.post(
        "/sources/addresses", {"local_part": "fair", "name": "Fair", "owner": ben.id, "tags": "a, b"}
    )
    path = made.headers["Location"].partition("?")[0]
    assert made.status_code == 303 and 'value="a, b"' in browser.get(path).text
    browser.post(f"{path}/change", {"name": "Hall 7", "owner": "", "tags": ""})
    told = data(one_world.admin.get(path.removeprefix("/sources")))
    assert (told["name"], told["owner_id"], told["tags"]) == ("Hall 7", None, [])
    browser.post(f"{path}/switch", {"enabled": "no"})
    assert "switched off" in browser.get(path).text
    own = next(each for each in data(one_world.admin.get("/addresses")) if each["user_id"] == ben.id)
    before = f"/sources/addresses/{own['id']}/rotate"
    assert own["address"] in browser.get(before).text and "90 days" in browser.get(before).text
    fresh = browser.post(before).headers["Location"].partition("?")[0]
    assert fresh != f"/sources/addresses/{own['id']}" and own["address"] not in browser.get(fresh).text
    old = browser.get(f"/sources/addresses/{own['id']}").text
    assert "Accepted until" in old and f'href="{fresh}"' in old and "/rotate" not in old


def test_a_form_has_its_snippet_and_a_partner_its_address(one_world: World) -> None:
    browser = admin_of(one_world)
    browser.post("/sources/forms", {"name": "Contact", "origins": "https://a.example\nhttps://b.example"})
    form = one(one_world, "/forms")
    page = browser.get(f"/sources/forms/{form['id']}").text
    assert (
        f"http://leadgate.test/f/{form['token']}" in page
        and "&lt;form action=" in page
        and form["address"] in page
    )
    browser.post(
        f"/sources/forms/{form['id']}/change", {"name": "Callback", "redirect": "https://a.example/thanks"}
    )
    assert one(one_world, "/forms")["redirect"] == "https://a.example/thanks"
    browser.post("/sources/partners", {"name": "Portal", "senders": "*@portal.example", "tags": "portal"})
    partner = one(one_world, "/partners")
    page = browser.get(f"/sources/partners/{partner['id']}").text
    assert partner["address"] in page and "*@portal.example" in page
    rotate = re.search(r'href="(/sources/addresses/[0-9a-z]{26}/rotate)"', page)
    assert rotate is not None
    assert browser.post(rotate[1]).headers["Location"].startswith(f"/sources/partners/{partner['id']}")
    assert one(one_world, "/partners")["address"] != partner["address"]
    for path in (f"/sources/forms/{form['id']}", f"/sources/partners/{partner['id']}"):
        assert browser.post(f"{path}/delete").status_code == 303
        assert browser.get(path).status_code == 404


def test_a_mailbox_is_tried_before_it_is_kept(one_world: World) -> None:
    browser = admin_of(one_world)
    tried = browser.post("/sources/mailboxes", FORM | {"do": "test"})
    assert tried.status_code == 200 and "Connection test" in tried.text and "imap.example.com" in tried.text
    assert 'value="crm@kunde.example"' in tried.text and "s3cret" not in tried.text
    assert data(one_world.admin.get("/mailboxes")) == [], "a test keeps nothing"
    made = browser.post("/sources/mailboxes", FORM | {"do": "save"})
    kept = one(one_world, "/mailboxes")
    assert (kept["tls"], kept["port"], kept["kind"], kept["fallback"]) == (
        "starttls",
        143,
        "by_recipient",
        "bcc",
    )
    assert (kept["after"], kept["move_to"]) == ("move", "Done") and kept["since"] is not None
    path = made.headers["Location"].partition("?")[0]
    page = browser.get(path).text
    assert "not read yet" in page and "s3cret" not in page
    change = FORM | {"password": "", "folder": "Leads", "since": "kept", "name": "Info"}
    assert browser.post(f"{path}/change", change | {"do": "test"}).status_code == 200
    assert browser.post(f"{path}/change", change).status_code == 303
    changed = one(one_world, "/mailboxes")
    assert (changed["folder"], changed["name"], changed["since"]) == ("Leads", "Info", kept["since"])
    browser.post(f"{path}/switch", {"enabled": "no"})
    assert one(one_world, "/mailboxes")["enabled"] is False
    browser.post(f"{path}/delete")
    assert data(one_world.admin.get("/mailboxes")) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"host": "mine.example"}, "Server: its name"),
        ({"port": "0"}, "Port: a number"),
        ({"password": ""}, "Password: please enter it"),
        ({"username": ""}, "User name: it must not be empty"),
        ({"move_to": ""}, "Folder to move to"),
        ({"address": "nobody"}, "Address of the mailbox"),
    ],
)
@pytest.mark.parametrize("do", ["save", "test"])
def test_what_is_wrong_with_a_mailbox_stands_beside_it(
    one_world: World, changes: dict[str, str], told: str, do: str
) -> None:
    back = admin_of(one_world).post("/sources/mailboxes", FORM | changes | {"do": do})
    assert back.status_code == 422 and told in back.text and "s3cret" not in back.text
    assert 'value="crm@kunde.example"' in back.text or "username" in changes


def test_a_mailbox_twice_and_a_stored_password_for_another_server(one_world: World) -> None:
    browser = admin_of(one_world)
    path = browser.post("/sources/mailboxes", FORM).headers["Location"].partition("?")[0]
    assert "is read already" in browser.post("/sources/mailboxes", FORM).text
    other = browser.post(
        f"{path}/change", FORM | {"host": "imap.other.example", "password": "", "since": "kept"}
    )
    assert other.status_code == 422 and "enter it again" in other.text


def test_a_failing_mailbox_names_what_mends_it(one_world: World) -> None:
    made = data(one_world.admin.post("/mailboxes", MAILBOX), 201)
    _fails(one_world, error_code="password_refused", error_said="[ALERT] Nope <b>")
    browser = admin_of(one_world)
    path = f"/sources/mailboxes/{made['id']}"
    for shown in ("/sources", path):
        page = browser.get(shown).text
        assert "cannot be read" in page and "app password" in page
    german = browser.get(path, headers={"Accept-Language": "de"}).text
    assert "nicht lesbar" in german and "App-Passwort" in german
    assert "Der Server sagt: „[ALERT] Nope &lt;b&gt;“" in german
    assert "English only" not in german


def test_a_fault_that_was_kept_without_a_code_is_told_by_its_stage(one_world: World) -> None:
    data(one_world.admin.post("/mailboxes", MAILBOX), 201)
    _fails(one_world)
    assert "app password" in admin_of(one_world).get("/sources").text


def _fails(world: World, **told: str) -> None:
    with world.database.write() as connection:
        fault = {"error": "English only.", "error_stage": "login", "error_since": now(connection)}
        mine = mailboxes.c.account_id == world.account.id
        connection.execute(update(mailboxes).where(mine).values(**fault, **told))


def test_the_pages_have_the_words_of_all_faults_and_findings() -> None:
    assert {code: str(told) for code, told in mailbox_words.FAULTS.items()} == dict(FAULTS)
    assert {code: str(told) for code, told in mailbox_words.FINDINGS.items()} == dict(FINDINGS)
    assert set(mailbox_words.SKIPPED) == set(SKIPPED)


def test_a_test_speaks_the_readers_language(one_world: World) -> None:
    stages: list[dict[str, Any]] = [
        {"stage": "login", "ok": True, "code": "logged_in", "facts": {"username": "crm"}},
        {"stage": "folder", "ok": False, "code": "no_folder", "facts": {}, "said": "INBOX, Sent"},
        {"stage": "write", "ok": None, "code": "", "facts": {}},
    ]
    told: list[dict[str, Any]] = [{"detail": "English only", "said": "", **stage} for stage in stages]
    one_world.app = create_app(replace(one_world.services, test_mailbox=lambda _: told))
    page = (
        admin_of(one_world)
        .post("/sources/mailboxes", FORM | {"do": "test"}, headers={"Accept-Language": "de"})
        .text
    )
    assert "als crm" in page and "Diesen Ordner gibt es nicht" in page and "Es gibt: INBOX, Sent" in page
    assert "English only" not in page


def test_whose_word_about_senders_counts_is_kept_by_the_page(one_world: World) -> None:
    browser = admin_of(one_world)
    given = FORM | {"authserv_id": "mx.google.com", "authserv_hops": "1"}
    path = browser.post("/sources/mailboxes", given).headers["Location"].partition("?")[0]
    kept = one(one_world, "/mailboxes")
    assert (kept["authserv_id"], kept["authserv_hops"]) == ("mx.google.com", 1)
    page = browser.get(path).text
    assert 'value="mx.google.com"' in page and "Anybody can write any sender into a mail." in page
    german = browser.get(path, headers={"Accept-Language": "de"}).text
    assert "Jeder kann einen beliebigen Absender in eine Mail schreiben." in german
    for wrong, told in (
        ({"authserv_hops": "6"}, "a number from 0 to 5"),
        ({"authserv_id": "a b"}, "one word"),
    ):
        back = browser.post(f"{path}/change", given | {"password": "", "since": "kept"} | wrong)
        assert back.status_code == 422 and told in back.text
    browser.post(
        f"{path}/change", FORM | {"password": "", "since": "kept", "authserv_id": "", "authserv_hops": ""}
    )
    kept = one(one_world, "/mailboxes")
    assert (kept["authserv_id"], kept["authserv_hops"]) == (None, 0)


def test_what_is_left_out_is_told(one_world: World) -> None:
    made = data(one_world.admin.post("/mailboxes", MAILBOX), 201)
    with one_world.database.write() as connection:
        own = {
            "account_id": one_world.account.id,
            "mailbox_id": made["id"],
            "uidvalidity": 1,
            "after_due": False,
        }
        rows = [
            own | {"uid": uid, "reason": why, "seen_at": now(connection)}
            for uid, why in ((1, "before"), (2, "before"), (3, "unreadable"))
        ]
        connection.execute(mailbox_uids.insert(), rows)
        mine = mailboxes.c.account_id == one_world.account.id
        connection.execute(update(mailboxes).where(mine).values(uidvalidity=1))
    page = admin_of(one_world).get(f"/sources/mailboxes/{made['id']}").text
    assert "left out as you chose: 2<" in page and "tried again every hour: 1<" in page


def test_gmails_question_stands_at_the_source_until_somebody_has_decided(one_world: World) -> None:
    asked = mail(
        sender="forwarding-noreply@google.com",
        to="leads@acme.test",
        subject="Gmail Forwarding Confirmation",
        text=f"paula@gmail.com asks.\nCode: 123456789\n{LINK}\n",
        message_id="<1@google.com>",
    )
    message_id = one_world.by_smtp(asked, one_world.account.leads)
    browser = admin_of(one_world)
    paths = ("/sources", f"/sources/addresses/{address_id(one_world, 'leads')}")
    for path in paths:
        page = browser.get(path).text
        assert LINK in page and "123456789" in page and "paula@gmail.com" in page
    assert LINK not in browser.get(f"/sources/addresses/{address_id(one_world, 'bcc')}").text
    browser.post(f"/inbox/{message_id}/resolve", {"action": "ignore"})
    assert all(LINK not in browser.get(path).text for path in paths)


def test_the_mail_domain_shows_each_record_and_what_is_there(one_world: World) -> None:
    page = admin_of(one_world).get("/mail-domain?selector=s1").text
    assert "10 mx.acme.test." in page and "192.0.2.1" in page and "v=spf1 ~all" in page
    states = re.findall(r'<span class="badge \w+">([a-z ]+)</span>', page)
    assert states == ["found", "found", "differs", "missing", "missing"]
    assert "s1._domainkey.acme.test" in page and "_dmarc.acme.test" in page
    odd = admin_of(one_world).get("/mail-domain?selector=a%20b").text
    assert "_domainkey" not in odd


def test_without_dns_the_page_says_so(one_world: World) -> None:
    changed = replace(
        one_world.services, check_mail_domain=lambda domain, selector: check(Question(domain, "box"), None)
    )
    one_world.app = create_app(changed)
    for language, told in (("en", "LEADGATE_DNS=off): nothing is checked"), ("de", "Nichts wird geprüft")):
        page = admin_of(one_world).get("/mail-domain", headers={"Accept-Language": language}).text
        assert told in page and "LEADGATE_HOSTNAME" in page, "a bare name is no mail server's"


def test_who_removes_a_user_sees_which_sources_name_them(one_world: World) -> None:
    ben = one_world.user("ben")
    data(one_world.admin.post("/addresses", {"local_part": "fair", "name": "Fair", "owner_id": ben.id}), 201)
    partner = {"name": "Portal", "senders": ["*@p.example"], "owner": ben.id}
    made = data(one_world.admin.post("/partners", partner), 201)
    data(one_world.admin.post(f"/partners/{made['id']}/address"), 201)
    page = admin_of(one_world).get(f"/team/{ben.id}").text
    assert "Fair, Portal</p>" in page, "each once, however often its address was replaced"
