"""What a form's confirmation says: kept with the form, checked, with texts of its own in English and German."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from store.session import Invalid

LANGUAGES = ("en", "de")
LONGEST_SUBJECT = 200
LONGEST_TEXT = 10_000
NAMES = ("enabled", "locale", "subject", "text")
TEXTS: Mapping[str, tuple[str, str]] = {
    "en": (
        "We have received your message",
        (
            "Hello,\n\nthank you for your message. We have received it and will answer you soon.\n\nYou get this mail "
            "because your address was given in a form on our website. If that was not you, you need not do anything.\n"
        ),
    ),
    "de": (
        "Ihre Nachricht ist bei uns angekommen",
        (
            "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Sie ist bei uns angekommen, und wir melden uns bald bei "
            "Ihnen.\n\nSie erhalten diese Mail, weil Ihre Adresse in einem Formular auf unserer Website angegeben "
            "wurde. Wenn Sie das nicht waren, brauchen Sie nichts zu tun.\n"
        ),
    ),
}
"""Subject and text where an admin wrote none."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What visitors get. `own_subject` and `own_text` are what an admin wrote, None: the language's own."""

    enabled: bool
    locale: str  # of LANGUAGES
    own_subject: str | None
    own_text: str | None

    @property
    def subject(self) -> str:
        return self.own_subject or TEXTS[self.locale][0]

    @property
    def text(self) -> str:
        return self.own_text or TEXTS[self.locale][1]

    def to_json(self) -> dict[str, Any]:
        """The JSON of the API: what would be sent."""
        return {"enabled": self.enabled, "locale": self.locale, "subject": self.subject, "text": self.text}


def kept(stored: Any, locale: str) -> Confirmation:
    """The confirmation as a form keeps it; `locale`: the account's, for one that was never set."""
    usual = locale if locale in LANGUAGES else "en"
    if not isinstance(stored, Mapping):
        return Confirmation(False, usual, None, None)
    given = stored.get("locale", usual)
    return Confirmation(bool(stored.get("enabled")), given, stored.get("subject"), stored.get("text"))


def checked(given: Mapping[str, Any], before: Confirmation) -> dict[str, Any]:
    """What a form keeps: `given` over `before`. An empty text, or one that is the language's own, is no text of the
    admin's: it changes with the language. Invalid names the place."""
    unknown = next((name for name in given if name not in NAMES), None)
    if unknown is not None:
        raise Invalid(f"confirmation.{unknown}", "cannot be changed")
    locale = given.get("locale", before.locale)
    if locale not in LANGUAGES:
        raise Invalid("confirmation.locale", f"one of {', '.join(LANGUAGES)}")
    values: dict[str, Any] = {"subject": before.own_subject, "text": before.own_text, **given}
    usual = {text for pair in TEXTS.values() for text in pair}
    subject = " ".join(str(values["subject"] or "").split())
    if len(subject) > LONGEST_SUBJECT or not (subject.isprintable() or not subject):
        raise Invalid("confirmation.subject", f"one line of at most {LONGEST_SUBJECT} characters")
    text = str(values["text"] or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise Invalid("confirmation.text", f"at most {LONGEST_TEXT} characters")
    written = f"{text}\n" if text else None
    return {
        "enabled": bool(given.get("enabled", before.enabled)),
        "locale": locale,
        "subject": None if not subject or subject in usual else subject,
        "text": None if written in usual else written,
    }
