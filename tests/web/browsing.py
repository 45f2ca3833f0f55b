"""Somebody with a browser, as far as a test client can be one: cookies, forms with their token."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from store import sessions
from store.scope import AccountScope
from tests.web.world import World

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
