"""A running leadgate with a form, and posts to it from any loopback address."""

import http.client
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.support.api import Api
from tests.support.deployment import Deployment

ORIGIN = "https://www.site.example"
URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answered:
    """What a post was answered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(slots=True)
class Site:
    """The deployment, its API and the form."""

    deployment: Deployment
    api: Api
    form: Mapping[str, Any]

    def send(
        self,
        body: bytes,
        headers: Mapping[str, str],
        *,
        source: str = "127.0.0.1",
        method: str = "POST",
        path: str | None = None,
    ) -> Answered:
        """One request; OSError and HTTPException where it got no answer."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.deployment.http_port, timeout=60, source_address=(source, 0)
        )
        try:
            connection.request(method, path or str(self.form["url"]), body, dict(headers))
            answer = connection.getresponse()
            return Answered(answer.status, tuple(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def post(self, fields: Mapping[str, str], **headers: str) -> Answered:
        """One honest post of a browser."""
        given = {"Content-Type": URLENCODED, "Origin": ORIGIN, **headers}
        return self.send(urlencode(fields).encode(), given)

    def messages(self) -> list[dict[str, Any]]:
        """The account's messages, oldest first."""
        return list(reversed(list(self.api.every("/messages", limit=200))))


@contextmanager
def site(**settings: str) -> Iterator[Site]:
    """A deployment on SQLite, without limit of posts unless `settings` say otherwise."""
    with tempfile.TemporaryDirectory(prefix="forms-", dir=os.environ.get("TMPDIR")) as place:
        given: dict[str, Any] = {"redis_url": "none", "form_posts_per_minute": "0", **settings}
        deployment = Deployment(Path(place), **given)
        made = deployment.init()
        try:
            deployment.start()
            api = deployment.api(made)
            form = api.post("/forms", {"name": "Contact", "origins": [ORIGIN], "tags": ["web"]})
            yield Site(deployment, api, form)
            api.close()
        finally:
            deployment.close()
