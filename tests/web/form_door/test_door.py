"""The door itself: origins, redirects, languages, limits, rates, and what a visitor gets when nothing can be stored."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from parsers.form_body import TEXT
from store.session import Database
from store.tables.mail import messages
from tests.web.form_door.site import SITE, VERA, SiteForm, make_form, multipart
from tests.web.world import World, make_world, problem
from web.app import create_app
from web.form_door.taking import ALL_FILES, FILE_BYTES, MOST_FILES
from web.services import Limits, NotNow, Posted

OTHER = "https://evil.example"
MIB = 1024 * 1024


def count(world: World) -> int:
    """How many messages the account has."""
    with world.database.read() as connection:
        where = messages.c.account_id == world.account.id
        return connection.execute(select(func.count()).select_from(messages).where(where)).scalar_one()


def ask(form: SiteForm, origin: str | None) -> Any:
    """A browser's preflight."""
    headers = {"Access-Control-Request-Method": "POST"} | ({"Origin": origin} if origin else {})
    return form.world.app.test_client().options(form.made["url"], headers=headers)


def test_scripts_of_listed_origins_may_post_and_read_the_answer(one_world: World) -> None:
    form = make_form(one_world)
    asked = ask(form, SITE)
    assert asked.status_code == 204 and asked.headers["Access-Control-Allow-Origin"] == SITE
    assert asked.headers["Access-Control-Allow-Methods"] == "POST"
    assert "Idempotency-Key" in asked.headers["Access-Control-Allow-Headers"]
    answer = form.post(headers={"Origin": SITE, "Sec-Fetch-Mode": "cors"})
    assert answer.json == {"ok": True, "redirect": None}
    assert answer.headers["Access-Control-Allow-Origin"] == SITE and answer.headers["Vary"] == "Origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_other_origins_may_neither_post_nor_read(one_world: World) -> None:
    form = make_form(one_world)
    assert "Access-Control-Allow-Origin" not in ask(form, OTHER).headers
    answer = form.post(headers={"Origin": OTHER})
    assert answer.status_code == 403 and "Access-Control-Allow-Origin" not in answer.headers
    assert count(one_world) == 0


@pytest.mark.parametrize("origin", [None, "null"])
def test_whoever_tells_no_origin_may_post(one_world: World, origin: str | None) -> None:
    form = make_form(one_world)
    answer = form.post(headers={"Origin": origin} if origin else {})
    assert answer.status_code == 200 and "Access-Control-Allow-Origin" not in answer.headers
    assert count(one_world) == 1


def test_a_form_without_origins_takes_any(one_world: World) -> None:
    form = make_form(one_world, origins=[])
    assert ask(form, OTHER).headers["Access-Control-Allow-Origin"] == "*"
    answer = form.post(headers={"Origin": OTHER})
    assert answer.status_code == 200 and answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("asked", "to"),
    [
        (f"{SITE}/danke?x=1", f"{SITE}/danke?x=1"),
        ("https://WWW.site.example:443/a", "https://www.site.example:443/a"),
        ("", "https://own.example/thanks"),
        ("https://evil.example/", "https://own.example/thanks"),
        ("//evil.example/", "https://own.example/thanks"),
        (f"{SITE}@evil.example/", "https://own.example/thanks"),
        (f"{SITE}.evil.example/", "https://own.example/thanks"),
        (f"{SITE}/\r\nSet-Cookie: a=b", "https://own.example/thanks"),
        (f"{SITE}\\@evil.example/", "https://own.example/thanks"),
        ("javascript:alert(1)", "https://own.example/thanks"),
        ("https://[::1", "https://own.example/thanks"),
    ],
)
def test_a_browser_goes_on_to_listed_origins_only(one_world: World, asked: str, to: str) -> None:
    form = make_form(one_world, redirect="https://own.example/thanks")
    answer = form.post(VERA | {"_redirect": asked})
    assert (answer.status_code, answer.headers["Location"]) == (302, to)
    assert "Set-Cookie" not in answer.headers
    assert count(one_world) == 1


@pytest.mark.parametrize(
    ("headers", "fields", "words"),
    [
        ({}, {}, "Your message has arrived"),
        ({"Accept-Language": "de-AT,de;q=0.9"}, {}, "Ihre Nachricht ist angekommen"),
        ({"Accept-Language": "fr"}, {}, "Your message has arrived"),
        ({"Accept-Language": "en"}, {"_lang": "de"}, "Ihre Nachricht ist angekommen"),
        ({"Accept-Language": "de"}, {"_lang": "EN-us"}, "Your message has arrived"),
        ({"Accept-Language": "de"}, {"_lang": "xx"}, "Ihre Nachricht ist angekommen"),
    ],
)
def test_the_page_speaks_the_visitor_s_language(
    one_world: World, headers: dict[str, str], fields: dict[str, str], words: str
) -> None:
    answer = make_form(one_world).post(VERA | fields, headers=headers)
    assert words in answer.text and answer.mimetype == "text/html"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_no_session_is_read_or_set(one_world: World) -> None:
    form = make_form(one_world)
    client = one_world.app.test_client()
    client.set_cookie("leadgate_session", "x" * 40)
    answer = client.post(form.made["url"], data=VERA)
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"data": b"<x/>", "content_type": "text/xml"}, 415),
        ({"data": b"name=x"}, 415),
        ({"data": b"", "content_type": "application/x-www-form-urlencoded"}, 422),
        ({"data": {"name": "  ", "_tag": "x"}}, 422),
        ({"data": b"[1]", "content_type": "application/json"}, 422),
        ({"data": b"{", "content_type": "application/json"}, 422),
        ({"data": b"[" * 100_000, "content_type": "application/json"}, 422),
        ({"data": b"nothing", "content_type": "multipart/form-data"}, 422),
        ({"data": {"message": "x" * (TEXT + 1)}}, 413),
        ({"data": b"{}" + b" " * TEXT, "content_type": "application/json"}, 413),
        ({"data": b"&a=1" * 600, "content_type": "application/x-www-form-urlencoded"}, 413),
        (multipart({"message": "x" * (TEXT + 1)}), 413),
        (multipart({f"a{n}": "1" for n in range(600)}), 413),
    ],
)  # fmt: skip
def test_what_is_no_post_is_refused_and_not_stored(
    one_world: World, more: dict[str, Any], status: int
) -> None:
    form = make_form(one_world)
    client = one_world.app.test_client()
    page = client.post(form.made["url"], headers={"Accept": "text/html"}, **more)
    assert page.status_code == status
    told = client.post(form.made["url"], headers={"Accept": "application/json", "Origin": SITE}, **more)
    assert problem(told, status)["detail"]
    assert told.headers["Access-Control-Allow-Origin"] == SITE
    assert count(one_world) == 0


@pytest.mark.parametrize("token", ["a" * 16, "A" * 16, "x", "../api"])
def test_an_unknown_form_is_404(one_world: World, token: str) -> None:
    assert one_world.app.test_client().post(f"/f/{token}", data=VERA).status_code == 404


LARGE = [
    ("one too large", [FILE_BYTES + 1], ["0.bin"]),
    ("the largest", [FILE_BYTES], []),
    ("all too large", [9 * MIB, 9 * MIB, 9 * MIB], ["2.bin"]),
    ("as much as goes", [10 * MIB, 10 * MIB, 5 * MIB], []),
    ("one too many", [10] * (MOST_FILES + 1), [f"{MOST_FILES}.bin"]),
    ("a small one behind", [FILE_BYTES + 1, 10], ["0.bin"]),
    ("larger than any post", [70 * MIB], ["0.bin"]),
]


@pytest.mark.parametrize(("sizes", "named"), [row[1:] for row in LARGE], ids=[row[0] for row in LARGE])
def test_too_large_files_are_named_and_the_text_is_taken(
    one_world: World, sizes: list[int], named: list[str]
) -> None:
    form = make_form(one_world)
    contents = [b"\n--x" * (size // 4) + b"." * (size % 4) for size in sizes]
    files = {f"f{n}": (f"{n}.bin", content) for n, content in enumerate(contents)}
    answer = form.send(VERA | files, headers={"Accept": "application/json"})
    if not named:
        assert answer.status_code == 200
    else:
        told = problem(answer, 413)
        assert [error["reason"].partition(" ")[0] for error in told["errors"]] == named
        assert all(name in told["detail"] for name in named)
    (message,) = form.messages()
    assert (
        message["outcome"] == "lead_created"
        and message["parsed"]["fields"]["message"] == "Bitte ein Angebot."
    )
    parsed = message["parsed"]
    kept = [(one["filename"], one["size"]) for one in parsed["attachments"]]
    assert kept == [(f"{n}.bin", size) for n, size in enumerate(sizes) if f"{n}.bin" not in named]
    assert [p["code"] for p in parsed["problems"] if p["code"] == "file-left-out"] == ["file-left-out"] * len(
        named
    )
    answer = one_world.admin.get(f"/messages/{message['id']}/raw")
    assert len(answer.data) < ALL_FILES + MIB


def test_the_page_names_the_file_too(one_world: World) -> None:
    form = make_form(one_world)
    large = {"f": ("<b>plan.pdf", bytes(FILE_BYTES + 1))}
    answer = form.send(VERA | large, headers={"Accept-Language": "de"})
    assert answer.status_code == 413 and "&lt;b&gt;plan.pdf ist größer als 10 MB" in answer.text


@pytest.fixture
def limited(sqlite_database: Database) -> Any:
    with make_world(sqlite_database, limits=Limits(form_posts_per_minute=3)) as made:
        yield made


def test_posts_are_limited_by_client_and_form(limited: World) -> None:
    form, other = make_form(limited), make_form(limited)
    near = {"environ_base": {"REMOTE_ADDR": "192.0.2.1"}}
    far = {"environ_base": {"REMOTE_ADDR": "192.0.2.2"}}
    assert [form.post(VERA | {"n": str(n)}, **near).status_code for n in range(4)] == [200, 200, 200, 429]
    refused = form.post(VERA, **near)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
    assert "Bitte ein Angebot." in refused.text
    assert form.post(VERA, **far).status_code == 200
    assert other.post(VERA, **near).status_code == 200
    assert count(limited) == 5
    lines = [
        form.post(VERA | {"n": str(n)}, environ_base={"REMOTE_ADDR": f"2001:db8::{n}"}) for n in range(4)
    ]
    assert [answer.status_code for answer in lines] == [200, 200, 200, 429]


def not_now(posted: Posted) -> str:
    raise NotNow("full")


@pytest.mark.parametrize("broken", ["store", "lookup"])
def test_when_nothing_can_be_stored_the_entries_are_kept(
    sqlite_database: Database, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with make_world(sqlite_database, accept_post=not_now) as world:
        form = make_form(world)
        if broken == "lookup":

            def gone(connection: object, token: str) -> None:
                raise OperationalError("SELECT", {}, Exception("gone"))

            monkeypatch.setattr("web.form_door.door.form_of_token", gone)
        written = {"name": 'Vera "<b>', "message": "Line 1\nLine 2 </textarea><script>", "_tag": "fair"}
        answer = form.post(written)
        assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
        assert "Line 1\nLine 2 &lt;/textarea&gt;&lt;script&gt;</textarea>" in answer.text
        assert "Vera &#34;&lt;b&gt;" in answer.text and f'action="{form.made["url"]}"' in answer.text
        assert 'type="hidden" name="_tag" value="fair"' in answer.text
        told = problem(form.post(written, headers={"Accept": "application/json"}), 503)
        assert told["detail"] and count(world) == 0


def test_only_a_real_fault_is_a_500(one_world: World) -> None:
    form = make_form(one_world)

    def fails(posted: Posted) -> str:
        raise RuntimeError("boom")

    app = create_app(replace(one_world.services, accept_post=fails))
    answer = app.test_client().post(form.made["url"], data=VERA)
    assert answer.status_code == 500 and "boom" not in answer.text
