"""Whether a partner changed its mails: a pure function over the fill rates of the last messages.

The newest few are compared with those before them. A partner whose mails were always half filled doesn't drift; one
whose mails were full and suddenly lack a third does, and so does one of whose mails none fits any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """How many of the newest messages are compared with how many before, and which drop (0 to 1) counts."""

    newest: int = 5
    before: int = 50
    least_newest: int = 3
    least_before: int = 5
    drop: float = 0.2
    empty: int = 3
    """So many messages in a row in which nothing was found are a drift whatever came before."""


@dataclass(frozen=True, slots=True)
class Drift:
    """The verdict, and the two means it rests on; `before` is None where too few messages came."""

    drifted: bool
    before: float | None
    newest: float | None


DEFAULT = Policy()


def drifted(rates: Sequence[float], policy: Policy = DEFAULT) -> Drift:
    """The verdict over the fill rates of a template's messages, oldest first. A mail it doesn't fit counts with 0."""
    last = rates[-policy.empty :]
    newest = rates[-policy.newest :]
    older = rates[: len(rates) - len(newest)][-policy.before :]
    if len(older) < policy.least_before:
        newest = rates[-policy.least_newest :]
        older = rates[: len(rates) - len(newest)][-policy.before :]
    now = sum(newest) / len(newest) if newest else None
    then = sum(older) / len(older) if len(older) >= policy.least_before else None
    if len(last) == policy.empty and not any(last):
        return Drift(True, then, now)
    if then is None or now is None or len(newest) < policy.least_newest:
        return Drift(False, then, now)
    return Drift(then - now > policy.drop - 1e-9, then, now)
