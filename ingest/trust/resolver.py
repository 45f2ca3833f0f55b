"""Asking the DNS: one question with a deadline, answers kept for as long as they say.

`Dns.ask` is all that SPF, DKIM and DMARC need; tests give a zone of their own in its place. A name that does not exist
and one without records of the type asked for are the same: no answers. What may be otherwise in a minute (a server that
fails or is silent, too little time) is `Unanswered`.

`CachingDns` may be used by many threads at once. The same question asked while it is on its way is asked once. After a
question that nobody answered, while nothing else was answered either, it gives up at once for PAUSE seconds: where the
network is gone, mail shall not wait five seconds each. Every TRY_AGAIN one question is asked all the same: the silence
may be that of one domain, whose owner wants others not to be asked about. On a machine whose own resolver has never
said a word it is `unreachable`: that is no trouble that passes, there is no DNS. A server that the operator named is
believed to exist.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import dns.rdata
    import dns.resolver

RecordType = Literal["TXT", "A", "AAAA", "MX", "PTR"]
Question = tuple[str, RecordType]

MOST_KEPT = 20_000
"""Answers."""
LONGEST_KEPT = 3600.0
NOTHING_KEPT = 60.0
FAILURE_KEPT = 10.0
"""Seconds an answer, its absence, and a failure are believed."""
PAUSE, PAUSE_UNREACHABLE = 10.0, 120.0
TRY_AGAIN = 0.5
"""Seconds after which, in such a pause, one question is asked all the same."""
LONGEST_NAME = 253
MOST_RECORDS = 100
LONGEST_RECORD = 8192


class Unanswered(Exception):
    """The DNS did not answer; it may do so later."""


class Unreachable(Unanswered):
    """There is no DNS here: no server was named, and none has ever said anything."""


class Dns(Protocol):
    """Whoever answers questions."""

    @property
    def unreachable(self) -> bool:
        """Whether there is no DNS here, so that nothing is gained by waiting."""
        ...

    def ask(self, name: str, kind: RecordType, deadline: float) -> Sequence[str]:
        """The records of `name`: a TXT's strings joined, addresses as text, MX and PTR as host names, the MX that is
        to be tried first first. `deadline` is a `time.monotonic()`. Raises Unanswered."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """Records, and for how many seconds they hold."""

    records: tuple[str, ...]
    ttl: float


Fetch = Callable[[str, RecordType, float], Found]
"""Asks the network: name, type, seconds. Raises Unanswered."""


class CachingDns:
    """Remembers what `fetch` found."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._kept: OrderedDict[Question, tuple[float, tuple[str, ...] | None]] = OrderedDict()
        self._asked: dict[Question, Future[tuple[str, ...]]] = {}
        self._answered = time.monotonic()
        self._silent_until = self._try_again_at = 0.0
        self._unreachable = False

    @property
    def unreachable(self) -> bool:
        """See `Dns.unreachable`."""
        return self._unreachable

    def ask(self, name: str, kind: RecordType, deadline: float) -> Sequence[str]:
        """See `Dns.ask`."""
        name = name.rstrip(".").lower()
        if not is_name(name):
            return ()
        question, begun = (name, kind), time.monotonic()
        with self._lock:
            kept = self._kept.get(question)
            if kept is not None and kept[0] > begun:
                return _or_unanswered(kept[1], name)
            if begun >= deadline or (begun < self._silent_until and begun < self._try_again_at):
                raise Unanswered(name)
            self._try_again_at = begun + TRY_AGAIN
            answer = self._asked.get(question)
            mine = answer is None
            if answer is None:
                answer = self._asked[question] = Future()
        if mine:
            self._find(question, answer, begun, deadline)
        try:
            return answer.result(max(0.0, deadline - time.monotonic()) + 0.1)
        except TimeoutError:
            raise Unanswered(name) from None

    def _find(
        self, question: Question, answer: "Future[tuple[str, ...]]", begun: float, deadline: float
    ) -> None:
        try:
            found = self._fetch(*question, deadline - begun)
        except Exception as fault:  # noqa: BLE001  handed to everybody who waits for this answer
            self._unreachable = isinstance(fault, Unreachable)
            self._keep(question, None, FAILURE_KEPT, begun)
            answer.set_exception(fault if isinstance(fault, Unanswered) else Unanswered(question[0]))
            return
        self._unreachable = False
        ttl = min(max(found.ttl, 1.0), LONGEST_KEPT) if found.records else NOTHING_KEPT
        self._keep(question, found.records, ttl, begun)
        answer.set_result(found.records)

    def _keep(self, question: Question, records: tuple[str, ...] | None, ttl: float, begun: float) -> None:
        now = time.monotonic()
        with self._lock:
            self._asked.pop(question, None)
            if records is not None:
                self._answered, self._silent_until = now, 0.0
            elif self._answered < begun and now - begun > 1.0:
                self._silent_until = now + (PAUSE_UNREACHABLE if self._unreachable else PAUSE)
                self._try_again_at = now + TRY_AGAIN
            self._kept[question] = (now + ttl, records)
            self._kept.move_to_end(question)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


def _or_unanswered(records: tuple[str, ...] | None, name: str) -> tuple[str, ...]:
    if records is None:
        raise Unanswered(name)
    return records


def is_name(name: str) -> bool:
    """Whether it can be asked for: labels of 1 to 63 printable ASCII characters, two at least."""
    labels = name.split(".")
    return (
        0 < len(name) <= LONGEST_NAME
        and len(labels) > 1
        and all(0 < len(label) <= 63 for label in labels)
        and all("!" <= character <= "~" and character not in '\\";()@$' for character in name)
    )


def network(server: tuple[str, int] | None) -> Fetch:
    """Asks `server` (address, port), or the servers that the system names.

    Of the latter, those that never said anything, not even that they cannot help, are told as Unreachable. dnspython
    is loaded with the first question: not every process that might ask one does.
    """
    made = cache(partial(_network, server))

    def fetch(name: str, kind: RecordType, seconds: float) -> Found:
        return made()(name, kind, seconds)

    return fetch


def _network(server: tuple[str, int] | None) -> Fetch:
    import dns.exception
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver(configure=server is None)
    except dns.resolver.NoResolverConfiguration:
        return _nobody
    if server is not None:
        resolver.nameservers, resolver.port = [server[0]], server[1]
    resolver.timeout = 2.0
    heard = threading.Event()
    if server is not None:
        heard.set()

    def fetch(name: str, kind: RecordType, seconds: float) -> Found:
        try:
            answer = resolver.resolve(f"{name}.", kind, lifetime=seconds, raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN:
            heard.set()
            return Found((), NOTHING_KEPT)
        except (dns.exception.DNSException, OSError) as fault:
            if heard.is_set() or _said_something(fault):
                heard.set()
                raise Unanswered(name) from fault
            raise Unreachable(name) from fault
        heard.set()
        if answer.rrset is None:
            return Found((), NOTHING_KEPT)
        records = [record for record in answer.rrset if hasattr(record, "rdtype")][:MOST_RECORDS]
        return Found(_as_text(records, kind), float(answer.rrset.ttl))

    return fetch


def _nobody(name: str, kind: RecordType, seconds: float) -> Found:
    """On a machine that knows no DNS server."""
    del kind, seconds
    raise Unreachable(name)


def _said_something(fault: Exception) -> bool:
    """Whether a server answered, if only that it failed: dnspython keeps each try with its answer."""
    tries = getattr(fault, "kwargs", {}).get("errors", ())
    return any(each[4] is not None for each in tries)


def _as_text(records: "Sequence[dns.rdata.Rdata]", kind: RecordType) -> tuple[str, ...]:
    from dns.rdtypes.ANY.MX import MX
    from dns.rdtypes.ANY.TXT import TXT

    if kind == "MX":
        hosts = sorted((mx for mx in records if isinstance(mx, MX)), key=lambda mx: mx.preference)
        return tuple(str(mx.exchange).rstrip(".").lower() for mx in hosts)
    if kind == "TXT":
        joined = (b"".join(txt.strings)[: LONGEST_RECORD + 1] for txt in records if isinstance(txt, TXT))
        return tuple(text.decode("utf-8", "replace") for text in joined)
    return tuple(record.to_text().rstrip(".").lower() for record in records)
