"""Who runs what of `./run test`: the long tests are dealt out evenly, and each process begins with its own.

pytest-xdist's `worksteal` cuts the collection into as many pieces as there are processes, one behind the other. The
folders whose tests start servers stand side by side in the alphabet, so one process would get them all and still be at
it when the others, done with everything else, have nothing left to take from it.

A test, or a file with all that is in it, says about how many seconds it takes: `pytest.mark.takes(30)`. A file that
says so stays together, for its tests share what they start. Only the order of magnitude matters: a figure that grew
wrong costs time, nothing else. Of more than three processes the last gets no long test: the short ones keep a core busy
while the long ones wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

MARK = "takes"
SAYS = "takes(seconds): about how long it takes alone; the long ones are begun first (tests/house/dealing.py)"


@dataclass(slots=True)
class _Piece:
    """What one process gets: its long tests."""

    seconds: float = 0.0
    items: list[pytest.Item] = field(default_factory=list)


def deal(items: Sequence[pytest.Item], processes: int) -> list[pytest.Item]:
    """`items` in the order in which `worksteal` gives the `processes` fair shares of the long ones, at once."""
    units: dict[str | Path, list[pytest.Item]] = {}
    seconds: dict[str | Path, float] = {}
    short: list[pytest.Item] = []
    for item in items:
        mark = item.get_closest_marker(MARK)
        if mark is None:
            short.append(item)
            continue
        unit = item.nodeid if any(mark is own for own in item.own_markers) else item.path
        units.setdefault(unit, []).append(item)
        seconds[unit] = float(mark.args[0])
    pieces = [_Piece() for _ in range(processes)]
    takers = pieces[:-1] if processes > 3 else pieces
    for unit in sorted(units, key=lambda unit: -seconds[unit]):
        piece = min(takers, key=lambda piece: piece.seconds)
        piece.seconds += seconds[unit]
        piece.items += units[unit]
    dealt: list[pytest.Item] = []
    for place, piece in enumerate(pieces):
        size = (len(items) - len(dealt)) // (processes - place)  # as worksteal cuts
        room = max(0, size - len(piece.items))
        dealt += piece.items + short[:room]
        del short[:room]
    return dealt + short
