"""Posting to a form of a world, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from tests.web.world import World, data

SITE = "https://www.site.example"
VERA = {"name": "Vera Besuch", "email": "vera@besuch.example", "nachricht": "Bitte ein Angebot."}
BOUNDARY = "----FormBoundary7MA4YWxkTrZu0gW"


def multipart(fields: Mapping[str, str | tuple[str, bytes]]) -> dict[str, Any]:
    """A body with its content type, as a browser makes them; a file is its name and its content."""
    parts = []
    for name, value in fields.items():
        file, content = (
            ("", value.encode()) if isinstance(value, str) else (f'; filename="{value[0]}"', value[1])
        )
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        parts += [head.encode(), content, b"\r\n"]
    data = b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])
    return {"data": data, "content_type": f"multipart/form-data; boundary={BOUNDARY}"}


@dataclass(frozen=True)
class SiteForm:
    """A form of the world's account."""

    world: World
    made: dict[str, Any]

    def post(self, fields: Any = None, **more: Any) -> TestResponse:
        """One post; `fields` urlencoded, or multipart where one is a file."""
        given = VERA if fields is None else fields
        return self.world.app.test_client().post(self.made["url"], data=given, **more)

    def send(self, fields: Mapping[str, Any], **more: Any) -> TestResponse:
        """One multipart post, as `multipart` makes it."""
        return self.world.app.test_client().post(self.made["url"], **multipart(fields), **more)

    def work(self) -> None:
        while self.world.process():
            pass

    def messages(self) -> list[dict[str, Any]]:
        """The account's messages as an admin sees them, oldest first, worked off."""
        self.work()
        listed = data(self.world.admin.get("/messages"))
        return [data(self.world.admin.get(f"/messages/{one['id']}")) for one in reversed(listed)]

    def leads(self) -> list[dict[str, Any]]:
        """The account's leads, oldest first."""
        self.work()
        return list(reversed(data(self.world.admin.get("/leads"))))

    def history(self, lead_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = data(self.world.admin.get(f"/leads/{lead_id}/history"))
        return found


def make_form(world: World, **values: Any) -> SiteForm:
    """A form named Contact that pages of SITE may post to."""
    given = {"name": "Contact", "origins": [SITE], "tags": ["web"], **values}
    return SiteForm(world, data(world.admin.post("/forms", given), 201))
