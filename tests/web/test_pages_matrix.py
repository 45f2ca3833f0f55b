"""The access matrix of the pages: every page × every kind of visitor × {own, foreign} id. One not listed fails."""

from dataclasses import dataclass, field

import pytest

from tests.web.browsing import Browser, browser_of
from tests.web.scene import Scene, Stage
from web.pages.route import Page, Who
from web.pages.routes import PAGES


@dataclass(frozen=True)
class Row:
    """Statuses for the user whose thing it is, a colleague who may not see it, and an admin."""

    user: int
    colleague: int
    admin: int
    form: dict[str, str] = field(default_factory=dict)


ALL, GO = Row(200, 200, 200), Row(303, 303, 303)
OWN = Row(200, 404, 200)
ADMIN, ADMIN_GO = Row(403, 403, 200), Row(403, 403, 303)
MESSAGE, LEAD, HOOK = "/inbox/<id:message_id>", "/leads/<id:lead_id>", "/webhooks/<id:webhook_id>"
DELIVERY = f"{HOOK}/deliveries/<id:delivery_id>"
ADDRESS, MAILBOX = "/sources/addresses/<id:address_id>", "/sources/mailboxes/<id:mailbox_id>"
FORM, PARTNER = "/sources/forms/<id:form_id>", "/sources/partners/<id:partner_id>"
MAILBOX_FORM = {"host": "imap.example.com", "username": "other", "password": "secret", "tls": "tls"} | {
    "folder": "INBOX",
    "kind": "leads",
    "fallback": "leads",
    "after": "leave",
    "since": "kept",
}
NEW_HOOK = {"url": "https://hooks.example/new", "events": "lead.*"}

# fmt: off
EXPECTED: dict[tuple[str, str], Row] = {
    ("GET", "/"): GO,
    ("GET", "/setup"): Row(404, 404, 404),  # there is an account
    ("POST", "/setup"): Row(404, 404, 404),
    ("GET", "/login"): GO,
    ("POST", "/login"): Row(422, 422, 422, {"email": "nobody@acme.example", "password": "wrong"}),
    ("POST", "/logout"): GO,
    ("GET", "/password"): Row(404, 404, 404),  # without a link's token
    ("POST", "/password"): Row(404, 404, 404, {"password": "correct horse battery"}),
    ("GET", "/forgot"): ALL,
    ("POST", "/forgot"): Row(303, 303, 303, {"email": "nobody@acme.example"}),
    ("GET", "/own-address"): Row(404, 404, 404),  # without a link's token
    ("POST", "/own-address"): Row(404, 404, 404),
    ("POST", "/theme"): Row(303, 303, 303, {"theme": "dark"}),
    ("GET", "/inbox"): ALL,
    ("GET", MESSAGE): OWN,
    ("GET", f"{MESSAGE}/raw"): OWN,
    ("GET", f"{MESSAGE}/html"): OWN,
    ("GET", f"{MESSAGE}/attachments/<digest:digest>"): Row(404, 404, 404),  # the mail has none
    ("POST", f"{MESSAGE}/reprocess"): OWN,
    ("POST", f"{MESSAGE}/resolve"): Row(303, 404, 303, {"action": "ignore"}),
    ("GET", "/leads"): ALL,
    ("POST", "/leads"): Row(303, 303, 303, {"title": "New"}),
    ("GET", LEAD): OWN,
    ("POST", f"{LEAD}/change"): Row(303, 404, 303, {"status": "won", "tags": "a, b", "amount": "1.250,50"}),
    ("POST", f"{LEAD}/take"): Row(303, 404, 303),
    ("POST", f"{LEAD}/comment"): Row(303, 404, 303, {"text": "Called."}),
    ("POST", f"{LEAD}/confirm"): Row(303, 404, 303),
    ("POST", f"{LEAD}/trash"): Row(303, 404, 303),
    ("GET", f"{LEAD}/not-a-lead"): OWN,
    ("POST", f"{LEAD}/not-a-lead"): Row(303, 404, 303, {"block": "yes"}),
    ("GET", "/trash"): ALL,
    ("POST", f"{LEAD}/restore"): Row(404, 404, 404),  # it is not in the trash
    ("GET", f"{LEAD}/access"): ADMIN,
    ("GET", "/settings/senders"): ADMIN,
    ("POST", "/settings/senders"): Row(403, 403, 303, {"blocked_senders": "*@spam.example"}),
    ("POST", "/test-mail"): GO,
    ("GET", "/test-mail/<id:message_id>"): OWN,
    ("POST", "/demo"): ADMIN_GO,
    ("POST", "/demo/remove"): ADMIN_GO,
    ("GET", "/settings/mail"): ADMIN,
    ("POST", "/settings/mail"): Row(403, 403, 303, {"host": "mail.example.com", "from_name": "Acme"}),
    ("POST", "/settings/mail/test"): Row(403, 403, 200, {"host": "mail.example.com"}),
    ("POST", "/settings/mail/<id:mail_id>/again"): ADMIN_GO,
    ("GET", "/upload"): ALL,
    ("POST", "/upload"): ALL,
    ("GET", "/sources"): ADMIN,
    ("POST", "/sources/addresses"): Row(403, 403, 303, {"local_part": "fair"}),
    ("GET", ADDRESS): ADMIN,
    ("POST", f"{ADDRESS}/change"): Row(403, 403, 303, {"name": "Renamed"}),
    ("POST", f"{ADDRESS}/switch"): Row(403, 403, 303, {"enabled": "no"}),
    ("GET", f"{ADDRESS}/rotate"): ADMIN,
    ("POST", f"{ADDRESS}/rotate"): ADMIN_GO,
    ("GET", "/sources/mailboxes/new"): ADMIN,
    ("POST", "/sources/mailboxes"): Row(403, 403, 303, MAILBOX_FORM),
    ("GET", MAILBOX): ADMIN,
    ("POST", f"{MAILBOX}/change"): Row(403, 403, 303, MAILBOX_FORM),
    ("POST", f"{MAILBOX}/switch"): Row(403, 403, 303, {"enabled": "no"}),
    ("POST", f"{MAILBOX}/delete"): ADMIN_GO,
    ("POST", "/sources/forms"): Row(403, 403, 303, {"name": "Contact"}),
    ("GET", FORM): ADMIN,
    ("POST", f"{FORM}/change"): Row(403, 403, 303, {"name": "Callback"}),
    ("POST", f"{FORM}/confirmation"): Row(403, 403, 303, {"enabled": "yes", "locale": "de"}),
    ("POST", f"{FORM}/confirmation/test"): Row(403, 403, 200, {"locale": "de"}),
    ("POST", f"{FORM}/delete"): ADMIN_GO,
    ("POST", "/sources/partners"): Row(403, 403, 303, {"name": "Portal", "senders": "*@portal.example"}),
    ("GET", PARTNER): ADMIN,
    ("POST", f"{PARTNER}/change"): Row(403, 403, 303, {"name": "Renamed", "senders": "a@portal.example"}),
    ("POST", f"{PARTNER}/delete"): ADMIN_GO,
    ("GET", "/mail-domain"): ADMIN,
    ("GET", "/webhooks"): ADMIN,
    ("POST", "/webhooks"): Row(403, 403, 200, NEW_HOOK),
    ("GET", HOOK): ADMIN,
    ("POST", f"{HOOK}/change"): Row(403, 403, 303, NEW_HOOK),
    ("POST", f"{HOOK}/secret"): ADMIN,
    ("POST", f"{HOOK}/switch"): Row(403, 403, 303, {"enabled": "no"}),
    ("POST", f"{HOOK}/delete"): ADMIN_GO,
    ("POST", f"{HOOK}/test"): ADMIN_GO,
    ("POST", f"{HOOK}/redeliver"): Row(403, 403, 303, {"since": "2026-11-20T09:00"}),
    ("GET", DELIVERY): ADMIN,
    ("POST", f"{DELIVERY}/redeliver"): ADMIN_GO,
    ("GET", "/team"): ADMIN,
    ("POST", "/team"): Row(403, 403, 200, {"email": "new@acme.example", "name": "New"}),
    ("GET", "/team/<id:user_id>"): ADMIN,
    ("POST", "/team/<id:user_id>/change"): Row(403, 403, 303, {"name": "Renamed", "level": "user"}),
    ("POST", "/team/<id:user_id>/remove"): Row(403, 403, 303, {"open_to": "unassigned"}),
    ("POST", "/team/<id:user_id>/password-link"): ADMIN,
    ("POST", "/team/teams"): Row(403, 403, 303, {"name": "New"}),
    ("GET", "/team/teams/<id:team_id>"): ADMIN,
    ("POST", "/team/teams/<id:team_id>/change"): Row(403, 403, 303, {"name": "South"}),
    ("POST", "/team/teams/<id:team_id>/delete"): ADMIN_GO,
    ("GET", "/settings"): ADMIN,
    ("POST", "/settings"): Row(403, 403, 303, {"teams_enabled": "yes", "locale": "de"}),
    ("GET", "/status"): ADMIN,
    ("GET", "/you"): ALL,
    ("POST", "/you"): Row(303, 303, 303, {"locale": "de", "timezone": "Europe/Berlin"}),
    ("POST", "/you/address"): GO,
    ("POST", "/you/password"): Row(422, 422, 422, {"current": "wrong", "password": "correct horse battery"}),
    ("POST", "/you/sessions/<id:session_id>/end"): Row(404, 404, 404),  # nobody ends another's session
    ("POST", "/you/sessions/end-others"): GO,
}
# fmt: on


def test_every_page_is_listed() -> None:
    assert {(page.method, page.path) for page in PAGES} == set(EXPECTED)


def open_page(browser: Browser, page: Page, scene: Scene, form: dict[str, str]) -> int:
    path = page.path.replace("<id:session_id>", "0" * 26).replace("<digest:digest>", "0" * 64)
    for name, value in scene.ids.items():
        path = path.replace(f"<id:{name}>", value)
    if page.method == "GET":
        return browser.get(path).status_code
    return browser.post(path, form).status_code


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.method} {page.path}")
def test_matrix(stage: Stage, page: Page) -> None:
    world, row = stage.world, EXPECTED[page.method, page.path]
    ours, theirs, own, foreign = world.account, world.other, stage.own, stage.foreign
    first = own[0]
    user, colleague = (browser_of(world, ours.scope, who.id) for who in (first.user, first.colleague))
    admin = browser_of(world, ours.scope, ours.admin.id)
    stranger = browser_of(world, theirs.scope, theirs.admin.id)

    if page.who is not Who.ANYONE:
        for nobody in (Browser(world.app), Browser(world.app, "x" * 43)):
            path = page.path.replace("<id:", "").replace(">", "")
            answer = nobody.get(path) if "<id:" not in page.path else None
            if page.method == "GET" and answer is not None:
                assert answer.status_code == 303 and answer.headers["Location"].startswith("/login")
            assert nobody.client.post("/you").headers["Location"] == "/login"
    if page.method == "POST":
        path = page.path.replace("<digest:digest>", "0" * 64)
        for name, value in {**first.ids, "session_id": "0" * 26}.items():
            path = path.replace(f"<id:{name}>", value)
        assert admin.client.post(path, data=row.form).status_code == 403, (
            "a form without a token does nothing"
        )
        assert admin.client.post(path, data={**row.form, "csrf": user.token("/you")}).status_code == 403
        cross = {"Sec-Fetch-Site": "cross-site"}
        assert admin.post(path, row.form, headers=cross).status_code == 403
    assert open_page(colleague, page, first, row.form) == row.colleague
    if "<id:" in page.path and "session_id" not in page.path:
        assert open_page(stranger, page, first, row.form) == 404
        assert open_page(admin, page, foreign, row.form) == 404
        assert open_page(user, page, foreign, row.form) == (403 if page.who is Who.ADMIN else 404)
    assert open_page(user, page, first, row.form) == row.user
    assert open_page(admin, page, own[1], row.form) == row.admin
