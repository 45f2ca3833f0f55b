"""Scenes in which something breaks: processes killed, Redis away, no room on the disk, the database away."""

import random
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import text

from tests.crash.chaos import Killer, OwnRedis
from tests.crash.load import Clients, endless
from tests.crash.stage import Report, Say, Stage, stage
from tests.support.rows import everything


def kills(
    database: str,
    number: int,
    *,
    redis: str | None = None,
    tree_every: int = 10,
    seed: int | None = None,
    pauses: tuple[float, float] = (0.1, 1.2),
    lease: float | None = None,
    say: Say = print,
) -> Report:
    """kill -9 of random processes under load."""
    seed = random.randrange(10**6) if seed is None else seed
    report = Report({"seed": seed, "kills": number})
    workers = 2 if database == "postgresql" else 1
    with stage(database, redis=redis, workers=workers, lease=lease, say=say) as on:
        clients = on.load(endless(on.made, seed))
        killer = Killer(on.deployment, random.Random(seed), tree_every, pauses, say)
        try:
            killer.run(number)
        finally:
            clients.stop()
        report.measured["killed"] = dict(killer.killed)
        report.measured["longest start until mail was accepted"] = round(killer.longest_start, 1)
        return on.conclude(report, clients)


def redis_faults(database: str, *, seconds: float = 6.0, rounds: int = 1, say: Say = print) -> Report:
    """FLUSHALL, kill -9 and SIGSTOP of Redis under load; no reply may wait for it."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="leadgate-redis-") as place:
        redis = OwnRedis(Path(place))
        try:
            with stage(database, redis=redis.url, say=say) as on:
                clients = on.load(endless(on.made, 1), per_second=25)
                time.sleep(3)
                for _ in range(rounds):
                    usual = 0.0
                    for fault in (_nothing, _flushed, _killed, _stopped):
                        clients.tally.slowest_reply = 0.0
                        fault(redis, seconds)
                        slowest = round(clients.tally.slowest_reply, 3)
                        name = fault.__name__.strip("_")
                        say(f"Redis {name}: slowest reply {slowest} s ({clients.tally.slowest_of})")
                        report.measured[f"slowest reply, {name}"] = slowest
                        if fault is _nothing:
                            usual = slowest  # a busy machine is not Redis's fault
                        elif slowest > 1.0 + usual:
                            report.problems.append(
                                f"Redis {name}: a reply to {clients.tally.slowest_of} took {slowest} s"
                            )
                clients.stop()
                return on.conclude(report, clients, drain_seconds=60)
        finally:
            redis.close()


def _nothing(_redis: OwnRedis, seconds: float) -> None:
    time.sleep(seconds)


def _flushed(redis: OwnRedis, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        redis.flushall()
        time.sleep(0.3)


def _killed(redis: OwnRedis, seconds: float) -> None:
    redis.kill()
    time.sleep(seconds)
    redis.start()
    time.sleep(1)


def _stopped(redis: OwnRedis, seconds: float) -> None:
    redis.stop()
    try:
        time.sleep(seconds)
    finally:
        redis.go_on()
    time.sleep(1)


Trouble = Callable[[Stage], AbstractContextManager[None]]


def no_room(
    database: str,
    troubles: Sequence[Trouble] | None = None,
    *,
    lease: float | None = None,
    say: Say = print,
) -> Report:
    """Disk full (SQLite, on a small file system) or database locked and gone (both): 4xx, then on without a restart."""
    report = Report()
    for trouble in TROUBLES[database] if troubles is None else troubles:
        with (
            small_disk() if trouble is disk_full else _no_disk() as disk,
            stage(database, data_dir=disk and disk / "data", lease=lease, say=say) as on,
        ):
            clients = on.load(endless(on.made, 5), per_second=20, connections=3)
            time.sleep(2)
            before = on.deployment.tree()
            with trouble(on):
                told = _told_to_try_again(clients, 45)
            fine = clients.tally.acknowledged
            begun = time.monotonic()
            while clients.tally.acknowledged <= fine + 3 and time.monotonic() - begun < 60:
                time.sleep(0.05)
            recovered = time.monotonic() - begun
            clients.stop()
            name = trouble.__name__.replace("_", " ")
            report.measured[name] = {
                "4xx": len(told),
                "recovered after": round(recovered, 2),
                "said": told[:1],
            }
            say(f"{name}: {report.measured[name]}")
            if not told:
                report.problems.append(f"{name}: nobody was told 4xx")
            if recovered > 30:
                report.problems.append(f"{name}: recovery took {recovered:.0f} s")
            report.problems += [
                f"{name}: internals in a reply: {said}" for said in told if _tells_internals(said)
            ]
            smtp = {pid for pid, word in before.items() if word == "smtp"}
            if not smtp <= set(on.deployment.tree()):
                report.problems.append(f"{name}: the listener did not survive")
            on.conclude(report, clients)
    return report


def _told_to_try_again(clients: Clients, seconds: float) -> list[str]:
    """What clients were told with 4xx from now on: the first one, and those of the two seconds after it."""
    before, deadline = len(clients.tally.four_hundreds), time.monotonic() + seconds
    while len(clients.tally.four_hundreds) == before and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(2)
    return clients.tally.four_hundreds[before:]


def _tells_internals(said: str) -> bool:
    words = ("sqlite", "psycopg", "Error", "Traceback", "disk", "locked", "/", "SELECT", "INSERT", "python")
    return any(word.lower() in said.lower() for word in words)


@contextmanager
def small_disk(size: str = "32m") -> Iterator[Path]:
    """A file system of its own with little room (Linux, as root)."""
    with tempfile.TemporaryDirectory(prefix="leadgate-small-") as place:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", place], check=True)
        try:
            yield Path(place)
        finally:
            for pause in (0.1, 0.5, 2.0, None):
                done = subprocess.run(["umount", place], check=pause is None, stderr=subprocess.DEVNULL)
                if done.returncode == 0:
                    break
                time.sleep(pause or 0)


def can_mount() -> bool:
    """Whether this process may mount a small file system."""
    try:
        with small_disk("1m"):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextmanager
def _no_disk() -> Iterator[None]:
    yield None


@contextmanager
def disk_full(on: Stage) -> Iterator[None]:
    """Not a byte is left."""
    filler = on.deployment.data_dir / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1024 * 1024, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def database_locked(on: Stage) -> Iterator[None]:
    """Somebody else holds what every accept needs, for longer than anybody's patience."""
    database = on.deployment.database()
    release, held = threading.Event(), threading.Event()

    def hold() -> None:
        with database.write() as connection:
            if not database.is_sqlite:
                connection.execute(everything(text("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE")))
            held.set()
            release.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    try:
        yield
    finally:
        release.set()
        holder.join()
        database.close()


@contextmanager
def database_gone(on: Stage) -> Iterator[None]:
    """The PostgreSQL server is killed, and started again later."""
    assert on.server is not None
    on.server.kill()
    try:
        yield
    finally:
        on.server.start_again()


TROUBLES: dict[str, tuple[Trouble, ...]] = {
    "sqlite": (disk_full, database_locked),
    "postgresql": (database_locked, database_gone),
}
