"""What proposals and verdicts say about themselves: a code, its data, and the English sentence pages translate.

A code is never renamed; its sentence may be. `field`, `label`, `before`, … are the names in the sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Why(StrEnum):
    """The reasons there are."""

    LABEL = "by-label"
    LABEL_BELOW = "by-label-below"
    LABEL_IN_SECTION = "by-label-in-section"
    AROUND = "by-surroundings"
    LINE = "by-line"
    PATTERN = "by-pattern"
    PATH = "by-path"
    SUBJECT = "in-the-subject"
    SEVERAL_PLACES = "several-places"
    REPEATS = "repeats"
    REPEATS_BY_LINE = "repeats-by-line"
    NOT_IN_MESSAGE = "not-in-the-message"
    NO_PLACE = "no-telling-place"
    FIELD_TWICE = "field-marked-twice"
    NOTHING_MARKED = "nothing-marked"
    FITS = "fits"
    OTHER_LAYOUT = "other-layout"
    NOTHING_FOUND = "nothing-found"
    NO_CONTACT = "no-contact"
    REQUIRED_MISSING = "required-missing"
    NO_DOCUMENT = "no-document"
    NO_TEMPLATE = "no-template"


SENTENCES: dict[Why, str] = {
    Why.LABEL: "“{field}” stands behind the label “{label}”.",
    Why.LABEL_BELOW: "“{field}” stands below the label “{label}”.",
    Why.LABEL_IN_SECTION: "“{field}” stands behind the label “{label}” below the line “{below}”.",
    Why.LINE: "“{field}” is the part in brackets of the line “{line}”.",
    Why.AROUND: "“{field}” stands between “{before}” and “{after}”.",
    Why.PATTERN: "“{field}” is what looks like a value of this kind behind “{before}”.",
    Why.PATH: "“{field}” stands at “{place}” of the {format} document.",
    Why.SUBJECT: "“{field}” stands in the subject between “{before}” and “{after}”.",
    Why.SEVERAL_PLACES: "The value of “{field}” stands {count} times in the message; this place was taken.",
    Why.REPEATS: "The message holds {count} leads; each begins with “{label}”.",
    Why.REPEATS_BY_LINE: "The message holds several leads; each is a line.",
    Why.NOT_IN_MESSAGE: "The marked value of “{field}” does not stand in the message.",
    Why.NO_PLACE: "Nothing around the value of “{field}” tells where it stands in another message.",
    Why.FIELD_TWICE: "“{field}” was marked twice for one lead; the first counts.",
    Why.NOTHING_MARKED: "No value was marked.",
    Why.FITS: "{found} of {fields} fields were found.",
    Why.OTHER_LAYOUT: "Only {percent} % of the lines that mails of this kind share stand in the message.",
    Why.NOTHING_FOUND: "None of the fields was found.",
    Why.NO_CONTACT: "Nobody can be reached by what was found.",
    Why.REQUIRED_MISSING: "“{field}” is needed and was not found.",
    Why.NO_DOCUMENT: "The message brings no {format} document.",
    Why.NO_TEMPLATE: "There is no template yet.",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, with the data of its sentence."""

    code: Why
    data: Mapping[str, str] = field(default_factory=dict)

    def sentence(self) -> str:
        """In English."""
        return SENTENCES[self.code].format(**self.data)

    def to_json(self) -> dict[str, object]:
        """`{"code", "data"}`."""
        return {"code": str(self.code), "data": dict(self.data)}


def reason(code: Why, **data: object) -> Reason:
    """A reason from plain values."""
    return Reason(code, {name: str(value) for name, value in data.items()})
