"""What is kept of trust: the verdict, by what it came, a sentence, and the evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

VERIFIED, UNKNOWN, FAILED = "verified", "unknown", "failed"
BY_TRUST = (FAILED, UNKNOWN, VERIFIED)
"""The worst first."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict about a mail's sender. `by` is a stable word, `evidence` JSON."""

    trust: str  # verified unknown failed
    by: str
    summary: str
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As the message keeps it, beside `trust`."""
        return {"by": self.by, "summary": self.summary, **self.evidence}

    @classmethod
    def stored(cls, trust: str, kept: object) -> "Judgement":
        """The way back. Messages decided before evidence was kept have a sentence alone."""
        if not isinstance(kept, Mapping):
            return cls(trust, "stored", str(kept or ""))
        evidence = {name: value for name, value in kept.items() if name not in ("by", "summary")}
        return cls(trust, str(kept.get("by", "stored")), str(kept.get("summary", "")), evidence)


NOT_CHECKED = Judgement(UNKNOWN, "not_checked", "SPF, DKIM and DMARC not checked")
"""DNS is switched off, or nobody has judged yet."""
BY_VISITOR = Judgement(UNKNOWN, "by_visitor", "a form post: who wrote it is what the visitor says")
UNJUDGED = ("not_checked", "broken", "by_visitor")
"""By what a verdict `unknown` says that nobody has looked: such an arrival may be judged later."""
PROVES_DOMAIN = ("results", "dkim", "spf")
"""By what a verdict `verified` says that the mail comes from the domain in From."""


def over_all(judgements: Sequence[Judgement]) -> Judgement:
    """The verdict over several arrivals of one message: the best that a rule allows (product §6).

    A failure that a trusted server states stands before everything. A proof by one arrival proves the very same bytes
    of another; where there is none, an arrival of which nothing is known does not lift the failure of another.
    """
    stated = (one for one in judgements if one.trust == FAILED and one.by == "results")
    by_trust = (one for trust in (VERIFIED, FAILED) for one in judgements if one.trust == trust)
    return next(stated, None) or next(by_trust, None) or judgements[0]
