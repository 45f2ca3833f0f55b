"""The scene of mailboxes: a real Dovecot behind a proxy that cuts and stalls, while mail comes and others delete.

Three mailboxes of one account, read by a real `leadgate imap`: one is left as it is, one is emptied by `delete`, one by
`move`. Meanwhile mails are appended, connections are cut after a random number of bytes in either direction or stall,
UIDVALIDITYs change, another client expunges mails of its own, and the reader is killed. Afterwards:

- lost: mails appended and taken away by nobody else that are not stored with exactly their bytes;
- duplicated: bytes stored as two messages or with two arrivals, and mails that stand twice in the folder moved to;
- foreign deletions: mails gone that were not ours to delete. The old ones, which are not taken, half of them marked as
  deleted by another client (a plain EXPUNGE of ours would remove them); all of the mailbox that is left as it is.

What the other client expunges may have been taken or not.
"""

import hashlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from config.settings import load
from store.mailboxes import create_mailbox
from store.scope import AccountScope
from store.sealing import Sealer
from store.session import Database
from tests.crash import verdict
from tests.crash.stage import Report, Say
from tests.support import processes
from tests.support.api import Made
from tests.support.deployment import Deployment
from tests.support.dovecot import PASSWORD, Dovecot
from tests.support.fault_proxy import Armed, FaultProxy

OLD = 12
"""Mails in each mailbox from before; every other one is marked as deleted."""
AFTER = {"left@firma.example": "leave", "emptied@firma.example": "delete", "moved@firma.example": "move"}
ARCHIVE = "Archive"
TIMEOUT = 2
FAULTS = ("cut what it says", "cut what we say", "cut now", "stall", "new UIDVALIDITY", "expunge", "kill")
WEIGHTS = (30, 15, 15, 8, 10, 15, 7)


def mailboxes(number: int, faults: int, *, seed: int | None = None, say: Say = print) -> Report:
    """`number` mails while `faults` faults happen."""
    seed = random.randrange(10**6) if seed is None else seed
    report = Report({"seed": seed})
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="leadgate-mailboxes-") as place:
        Path(place).chmod(0o711)
        stage = _Stage(Path(place), random.Random(seed), say)
        try:
            stage.set()
            stage.play(number, faults)
            stage.conclude(report)
        finally:
            stage.close()
    report.measured["seconds"] = round(time.monotonic() - begun)
    return report


@dataclass
class _Stage:
    place: Path
    random: random.Random
    say: Say
    wanted: dict[str, set[str]] = field(default_factory=lambda: {user: set() for user in AFTER})
    """Digests of what must be stored."""
    victims: dict[str, list[bytes]] = field(default_factory=lambda: {user: [] for user in AFTER})
    old: dict[str, list[bytes]] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)
    arrived: int = 0

    def set(self) -> None:
        """Server, proxy, deployment, mailboxes, reader."""
        self.dovecot = Dovecot()
        self.proxy = FaultProxy(self.dovecot.port)
        self.deployment = Deployment(self.place, imap_timeout=str(TIMEOUT), imap_poll="5", redis_url="none")
        self.made = self.deployment.init()
        self.touching = threading.Lock()  # the server's files: nobody is connected while UIDs are made anew
        long_ago = datetime.now().astimezone() - timedelta(days=400)
        for user in AFTER:
            self.old[user] = [_mail(f"old {number} of {user}", 300) for number in range(OLD)]
            self.dovecot.append(user, self.old[user][::2], when=long_ago)
            self.dovecot.append(user, self.old[user][1::2], when=long_ago, flags="(\\Deleted)")
        self.looking = self.deployment.database()
        _keep(self.looking, self.deployment, self.made, self.proxy.port)
        self.reader = self._reader()

    def close(self) -> None:
        """Ends everything that was begun."""
        if getattr(self, "reader", None) is not None:
            self.reader.kill()
            self.reader.wait()
        for name in ("proxy", "dovecot", "deployment"):
            if (begun := getattr(self, name, None)) is not None:
                begun.close()

    # ------------------------------------------------------------------------------------------------ what happens
    def play(self, number: int, faults: int) -> None:
        """Appends the mails in heaps, with a fault while each heap is being read."""
        users = list(AFTER)
        for count in range(faults):
            heap = range(count * number // faults, (count + 1) * number // faults)
            raws = [_mail(f"mail {each}", _size(self.random)) for each in heap]
            appending = threading.Thread(target=self._append, args=(users[count % len(users)], raws))
            appending.start()
            time.sleep(self.random.uniform(0.0, 0.5))
            name = self.random.choices(FAULTS, WEIGHTS)[0]
            self._fault(name)
            self.happened[name] += 1
            appending.join()
            self._within(4, self._something_came)
            if count % 10 == 9:
                self.say(f"{count + 1} of {faults} faults")

    def _something_came(self) -> bool:
        """Whether mails were taken since this was true last."""
        before, self.arrived = self.arrived, len(self._arrivals())
        return self.arrived != before

    def _append(self, user: str, raws: list[bytes]) -> None:
        with self.touching:
            self.dovecot.append(user, raws)
        self.wanted[user] |= {_digest(raw) for raw in raws}

    def _fault(self, name: str) -> None:
        match name:
            case "cut what it says":
                self._cut_later(Armed(down=True, after=int(10 ** self.random.uniform(2, 5.6))))
            case "cut what we say":
                self._cut_later(Armed(down=False, after=int(10 ** self.random.uniform(1, 3.3))))
            case "cut now":
                self._within(5, lambda: self.proxy.cut() > 0)
            case "stall":
                self.proxy.stall(self.random.choice((0.5, TIMEOUT + 1.5)))
            case "new UIDVALIDITY":
                with self.touching, self.proxy.refusing():
                    self._within(10, self.dovecot.nobody_is_connected)
                    self.dovecot.new_uidvalidity(self.random.choice(list(AFTER)))
            case "expunge":
                self._expunge(self.random.choice(list(AFTER)))
            case _:
                self._kill_reader()

    def _cut_later(self, armed: Armed) -> None:
        """The cut waits for its bytes; the connections there are make room for the next."""
        self.proxy.arm(armed)
        self.proxy.cut()
        self._within(4, lambda: armed.done)
        self.proxy.disarm()

    def _expunge(self, user: str) -> None:
        """Another client's mails: put there, and gone a moment later, while we may be at them."""
        raws = [_mail(f"victim {self.random.random()}", 2_000) for _ in range(5)]
        self.victims[user] += raws
        with self.touching:
            self.dovecot.append(user, raws)
        time.sleep(self.random.choice((0.0, 0.05, 0.3)))
        with self.touching:
            self.dovecot.expunge(user, "victim")

    def _reader(self) -> "subprocess.Popen[bytes]":
        with self.deployment.log.open("ab") as log:
            return processes.start(
                [sys.executable, "-P", "-m", "config", "imap"],
                at_our_death=signal.SIGKILL,
                environment=self.deployment.environment,
                output=log,
                directory=self.place,
            )

    def _kill_reader(self) -> None:
        self.reader.kill()
        self.reader.wait()
        self.reader = self._reader()

    def _within(self, seconds: float, condition: Callable[[], bool], pause: float = 0.05) -> bool:
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until:
                return False
            time.sleep(pause)
        return True

    # -------------------------------------------------------------------------------------------------- the verdict
    def conclude(self, report: Report) -> None:
        """Waits until everything is read, then judges."""
        wanted = set().union(*self.wanted.values())
        drained = time.monotonic()
        complete = self._within(240, lambda: len(self._arrivals()) >= len(wanted)) and self._within(
            240, lambda: wanted <= self._stored().keys() and self._followed_up(), pause=1.0
        )
        report.measured |= {
            "messages": len(wanted),
            "faults": dict(self.happened),
            "connections": self.proxy.connections,
            "drained after": round(time.monotonic() - drained, 1),
        }
        stored = self._stored()
        lost = wanted - stored.keys()
        twice = [digest for digest, arrivals in stored.items() if arrivals > 1]
        moved = Counter(_digest(raw) for raw in self.dovecot.raws("moved@firma.example", ARCHIVE).values())
        twice += [digest for digest, copies in moved.items() if copies > 1]
        foreign = list(self._foreign())
        unknown = stored.keys() - wanted - {_digest(raw) for raws in self.victims.values() for raw in raws}
        report.measured |= {
            "lost": len(lost),
            "duplicated": len(twice),
            "foreign deletions": len(foreign),
            "stored that nobody sent": len(unknown),
        }
        report.problems += [f"{len(lost)} mails are lost"] if lost else []
        report.problems += [f"{len(twice)} mails are there twice"] if twice else []
        report.problems += [f"{len(unknown)} mails are stored that should not be"] if unknown else []
        report.problems += foreign
        report.problems += [] if complete else [f"not done within 240 s:\n{self.deployment.last_words()}"]
        checked = self.deployment.command("check", "--books")
        if checked.returncode != 0:
            report.problems.append(f"leadgate check: {checked.stdout.decode()}")

    def _followed_up(self) -> bool:
        """Whether nothing that is stored is left where it should be gone."""
        return all(
            not self.wanted[user] & {_digest(raw) for raw in self.dovecot.raws(user).values()}
            for user, after in AFTER.items()
            if after != "leave"
        )

    def _foreign(self) -> Iterator[str]:
        for user, after in AFTER.items():
            there = {_digest(raw) for raw in self.dovecot.raws(user).values()}
            for raw in self.old[user]:
                if _digest(raw) not in there:
                    yield f"an old mail of {user} is gone"
            missing = self.wanted[user] - there
            if after == "leave" and missing:
                yield from [f"a mail of {user} is gone"] * len(missing)

    def _arrivals(self) -> dict[str, int]:
        """Message → how many arrivals."""
        with self.looking.read() as connection:
            rows = verdict.ask(
                connection,
                "SELECT message_id, count(*) AS n FROM arrivals WHERE account_id = :a GROUP BY message_id",
                a=self.made.id,
            )
        return {row["message_id"]: row["n"] for row in rows}

    def _stored(self) -> dict[str, int]:
        """Digest of the bytes of each message → how many arrivals and messages there are of it."""
        with self.looking.read() as connection:
            digests = verdict.digests(connection, self.made)
        found: Counter[str] = Counter()
        for message_id, number in self._arrivals().items():
            found[digests[message_id]] += number
        return dict(found)


def _keep(database: Database, deployment: Deployment, made: Made, port: int) -> None:
    """The three mailboxes, as the API would keep them."""
    sealer = Sealer(load(deployment.environment, deployment.place).key("credentials"))
    with database.write() as connection:
        for user, after in AFTER.items():
            values = {
                "host": "127.0.0.1",
                "port": port,
                "tls": "none",
                "username": user,
                "password": PASSWORD,
                "after": after,
                "move_to": ARCHIVE if after == "move" else None,
            }
            create_mailbox(connection, AccountScope(made.id), sealer, values, since=None)


def _size(chance: random.Random) -> int:
    """Bytes of a mail: mostly small, some with a picture, a few that come in pieces."""
    return chance.choices((700, 6_000, 120_000, 1_300_000), (60, 34, 5, 1))[0]


def _mail(subject: str, size: int) -> bytes:
    head = (
        f"From: Paula <paula@kunde.example>\r\nTo: crm@firma.example\r\nSubject: {subject}\r\n"
        f"Message-ID: <{subject.replace(' ', '.')}@kunde.example>\r\n"
        "Date: Fri, 27 Nov 2026 10:00:00 +0000\r\n\r\n"
    ).encode()
    line = b"Bitte senden Sie uns ein Angebot ueber zwanzig Stueck.\r\n"
    return head + line * max(1, (size - len(head)) // len(line))


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
