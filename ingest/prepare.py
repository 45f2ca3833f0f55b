"""The steps that need no transaction: parse, automatic?, trust and identify, read by kind.

`STEPS` is the order; each leaves its line in the receipt. What comes after them (deduplicate, match,
effect, events) happens in the effect transaction, in `effect`.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ingest.identify import UNASKED, Answers, identify
from ingest.letter import Identity, Letter, Reading, Stop
from ingest.posts import understand_post
from ingest.read import gmail_asks, nobodys_business, read
from ingest.spam import blocked, suspect
from ingest.trust.judgement import BY_VISITOR
from ingest.watchdog import TookTooLong, Watchdog
from parsers.message import Message, Problem
from parsers.understand import ParseOptions
from store.addresses import replied_by

log = logging.getLogger(__name__)

Understand = Callable[[bytes, ParseOptions], Message]
MOST_ATTEMPTS = 5
PARSE_SECONDS = 10.0
HAVE_ENVELOPES = ("smtp", "lmtp", "pipe")
"""Doors whose empty MAIL FROM is the null sender, and not a missing one."""
BY_SMTP = ("smtp", "lmtp")
BARE = (("bare-lf", b"\n"), ("bare-cr", b"\r"))
"""Octets that must not stand alone in DATA (RFC 5321 §2.3.8): stored as they came, with a problem. A mail server's
pipe and an uploaded file rightly have the line ends of their machine."""
BY_POST = Identity(BY_VISITOR)
_STOPPED = Stop("failed", "stopped_the_worker")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A message as far as it can be decided without looking at leads."""

    letter: Letter
    message: Message | None
    identity: Identity | None
    verdict: Reading | Stop
    trail: Sequence[Mapping[str, Any]]


def line(step: str, result: str, detail: str = "") -> dict[str, Any]:
    """One line of a receipt's trail."""
    return {"step": step, "result": result, "detail": detail}


def options_of(letter: Letter) -> ParseOptions:
    """What the parser is told about a letter."""
    directory = letter.directory
    return ParseOptions(
        user_addresses=frozenset(directory.users),
        own_domains=frozenset({directory.account.domain, *directory.account.internal_domains}),
        mail_from=letter.arrival.mail_from if letter.arrival.door in HAVE_ENVELOPES else None,
    )


def prepare(
    letter: Letter,
    understand: Understand,
    watchdog: Watchdog,
    understood_already: Message | None = None,
    *,
    address_key: bytes | None = None,
) -> Prepared:
    """Parses and reads one message; never raises for what the message contains.

    `understood_already`: what `understand` gave for it elsewhere. `address_key`: of computed addresses; without one no
    answer address proves anything.
    """
    trail = [line("accept", "ok", ", ".join(f"{a.door} to {a.kind}" for a in letter.arrivals))]

    def stopped(step: str, stop: Stop, message: Message | None, identity: Identity | None = None) -> Prepared:
        trail.append(
            line(
                step,
                f"{stop.outcome}: {stop.reason}",
                str(stop.data.get("detail") or stop.data.get("why") or ""),
            )
        )
        return Prepared(letter, message, identity, stop, trail)

    if letter.not_spam_by is not None:
        trail.append(line("person", "not_spam", letter.not_spam_by))
    understood = _parse(letter, understand, watchdog, understood_already)
    if isinstance(understood, Stop):
        return stopped("parse", understood, None)
    problems = ", ".join(problem.code for problem in understood.problems)
    trail.append(line("parse", "ok" if not problems else "problems", problems))
    trail.append(line("automatic", understood.automatic or "no"))
    identity = BY_POST if letter.by_post else identify(letter, understood, _answers(letter, address_key))
    trail.append(line("trust", identity.trust, identity.judged.summary))
    if asked := gmail_asks(letter, understood, identity):
        return stopped("read", asked, understood, identity)
    if nobodys := nobodys_business(letter, understood, identity):
        return stopped("read", nobodys, understood, identity)
    if unwanted := blocked(letter, understood, identity):
        return stopped("spam", unwanted, understood, identity)
    if identity.stop:
        return stopped("identify", identity.stop, understood, identity)
    acts = "acts as a user, unproven" if identity.unproven else "acts as a user"
    trail.append(line("identify", acts if identity.user_id else "sender", _sender(understood)))
    verdict = read(letter, understood, identity)
    if isinstance(verdict, Stop):
        return stopped("read", verdict, understood, identity)
    how = "forward" if verdict.forwarded_by else ("outgoing" if verdict.direction == "out" else "incoming")
    trail.append(line("read", how, ", ".join(person.address for person in verdict.people)))
    if unwanted := blocked(letter, understood, identity, verdict.author):
        return stopped("spam", unwanted, understood, identity)
    if letter.by_post or letter.junk:
        if spam := suspect(letter, understood, identity, verdict.author):
            return stopped("spam", spam, understood, identity)
        trail.append(line("spam", "no"))
    return Prepared(letter, understood, identity, verdict, trail)


def _answers(letter: Letter, address_key: bytes | None) -> Answers:
    """Whose an answer address is (product §8)."""
    return partial(replied_by, address_key, letter.key[0]) if address_key else UNASKED


def _parse(
    letter: Letter, understand: Understand, watchdog: Watchdog, already: Message | None
) -> Message | Stop:
    if letter.raw is None:
        return Stop("failed", "raw_missing")
    if letter.attempts > MOST_ATTEMPTS:
        return Stop("failed", "internal_error", {"detail": letter.error}) if letter.error else _STOPPED
    reader = understand_post if letter.by_post else understand
    try:
        with watchdog.limit(PARSE_SECONDS):
            understood = already or reader(letter.raw, options_of(letter))
    except TookTooLong:
        return Stop("failed", "parse_timeout")
    except Exception as fault:  # the parser's door: bytes are kept, the message is failed and says why
        log.exception("message %s could not be parsed", letter.id)
        return Stop("failed", "parse_crash", {"detail": type(fault).__name__})
    return replace(understood, problems=(*understood.problems, *_bare(letter, understood)))


def _bare(letter: Letter, message: Message) -> list[Problem]:
    """What DATA held against the rules of the transport, which only a message by SMTP can break."""
    raw = letter.raw or b""
    if letter.arrivals[0].door not in BY_SMTP:
        return []
    told, pairs = {problem.code for problem in message.problems}, raw.count(b"\r\n")
    return [Problem(code) for code, octet in BARE if code not in told and raw.count(octet) > pairs]


def _sender(message: Message) -> str:
    return (message.sender.address or "") if message.sender else ""
