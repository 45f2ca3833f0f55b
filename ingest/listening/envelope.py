"""What stands outside a message: the arguments of MAIL and RCPT, read without backtracking, and what they add up to.

RFC 5321 §4.1.2, a little more lenient where that harms nobody: blanks after the colon, no angle brackets,
dots anywhere in a local part; a source route is dropped (§C). SMTPUTF8 addresses (RFC 6531) are taken whether
announced or not; control characters and bytes that are not UTF-8 never.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from ingest.accept import Recipient

_NOT_IN_ATOM: Final = r"\x00-\x20\x7f\ud800-\udfff<>()\[\]\\,;:@\""
_NOT_PRINTED: Final = r"\x00-\x1f\x7f\ud800-\udfff"
_LOCAL_PART: Final = rf'(?:[^{_NOT_IN_ATOM}]+|"(?:[^{_NOT_PRINTED}"\\]|\\[^{_NOT_PRINTED}])*")'
_DOMAIN: Final = rf"(?:[^{_NOT_IN_ATOM}]+|\[[^{_NOT_IN_ATOM}:]*(?::[^{_NOT_IN_ATOM}:]*)*\])"
_ROUTE: Final = rf"@[^{_NOT_PRINTED}\s<>:]*:"
_PATH: Final = re.compile(
    rf"(?:<(?:{_ROUTE})?(?P<path>{_LOCAL_PART}(?:@{_DOMAIN})?)?>|(?P<bare>{_LOCAL_PART}@{_DOMAIN}))"
    r"(?P<rest>(?: .*)?)"
)
_PARAMETER: Final = re.compile(rf"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([^{_NOT_PRINTED}\s=]+))?")
_HELLO: Final = re.compile(rf"[^{_NOT_PRINTED}]{{1,255}}")
_LONGEST_ADDRESS: Final = 512


@dataclass(frozen=True, slots=True)
class Path:
    """An address as given, '' for the null sender, and what followed it."""

    address: str
    rest: str


@dataclass(slots=True)
class Transaction:
    """What the client has said of the message it is about to send; RFC 5321 §3.3."""

    sender: str | None = None
    """None before MAIL; '' is the null sender."""
    smtputf8: bool = False
    body_8bit: bool = False
    recipients: list[Recipient] = field(default_factory=list)
    refused: bool = False
    """Some recipient was refused for good."""
    postponed: bool = False
    """Some recipient was refused for now."""


def read_path(argument: str, keyword: str) -> Path | None:
    """`argument` after its `keyword` ("FROM:" or "TO:"); None if it does not begin so or holds no address."""
    if argument[: len(keyword)].upper() != keyword:
        return None
    match = _PATH.fullmatch(argument[len(keyword) :].lstrip(" "))
    if match is None:
        return None
    address = match["path"] or match["bare"] or ""
    return Path(address, match["rest"]) if len(address) <= _LONGEST_ADDRESS else None


def read_parameters(rest: str) -> dict[str, str | None] | None:
    """The parameters behind a path by upper-case keyword; None if one is malformed or stands there twice."""
    parameters: dict[str, str | None] = {}
    for word in rest.split():
        parameter = _PARAMETER.fullmatch(word)
        if parameter is None or parameter[1].upper() in parameters:
            return None
        parameters[parameter[1].upper()] = parameter[2]
    return parameters


def read_hello(argument: str) -> str | None:
    """The name a client gives itself, as given; None if it gives none that could be shown."""
    return argument if _HELLO.fullmatch(argument) else None
