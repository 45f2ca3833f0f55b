"""Somebody with a browser, as far as a test client can be one: cookies, forms with their token."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from store import sessions
from store.scope import AccountScope
from tests.support.mails import mail
from tests.web.world import World, data

FORM = "Name: Paula\nTelefon: 030 5550 1234\nNachricht: Zwanzig Stühle, bitte.\n"
TOKEN = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


class Browser:
    """A browser at the pages of `app`; `session`: the token of somebody who is logged in."""

    def __init__(self, app: Flask, session: str | None = None) -> None:
        self.client = app.test_client()
        if session is not None:
            self.client.set_cookie("leadgate_session", session)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, headers={"Accept": "text/html", **more.pop("headers", {})}, **more)

    def token(self, path: str = "/login") -> str:
        """The form token that the page shows."""
        page = self.get(path)
        found = TOKEN.search(page.text)
        assert found is not None, page.text
        return found[1]

    def post(
        self, path: str, form: dict[str, str] | None = None, *, page: str = "/you", **more: Any
    ) -> TestResponse:
        """Sends a form, with the token that `page` shows."""
        headers = {"Accept": "text/html", **more.pop("headers", {})}
        return self.client.post(
            path, data={"csrf": self.token(page), **(form or {})}, headers=headers, **more
        )


def browser_of(world: World, scope: AccountScope, user_id: str) -> Browser:
    """Somebody who is logged in."""
    with world.database.write() as connection:
        token = sessions.begin(connection, scope, user_id, client="Test browser")
    return Browser(world.app, token)


def admin_of(world: World) -> Browser:
    """The admin of the first account, logged in."""
    return browser_of(world, world.account.scope, world.account.admin.id)


def new_lead(world: World, **more: Any) -> str:
    """A lead of the admin's; its id."""
    return str(data(world.admin.post("/leads", {"title": "Chairs", **more}), 201)["id"])


def lead(world: World, lead_id: str) -> Mapping[str, Any]:
    """A lead as the API tells it to the admin."""
    found: Mapping[str, Any] = data(world.admin.get(f"/leads/{lead_id}"))
    return found


def received(world: World, text: str = FORM) -> str:
    """A mail to the address for leads, processed; its id."""
    raw = mail(
        sender="p@kunde.example",
        to=world.account.leads,
        subject="Anfrage",
        text=text,
        message_id="<1@kunde.example>",
    )
    return world.by_smtp(raw, world.account.leads)
