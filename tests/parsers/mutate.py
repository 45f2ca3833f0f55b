"""`python -m tests.parsers.mutate [--messages N] [--seed N] [--folder DIR]`: understands damaged mails, and counts.

Each message is a test mail (or one of the files below a folder) that was cut, flipped, repeated, joined with another
or salted with what parsers stumble over. Asserted of each: no exception, the contract's shape, no step that crashed.
What takes over a second is counted by CPU time, so that a busy machine accuses nobody. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

from parsers.jsonl import line
from parsers.message import Message
from parsers.understand import understand

MAILS = Path(__file__).resolve().parents[1] / "mail"
LARGEST = 200_000
SECONDS = 1.0
KEYS = list(Message().to_json())
SALT = (
    b"\n", b"\r\n", b"\r", b"\0", b"\n\n", b"--", b"--b\n", b"--b--\n", b"=", b"?=", b"=?utf-8?q?", b"=?utf-8?b?", b'"',
    b"<", b">", b"> ", b"(", b")", b"[", b"]", b"{", b"@", b":", b";", b",", b"<!--", b"-->", b"<table>", b"</td>",
    b"<blockquote>", b"<style>", b"&#x110000;", b"From: x\n", b"From: a@b.example\nTo: c@d.example\nSubject: x\n",
    b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: message/rfc822\n\n", b"Content-Type: text/html\n",
    b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: quoted-printable\n", b"charset=utf-16",
    b"charset=x-nothing", b"begin 644 x\n", b"=ybegin line=1 size=1 name=x\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3",
    b"\x1b$B", b"\xe2\x80\xae", b"On 1.1.2026 at 10:00, a@b.example wrote:\n", b"-----Original Message-----\n",
    b"---------- Forwarded message ---------\n", b"Final-Recipient: rfc822; a@b.example\n", b"-- \n", b"_" * 40 + b"\n",
    b"9" * 50, b"#tag !won ", b"2026-13-45", b"\xf0\x9f\x98\x80",
)  # fmt: skip


@dataclass(slots=True)
class Counted:
    """What came of it. `exceptions` and `slow` name the seed of each message concerned, to make it again."""

    messages: int = 0
    exceptions: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    slowest: float = 0.0
    cpu: float = 0.0


def mails(folder: Path = MAILS) -> list[bytes]:
    """The mails that are damaged."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".json")
    return [path.read_bytes()[:LARGEST] for path in files]


def mutated(originals: list[bytes], seed: int) -> bytes:
    """The damaged message of a seed."""
    chance = random.Random(seed)
    raw = bytearray(chance.choice(originals))
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8, 20))):
        at = chance.randrange(len(raw) + 1)
        match chance.randrange(9):
            case 0 | 1:
                raw[at:at] = chance.choice(SALT)
            case 2:
                del raw[at : at + chance.choice((1, 2, 10, 100, 1_000))]
            case 3:
                raw[at : at + 1] = bytes([chance.randrange(256)])
            case 4:
                piece = raw[at : at + chance.choice((1, 5, 30, 200))]
                raw[at:at] = piece * chance.choice((2, 10, 100))
            case 5:
                del raw[at:]
            case 6:
                other = chance.choice(originals)
                start = chance.randrange(len(other) + 1)
                raw[at:at] = other[start : start + chance.choice((20, 200, 2_000, 20_000))]
            case 7:
                raw[at:at] = chance.choice(SALT) * chance.choice((10, 100, 1_000))
            case _:
                raw[at:at] = chance.randbytes(chance.choice((1, 4, 40)))
        del raw[LARGEST:]
    return bytes(raw)


def run(originals: list[bytes], seeds: range) -> Counted:
    """Understands one damaged message per seed."""
    counted = Counted()
    for seed in seeds:
        raw = mutated(originals, seed)
        begun = time.process_time()
        trouble = _trouble(raw)
        took = time.process_time() - begun
        counted.messages += 1
        counted.cpu += took
        counted.slowest = max(counted.slowest, took)
        if trouble:
            counted.exceptions.append(f"{seed}: {trouble}")
        if took > SECONDS:
            counted.slow.append(f"{seed}: {took:.1f} s")
    return counted


def _trouble(raw: bytes) -> str:
    try:
        found = understand(raw).to_json()
        line(found)
    except Exception as error:  # noqa: BLE001 - to be counted is what it is for
        return f"{type(error).__name__}: {error}"
    if list(found) != KEYS:
        return "another shape"
    crashed = [problem["detail"] for problem in found["problems"] if problem["code"] == "parser-crash"]
    return "; ".join(crashed)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.parsers.mutate", description=__doc__.split(":")[0])
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0, help="of the first message")
    parser.add_argument("--folder", type=Path, default=MAILS, help="mails to damage")
    asked = parser.parse_args()
    counted = run(mails(asked.folder), range(asked.seed, asked.seed + asked.messages))
    print(
        json.dumps(
            {
                "messages": counted.messages,
                "exceptions": len(counted.exceptions),
                "over a second": len(counted.slow),
                "slowest in s": round(counted.slowest, 3),
                "mean in ms": round(1000 * counted.cpu / max(counted.messages, 1), 2),
                "which": (counted.exceptions + counted.slow)[:20],
            }
        )
    )


if __name__ == "__main__":
    main()
