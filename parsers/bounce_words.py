"""The addresses a bounce in plain words is about: flufl.bounce's readers, then the word lists of `locale_automatic`.

Only for mail that `parsers.bounce` lets in: alone these readers take 3 in 100 ordinary mails for bounces.
flufl.bounce is imported here, at the first such mail.
"""

from __future__ import annotations

import logging
import re
from functools import cache

from parsers.addresses import ADDRESS
from parsers.locale_automatic import DAEMONS, FAILURES, LEADS, RETURNED
from parsers.message import FailedRecipient
from parsers.mime import Mime
from parsers.problems import Code

LONGEST = 100_000
ROWS = 200

STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_QUOTED_LOCAL = re.compile(r"\"[^\"\s@<>]{1,64}\"@[^\s<>\"]{1,255}")


@cache
def pattern(words: str, *, anchored: bool = False) -> re.Pattern[str]:
    """The expression of a word list; anchored, it may stand behind a list's [tag]."""
    lead = r"[\s*>\[(\"']{0,8}(?:\[[^\]]{1,40}\]\s*)?" if anchored else ""
    return re.compile(rf"{lead}(?:{words})", re.IGNORECASE)


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
    return tuple(
        FailedRecipient(address, None, "failed" if address in failed else "delayed")
        for address in found[:ROWS]
        if "@" in address
    )


def text_rows(mime: Mime, text: str) -> tuple[FailedRecipient, ...]:
    """The addresses a bounce in plain words is about: those beside words of failure, before the returned mail."""
    own = {
        address.lower()
        for name in ("from", "to", "sender")
        for address in _addresses(decoded(mime.first(name) or b""))
    }
    lines: list[str] = []
    for line in text[:LONGEST].split("\n")[:400]:
        if lines and pattern(RETURNED).match(line[:200]):
            break
        lines.append(line[:600])
    rows: dict[str, FailedRecipient] = {}
    leading = 0
    for index, line in enumerate(lines):
        near = " ".join(lines[index : index + 3])
        addresses = [a for a in _addresses(line) if a.lower() not in own and not pattern(DAEMONS).search(a)]
        bare = addresses and len(line.strip()) <= len(addresses[0]) + 12
        if addresses and (pattern(FAILURES).search(near) or (leading and bare)):
            for address in addresses[:1] if not bare else addresses:
                status = STATUS.search(near)
                rows.setdefault(
                    address.lower(),
                    FailedRecipient(
                        address, status[1] if status else None, "failed", " ".join(near.split())[:300] or None
                    ),
                )
        leading = (
            6 if pattern(LEADS).search(line) else max(leading - (not addresses and bool(line.strip())), 0)
        )
    return tuple(rows.values())[:ROWS]


def _addresses(line: str) -> list[str]:
    found = _QUOTED_LOCAL.findall(line) or ADDRESS.findall(line)
    return [address.rstrip(".") for address in found if "." in address.rsplit("@", 1)[1]]
