"""Mailboxes by the API: what is taken, what is refused, and what never comes back out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store.tables.mailboxes import mailboxes
from tests.support.rows import rows
from tests.web.world import World, data

SECRETS = ("hunter2", "r-token", "c-secret")
GIVEN = {
    "name": "Info",
    "host": "IMAP.Firma.example",
    "port": 993,
    "tls": "tls",
    "username": "Info@Firma.example",
    "password": "hunter2",
    "folder": "inbox",
    "kind": "leads",
    "after": "move",
    "move_to": "Archive",
    "since": None,
}
OAUTH = {"client_id": "c", "client_secret": "c-secret", "refresh_token": "r-token"}


def test_a_mailbox_from_beginning_to_end(one_world: World) -> None:
    admin = one_world.admin
    made = data(admin.post("/mailboxes", GIVEN), 201)
    expected = {
        "name": "Info",
        "host": "imap.firma.example",
        "port": 993,
        "tls": "tls",
        "username": "Info@Firma.example",
        "auth": "password",
        "folder": "INBOX",
        "kind": "leads",
        "fallback": "leads",
        "recipient_headers": ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"],
        "address": "info@firma.example",
        "after": "move",
        "move_to": "Archive",
        "since": None,
        "enabled": True,
        "last_poll": None,
        "last_mail": None,
        "lag": None,
        "error": None,
        "error_stage": None,
        "error_code": None,
        "error_said": None,
        "error_since": None,
        "reader": None,
        "messages": 0,
        "skipped": {},
    }
    assert {name: made[name] for name in expected} == expected
    path = f"/mailboxes/{made['id']}"
    assert data(admin.get(path)) == made
    assert data(admin.get("/mailboxes")) == [made]
    changed = data(admin.patch(path, {"name": "Sales", "after": "leave", "enabled": False}))
    assert (changed["name"], changed["after"], changed["enabled"]) == ("Sales", "leave", False)
    assert changed["next_poll"] is None
    assert data(admin.patch(path, {"enabled": True}))["next_poll"] is not None
    assert admin.delete(path).status_code == 204
    assert admin.get(path).status_code == 404 and data(admin.get("/mailboxes")) == []
    (row,) = rows(one_world.database, mailboxes)
    assert row["secrets"] == b"", "a deleted mailbox keeps no password"


def test_defaults(one_world: World) -> None:
    admin, given = one_world.admin, {"host": "imap.firma.example", "username": "info", "password": "p"}
    made = data(admin.post("/mailboxes", given), 201)
    assert (made["port"], made["tls"], made["folder"], made["after"]) == (993, "tls", "INBOX", "leave")
    assert (made["name"], made["address"], made["kind"]) == ("info", None, "leads")
    made = data(admin.post("/mailboxes", given | {"username": "other", "tls": "starttls"}), 201)
    assert made["port"] == 143


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"host": ""}, "host"),
        ({"host": "a\r\nb"}, "host"),
        ({"host": "mine.example"}, "host"),
        ({"port": 0}, "port"),
        ({"tls": "ssl"}, "tls"),
        ({"username": ""}, "username"),
        ({"password": None}, "password"),
        ({"password": "a\nb"}, "password"),
        ({"folder": "a\nb"}, "folder"),
        ({"kind": "personal"}, "kind"),
        ({"after": "move", "move_to": None}, "move_to"),
        ({"after": "move", "move_to": "INBOX"}, "move_to"),
        ({"address": "nobody"}, "address"),
        ({"recipient_headers": ["a b"]}, "recipient_headers[0]"),
        ({"since": "yesterday"}, "since"),
        ({"since": -1}, "since"),
        ({"since": True}, "since"),
        ({"oauth": OAUTH}, "password"),
        ({"password": None, "oauth": OAUTH}, "oauth.token_url"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(one_world: World, change: dict[str, Any], place: str) -> None:
    answer = one_world.admin.post("/mailboxes", GIVEN | change)
    assert answer.status_code == 422, answer.text
    assert place.partition("[")[0] in answer.text
    assert "hunter2" not in answer.text


@pytest.mark.parametrize(
    ("since", "back"),
    [(None, None), ("new", None), (30, 30), ("30", 30), ("7d", 7), (0, 0)],
)
def test_how_far_back(one_world: World, since: Any, back: int | None) -> None:
    made = data(one_world.admin.post("/mailboxes", GIVEN | {"since": since}), 201)
    if back is None:
        assert made["since"] is None
    else:
        expected = datetime.now(UTC) - timedelta(days=back)
        assert abs(datetime.fromisoformat(made["since"]) - expected) < timedelta(minutes=1)


def test_how_far_back_as_a_date_or_time(one_world: World) -> None:
    made = data(one_world.admin.post("/mailboxes", GIVEN | {"since": "2026-11-01"}), 201)
    assert made["since"] == "2026-11-01T00:00:00+00:00"
    path = f"/mailboxes/{made['id']}"
    changed = data(one_world.admin.patch(path, {"since": "2026-11-02T08:00:00+01:00"}))
    assert changed["since"] == "2026-11-02T07:00:00+00:00"


def test_a_mailbox_is_read_once_in_a_deployment(one_world: World) -> None:
    data(one_world.admin.post("/mailboxes", GIVEN), 201)
    again = one_world.admin.post("/mailboxes", GIVEN | {"name": "Again"})
    assert again.status_code == 409 and "read already, as 'Info'" in again.text
    other = one_world.stranger_admin.post("/mailboxes", GIVEN | {"username": "info@firma.example"})
    assert other.status_code == 409 and "by another account" in other.text and "Info'" not in other.text
    elsewhere = data(one_world.admin.post("/mailboxes", GIVEN | {"folder": "Other"}), 201)
    moved = one_world.admin.patch(f"/mailboxes/{elsewhere['id']}", {"folder": "INBOX"})
    assert moved.status_code == 409


def test_a_stored_password_goes_to_no_other_server(one_world: World) -> None:
    admin = one_world.admin
    made = data(admin.post("/mailboxes", GIVEN), 201)
    path = f"/mailboxes/{made['id']}"
    for change in ({"host": "imap.evil.example"}, {"port": 1993}, {"tls": "none"}, {"username": "other"}):
        assert admin.patch(path, change).status_code == 422
        assert admin.post(f"{path}/test", change).status_code == 422
        assert admin.post(f"{path}/test", change | {"password": "p"}).status_code == 200
    assert admin.patch(path, {"host": "imap.evil.example", "password": "p"}).status_code == 200
    assert admin.patch(path, {"host": "mine.example", "password": "p"}).status_code == 422


def test_a_connection_is_tried_without_saving(one_world: World) -> None:
    admin = one_world.admin
    tried = data(admin.post("/mailboxes/test", GIVEN))
    (stage,) = tried["stages"]
    assert tried["ok"] and (stage["stage"], stage["detail"]) == ("dns", "imap.firma.example")
    assert data(admin.get("/mailboxes")) == []
    assert admin.post("/mailboxes/test", GIVEN | {"host": "mine.example"}).status_code == 422


def test_secrets_are_kept_sealed_and_never_told(one_world: World) -> None:
    admin = one_world.admin
    made = admin.post("/mailboxes", GIVEN)
    oauth = {"username": "o", "password": None, "oauth": OAUTH | {"provider": "microsoft"}}
    by_token = admin.post("/mailboxes", GIVEN | oauth)
    assert data(by_token, 201)["auth"] == "xoauth2"
    told = made.text + by_token.text + admin.get("/mailboxes").text
    assert not any(secret in told for secret in SECRETS)
    for row in rows(one_world.database, mailboxes):
        assert not any(secret.encode() in row["secrets"] for secret in SECRETS)
