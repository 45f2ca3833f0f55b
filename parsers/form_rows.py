"""The rows of a form notification: label and value, and how much of the text they are.

Goes through the lines once; `form_places` says which of them carry a label, `form_message` where a message ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers import form_message, phrases
from parsers.contact_lines import person
from parsers.form_cells import BREAK
from parsers.form_fields import Row, is_rule
from parsers.form_labels import by_word, is_from
from parsers.form_lines import Line
from parsers.form_places import FOOTER_LINES, Place
from parsers.locale_form_phrases import FOOTERS, MAYBE, SURE
from parsers.locale_forms import LONG

FIELDS = 150
PROSE = 160  # characters: longer lines weigh more against a form than short ones


@dataclass(slots=True)
class Form:
    """The rows found, how many filled lines they cover, and how many are prose beside them."""

    rows: list[Row] = field(default_factory=list)
    taken: int = 0
    prose: int = 0
    before: int = 0  # of the prose, what stands before the first row
    loose: list[str] = field(default_factory=list)


def read(lines: Sequence[Line], *, said: bool, sure: bool, exact: bool) -> Form:
    """The rows of a form among `lines`. `said`: something else says that a form was filled in; `sure`: beyond
    doubt."""
    place = Place(lines, said, exact)
    form, last, blank, closed = Form(), None, True, False
    index, end = 0, place.end
    while index < end:
        line = lines[index]
        if not line.text:
            blank = True
        elif place.remarks(index):
            closed, blank = True, False
        elif len(form.rows) < FIELDS and place.is_label(index, last, blank):
            if any(row.key for row in form.rows) or not place.introduces(index):
                last = _row(line, said)
                form.rows.append(last)
                form.taken += 1
                closed = line.last
                if last.key in LONG and not closed:
                    index = _take_text(place, form, last, index)
                    closed = True
            else:
                form.prose += 1
                form.before += not form.rows
            blank = False
        else:
            if is_rule(line.text):
                closed = bool(last and last.values)
            elif last is not None and not closed and place.goes_on(index, last, blank):
                if blank and last.values:
                    last.values.append("")
                last.values.extend(line.text.split(BREAK))
                form.taken += 1
                closed = line.last
            else:
                _prose(form, line, blank)
                closed = True
            blank = False
        index += 1
    if sure and not exact:
        _unlabelled(form)
    for row in form.rows:
        row.key = row.key or by_word(row.label, row.value)
    if said:
        _name_by_from(form.rows)
    return form


def _name_by_from(rows: list[Row]) -> None:
    """`From: Anna Weiß` is the name where nothing else is."""
    if any(row.key in ("name", "first_name", "last_name", "from") and row.values for row in rows):
        return
    for row in rows:
        if row.key is None and is_from(row.label) and (name := person(row.value)) and len(name.split()) > 1:
            row.key = "name"
            return


def _row(line: Line, said: bool) -> Row:
    values = line.value.split(BREAK) if line.value else []
    key = line.key or by_word(line.label, line.value)
    if said and not key and is_from(line.label) and "@" in line.value:
        key = "from"
    return Row(line.label, key, values)


def _prose(form: Form, line: Line, blank: bool) -> None:
    form.prose += 1 + len(line.text) // PROSE
    if not form.rows:
        form.before = form.prose
    else:
        if blank and form.loose:
            form.loose.append("")
        form.loose.append(line.text)


def _unlabelled(form: Form) -> None:
    """The text some forms put below the fields without a label."""
    keys = {row.key for row in form.rows}
    words = sum(len(line.split()) for line in form.loose)
    if words >= 3 and not keys & set(LONG) and keys & {"email", "from", "phone"}:
        form.rows.append(Row("message", "message", form.loose))
        form.taken += len(form.loose)
        form.prose -= len(form.loose)


def _take_text(place: Place, form: Form, row: Row, index: int) -> int:
    """Give a message its lines; the index of the last of them."""
    stop = form_message.end(place, index, {one.key for one in form.rows[:-1]})
    text = [line.text for line in place.lines[index + 1 : stop]]
    if text and is_rule(text[0]):  # it underlines the label
        del text[0]
    for at, line in enumerate(text):
        if is_rule(line) or line in ("--", "—"):
            rest = [one for one in text[at + 1 :] if one]
            if not rest or _is_foot(rest):
                text = text[:at]
                break
    row.values.extend(piece for line in text for piece in line.split(BREAK))
    form.taken += sum(map(bool, text))
    return stop - 1


def _is_foot(rest: list[str]) -> bool:
    """Whether what stands below a rule is the site's, not the visitor's."""
    shown = " ".join(rest[:6])[:600].casefold()
    return len(rest) <= FOOTER_LINES and (
        rest[0].casefold().startswith(phrases.of(FOOTERS))
        or phrases.finder(SURE)(shown)
        or phrases.finder(MAYBE)(shown)
    )
