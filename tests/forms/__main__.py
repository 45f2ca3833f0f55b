"""`python -m tests.forms`: the long forms; see the package's docstring. Exit code 1 when anything is wrong."""

import argparse
import json
import sys

from tests.forms import hostile, kills, memory


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.forms")
    parser.add_argument("scene", choices=["hostile", "kills", "memory"])
    parser.add_argument(
        "--count", type=int, default=10_000, help="hostile posts, or processes that are killed"
    )
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    match given.scene:
        case "hostile":
            found = hostile.run(given.count, seed=given.seed, say=say)
        case "kills":
            found = kills.run(min(given.count, 500), seed=given.seed, say=say)
        case _:
            found = memory.run(say=say)
    print(json.dumps({"scene": given.scene, **found.measured}))
    for problem in found.problems[:50]:
        print(problem)
    return 1 if found.problems else 0


if __name__ == "__main__":
    sys.exit(main())
