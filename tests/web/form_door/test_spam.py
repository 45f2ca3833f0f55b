"""Spam by the form door: kept, explained, answered like anything else."""

import pytest

from tests.web.browsing import admin_of
from tests.web.form_door.site import VERA, make_form
from tests.web.world import World, data, problem

SPAM = [
    ("honeypot", VERA | {"_gotcha": "x"}, "a field that people do not see"),
    ("too_fast", VERA | {"_elapsed": "800"}, "faster than anybody"),
    ("link_as_name", VERA | {"name": "Win http://casino.example"}, "where the name belongs"),
    ("markup", VERA | {"nachricht": "[url=http://x.example]x[/url]"}, "web forums"),
    ("links", VERA | {"nachricht": " ".join(f"https://x{n}.example" for n in range(9))}, "more links"),
]


@pytest.mark.parametrize(("sign", "fields", "told"), SPAM, ids=[row[0] for row in SPAM])
def test_spam_is_kept_with_its_reason_and_answered_like_any_post(
    one_world: World, sign: str, fields: dict[str, str], told: str
) -> None:
    form = make_form(one_world)
    good, bad = form.post(VERA | {"email": "other@besuch.example"}), form.post(fields)
    assert (bad.status_code, bad.text) == (good.status_code, good.text)
    message = form.messages()[1]
    assert (message["outcome"], message["reason"]) == ("ignored", "spam") and told in message["sentence"]
    assert {"step": "spam", "result": "ignored: spam", "detail": sign} in message["trail"]
    assert len(form.leads()) == 1


@pytest.mark.parametrize("elapsed", ["", "2000", "-5", "soon", "NaN", "9" * 40, "1.5e3"])
def test_a_clock_that_says_nothing_is_not_held_against_anybody(one_world: World, elapsed: str) -> None:
    form = make_form(one_world)
    told = VERA | {"_elapsed": elapsed, "nachricht": "See https://a.example and https://b.example"}
    form.post(told)
    assert form.messages()[0]["outcome"] == "lead_created"


def test_what_is_no_spam_is_processed_as_if_it_were_new(world: World) -> None:
    form = make_form(world)
    form.post(VERA | {"_gotcha": "x"})
    (spam,) = form.messages()
    assert spam["reason"] == "spam" and form.leads() == []
    ben = world.user("ben")
    assert ben.post(f"/messages/{spam['id']}/resolve", {"action": "not_spam"}).status_code == 404
    told = data(world.admin.post(f"/messages/{spam['id']}/resolve", {"action": "not_spam"}))
    assert told["outcome"] == "lead_created"
    assert {"step": "person", "result": "not_spam", "detail": "Anna Admin"} in told["trail"]
    (lead,) = form.leads()
    assert lead["tags"] == ["web"] and lead["contacts"][0]["emails"] == ["vera@besuch.example"]
    types = [event["type"] for event in data(world.admin.get("/events"))]
    assert "lead.created" in types, "rules and webhooks hear of it"
    problem(world.admin.post(f"/messages/{spam['id']}/resolve", {"action": "not_spam"}), 409)
    form.post(VERA | {"_gotcha": "x", "email": "other@besuch.example"})
    assert form.messages()[1]["reason"] == "spam", "it was said of one message"


def test_it_holds_however_often_the_message_is_read_again(one_world: World) -> None:
    for title in ("One", "Two"):
        lead = {"title": title, "contacts": [{"email": VERA["email"]}]}
        data(one_world.admin.post("/leads", lead), 201)
    form = make_form(one_world)
    form.post(VERA | {"_gotcha": "x"})
    (spam,) = form.messages()
    path = f"/messages/{spam['id']}"
    held = data(one_world.admin.post(f"{path}/resolve", {"action": "not_spam"}))
    assert (held["outcome"], held["reason"]) == ("held", "ambiguous")
    again = data(one_world.admin.post(f"{path}/reprocess", {"apply": True}))
    assert again["outcome"] == "held"
    made = data(one_world.admin.post(f"{path}/resolve", {"action": "create"}))
    assert made["outcome"] == "lead_created"


def test_a_button_says_it(one_world: World) -> None:
    form = make_form(one_world)
    form.post(VERA | {"_gotcha": "x"})
    (spam,) = form.messages()
    browser, path = admin_of(one_world), f"/inbox/{spam['id']}"
    for page, language in ((path, "en"), ("/inbox?tab=spam", "en"), (path, "de"), ("/inbox?tab=spam", "de")):
        told = browser.get(page, headers={"Accept-Language": language}).text
        assert ("Not spam" if language == "en" else "Kein Spam") in told and 'value="not_spam"' in told
    assert browser.post(f"{path}/resolve", {"action": "not_spam"}).status_code == 303
    page = browser.get(f"{path}?notice=not_spam").text
    assert "said that it is no spam" in page and "Lead created" in page and 'value="not_spam"' not in page
    late = browser.post(f"{path}/resolve", {"action": "not_spam"})
    assert late.status_code == 409 and "not among the spam any more" in late.text
