"""`python -m tests.crash`: the long forms; see the package's docstring. Exit code 1 when anything is wrong."""

import argparse
import json
import sys
import time

from tests.crash import abuse, crowds, faults, mailboxes
from tests.crash.stage import Report


def say(sentence: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash")
    parser.add_argument(
        "scene",
        nargs="?",
        default="kills",
        choices=["kills", "redis", "prospects", "accounts", "failpoints", "full", "abuse", "imap"],
    )
    parser.add_argument("--database", default="sqlite", choices=["sqlite", "postgresql"])
    parser.add_argument("--kills", type=int, default=200, help="how many processes are killed")
    parser.add_argument(
        "--redis", default="", help="none, or a URL; by default the one that leadgate runs itself"
    )
    parser.add_argument("--every-tenth-tree", action="store_true", default=True, help="(always so)")
    parser.add_argument("--tree-every", type=int, default=10, help="every how many kills the whole tree goes")
    parser.add_argument("--seed", type=int, help="repeat an earlier run's choices")
    parser.add_argument("--count", type=int, default=1000, help="prospects, conversations or good mails")
    parser.add_argument("--poison", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=600, help="of abuse")
    parser.add_argument(
        "--one-address", action="store_true", help="good and bad clients come from one address"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=2000, help="mails in the mailboxes")
    parser.add_argument("--faults", type=int, default=100, help="what happens to their connections")
    return parser.parse_args()


def run(given: argparse.Namespace) -> Report:
    match given.scene:
        case "kills":
            return faults.kills(
                given.database,
                given.kills,
                redis=given.redis or None,
                tree_every=given.tree_every,
                seed=given.seed,
                say=say,
            )
        case "redis":
            return faults.redis_faults(given.database, seconds=10, rounds=given.rounds, say=say)
        case "prospects":
            return crowds.prospects(given.database, given.count, say=say)
        case "accounts":
            return crowds.accounts(given.database, given.count, say=say)
        case "failpoints":
            return crowds.failpoints(given.database, given.count, given.poison, say=say)
        case "abuse":
            return abuse.abuse(given.database, given.seconds, one_address=given.one_address, say=say)
        case "imap":
            return mailboxes.mailboxes(given.messages, given.faults, seed=given.seed, say=say)
        case _:
            return faults.no_room(given.database, say=say)


def main() -> int:
    given = arguments()
    report = run(given)
    print(
        json.dumps({"scene": given.scene, "database": given.database, **report.measured}, ensure_ascii=False)
    )
    for problem in report.problems[:50]:
        print(problem)
    say(f"{len(report.problems)} problems" if report.problems else "all is well")
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
