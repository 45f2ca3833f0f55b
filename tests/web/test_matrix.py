"""The access matrix: every route × every kind of caller × {own, foreign} id. A route not listed fails."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.mails import mail
from tests.web.scene import MAILBOX, RULE, Scene, Stage
from tests.web.world import Person, World
from web.api.route import Who
from web.api.routes import PREFIX, ROUTES
from web.pages.routes import PAGES

PUBLIC = {
    "/healthz",
    "/readyz",
    "/metrics",
    f"{PREFIX}/openapi.json",
    f"{PREFIX}/docs",
    "/f/<path:token>",
    "/static/<path:filename>",
}


@dataclass(frozen=True)
class Row:
    """Statuses for the user whose thing it is, a colleague who may not see it, and an admin."""

    user: int
    colleague: int
    admin: int
    body: Any = None
    query: str = ""


ALL = Row(200, 200, 200)
ADMINS = Row(403, 403, 200)
MAIL = mail(
    sender="p@prospect.example", to="x@y.example", subject="s", text="t", message_id="<m@prospect.example>"
)

# fmt: off
EXPECTED: dict[tuple[str, str], Row] = {
    ("POST", "/accounts"): Row(403, 403, 403, {"account": "new", "domain": "new.test", "admin_email": "a@new.example"}),
    ("GET", "/account"): ALL,
    ("PATCH", "/account"): Row(403, 403, 200, {"locale": "de"}),
    ("GET", "/users"): ALL,
    ("POST", "/users"): Row(403, 403, 201, {"email": "new@acme.example", "name": "New"}),
    ("GET", "/users/<id:user_id>"): ALL,
    ("PATCH", "/users/<id:user_id>"): Row(200, 403, 200, {"name": "Renamed"}),
    ("DELETE", "/users/<id:user_id>"): Row(403, 403, 204, query="?leads_to=unassigned"),
    ("POST", "/users/<id:user_id>/api-keys"): Row(201, 403, 201, {"name": "k"}),
    ("POST", "/users/<id:user_id>/address"): Row(201, 403, 201),
    ("GET", "/teams"): ALL,
    ("POST", "/teams"): Row(403, 403, 201, {"name": "North"}),
    ("GET", "/teams/<id:team_id>"): Row(200, 404, 200),
    ("PATCH", "/teams/<id:team_id>"): Row(403, 403, 200, {"name": "South"}),
    ("DELETE", "/teams/<id:team_id>"): Row(403, 403, 204),
    ("GET", "/leads"): ALL,
    ("POST", "/leads"): Row(201, 201, 201, {"title": "New"}),
    ("GET", "/leads/<id:lead_id>"): Row(200, 404, 200),
    ("PATCH", "/leads/<id:lead_id>"): Row(200, 404, 200, {"status": "won"}),
    ("DELETE", "/leads/<id:lead_id>"): Row(204, 404, 204),
    ("POST", "/leads/<id:lead_id>/not-a-lead"): Row(200, 404, 200, {"block_sender": True}),
    ("POST", "/leads/<id:lead_id>/restore"): Row(404, 404, 404),  # it is not in the trash
    ("POST", "/leads/<id:lead_id>/assign"): Row(403, 404, 200, {"user_id": None}),
    ("POST", "/leads/<id:lead_id>/comments"): Row(201, 404, 201, {"text": "Called."}),
    ("GET", "/leads/<id:lead_id>/history"): Row(200, 404, 200),
    ("GET", "/messages"): ALL,
    ("POST", "/messages"): Row(202, 202, 202, MAIL, "?to=leads@{domain}"),
    ("GET", "/messages/<id:message_id>"): Row(200, 404, 200),
    ("GET", "/messages/<id:message_id>/raw"): Row(200, 404, 200),
    ("POST", "/messages/<id:message_id>/reprocess"): Row(200, 404, 200, {"apply": False}),
    ("POST", "/messages/<id:message_id>/resolve"): Row(200, 404, 200, {"action": "ignore"}),
    ("GET", "/forms"): ADMINS,
    ("POST", "/forms"): Row(403, 403, 201, {"name": "Contact"}),
    ("GET", "/forms/<id:form_id>"): ADMINS,
    ("PATCH", "/forms/<id:form_id>"): Row(403, 403, 200, {"name": "Callback"}),
    ("DELETE", "/forms/<id:form_id>"): Row(403, 403, 204),
    ("POST", "/forms/<id:form_id>/address"): Row(403, 403, 201),
    ("GET", "/addresses"): ADMINS,
    ("POST", "/addresses"): Row(403, 403, 201, {"local_part": "fair"}),
    ("GET", "/addresses/<id:address_id>"): ADMINS,
    ("PATCH", "/addresses/<id:address_id>"): Row(403, 403, 200, {"enabled": False}),
    ("POST", "/addresses/<id:address_id>/rotate"): Row(403, 403, 201),
    ("GET", "/partners"): ADMINS,
    ("POST", "/partners"): Row(403, 403, 201, {"name": "Portal", "senders": ["*@portal.example"]}),
    ("GET", "/partners/<id:partner_id>"): ADMINS,
    ("PATCH", "/partners/<id:partner_id>"): Row(403, 403, 200, {"name": "Renamed"}),
    ("DELETE", "/partners/<id:partner_id>"): Row(403, 403, 204),
    ("POST", "/partners/<id:partner_id>/address"): Row(403, 403, 201),
    ("GET", "/mailboxes"): ADMINS,
    ("POST", "/mailboxes"): Row(403, 403, 201, MAILBOX),
    ("POST", "/mailboxes/test"): Row(403, 403, 200, MAILBOX),
    ("GET", "/mailboxes/<id:mailbox_id>"): ADMINS,
    ("PATCH", "/mailboxes/<id:mailbox_id>"): Row(403, 403, 200, {"name": "Renamed"}),
    ("DELETE", "/mailboxes/<id:mailbox_id>"): Row(403, 403, 204),
    ("POST", "/mailboxes/<id:mailbox_id>/test"): Row(403, 403, 200, {}),
    ("GET", "/outgoing-mail"): ADMINS,
    ("PATCH", "/outgoing-mail"): Row(403, 403, 200, {"host": "mail.example.com"}),
    ("POST", "/outgoing-mail/test"): Row(403, 403, 200, {"host": "mail.example.com"}),
    ("GET", "/outgoing-mails"): ADMINS,
    ("GET", "/outgoing-mails/<id:mail_id>"): ADMINS,
    ("POST", "/outgoing-mails/<id:mail_id>/send-again"): Row(403, 403, 202),
    ("GET", "/webhooks"): ADMINS,
    ("POST", "/webhooks"): Row(403, 403, 201, {"url": "https://hooks.example/new", "events": ["lead.*"]}),
    ("GET", "/webhooks/<id:webhook_id>"): ADMINS,
    ("PATCH", "/webhooks/<id:webhook_id>"): Row(403, 403, 200, {"events": ["lead.created"]}),
    ("DELETE", "/webhooks/<id:webhook_id>"): Row(403, 403, 204),
    ("POST", "/webhooks/<id:webhook_id>/secret"): Row(403, 403, 201),
    ("POST", "/webhooks/<id:webhook_id>/test"): Row(403, 403, 202),
    ("GET", "/webhooks/<id:webhook_id>/deliveries"): ADMINS,
    ("GET", "/webhooks/<id:webhook_id>/deliveries/<id:delivery_id>"): ADMINS,
    ("POST", "/webhooks/<id:webhook_id>/deliveries/<id:delivery_id>/redeliver"): Row(403, 403, 202),
    ("GET", "/rules"): ADMINS,
    ("POST", "/rules"): Row(403, 403, 201, RULE),
    ("GET", "/rules/<id:rule_id>"): ADMINS,
    ("PATCH", "/rules/<id:rule_id>"): Row(403, 403, 200, {"enabled": False}),
    ("DELETE", "/rules/<id:rule_id>"): Row(403, 403, 204),
    ("GET", "/rules/<id:rule_id>/versions"): ADMINS,
    ("GET", "/events"): ALL,
}
# fmt: on


def test_every_route_of_the_application_is_listed(one_world: World) -> None:
    rules = {rule.rule for rule in one_world.app.url_map.iter_rules()}
    assert rules == PUBLIC | {PREFIX + path for _, path in EXPECTED} | {page.path for page in PAGES}
    assert {(route.method, route.path) for route in ROUTES} == set(EXPECTED)


def ask(person: Person, method: str, path: str, ids: dict[str, str], row: Row, domain: str) -> int:
    for name, value in ids.items():
        path = path.replace(f"<id:{name}>", value)
    more: dict[str, Any] = {}
    if isinstance(row.body, bytes):
        more = {"data": row.body, "content_type": "message/rfc822"}
    elif row.body is not None:
        more = {"json": row.body}
    return person.call(method, path + row.query.format(domain=domain), **more).status_code


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_matrix(stage: Stage, route: Any) -> None:
    world = stage.world  # the statements behind it run on both databases in the tests of each noun
    method, path = route.method, route.path
    row = EXPECTED[method, path]
    ours, own, foreign = world.account, stage.own, stage.foreign
    has_id = "<id:" in path
    for_admins = route.who is Who.ADMIN

    def status(person: Person, scene: Scene, domain: str = ours.domain) -> int:
        return ask(person, method, path, scene.ids, row, domain)

    first = own[0]
    assert status(world.nobody, first) == 401
    assert status(Person(world.app, "lgk_" + "a" * 32), first) == 401
    assert status(first.colleague, first) == row.colleague
    reader = world.person(ours.scope, ours.admin.id, "", "", read_only=True)
    assert status(reader, first) == (403 if method != "GET" else row.admin)
    if has_id:
        # Another account's id, whoever asks: it is not there. Admin-only routes say so to nobody else.
        assert status(world.stranger_admin, first) == 404
        assert status(world.admin, foreign) == 404
        assert status(first.user, foreign) == (403 if for_admins else 404)
        broken = Scene(first.user, first.colleague, dict.fromkeys(first.ids, "x" * 25))
        assert status(world.admin, broken) == 404
    assert status(first.user, first) == row.user
    assert status(world.admin, own[1]) == row.admin
    assert status(world.deployer(), own[1]) == (201 if path == "/accounts" else 403)
