"""Judging the mails of a batch side by side, before they are read (product §6: outside any transaction, 5 s in all).

Nobody waits for a slow name server but the mail it is about. A batch is given `patience`; what is not judged by then
stays pending for PAUSE, while its questions go on in their thread. Where the DNS does not answer, a mail stays pending
until it is `give_up` old; then it is `unknown`. Where there is no DNS at all, nobody waits for it.

With the DNS off there are no threads, and nothing is looked at but what a trusted hop says.

A mail that came again is judged by its further arrivals alone, and `over_all` says what follows for the mail. Nothing
that was found out is asked for again.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ingest.letter import Arrival, Letter
from ingest.trust.evidence import Client, Evidence, client_of, judge
from ingest.trust.hops import Hop, voices
from ingest.trust.judgement import NOT_CHECKED, UNJUDGED, VERIFIED, Judgement, over_all
from ingest.trust.resolver import Dns
from store.leases import Key

log = logging.getLogger(__name__)

PAUSE = timedelta(seconds=1)
PAUSE_UNANSWERED = timedelta(seconds=20)
"""How long a mail stays pending that was not judged in time, and one whose domain's servers did not answer."""
MOST_ON_THE_WAY = 100
"""Mails that are being asked about, with their bytes in memory."""
MOST_KEPT = 5_000
"""Mails whose answers nobody has fetched yet."""
_Asked = tuple[Key, int]
"""A mail, and by how many arrivals it is judged: one that came meanwhile is asked about anew."""
BROKEN = replace(NOT_CHECKED, by="broken", summary="the check of the sender's domain broke off")


@dataclass(frozen=True, slots=True)
class TrustOptions:
    """What trust is told. `dns` None: it is switched off. Times are seconds."""

    dns: Dns | None = None
    hops: tuple[Hop, ...] = ()
    seconds: float = 5.0
    """For all questions about one mail."""
    patience: float = 1.0
    """That the other mails of a batch wait."""
    give_up: float = 600.0
    """After which a mail whose domain's servers do not answer is unknown."""
    threads: int = 32


@dataclass(frozen=True, slots=True)
class Judged:
    """A batch after judging: mails that may be read, and those that stay pending, each for how long."""

    letters: list[Letter]
    later: list[tuple[Letter, timedelta]]


class Judge:
    """Judges mails; one per process, for any account."""

    def __init__(self, options: TrustOptions | None = None) -> None:
        self._options = options or TrustOptions()
        self._pool: ThreadPoolExecutor | None = None
        self._asked: dict[_Asked, Future[Evidence]] = {}

    def judge(self, letters: Sequence[Letter]) -> Judged:
        """The mails with their judgements; what was judged before is left as it is, but for further arrivals."""
        judged = Judged([], [])
        asked = {letter.key: self._ask(letter) for letter in letters if self._needs(letter)}
        if asked:
            wait([future for future in asked.values() if future is not None], self._options.patience)
        for letter in letters:
            if letter.key not in asked:
                judged.letters.append(letter)
                continue
            future = asked[letter.key]
            if future is None or not future.done():
                judged.later.append((letter, PAUSE))
                continue
            del self._asked[_asked(letter)]
            judged_now, unanswered = self._judged(letter, future)
            if unanswered and self._may_answer(letter):
                judged.later.append((letter, PAUSE_UNANSWERED))
            else:
                judged.letters.append(judged_now)
        return judged

    def _may_answer(self, letter: Letter) -> bool:
        """Whether it is worth waiting for what was not answered."""
        dns = self._options.dns
        newest = max((a.received_at for a in letter.unjudged if a.received_at), default=letter.received_at)
        age = (datetime.now(UTC) - newest).total_seconds()
        return dns is not None and not dns.unreachable and age < self._options.give_up

    def judge_now(self, letter: Letter) -> Letter:
        """The mail with its judgement, for somebody who waits for it: what is not answered is unknown. One that was
        judged before keeps its judgement."""
        if letter.judgement is not None or not self._needs(letter):
            return letter
        future: Future[Evidence] = Future()
        try:
            future.set_result(self._examine(letter))
        except Exception as fault:  # noqa: BLE001  told by _judgement
            future.set_exception(fault)
        return self._judged(letter, future)[0]

    def close(self) -> None:
        """Lets the threads end; questions that are on their way are not waited for."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _needs(self, letter: Letter) -> bool:
        """Whether there is anything to find out: by the DNS, or from a hop that speaks for the mail."""
        if letter.raw is None or letter.by_post or not letter.unjudged:
            return False
        if letter.judgement is not None and letter.judgement.trust == VERIFIED:
            return False
        return self._options.dns is not None or (
            any(voices(letter, arrival, self._options.hops) for arrival in letter.unjudged)
        )

    def _ask(self, letter: Letter) -> "Future[Evidence] | None":
        """What is asked about the mail, from now or since an earlier look; None when too much is on its way."""
        asked = _asked(letter)
        if asked in self._asked:
            return self._asked[asked]
        if sum(not future.done() for future in self._asked.values()) >= MOST_ON_THE_WAY:
            return None
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._options.threads, thread_name_prefix="trust")
        while len(self._asked) >= MOST_KEPT:  # another worker has judged it meanwhile
            del self._asked[next(iter(self._asked))]
        self._asked[asked] = future = self._pool.submit(self._examine, letter)
        return future

    def _examine(self, letter: Letter) -> Evidence:
        from ingest.trust.examine import examine  # with the cryptography, which nobody loads whose DNS is off

        return examine(letter, self._options.dns, self._options.hops, self._options.seconds)

    def _judged(self, letter: Letter, future: "Future[Evidence]") -> tuple[Letter, bool]:
        """What follows from the evidence, and whether an answer is missing that may change it. A fault of ours verifies
        nobody, and fails nobody."""
        fault = future.exception()
        if fault is not None:
            log.error("the sender of message %s could not be checked", letter.id, exc_info=fault)
            return replace(letter, judgement=letter.judgement or BROKEN), False
        evidence = future.result()
        found = self._judgement(evidence)
        both = [one for one in (letter.judgement, found) if one is not None and one.by not in UNJUDGED]
        by_arrival = {
            arrival.id: one.trust
            for arrival in letter.unjudged
            if (one := self._judgement(evidence.of(*_client(arrival)))).by not in UNJUDGED
        }
        judged = replace(letter, judgement=over_all(both or [found]), found=by_arrival)
        return judged, found.by == "unanswered"

    def _judgement(self, evidence: Evidence) -> Judgement:
        judgement = judge(evidence)
        return NOT_CHECKED if self._options.dns is None and judgement.by == "nothing" else judgement


def _asked(letter: Letter) -> _Asked:
    return letter.key, len(letter.unjudged)


def _client(arrival: Arrival) -> tuple[Client | None, bool]:
    """Whom SPF was asked about for this arrival, and whether somebody else may have spoken about it."""
    return client_of(arrival), arrival.trusted_hop or arrival.door == "imap"
