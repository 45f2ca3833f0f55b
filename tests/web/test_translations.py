"""No text on a page is unmarked, untranslated or out of date."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from store.leads import STATUSES
from store.reasons import OUTCOMES
from tests.support import translate
from web.pages import words

TEMPLATES = Path(translate.WEB) / "templates"
PAGES = sorted(path.name for path in TEMPLATES.glob("*.html") if path.name != "api.html")
NAMES = {"leadgate", "narrow", "ms", "webhook-id", "type", "checkbox", "Redis", "POST"}
COMMANDS = re.compile(r"<code>leadgate [^<]*</code>")
JINJA = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
READ_ALOUD = re.compile(r'(?:aria-label|title|placeholder|alt)="([^"]*)"')


def test_every_text_is_translated() -> None:
    german = translate.stored()
    for message in translate.extracted():
        if not message.id:
            continue
        known = german.get(message.id if isinstance(message.id, str) else message.id[0])
        assert known is not None, f"not collected, see web/translating.py: {message.id}"
        texts = [known.string] if isinstance(known.string, str) else list(known.string or [""])
        assert all(texts), f"not translated: {message.id}"
        assert not known.fuzzy
        wanted = message.id if isinstance(message.id, str) else message.id[1]
        for name in re.findall(r"%\(\w+\)s", wanted):
            assert all(name in text for text in texts), f"{name} is missing in: {texts}"


def test_no_translation_is_left_over_and_the_compiled_form_is_current() -> None:
    def texts(catalog: Catalog) -> dict[str, object]:
        def plain(text: object) -> object:
            return list(text) if isinstance(text, tuple) else text

        return {m.id if isinstance(m.id, str) else m.id[0]: plain(m.string) for m in catalog if m.id}

    stored = texts(translate.stored())
    assert set(stored) == set(texts(translate.extracted()))
    compiled = read_mo(io.BytesIO((translate.GERMAN / "messages.mo").read_bytes()))
    assert texts(compiled) == stored, "run python -m tests.support.translate"


@pytest.mark.parametrize("name", PAGES)
def test_no_text_of_a_template_is_unmarked(name: str) -> None:
    text = COMMANDS.sub("", JINJA.sub("", (TEMPLATES / name).read_text("utf-8")))
    aloud = " ".join(READ_ALOUD.findall(text))
    shown = re.sub(r"<[^>]*>", " ", text)
    found = set(re.findall(r"[A-Za-zÄÖÜäöüß-]{2,}", f"{shown} {aloud}")) - NAMES - {"lt", "gt"}
    assert not found, f"{name}: text that is not marked for translation: {found}"


def test_every_outcome_and_status_has_a_word() -> None:
    assert set(OUTCOMES) <= set(words.OUTCOMES)
    assert tuple(words.STATUSES) == STATUSES
