"""The fields of a form notification mail (product page, section 3: contact-form notification mail).

Cheap first: a mail with neither words that say a form was filled in nor a few lines with known labels is left alone
after one look. Then the rows are read (`form_lines`, `form_rows`), from the structure of the HTML where there is one
and it gives at least as much as the text, and only then it is decided whether they are a form's.

What is not a form is not taken for one: rows below a closing formula are a signature; what names an order, a bill or
an appointment is no enquiry; and where nothing says it is a form, its rows must say both who and how to be reached
and be most of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from parsers import addresses, form_cells, form_lines, form_rows, form_table, phrases
from parsers.form_fields import Row, collect, is_rule
from parsers.form_labels import bears_out, canonical, fold
from parsers.form_rows import Form
from parsers.locale_form_phrases import MAYBE, NEVER, SENTENCES, SURE
from parsers.locale_forms import FROM, REACHED, SAID, WHO
from parsers.message import Message

LINES = 600
PREFIX = 200  # characters by which a text is known to begin with another
SHORTEST = 12  # characters of a text that can hold two rows
VALUE = 20_000
HEAD, SHOWN, FOOT = 14, 1_600, 700  # lines and characters above, characters below, where a form names itself
INTRODUCTION = 8  # lines of text that may stand before the first row
COVER = 0.6  # of the lines must be rows where nothing else says it is a form
PROBED, PROBED_CHARACTERS = 150, 20_000  # lines looked at for known labels, characters for a telephone number
LABELS = 3
SIGNS = (":", "\t"), (" - ", " = ", " | ")
"""What may stand between a label and its value: the first of those that hardly stand elsewhere, else the last."""

_SAYS = f"{SURE}|{MAYBE}"
_NUMBER = re.compile(r"\d[\d ()/.-]{3,20}\d")
_ANSWER = re.compile(r"(?:re|aw|antw|antwort|sv|odp|rif|res)(?:\[\d{1,2}\])?\s*:", re.IGNORECASE)
_NOBODY = (
    "noreply",
    "donotreply",
    "nichtantworten",
    "keineantwort",
    "nepasrepondre",
    "noresponder",
    "nonrispondere",
    "mailer",
)
_CORE = {"name", "first_name", "last_name", "email", "phone", "company", "message"}
_NOT_FORMS = ("bounce", "auto-reply", "delivery-notice", "feedback-report")


def no_html() -> str | None:
    """What `read` is given where a message has no HTML body."""
    return None


@cache
def _labels() -> frozenset[str]:
    return frozenset(FROM.split("|"))


def read(message: Message, html: Callable[[], str | None] = no_html) -> Mapping[str, str]:
    """The fields of a form notification; empty for any other mail. `html` gives the HTML body where there is one."""
    if message.automatic in _NOT_FORMS:
        return {}
    forwarded = message.forwarded
    text = forwarded.text if forwarded else message.reply
    subject = (forwarded.subject if forwarded else message.subject) or ""
    if len(text) < SHORTEST:
        return {}
    shown = f"{subject}\n{_top(text)}\n{message.text[-FOOT:]}".casefold()
    maybe = _says(shown, _SAYS)
    answer = bool(message.in_reply_to) or (not forwarded and bool(_ANSWER.match(subject)))
    sure = maybe and not answer and _says(shown, SURE)
    raw = text.split("\n", LINES)[:LINES]
    if not maybe and not _has_labels(text, raw):
        return {}
    if not ("@" in text or message.reply_to or _NUMBER.search(text, 0, PROBED_CHARACTERS)):
        return {}
    if not sure and (_says(shown, NEVER) or any(line.rstrip()[-1:] in ("{", "}") for line in raw[:PROBED])):
        return {}
    if not forwarded and not message.in_reply_to and not message.references:
        whole = message.text.split("\n", LINES)[:LINES]
        above = message.text.startswith(text[:PREFIX])  # what follows was cut off as signature or footer
        raw = whole if above and len(whole) > len(raw) and maybe else raw
    evidence = _Evidence(sure, maybe, answer)
    fields = _fields(raw, evidence, exact=False)
    body = html()
    if body and len(body) <= form_table.LONGEST:
        lines = form_table.lines(body)
        structured = _fields((_below(lines, raw) if forwarded else lines)[:LINES], evidence, exact=True)
        if structured and len(structured.keys() & _CORE) >= len(fields.keys() & _CORE):
            fields = structured  # which says at least as much, and where each value ends
    if fields and "email" not in fields and (visitor := _visitor(message)):
        fields = {**fields, "email": visitor}
    return fields


def _top(text: str) -> str:
    return "\n".join(text[: SHOWN * 2].split("\n", HEAD)[:HEAD])[:SHOWN]


def _says(shown: str, table: str) -> bool:
    return phrases.finder(table)(shown)


def _has_labels(text: str, raw: Sequence[str]) -> bool:
    """Whether a few of the first lines, `raw`, of a text begin with a known label."""
    found: set[str] = set()
    sure, others = ([sign for sign in signs if sign in text] for signs in SIGNS)
    for line in raw[:PROBED] if sure or others else ():
        at = -1
        for sign in sure:
            if at < 0:
                at = line.find(sign, 1, form_lines.LABEL)
        if at < 0 and others:
            at = max(line.find(sign, 1, form_lines.LABEL) for sign in others)
        if at > 0 and (key := canonical(line[:at].strip(" *-•>|\t"))):
            found.add(key)
            if len(found) >= LABELS:
                return True
    return False


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What else says that it is a form (`sure`: in words nobody else writes) or that it is none (an answer)."""

    sure: bool
    maybe: bool
    answer: bool


def _below(lines: list[str], raw: Sequence[str]) -> list[str]:
    """The lines of the HTML from where the forwarded text begins, without the marks of a quote."""
    first = next((line for line in raw if line.strip()), "").split("\t")[0].strip()
    plain = [line.lstrip("> ") for line in lines]
    for index, line in enumerate(plain):
        if (
            first
            and line.translate(form_cells.MARKS).split("\t")[0].split(form_cells.BREAK)[0].strip() == first
        ):
            return plain[index:]
    return []


def _fields(raw: Sequence[str], evidence: _Evidence, *, exact: bool) -> dict[str, str]:
    if evidence.maybe and (enquiry := _sentence([line.strip() for line in raw])):
        return enquiry
    lines = form_lines.read(list(raw), exact=exact)
    form = form_rows.read(lines, said=evidence.maybe, sure=evidence.sure, exact=exact)
    if not form.rows or not _is_form(form, evidence) or _closed_before(lines, form):
        return {}
    return collect(form.rows)


def _closed_before(lines: Sequence[form_lines.Line], form: Form) -> bool:
    """Whether the first known row stands below a closing formula: then all of it is a signature."""
    first = next((row.label for row in form.rows if row.key), None)
    for line in lines:
        if line.style is not None and line.label == first:
            return False
        if line.text and len(line.text) < 60 and line.text.casefold().strip(" ,.!") in phrases.closings():
            return True
    return False


def _sentence(lines: Sequence[str]) -> dict[str, str] | None:
    """Who wrote, in a sentence or below one, then the text: Joomla ("This is an enquiry email via … from:") and
    Drupal ("Anna (anna@…) sent a message using the contact form at …")."""
    filled = [index for index, line in enumerate(lines[:40]) if line]
    for place, index in enumerate(filled[:4]):
        line = lines[index]
        words = line.rstrip(": ").casefold().split()
        if _says(line.casefold()[:500], SENTENCES):
            sender = addresses.read_one(line.casefold() and _before_sentence(line))
            rest = lines[index + 1 :]
        elif line.endswith(":") and len(words) >= 4 and words[-1] in _labels() and place + 1 < len(filled):
            sender = addresses.read_one(lines[filled[place + 1]])
            rest = lines[filled[place + 1] + 1 :]
            if canonical(lines[filled[place + 1]].partition(":")[0]):
                return None
        else:
            continue
        text = _until_footer(rest)
        if sender is not None and (sender.address or sender.name) and text:
            found = {"name": sender.name or "", "email": sender.address or "", "message": text[:VALUE]}
            return {key: value for key, value in found.items() if value}
    return None


def _before_sentence(line: str) -> str:
    folded = line.casefold()
    at = min((folded.find(phrase) for phrase in phrases.of(SENTENCES) if phrase in folded), default=0)
    return line[:at].strip().removesuffix(" hat").removesuffix(" heeft")


def _until_footer(kept: Sequence[str]) -> str:
    for index, line in enumerate(kept):
        if is_rule(line) or line == "--":
            below = " ".join(kept[index + 1 : index + 6]).casefold()
            if _says(below, SURE) or _says(below, MAYBE):
                return "\n".join(kept[:index]).strip()
    return "\n".join(kept).strip()


def _is_form(form: Form, evidence: _Evidence) -> bool:
    """Whether the rows are those of a form: who, how to be reached, what is wanted, and how much else there is."""
    keys = _filled(form.rows)
    who, reached, wanted = keys & set(WHO), keys & set(REACHED), keys & set(SAID)
    if evidence.sure:
        whom = bool(reached and (who or "message" in keys or len(wanted) >= 2))
        return whom or ("message" in keys and bool(who or "subject" in keys))
    most = form.taken >= COVER * (form.taken + form.prose)
    if evidence.maybe and form.before <= INTRODUCTION and form.taken * 2 >= form.prose:
        return (
            bool(reached)
            and bool(who or "message" in keys)
            and len(form.rows) >= 2
            and (most or "message" in keys)
        )
    if evidence.answer or not reached or not (who or "message" in keys) or len(form.rows) < LABELS:
        return False
    return form.before <= INTRODUCTION and most and bool(wanted or len(keys) >= 4)


def _filled(rows: Sequence[Row]) -> set[str]:
    keys = {row.key for row in rows if row.key and (value := row.value) and bears_out(row.key, value)}
    return keys | {"name", "email"} if "from" in keys else keys


def _visitor(message: Message) -> str | None:
    """The visitor's address where the fields have none: Reply-To, unless it is the site's own."""
    site = {
        box.address.casefold() for box in (message.sender, *message.to, *message.cc) if box and box.address
    }
    for box in message.reply_to:
        address = (box.address or "").casefold()
        local = fold(address.partition("@")[0]).replace(" ", "")
        if "@" in address and address not in site and not local.startswith(_NOBODY):
            return box.address
    return None
