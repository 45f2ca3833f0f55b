"""Where the message of a form notification ends.

The visitor's own text is the hard part of a form: it may hold blank lines, lists, `Budget: 5000`, `10:30` and rules.
It ends at the next label of the same sure style (a cell, a heading); where labels are only `Label: value`, at the
rows that go on to the end of the form (`_tail`), if the first of them can be one (`_starts`): what was asked before
is not asked again, what a site adds by itself hardly stands in a message, and a form keeps its spacing.
"""

from __future__ import annotations

from parsers.form_fields import is_rule
from parsers.form_labels import bears_out, fold
from parsers.form_lines import STRONG, Line, Style, agrees
from parsers.form_places import Place
from parsers.locale_forms import LONG, PERSON, TECHNICAL, WEAK_MESSAGE

EMPTY_LABEL = 3  # words of a label without a value at the end of a form
SHORT = 40  # characters of an answer to "I agree"


def end(place: Place, index: int, seen: set[str | None]) -> int:
    """The index behind the last line of the message whose label stands at `index`; `seen` are the keys before it."""
    own = place.lines[index].style or Style.COLON
    stop = place.end
    for at in range(index + 1, place.end):
        line = place.lines[at]
        if line.style is None or line.style < STRONG or line.style not in place.styles:
            continue
        if line.key and (line.style is own or place.known[line.style] >= 2):
            stop = at
            break
        if line.style is own and place.known[own] >= 2:
            stop = at
            break
    members, titles = _tail(place, index, stop)
    first: int | None = None
    sites = frozenset(at for at in members if _of_the_site(place.lines[at]))
    for number, at in enumerate(members):
        if (first is None or not place.lines[at - 1].text) and _starts(
            place, index, members[number:], seen, sites
        ):
            first = at
            if place.lines[at].key or not place.lines[at - 1].text:
                break  # an unknown label on the next line of the text gives way to one that is set apart
    return stop if first is None else titles.get(first, first)


def _tail(place: Place, index: int, stop: int) -> tuple[list[int], dict[int, int]]:
    """The rows that go on to `stop` without other text between them, and the titles above some of them."""
    members: list[int] = []
    titles: dict[int, int] = {}
    loose: list[int] = []  # lines without a label, until the label above them is found
    for at in range(stop - 1, index, -1):
        line = place.lines[at]
        if not line.text or is_rule(line.text) or line.text == "--":
            if loose and not _explained(place, loose, at, index, titles):
                break
            loose = []
        elif (
            line.style not in place.styles
            or (line.style is Style.ALONE and not line.key)
            or line.style is Style.BARE
        ):
            loose.append(at)
        elif loose and line.value and not _may_go_on(line, [place.lines[one] for one in loose]):
            break
        else:
            members.append(at)
            loose = []
    return members[::-1], titles


def _may_go_on(line: Line, loose: list[Line]) -> bool:
    """Whether the value of a row may go on in the lines below it: what a site adds is long, an address has several."""
    address = line.key in ("address", "street") and len(loose) <= 3
    return line.key in TECHNICAL or (address and any(char.isdigit() for one in loose for char in one.text))


def _explained(place: Place, loose: list[int], at: int, index: int, titles: dict[int, int]) -> bool:
    """Whether lines without a label, with a blank one above them, are a title, or the value of a label above that."""
    ruled = loose[0] + 1 < len(place.lines) and is_rule(place.lines[loose[0] + 1].text)
    if len(loose) == 1 and (ruled or place.titled_before(index)) and place.titles(loose[0]):
        titles[loose[0] + (2 if ruled else 1)] = loose[0]
        return True
    while at > index and not place.lines[at].text:
        at -= 1
    above = place.lines[at]
    return at > index and above.key is not None and not above.value and above.style in place.styles


def _starts(
    place: Place, index: int, members: list[int], seen: set[str | None], sites: frozenset[int]
) -> bool:
    """Whether the first of `members` can be the first label behind the message that begins at `index`; `sites` are
    those of them that a site adds."""
    at = members[0]
    line, above, own = place.lines[at], place.lines[at - 1], place.lines[index].style or Style.COLON
    blank = not above.text or is_rule(above.text)
    fits = not place.spaced or blank
    fresh = line.key not in seen
    own_text = at - 1 > index  # not the label's own line
    opens = above.text.endswith((":", ",")) and (own_text or bool(above.value))
    led = not blank and (opens or (own_text and _unknown(above)))
    if at in sites:
        apart = blank and any(one.text for one in place.lines[index + 1 : at])
        return (fresh or line.key in (None, "consent") or blank) and (apart or own < STRONG)
    if own >= STRONG:
        return False
    tail = [place.lines[one] for one in members]
    asked = {one.key for one in tail if one.key in PERSON and one.key not in seen}
    if line.key in PERSON:
        sure = line.key in ("email", "phone", "mobile") and bears_out(line.key, line.value)
        group = len(asked) >= 2 or (not led and blank is place.spaced)
        return fresh and (sure or (fits and group and bool(line.value) != place.below))
    if line.key in LONG:
        return blank and fold(line.label) not in WEAK_MESSAGE.split("|") and not line.label.islower()
    if led or not fits or (line.key and not fresh) or not line.text[:1].isalnum():
        return False
    if not line.key and line.label[0].islower() != place.lower:
        return False
    if not line.key and bool(line.value) == place.below and (line.value or not _left_empty(tail)):
        return False
    filled = [one for one in place.lines[index:at] if one.text]
    whole = not filled[-1].text.endswith((":", ","))
    one_line = whole and len(filled) == (1 if place.lines[index].value else 2)
    if asked or not sites.isdisjoint(members):
        return blank or one_line or (not line.key and line.label[0].isupper())
    if line.key and place.spaced:
        return blank or one_line
    return one_line and (not place.spaced or not any(place.lines[one - 1].text for one in members))


def _left_empty(tail: list[Line]) -> bool:
    """Whether the rows to the end are questions nobody answered."""
    return not any(line.value for line in tail) and all(
        len(line.label.split()) <= EMPTY_LABEL for line in tail
    )


def _unknown(line: Line) -> bool:
    return line.style is Style.COLON and not line.key


def _of_the_site(line: Line) -> bool:
    """What a site adds to a form, and what was agreed to there."""
    return line.key in TECHNICAL or (not line.key and 0 < len(line.value) < SHORT and agrees(line.label))
