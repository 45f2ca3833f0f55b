"""The mails of the benchmarks: plain prose of 4 KB from 500 prospects, every one different, every one numbered.

Written for the project. A number stands in the subject as `#00042#`, where a webhook's receiver finds it again.
"""

import re
from email.utils import formatdate

SENDERS = 500
SIZE = 4096
NUMBER = re.compile(rb"#(\d{5})#")
WISHES = (
    "an offer",
    "a quote",
    "a price list",
    "a call",
    "a visit",
    "delivery dates",
    "samples",
    "a catalogue",
)
_PROSE = (
    "We are planning to equip the new building near the station and would like to hear what you can deliver. ",
    "Twenty chairs, four tables and a lectern are what we need in the first of the three months. ",
    "Please tell us also what the transport would cost and who assembles the parts on the spot. ",
    "Our budget has been agreed on, and the decision is to be made at the beginning of next month. ",
    "If there is anything else that you have to know, my number stands below. ",
)


def sender(number: int) -> str:
    """The address of the prospect who sends mail `number`."""
    return f"buyer{number % SENDERS}@customer{number % SENDERS}.example"


def sample(number: int, run: str, recipient: str, size: int = SIZE) -> bytes:
    """Mail `number` of a run, with CRLF line ends, `size` bytes or a line more."""
    person = number % SENDERS
    head = (
        f"From: Paula Buyer {person} <{sender(number)}>\r\n"
        f"To: {recipient}\r\n"
        f"Subject: Please send us {WISHES[number % len(WISHES)]} #{number:05}#\r\n"
        f"Date: {formatdate(localtime=False)}\r\n"
        f"Message-ID: <{run}.{number}@customer{person}.example>\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "\r\n"
        "Good morning,\r\n\r\n"
    )
    signature = f"-- \r\nPaula Buyer {person}\r\nCustomer {person} Ltd\r\nTel. +44 20 7946 {person:04}\r\n"
    tail = "\r\nKind regards\r\n\r\n" + signature
    body: list[str] = []
    length = len(head) + len(tail)
    while length < size:
        line = _PROSE[len(body) % len(_PROSE)] + "\r\n"
        body.append(line)
        length += len(line)
    return (head + "".join(body) + tail).encode()
