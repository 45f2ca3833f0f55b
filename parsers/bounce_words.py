"""The addresses a bounce in plain words is about, by the word lists of `locale_automatic` or flufl.bounce's readers.

Only for mail that `parsers.bounce` lets in: alone these readers take 3 in 100 ordinary mails for bounces.
flufl.bounce is imported here, at the first such mail.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import cache

from parsers import phrases
from parsers.addresses import ADDRESS
from parsers.locale_automatic import DAEMONS, DELAYS, FAILURES, LEADS, RETURNED
from parsers.message import FailedRecipient
from parsers.mime import Mime
from parsers.problems import Code

LONGEST = 100_000
ROWS = 200

STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
REPLY = re.compile(r"(?<![\d.-])([45][0-5]\d)(?=[ -]+[^\s\d]|[ -]+[245]\.\d|\s*$)")
_ID_LINE = re.compile(r"(?im)^[ \t>]{0,8}(?:message-id|references|in-reply-to):([^\n]{0,2000})")
_FIELD = re.compile(r"[A-Za-z][A-Za-z-]{1,40}:[ \t]")
_TRACE = re.compile(
    r"(?:Received|Return-Path|Message-I[dD]|MIME-Version|Mime-Version|Content-Type|X-[A-Za-z-]{1,40}):[ \t]"
)
_EXPANDED = re.compile(r"(?i)(?:an undisclosed address)?\s*\((?:generated|expanded) from:?")
_PREFIX = re.compile(r"(?i)^(?:smtp|rfc822|mailto)=(?=.)")
REPLY_LINES = 3  # within which a server's reply names its status
NEAR = 12  # lines
_BRACKETS = str.maketrans("", "", " \t<>()[]:;,.*>\"'-")
_WIDE = str.maketrans(dict.fromkeys("：；，、。（）「」『』【】〈〉《》［］＜＞", " "))
_QUOTED_LOCAL = re.compile(r"\"[^\"\s@<>]{1,64}\"@[^\s<>\"]{1,255}")


@cache
def pattern(words: str, *, anchored: bool = False) -> re.Pattern[str]:
    """The expression of a word list; anchored, it may stand behind a list's [tag]."""
    lead = r"[\s*>\[(\"']{0,8}(?:\[[^\]]{1,40}\]\s*)?" if anchored else ""
    return re.compile(rf"{lead}(?:{words})", re.IGNORECASE)


@cache
def finder(words: str) -> Callable[[str], bool]:
    """A function that says whether an expression of a word list matches in a text.

    RE2 looks first, without the borders of words: it takes a hundredth of the time, and most lines have none of them.
    """
    may_hold, whole = phrases.matcher(words.replace(r"\b", "")), pattern(words)
    if r"\b" not in words:
        return may_hold
    return lambda text: may_hold(text) and whole.search(text) is not None


def decoded(data: bytes) -> str:
    """The head of some bytes as text, LF line ends."""
    return data[:LONGEST].decode("utf-8", "replace").replace("\r\n", "\n")


def flufl_rows(mime: Mime) -> tuple[FailedRecipient, ...]:
    """What the readers of flufl.bounce find; nothing in mail too long for their expressions."""
    message = mime.simple()
    if message is None:
        return ()
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # it logs whole tracebacks of odd mail
    from flufl.bounce import all_failures

    try:
        temporary, permanent = all_failures(message)
    except Exception as error:  # noqa: BLE001 - its readers expect good mail; the words are read instead
        mime.problems.append((Code.PARSER_FALLBACK, f"flufl.bounce: {type(error).__name__}"))
        return ()
    failed = {decoded(address) for address in permanent}
    found = sorted(failed | {decoded(address) for address in temporary})
    own = _own(mime) | _ids(decoded(mime.root.raw))
    return tuple(
        FailedRecipient(address, None, "failed" if address in failed else "delayed")
        for address in found[:ROWS]
        if "@" in address and address.lower() not in own
    )


def _ids(text: str) -> set[str]:
    """What looks like addresses in the ids that a bounce holds."""
    return {found.lower() for line in _ID_LINE.findall(text) for found in _addresses(line)}


def text_rows(mime: Mime, text: str) -> tuple[FailedRecipient, ...]:
    """The addresses a bounce in plain words is about: those beside words of failure, before the returned mail."""
    own = _own(mime)
    lines = _before_returned(text)
    rows: dict[str, FailedRecipient] = {}
    leading = 0
    for index, line in enumerate(lines):
        addresses = (
            []
            if _ID_LINE.match(line)
            else [a for a in _addresses(line) if a.lower() not in own and not pattern(DAEMONS).search(a)]
        )
        if addresses:
            bare = _says_little_else(line, addresses)
            near = " ".join(lines[index : index + 3])
            above = " ".join(lines[max(index - 2, 0) : index]) if bare else ""
            led = (leading and bare) or finder(LEADS)(line)
            if led or finder(FAILURES)(near) or finder(FAILURES)(above):
                for address in addresses if bare else addresses[:1]:
                    said = " ".join(near.split())[:300] or None
                    rows.setdefault(address.lower(), FailedRecipient(address, None, None, said))
        leading = 6 if finder(LEADS)(line) else max(leading - (not addresses and bool(line.strip())), 0)
    return tuple(rows.values())[:ROWS]


def _before_returned(text: str) -> list[str]:
    """The lines of a bounce before the mail it returns."""
    lines: list[str] = []
    for line in text[:LONGEST].split("\n")[:400]:
        if lines and (
            pattern(RETURNED).match(line[:200]) or (_TRACE.match(line) and _FIELD.match(lines[-1]))
        ):
            break
        lines.append(line[:600])
    return lines


def completed(
    rows: tuple[FailedRecipient, ...], subject: str | None, text: str
) -> tuple[FailedRecipient, ...]:
    """The rows with action, status and reply as the text says them.

    The last two near the address, or anywhere if there is but one.
    """
    if all(row.status and row.diagnostic and row.action for row in rows):
        return rows
    late = finder(DELAYS)(f"{subject}\n{text[:1_500]}")
    lines = _before_returned(text)
    folded = [line.lower() for line in lines]
    return tuple(
        _completed(row, late, _near(row, rows, lines, folded) or (lines if len(rows) == 1 else []))
        for row in rows
    )


def _near(
    row: FailedRecipient, rows: tuple[FailedRecipient, ...], lines: list[str], folded: list[str]
) -> list[str]:
    """The lines about one recipient: from its address to the next one's, where they hold a reply."""
    address = row.address.lower()
    others = [other.address.lower() for other in rows[:20] if other is not row]
    for at, line in enumerate(folded):
        if address not in line:
            continue
        end = at + 1
        while end < min(at + NEAR, len(folded)) and not any(other in folded[end] for other in others):
            end += 1
        if any(REPLY.search(near) or STATUS.search(near) for near in lines[at:end]):
            return lines[at:end]
    return []


def _completed(row: FailedRecipient, late: bool, lines: list[str]) -> FailedRecipient:
    status, diagnostic, action = row.status, row.diagnostic, row.action or ("delayed" if late else "failed")
    at = next((at for at, line in enumerate(lines) if STATUS.search(line) or REPLY.search(line)), None)
    if at is not None:
        said = " ".join(" ".join(lines[at : at + REPLY_LINES]).split())
        found = STATUS.search(said)
        status = status or (found[1] if found else None)
        if diagnostic is None or not REPLY.search(diagnostic):
            goes_on = at + 1 < len(lines) and lines[at][:1].isspace() and lines[at + 1][:1].isspace()
            whole = " ".join(" ".join(lines[at : at + 1 + goes_on]).split())
            starts = [match.start() for match in (STATUS.search(whole), REPLY.search(whole)) if match]
            diagnostic = whole[min(starts, default=0) :][:300]
    if status and status[0] == "5" and action == "delayed":
        action = "failed"
    return FailedRecipient(row.address, status, action, diagnostic)


def _own(mime: Mime) -> set[str]:
    """The addresses a bounce is from and to, and the id of the mail it is: none of them failed."""
    names = ("from", "to", "sender", "return-path", "message-id")
    return {address.lower() for name in names for address in _addresses(decoded(mime.first(name) or b""))}


def _says_little_else(line: str, addresses: list[str]) -> bool:
    for address in addresses:
        line = line.replace(address, "")
    line = _EXPANDED.sub("", line)
    return len(line.translate(_BRACKETS)) <= 12


def _addresses(line: str) -> list[str]:
    line = line.translate(_WIDE)
    found = _QUOTED_LOCAL.findall(line) or ADDRESS.findall(line)
    return [_PREFIX.sub("", address).rstrip(".") for address in found if "." in address.rsplit("@", 1)[1]]
