"""Mails handed in as files: each answered by itself, to the address that was chosen, by admins and users."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

from sqlalchemy import select

from store.tables.mail import messages
from tests.support.mails import mail
from tests.web.browsing import Browser, admin_of, browser_of
from tests.web.world import World, data
from web.app import create_app


def files(*named: tuple[str, bytes]) -> dict[str, Any]:
    return {"file": [(BytesIO(raw), name) for name, raw in named]}


def send(browser: Browser, form: dict[str, Any]) -> Any:
    token = browser.token("/you")
    return browser.client.post("/upload", data={"csrf": token, **form}, headers={"Accept": "text/html"})


def test_several_files_are_taken_and_what_is_none_is_named(one_world: World) -> None:
    raws = [
        mail(
            sender="p@kunde.example",
            to="x@y.example",
            subject=f"Nr. {n}",
            text="t",
            message_id=f"<{n}@k.example>",
        )
        for n in range(2)
    ]
    most = 1024 * 1024 // 4
    limits = replace(one_world.services.limits, message_bytes=most)
    one_world.app = create_app(replace(one_world.services, limits=limits))
    browser = admin_of(one_world)
    answer = send(
        browser,
        files(
            ("a.eml", raws[0]),
            ("note.txt", b"\x89PNG not a mail"),
            ("large.eml", b"Subject: x\n\n" + b"x" * most),
            ("b.eml", b"From paula Fri Nov 27 10:00:00 2026\n" + raws[1]),
            ("empty.eml", b""),
        ),
    )
    assert answer.status_code == 200
    rows = re.findall(
        r"<li>(.*?)</li>", answer.text.partition('id="uploads"')[2].partition("</ul>")[0], re.DOTALL
    )
    taken = [re.search(r'href="/inbox/([0-9a-z]{26})"', row) for row in rows]
    assert [bool(found) for found in taken] == [True, False, False, True, False]
    assert "this is no mail" in rows[1] and "larger than 256 KB" in rows[2] and "no mail" in rows[4]
    while one_world.process():
        pass
    told = data(one_world.admin.get(f"/messages/{taken[0][1]}"))  # type: ignore[index]  # it is True above
    assert told["outcome"] == "lead_created" and told["arrivals"][0]["door"] == "upload"
    (lead,) = data(one_world.admin.get("/leads"))
    assert lead["title"] in ("Nr. 0", "Nr. 1"), "both are of one prospect"
    again = send(browser, files(("a.eml", raws[0])))
    assert f"/inbox/{taken[0][1]}" in again.text, "the same mail is the same message"  # type: ignore[index]  # as above


def test_files_go_to_the_address_that_was_chosen(one_world: World) -> None:
    raw = mail(sender="p@kunde.example", to="x@y.example", subject="s", text="t", message_id="<1@k.example>")
    made = data(one_world.admin.post("/addresses", {"local_part": "fair", "tags": ["fair"]}), 201)
    browser = admin_of(one_world)
    assert made["address"] in browser.get("/upload").text
    send(browser, {"to": "fair+hall7@acme.test", **files(("a.eml", raw))})
    while one_world.process():
        pass
    assert data(one_world.admin.get("/leads"))[0]["tags"] == ["fair", "hall7"]
    wrong = send(browser, {"to": "leads@globex.test", **files(("a.eml", raw))})
    assert wrong.status_code == 422
    with one_world.database.read() as connection:
        found = connection.execute(
            select(messages.c.id).where(messages.c.account_id == one_world.other.id)
        ).all()
    assert found == []


def test_a_user_uploads_too_and_is_offered_no_secret_of_others(one_world: World) -> None:
    ben = one_world.user("ben")
    partner = data(one_world.admin.post("/partners", {"name": "P", "senders": ["*@p.example"]}), 201)
    page = browser_of(one_world, one_world.account.scope, ben.id).get("/upload").text
    assert ben.address in page and "leads@acme.test" in page
    assert partner["address"] not in page and one_world.account.admin.address not in page


def test_nothing_chosen_is_said(one_world: World) -> None:
    assert "No file was chosen" in send(admin_of(one_world), {}).text
