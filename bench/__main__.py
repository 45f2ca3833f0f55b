"""`python -m bench <name> [--messages N]`: runs one benchmark; `understand` also takes a folder of mails, `end_to_end`
`--signed`."""

import argparse
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench import accept, end_to_end, profiles, understand
from bench.figures import Figure

BENCHMARKS: dict[str, tuple[Callable[[int], Iterator[Figure]], int]] = {
    "accept": (accept.run, 3000),
    "understand": (understand.run, 7),
    "end_to_end": (end_to_end.run, 3000),
    "profiles": (profiles.run, 1000),
}
"""Name -> what runs it, and how many messages (rounds over the mails of `understand`) it is given unless told
otherwise."""


def main(arguments: list[str] | None = None) -> None:
    """Prints the figures of the benchmark that `arguments` name, each when it is known."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measures speed, as ratios of one run."
    )
    parser.add_argument("name", choices=BENCHMARKS)
    parser.add_argument("folder", nargs="?", type=Path, help="of `understand`: mails to read, one a file")
    parser.add_argument("--messages", type=int, help="how many messages each measurement takes")
    parser.add_argument("--signed", action="store_true", help="of `end_to_end`: with DKIM and a local zone")
    asked = parser.parse_args(arguments)
    benchmark, usual = BENCHMARKS[asked.name]
    if asked.folder:
        benchmark = partial(understand.run, folder=asked.folder)
    if asked.signed:
        benchmark = partial(end_to_end.run, signed=True)
    for figure in benchmark(asked.messages or usual):
        print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
