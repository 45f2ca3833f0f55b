"""Clients that send mail as mail servers do: what got no 250 is sent again, byte for byte, until it has one.

Every 250 is written to a log of our own, flushed to the disk, before it counts. What the log holds must be
in leadgate at the end; what it doesn't hold may be there, once.
"""

import hashlib
import itertools
import json
import os
import random
import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TypeVar

from tests.support.api import Made
from tests.support.mails import mail

T = TypeVar("T")
PERMANENT = range(500, 600)


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to be sent: what it is, from whom, to which envelope recipients."""

    message_id: str
    kind: str  # first, second, reply, bcc, held: what it should become
    prospect: str
    sender: str
    recipients: tuple[str, ...]
    raw: bytes = field(repr=False)


@dataclass(slots=True)
class Tally:
    """What the clients saw."""

    acknowledged: int = 0
    slowest_reply: float = 0.0
    slowest_of: str = ""
    tried_again: int = 0
    refused: list[str] = field(default_factory=list)  # 5xx: our own fault must never be one
    four_hundreds: list[str] = field(default_factory=list)


class AckLog:
    """The log of 250s."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] = path.open("a")
        self._lock = threading.Lock()

    def write(self, letter: Letter) -> None:
        """One 250, on the disk when this returns."""
        facts = asdict(letter) | {"at": time.time(), "sha256": hashlib.sha256(letter.raw).hexdigest()}
        del facts["raw"]
        with self._lock:
            self._file.write(json.dumps(facts) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def read(self) -> list[dict[str, object]]:
        """All 250s so far."""
        return [json.loads(line) for line in self.path.read_text().splitlines()]

    def close(self) -> None:
        self._file.close()


def conversation(made: Made, name: str) -> list[Letter]:
    """What one prospect brings: a mail, a second one, a reply in the thread by a colleague, our answer by BCC."""
    domain = f"{name}.example"
    prospect, colleague = f"buyer@{domain}", f"office@{domain}"
    ids = [f"<{step}.{name}@{domain}>" for step in ("first", "second", "reply", "bcc", "held")]
    to = made.leads
    first = mail(
        sender=f"Berta Buyer <{prospect}>",
        to=to,
        subject=f"Offer for {name}",
        text="Dear sirs,\n\nplease send us an offer.\n\nBerta Buyer\n",
        message_id=ids[0],
    )
    second = mail(
        sender=f"Berta Buyer <{prospect}>",
        to=to,
        subject="One more thing",
        text="We also need it by Friday.\n",
        message_id=ids[1],
    )
    reply = mail(
        sender=f"Otto Office <{colleague}>",
        to=f"{to}, {prospect}",
        subject=f"Re: Offer for {name}",
        text="Adding to what Berta wrote: twelve pieces.\n\n> please send us an offer.\n",
        message_id=ids[2],
        in_reply_to=ids[0],
    )
    answer = mail(
        sender=f"Anna <{made.admin_email}>",
        to=prospect,
        subject=f"Re: Offer for {name}",
        text="Dear Berta,\n\nhere is our offer.\n",
        message_id=ids[3],
        in_reply_to=ids[0],
    )
    stray = mail(
        sender=f"Stranger <who@{domain}>",
        to=f"someone@{domain}",
        subject="Not for you",
        text="A stranger's copy to the shared address.\n",
        message_id=ids[4],
    )
    return [
        Letter(ids[0], "first", prospect, prospect, (to,), first),
        Letter(ids[1], "second", prospect, prospect, (to,), second),
        Letter(ids[2], "reply", prospect, colleague, (to,), reply),
        Letter(ids[3], "bcc", prospect, made.admin_email, (made.personal,), answer),
        Letter(ids[4], "held", prospect, f"who@{domain}", (made.bcc,), stray),
    ]


def endless(made: Made, seed: int) -> Iterator[Letter]:
    """Conversations of ever new prospects, somewhat shuffled: a few are under way at any time."""
    dice = random.Random(seed)
    waiting: list[Letter] = []
    for number in itertools.count():
        waiting += conversation(made, f"p{number}")
        while len(waiting) > 12:
            yield waiting.pop(dice.randrange(6))


class Clients:
    """Some connections sending at once until `stop`, or until the letters are used up."""

    def __init__(
        self, port: int, letters: Iterator[Letter], log: AckLog, *, connections: int, per_second: float
    ) -> None:
        self.tally = Tally()
        self._port = port
        self._letters = letters
        self._log = log
        self._pause = connections / per_second
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._paused = threading.Event()
        self._threads = [threading.Thread(target=self._run, name=f"client-{n}") for n in range(connections)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """No new letters; those under way are sent until they have their 250."""
        self._stopping.set()
        self.join()

    def join(self, seconds: float = 120) -> None:
        """Waits until every client has finished; AssertionError if one hangs."""
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        assert not any(thread.is_alive() for thread in self._threads), (
            "a client got no 250 for its last letter"
        )

    @property
    def busy(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _run(self) -> None:
        client: smtplib.SMTP | None = None
        left = 0
        while not self._stopping.is_set():
            with self._lock:
                letter = next(self._letters, None)
            if letter is None:
                break
            while True:
                if left == 0:
                    _quit(client)
                    client, left = None, random.randint(1, 10)  # one to ten letters per connection
                try:
                    client = client or self._timed("connect", self._connect)
                    self._send(client, letter)
                except (OSError, smtplib.SMTPException) as error:
                    self._note(error)
                    _quit(client)
                    client, left = None, 0
                    time.sleep(random.uniform(0.05, 0.25))
                    continue
                left -= 1
                break
            time.sleep(random.uniform(0.5, 1.5) * self._pause)
        _quit(client)

    def _connect(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self._port, local_hostname="client.example", timeout=60)

    def _send(self, client: smtplib.SMTP, letter: Letter) -> None:
        if client.helo_resp is None and client.ehlo_resp is None:
            self._timed("EHLO", client.ehlo_or_helo_if_needed)
        code, said = self._timed("MAIL", lambda: client.mail(letter.sender))
        if code != 250:
            raise smtplib.SMTPResponseException(code, said)
        for recipient in letter.recipients:
            code, said = self._timed("RCPT", partial(client.rcpt, recipient))
            if code != 250:
                raise smtplib.SMTPResponseException(code, said)
        code, said = self._timed("DATA", lambda: client.data(letter.raw))
        if code != 250:
            raise smtplib.SMTPResponseException(code, said)
        self._log.write(letter)
        with self._lock:
            self.tally.acknowledged += 1

    def _timed(self, what: str, command: Callable[[], T]) -> T:
        begun = time.monotonic()
        answer = command()
        took = time.monotonic() - begun
        with self._lock:
            if took > self.tally.slowest_reply:
                self.tally.slowest_reply, self.tally.slowest_of = took, what
        return answer

    def _note(self, error: Exception) -> None:
        with self._lock:
            self.tally.tried_again += 1
            if isinstance(error, smtplib.SMTPResponseException):
                said = error.smtp_error
                text = f"{error.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
                (self.tally.refused if error.smtp_code in PERMANENT else self.tally.four_hundreds).append(
                    text
                )


def _quit(client: smtplib.SMTP | None) -> None:
    if client is not None:
        try:
            client.quit()
        except (OSError, smtplib.SMTPException):
            client.close()
