"""What else comes to a form's address: people who open it, links without their end, coded bodies, huge files."""

import contextlib
import gzip
import threading

import pytest
import requests

from tests.web.form_door.site import SITE, VERA, make_form, multipart
from tests.web.form_door.test_door import count
from tests.web.world import World, problem
from web import server
from web.form_door.taking import LARGEST_POST, MIB

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "This is where a form is sent to"), ("de", "Hierher wird ein Formular gesendet")],
)
def test_who_opens_the_address_is_told_in_words(one_world: World, language: str, words: str) -> None:
    form = make_form(one_world)
    client = one_world.app.test_client()
    answer = client.get(form.made["url"], headers=BROWSER | {"Accept-Language": language})
    assert answer.status_code == 405 and answer.headers["Allow"] == "POST, OPTIONS"
    assert answer.mimetype == "text/html" and words in answer.text
    assert client.head(form.made["url"], headers=BROWSER).status_code == 405
    asked = client.get(form.made["url"], headers={"Accept": "application/json"})
    assert problem(asked, 405)["detail"].startswith("This is where")
    assert asked.headers["Allow"] == "POST, OPTIONS" and count(one_world) == 0


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "token", ["wrong", "a" * 16, "a" * 5_000, "x/y", "%00", "\u00fc", "A7", "..%2Fapi", "a%27%20OR%201=1"]
)
def test_an_address_of_no_form_is_a_page(world: World, method: str, token: str) -> None:
    client = world.app.test_client()
    answer = getattr(client, method)(f"/f/{token}", headers=BROWSER)
    assert answer.status_code == 404 and answer.mimetype == "text/html"
    assert "This form does not exist any more." in answer.text


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate"])
def test_a_coded_body_is_refused_and_not_taken_for_text(one_world: World, coding: str) -> None:
    form = make_form(one_world)
    body = gzip.compress(b"name=Vera&email=vera%40besuch.example")
    kind = "application/x-www-form-urlencoded"
    answer = form.post(body, content_type=kind, headers={"Content-Encoding": coding})
    assert answer.status_code == 415 and count(one_world) == 0
    assert form.post(headers={"Content-Encoding": "identity"}).status_code == 200


def test_what_is_no_json_object_is_told_apart_from_an_empty_form(one_world: World) -> None:
    form = make_form(one_world)
    for body, told in (
        (b"[1]", "It is no JSON object"),
        (b'{"a"', "It is no JSON object"),
        (b"{}", "Nothing was filled"),
    ):
        answer = form.post(body, content_type="application/json")
        assert problem(answer, 422)["detail"].startswith(told)


class Running:
    """The application behind its real server."""

    def __init__(self, world: World) -> None:
        self.server = server.Server(world.app, "127.0.0.1", 0, body_bytes=LARGEST_POST + MIB)
        self.thread = threading.Thread(target=self.server.run)

    def __enter__(self) -> str:
        self.thread.start()
        return f"http://127.0.0.1:{self.server.port}"

    def __exit__(self, *_: object) -> None:
        self.server.stop()
        self.thread.join(30)
        assert not self.thread.is_alive()


def test_a_file_over_every_limit_costs_no_text(one_world: World) -> None:
    form = make_form(one_world)
    made = multipart(VERA | {"plan": ("plan.mov", b"x" * (LARGEST_POST + 20 * MIB))})
    headers = {"Content-Type": made["content_type"], "Origin": SITE, **BROWSER}
    with Running(one_world) as url, requests.Session() as browser:
        answer = browser.post(f"{url}{form.made['url']}", data=made["data"], headers=headers, timeout=60)
        assert answer.status_code == 413 and "plan.mov is larger than 10 MB" in answer.text
        again = browser.post(f"{url}{form.made['url']}", data=VERA, headers={"Origin": SITE}, timeout=60)
        assert again.status_code == 200, "the connection goes on with the next request"
        elsewhere = browser.post(f"{url}/login", data=b"x" * 10, headers=BROWSER, timeout=60)
        assert elsewhere.status_code in (403, 415, 422)
    (lead,) = form.leads()
    assert lead["fields"]["message"] == "Bitte ein Angebot." and count(one_world) == 2


def test_other_requests_of_that_size_are_refused_unread(one_world: World) -> None:
    """A connection that breaks while the body is sent, or the answer in time: as waitress does it."""
    answers: list[int] = []
    with Running(one_world) as url, contextlib.suppress(requests.ConnectionError):
        body = b"x" * (LARGEST_POST + 20 * MIB)
        answers.append(requests.post(f"{url}/login", data=body, timeout=60).status_code)
    assert answers in ([], [413])
