"""A figure: what was measured, beside what, and what is wanted of it. One JSON line each."""

import json
import os
import sys
import time
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit`. `ratio` is value / anchor where there is an `anchor` (or what `goal` speaks of)."""

    bench: str
    what: str
    value: float
    unit: str
    anchor: float | None = None
    anchor_what: str | None = None
    ratio: float | None = None
    goal: str | None = None
    more: dict[str, float | str] = field(default_factory=dict)

    def line(self) -> str:
        """The JSON line, without what is unknown, with the machine's load beside it."""
        known = {name: value for name, value in asdict(self).items() if value not in (None, {})}
        known |= {"load": round(os.getloadavg()[0], 1), "cpus": os.cpu_count() or 0}
        return json.dumps(known, default=str)


def against(
    bench: str, what: str, value: float, unit: str, *, anchor: float, anchor_what: str, goal: str | None
) -> Figure:
    """A figure beside its anchor of the same run."""
    ratio = round(value / anchor, 2) if anchor else None
    return Figure(bench, what, round(value, 1), unit, round(anchor, 1), anchor_what, ratio, goal)


def progress(sentence: str) -> None:
    """Tells whoever waits what is being done."""
    print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)
