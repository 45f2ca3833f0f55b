"""Mails of any size, of the kinds that grow: prose, HTML, an attachment in base64, a mail in a mail.

Written piece by piece into one buffer, so that making one costs no more memory than the mail itself.
"""

import base64
from collections.abc import Callable

_TOP = (
    b"From: Paula Buyer <paula@customer.example>\r\nTo: leads@acme.test\r\nSubject: A large mail\r\n"
    b"Date: Mon, 23 Nov 2026 08:00:00 +0000\r\nMessage-ID: <large@customer.example>\r\nMIME-Version: 1.0\r\n"
)
_PROSE = b"We are planning to equip the new building near the station, see line %d of our list.\r\n"
_ROW = b'<tr><td>Chair %d</td><td>20 pieces</td><td><a href="https://customer.example/%d">drawing</a></td></tr>\r\n'
_OPENED = (
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain\r\n\r\nsee below\r\n--b\r\n"
)


def _prose(out: bytearray, size: int) -> None:
    out += b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    _fill(out, size, lambda number: _PROSE % number)


def _html(out: bytearray, size: int) -> None:
    out += b"Content-Type: text/html; charset=utf-8\r\n\r\n<html><body><table>\r\n"
    _fill(out, size, lambda number: _ROW % (number, number))
    out += b"</table></body></html>\r\n"


def _attachment(out: bytearray, size: int) -> None:
    out += (
        _OPENED + b"Content-Type: application/pdf; name=list.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    _fill(out, size, lambda number: base64.b64encode(b"%054d" % number) + b"\r\n")
    out += b"--b--\r\n"


def _embedded(out: bytearray, size: int) -> None:
    out += _OPENED + b"Content-Type: message/rfc822\r\n\r\n" + _TOP
    _attachment(out, size)
    out += b"--b--\r\n"


def _fill(out: bytearray, size: int, line: Callable[[int], bytes]) -> None:
    number = 0
    while len(out) < size:
        out += line(number)
        number += 1


KINDS: dict[str, Callable[[bytearray, int], None]] = {
    "text/plain": _prose,
    "text/html": _html,
    "base64 attachment": _attachment,
    "message/rfc822": _embedded,
}


def large(kind: str, size: int) -> bytes:
    """A mail of `kind`, `size` bytes and a few lines more."""
    out = bytearray(_TOP)
    KINDS[kind](out, size)
    return bytes(out)
