"""Pages on a real socket with a worker beside them, a canary that counts what reaches it, and a chromium."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from store import sessions
from store.session import Database
from tests.support.accounts import MadeAccount
from tests.web.world import World, make_world
from web.app import create_app
from web.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text("utf-8")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
"""The browser asks nobody for anything by itself: every request that is seen is a page's."""
PICTURES = "LEADGATE_TEST_SCREENSHOTS"


@contextmanager
def chromium() -> Iterator[Any]:
    """A chromium that Playwright drives."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.skip("Playwright is not installed on this machine")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("chromium is not installed on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Stage:
    """Pages that are open at `base`."""

    world: World
    base: str
    canary: str
    reached: list[str] = field(default_factory=list)  # what the canary was asked for

    def log_in(self, context: "BrowserContext", account: MadeAccount | None = None) -> None:
        """Puts the session of an account's admin into a browser, in place of any other."""
        account = account or self.world.account
        with self.world.database.write() as connection:
            token = sessions.begin(connection, account.scope, account.admin.id, client="Chromium")
        context.add_cookies([{"name": "leadgate_session", "value": token, "url": self.base}])


@contextmanager
def make_stage(database: Database, **changes: Any) -> Iterator[Stage]:
    """The world of tests/web on a socket; what it accepts is processed at once."""
    with make_world(database, smtp="127.0.0.1:2525", **changes) as world:
        services = replace(world.services, ring=lambda _: None)
        world.app = create_app(services)
        server = Server(world.app, "127.0.0.1", 0, 4, body_bytes=1024 * 1024, grace=0.5)
        stop = threading.Event()

        def work() -> None:
            while not stop.wait(0.05):
                world.process()

        reached: list[str] = []
        canary = _canary(reached)
        threads = [threading.Thread(target=t, daemon=True) for t in (server.run, work, canary.serve_forever)]
        for thread in threads:
            thread.start()
        try:
            yield Stage(
                world,
                f"http://127.0.0.1:{server.port}",
                f"http://127.0.0.1:{canary.server_address[1]}",
                reached,
            )
        finally:
            stop.set()
            server.stop()
            canary.shutdown()
            canary.server_close()
            for thread in threads:
                thread.join(5)


COLOUR_RULES = ["color-contrast", "link-in-text-block"]


def violations(page: Any, *, only_colours: bool = False) -> list[str]:
    """What axe-core finds wrong with a page, as it is shown just now; `only_colours`: by the rules about them."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)  # past the page's own policy: a debugger's word, not the page's
    options: dict[str, Any] = {"iframes": False, "resultTypes": ["violations"]}
    if only_colours:
        options["runOnly"] = {"type": "rule", "values": COLOUR_RULES}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{each['id']}: {each['help']} {[node['html'][:160] for node in each['nodes']][:3]}"
        for each in found["violations"]
    ]


def picture(page: Any, name: str) -> None:
    """Keeps a picture of the page where the developer asked for it."""
    folder = os.environ.get(PICTURES)
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def _canary(reached: list[str]) -> ThreadingHTTPServer:
    class Canary(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.append(self.path)
            self.send_response(204)
            self.end_headers()

        do_POST = do_HEAD = do_OPTIONS = do_GET

        def log_message(self, *args: object) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", 0), Canary)
