"""The description says what is there. (Every answer of these tests is held against it: `world.fits_its_shape`.)"""

import html
import json
import re
from html.parser import HTMLParser
from typing import Any

from tests.web.world import World
from web.api.routes import PREFIX, ROUTES


def document(world: World) -> dict[str, Any]:
    answer = world.app.test_client().get(f"{PREFIX}/openapi.json")
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    found: dict[str, Any] = json.loads(answer.text)
    return found


def test_every_call_is_described(one_world: World) -> None:
    api = document(one_world)
    assert api["openapi"].startswith("3.1.")
    described = {(method.upper(), path) for path, each in api["paths"].items() for method in each}
    assert described == {
        (route.method, PREFIX + re.sub(r"<id:(\w+)>", r"{\1}", route.path)) for route in ROUTES
    }
    operations = [operation for each in api["paths"].values() for operation in each.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    for path, each in api["paths"].items():
        for operation in each.values():
            named = [p["name"] for p in operation["parameters"] if p["in"] == "path"]
            assert named == re.findall(r"{(\w+)}", path)
            assert operation["summary"] and len(operation["responses"]) == 2


def test_every_reference_leads_somewhere(one_world: World) -> None:
    api = document(one_world)
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(api)))
    assert references <= set(api["components"]["schemas"])
    assert {"Lead", "NewLead", "Message", "Problem"} <= set(api["components"]["schemas"])


def test_a_password_is_described_and_never_answered(one_world: World) -> None:
    schemas = document(one_world)["components"]["schemas"]
    assert "password" in schemas["NewUser"]["properties"] and "password" not in schemas["User"]["properties"]
    assert schemas["NewLead"]["additionalProperties"] is False


class Loads(HTMLParser):
    """What a browser would fetch for a page, and what it would run."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.scripts += tag == "script" or any(name.startswith("on") for name in named)
        if tag in ("img", "link", "iframe", "script", "object", "embed"):
            self.fetched.append(named.get("src") or named.get("href") or "")
        assert "style" not in named


def test_the_page_loads_nothing_from_outside(one_world: World) -> None:
    client = one_world.app.test_client()
    page = client.get(f"{PREFIX}/docs")
    assert page.status_code == 200 and page.mimetype == "text/html"
    loads = Loads()
    loads.feed(page.text)
    assert loads.scripts == 0 and [url.partition("?")[0] for url in loads.fetched] == ["/static/api.css"]
    with client.get(loads.fetched[0]) as style:
        assert style.mimetype == "text/css" and style.data
    assert "script" not in page.headers["Content-Security-Policy"]
    for route in ROUTES:
        assert html.escape(route.summary).replace("&#x27;", "&#39;") in page.text
