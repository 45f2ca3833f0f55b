"""Why a sender is trusted or is not: every sentence that trust may keep is told in both languages."""

import ast
from pathlib import Path

import pytest

from ingest.trust import dkim, evidence, fields
from tests.web.world import World
from web.pages.trust_words import DETAILS, SENTENCES, WHYS, of_trust


def sentences(module: object) -> set[str]:
    """The texts that read like a sentence or a part of one, with the places of what differs as {…}."""
    found = set()
    tree = ast.parse(Path(str(getattr(module, "__file__", ""))).read_text(encoding="utf-8"))
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            found.add(
                "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            found.add(node.value)
    return found


def shape(template: str) -> str:
    """A template whatever its places are called."""
    for name in ("domain", "name", "why"):
        template = template.replace(f"{{{name}}}", "{}")
    return template


def test_every_reason_of_a_signature_is_told() -> None:
    written = {
        text
        for text in sentences(dkim) | sentences(fields)
        if text.startswith(("it ", "its ", "the body", "a cov"))
    }
    assert len(written) > 25
    assert written - {shape(template) for template in WHYS} == set()


def test_every_sentence_of_the_verdict_is_told() -> None:
    written = {
        text for text in sentences(evidence) if " passed" in text or " failed" in text or "proven" in text
    }
    written = {text for text in written if len(text) < 200 and not text.endswith(".")}
    told = {shape(template).replace("DKIM of {}", "{} of {}") for template in (*SENTENCES, *DETAILS)}
    told |= {shape(template) for template in (*SENTENCES, *DETAILS)}
    assert len(written) >= 7
    assert written - told == set()


@pytest.mark.parametrize(
    ("written", "english", "german"),
    [
        (
            "DKIM of acme.example failed: the body was changed",
            "DKIM of acme.example failed: the text was changed after signing.",
            "DKIM von acme.example ist nicht bestanden: der Text wurde nach dem Signieren verändert.",
        ),
        (
            "DKIM of acme.example failed: it does not cover Subject",
            "DKIM of acme.example failed: it does not cover Subject.",
            "DKIM von acme.example ist nicht bestanden: sie gilt nicht für Subject.",
        ),
        (
            "nothing is proven by this mail: its field Subject stands twice",
            "Nothing is proven by this mail: its field Subject stands twice.",
            "Durch diese Mail ist nichts nachgewiesen: ihr Feld Subject steht zweimal da.",
        ),
        (
            "DMARC of a.b failed: the domain wants SPF or DKIM to fit From, and neither did: nobody signed it",
            "DMARC of a.b failed: the domain wants SPF or DKIM to fit From, and neither did: nobody signed it.",
            "DMARC von a.b ist nicht bestanden: Die Domain verlangt, dass SPF oder DKIM zum Absender passt, "
            + "und keines passte: niemand hat sie signiert.",
        ),
        ("DKIM of a.b failed: something new", "DKIM of a.b failed: something new.", None),
    ],
)
def test_in_both_languages(one_world: World, written: str, english: str, german: str | None) -> None:
    with one_world.app.test_request_context("/"):
        assert of_trust(written) == english
    with one_world.app.test_request_context("/", headers={"Accept-Language": "de"}):
        told = of_trust(written)
    assert told == german if german else "something new" in told
