"""Exceptions of `rules`.

RulesError
├── InvalidEvent     an event that contradicts the catalogue
├── InvalidRule      a rule's JSON that cannot be accepted; names the place
└── CannotEvaluate   a condition that met a fact it cannot compare; never leaves `rules.engine`
"""


class RulesError(Exception):
    """Base of everything this folder raises on purpose."""


class InvalidEvent(RulesError):
    """An event or a cause that does not fit the catalogue of `rules.event`."""


class InvalidRule(RulesError):
    """A rule's JSON is not acceptable.

    `place` is the path of the value at fault, like `if.all[1].op`, or an empty string for the whole document.
    `reason` is a plain sentence for the person who wrote the rule.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.place = place
        self.reason = reason


class CannotEvaluate(RulesError):
    """A condition cannot be decided on these facts; `reason` is a plain sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
