"""Spam by the form door: kept, explained, answered like anything else."""

import pytest

from tests.web.form_door.site import VERA, make_form
from tests.web.world import World

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
