"""Kill -9 while visitors post: whatever was answered 200 or 302 is in the inbox, once.

A visitor who got no answer sends again with the same Idempotency-Key, as a careful site does.
"""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable

from tests.forms.hostile import Findings, drain
from tests.forms.site import Site, site

VISITORS = 4
PAUSE = (0.3, 1.5)
TREE_EVERY = 5


def run(count: int, *, seed: int = 1, say: Callable[[str], None] = print) -> Findings:
    """Kills `count` processes, every fifth time the whole tree; the verdict."""
    chance, found, answered = random.Random(seed), Findings(), list[str]()
    killed = Counter[str]()
    with site() as on:
        stop = threading.Event()
        visitors = [
            threading.Thread(target=_visit, args=(on, f"v{seed}-{n}", stop, answered))
            for n in range(VISITORS)
        ]
        for visitor in visitors:
            visitor.start()
        for number in range(count):
            time.sleep(chance.uniform(*PAUSE))
            if number % TREE_EVERY == TREE_EVERY - 1:
                killed["tree"] += on.deployment.kill_tree() > 0
                on.deployment.start()
                continue
            tree = [(pid, word) for pid, word in on.deployment.tree().items() if word in ("web", "worker")]
            pid, word = chance.choice(tree) if tree else (0, "")
            killed[word] += on.deployment.kill(pid)
        on.deployment.wait_until(on.deployment.is_ready, 60)
        time.sleep(1)
        stop.set()
        for visitor in visitors:
            visitor.join(90)
        drain(on.deployment, 120)
        there = Counter(message["parsed"]["from"]["address"] for message in on.messages())
        found.measured = {"answered": len(answered), "stored": len(there), "killed": dict(killed)}
        say(str(found.measured))
        found.problems += [f"answered, but not there: {one}" for one in answered if one not in there]
        found.problems += [f"there {n} times: {one}" for one, n in there.items() if n > 1]
        if len(answered) < count:
            found.problems.append("the visitors hardly came through")
        checked = on.deployment.command("check", "--books")
        if checked.returncode:
            found.problems.append(f"leadgate check: {checked.stdout.decode()} {checked.stderr.decode()}")
    return found


def _visit(on: Site, name: str, stop: threading.Event, answered: list[str]) -> None:
    number = 0
    while not stop.is_set():
        number += 1
        address = f"{name}-{number}@visitor.example"
        fields = {"name": f"Visitor {number}", "email": address, "message": "Please call me."}
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                status = on.post(fields, **{"Idempotency-Key": address}).status
            except (OSError, http.client.HTTPException):
                status = 0
            if status in (200, 302):
                answered.append(address)
                break
            time.sleep(0.1)
        time.sleep(0.02)
