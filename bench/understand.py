"""Understanding mail: CPU beside mail-parser's own parse of the same mails, growth with size, and memory.

Three kinds of figures. The mean CPU of the whole understanding (MIME, text, reply, forward, automatic mail, fields)
over a folder of mails, beside `mailparser.parse_from_bytes` of the same bytes: the two take turns mail by mail, so
that a busy moment of the machine meets both, and a figure is the median of the rounds. CPU from 1 KB to 10 MB, beside
the CPU of the size before: ten times is linear. And for messages of 24 MiB, in a process of their own, the peak of
the resident memory less what the process needs when idle, beside the message's size.

A mail that mail-parser cannot parse at all is understood all the same, but counts in neither sum.
"""

import json
import logging
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import mailparser

from bench.figures import Figure, against, progress
from bench.large_mails import KINDS, large
from parsers.understand import understand

MAILS = Path(__file__).resolve().parents[1] / "tests" / "mail"
SIZES = {"1 KB": 1_000, "10 KB": 10_000, "100 KB": 100_000, "1 MB": 1_000_000, "10 MB": 10_000_000}
MEBIBYTE = 1 << 20
LARGEST = 24 * MEBIBYTE
REPEATS = 3


def run(rounds: int, folder: Path | None = None) -> Iterator[Figure]:
    """All three; `rounds` over the mails of `folder` (every file below it; the project's own test mails unless
    given)."""
    logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)
    yield _beside_mail_parser(_mails(folder or MAILS), rounds)
    for kind in KINDS:
        yield from _growth(kind)
    for kind in KINDS:
        yield _memory(kind)


def _mails(folder: Path) -> list[bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".json")
    found = [path.read_bytes() for path in files]
    mails = [raw for raw in found if _parses(raw)]
    progress(f"{len(mails)} mails of {sum(map(len, mails)) // max(len(mails), 1)} bytes on average")
    return mails


def _parses(raw: bytes) -> bool:
    try:
        mailparser.parse_from_bytes(raw)
    except Exception as error:  # noqa: BLE001 - the anchor gives up: no ratio for this mail
        progress(f"left out, mail-parser raises {type(error).__name__}")
        return False
    return True


def _beside_mail_parser(mails: list[bytes], rounds: int) -> Figure:
    readers: tuple[Callable[[bytes], object], ...] = (understand, mailparser.parse_from_bytes)
    pairs: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        spent = [0.0, 0.0]
        for raw in mails:
            for place, reader in enumerate(readers):
                begun = time.process_time()
                reader(raw)
                spent[place] += time.process_time() - begun
        if number:  # the first round warms up
            pairs.append((spent[0], spent[1]))
            progress(f"round {number}: " + ", ".join(f"{1000 * cpu / len(mails):.2f} ms" for cpu in spent))
    ours, theirs = sorted(pairs, key=lambda pair: pair[0] / pair[1])[len(pairs) // 2]
    figure = against(
        "understand", f"the whole understanding, mean of {len(mails)} mails", 1e6 * ours / len(mails), "us CPU",
        anchor=1e6 * theirs / len(mails), anchor_what="mail-parser's own parse", goal="<= 1.5",
    )  # fmt: skip
    figure.more["spread"] = round(statistics.pstdev(ours / theirs for ours, theirs in pairs), 2)
    return figure


def _growth(kind: str) -> Iterator[Figure]:
    before, name_before = 0.0, ""
    for name, size in SIZES.items():
        raw = large(kind, size)
        often = max(1, min(100, 200_000 // size))
        cpu = min(_cpu(raw, often) for _ in range(REPEATS))
        if before:
            yield against(
                "understand", f"{kind}, {name}", 1000 * cpu, "ms CPU",
                anchor=1000 * before, anchor_what=name_before, goal="<= 12",
            )  # fmt: skip
        before, name_before = cpu, name


def _cpu(raw: bytes, often: int) -> float:
    begun = time.process_time()
    for _ in range(often):
        understand(raw)
    return (time.process_time() - begun) / often


def _memory(kind: str) -> Figure:
    with tempfile.TemporaryDirectory(prefix="leadgate-bench-") as place:
        mail = Path(place) / "large.eml"
        mail.write_bytes(large(kind, LARGEST))
        words = [sys.executable, "-m", "bench.understand", str(mail)]
        done = subprocess.run(words, stdout=subprocess.PIPE, check=True, cwd=MAILS.parents[1])
    idle, peak = json.loads(done.stdout)
    return against(
        "understand", f"{kind}, 24 MiB: peak less idle", (peak - idle) / MEBIBYTE, "MiB",
        anchor=LARGEST / MEBIBYTE, anchor_what="its size", goal="<= 4",
    )  # fmt: skip


def _measure_memory(mail: Path) -> tuple[int, int]:
    """Resident bytes of this process when idle (it understood small mails), and at its peak over a large one."""
    for kind in KINDS:
        understand(large(kind, 1_000))
    idle = _peak()
    understand(mail.read_bytes())
    return idle, _peak()


def _peak() -> int:
    """The most resident bytes so far. Linux's `ru_maxrss` still knows the process that started this one."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    print(json.dumps(_measure_memory(Path(sys.argv[1]))))
