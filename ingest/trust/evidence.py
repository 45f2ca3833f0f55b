"""What was found out about a mail's sender, and the verdict: the first rule of RULES that fits (product §6).

The verdict is about the domain in From. Whether the mail may act as a user, and what a user's own address proves, is
`ingest.identify`'s business.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.letter import Arrival
from ingest.trust.dmarc import Policy, fits
from ingest.trust.judgement import FAILED, UNKNOWN, VERIFIED, Judgement

if TYPE_CHECKING:
    from ingest.trust.authentication_results import Result
    from ingest.trust.dkim import Signed


Client = tuple[str, str, str]
"""Whom SPF is asked about: address, MAIL FROM, HELO."""


def client_of(arrival: Arrival) -> Client | None:
    """The client that came from outside; None where it came by a way on which the client is not the sender's."""
    if arrival.door != "smtp" or not arrival.client_ip or arrival.trusted_hop or arrival.auth_user:
        return None
    return arrival.client_ip, arrival.mail_from, arrival.helo or ""


@dataclass(frozen=True, slots=True)
class SpfResult:
    """SPF for one domain and client."""

    domain: str
    result: str
    client: Client | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was found out; what was not asked for is empty."""

    domain: str  # of the author in From, in normal form; "" where nobody is named
    ambiguous: str | None = None  # why nothing about this mail can be proven
    results: "Sequence[Result]" = ()
    signatures: "Sequence[Signed]" = ()
    spf: Sequence[SpfResult] | None = None  # None: the client was not the border, nothing can be said
    policy: Policy | None = None
    policy_unanswered: bool = False

    def of(self, client: Client | None, by_hop: bool) -> "Evidence":
        """What of it is known of one arrival alone."""
        asked = tuple(one for one in self.spf or () if client is not None and one.client == client)
        return replace(self, spf=asked or None, results=self.results if by_hop else ())

    def fits_dkim(self, domain: str) -> bool:
        """Whether a pass of that domain's key speaks for From."""
        return self._fits(domain, strict=self.policy is not None and self.policy.strict_dkim)

    def fits_spf(self, domain: str) -> bool:
        """Whether a pass of that envelope domain speaks for From. A client that may send for the domain may send a mail
        that can be read in two ways, too; such a pass proves nothing, but the check has not failed then."""
        strict = self.policy is not None and self.policy.strict_spf
        return fits(domain, self.domain, strict=strict or self.policy_unanswered)

    def is_about(self, result: "Result") -> bool:
        """Whether what a trusted server says is about the author that is shown, or names nobody."""
        return not result.domain or result.domain == self.domain

    def fits_dmarc(self, domain: str) -> bool:
        """Whether a pass that a trusted server found is about From."""
        return self._fits(domain, strict=True)

    def _fits(self, domain: str, *, strict: bool) -> bool:
        return not self.ambiguous and fits(domain, self.domain, strict=strict or self.policy_unanswered)

    @property
    def spf_is_known(self) -> bool:
        """Whether somebody who could has asked about SPF: we at the border, or a trusted server there."""
        return self.spf is not None or any(one.method == "spf" for one in self.results)

    @property
    def unanswered(self) -> bool:
        """Whether an answer that did not come may change the verdict."""
        asked = (
            self.policy_unanswered,
            any(one.result == "temporary" and self.fits_dkim(one.domain) for one in self.signatures),
            any(one.result == "temperror" and self.fits_spf(one.domain) for one in self.spf or ()),
        )
        return any(asked)


Found = str | None
"""What a rule says in a sentence when it fits."""


def _no_author(evidence: Evidence) -> Found:
    return None if evidence.domain else "From names nobody"


def _ambiguous(evidence: Evidence) -> Found:
    return f"nothing is proven by this mail: {evidence.ambiguous}" if evidence.ambiguous else None


def _trusted_fail(evidence: Evidence) -> Found:
    for one in evidence.results:
        if one.method == "dmarc" and one.result == "fail" and one.enforced and evidence.is_about(one):
            return f"the trusted mail server says that DMARC of {evidence.domain} failed"
    return None


def _trusted_pass(evidence: Evidence) -> Found:
    for one in evidence.results:
        if one.result == "pass" and _TRUSTED_FITS[one.method](evidence, one.domain):
            return (
                f"the trusted mail server says that {one.method.upper()} of {one.domain} passed and fits From"
            )
    return None


_TRUSTED_FITS: Mapping[str, Callable[[Evidence, str], bool]] = {
    "dmarc": lambda evidence, domain: evidence.fits_dmarc(domain),
    "dkim": lambda evidence, domain: evidence.fits_dkim(domain),
    "spf": lambda evidence, domain: not evidence.ambiguous and evidence.fits_spf(domain),
}


def _dkim(evidence: Evidence) -> Found:
    for one in evidence.signatures:
        if one.result == "pass" and evidence.fits_dkim(one.domain):
            return f"DKIM of {one.domain} passed and fits From"
    return None


def _spf(evidence: Evidence) -> Found:
    passed = None if evidence.ambiguous else _spf_passed(evidence)
    return f"SPF of {passed} passed and fits From" if passed else None


def _spf_passed(evidence: Evidence) -> str | None:
    """The domain of an envelope that SPF passed for, and that fits From: asked by ourselves or a trusted server."""
    asked = [one.domain for one in evidence.spf or () if one.result == "pass"]
    said = [one.domain for one in evidence.results if (one.method, one.result) == ("spf", "pass")]
    return next(filter(evidence.fits_spf, (*asked, *said)), None)


def _dmarc_fail(evidence: Evidence) -> Found:
    policy = evidence.policy
    if policy is None or not policy.enforced or not evidence.spf_is_known or evidence.unanswered:
        return None
    if _spf_passed(evidence):
        return None
    author, why = evidence.domain, _why_unsigned(evidence)
    return f"DMARC of {author} failed: the domain wants SPF or DKIM to fit From, and neither did: {why}"


def _why_unsigned(evidence: Evidence) -> str:
    """Why no signature passed that speaks for From."""
    if evidence.ambiguous:
        return evidence.ambiguous
    own = next((one.why for one in evidence.signatures if evidence.fits_dkim(one.domain)), None)
    return own or ("only other domains signed it" if evidence.signatures else "nobody signed it")


def _unanswered(evidence: Evidence) -> Found:
    return "the DNS did not answer" if evidence.unanswered else None


def _nothing_fits(evidence: Evidence) -> Found:
    if any(one.result == "pass" for one in evidence.signatures):
        return "only signatures of other domains than From passed"
    for one in evidence.signatures:
        if evidence.fits_dkim(one.domain):
            return f"DKIM of {one.domain} failed: {one.why}"
    return "neither SPF nor DKIM of the domain in From passed"


RULES: Sequence[tuple[str, str, Callable[[Evidence], Found]]] = (
    ("no_author", UNKNOWN, _no_author),
    ("results", FAILED, _trusted_fail),
    ("results", VERIFIED, _trusted_pass),
    ("dkim", VERIFIED, _dkim),
    ("spf", VERIFIED, _spf),
    ("dmarc", FAILED, _dmarc_fail),
    ("unanswered", UNKNOWN, _unanswered),
    ("ambiguous", UNKNOWN, _ambiguous),
    ("nothing", UNKNOWN, _nothing_fits),
)
"""By what, the verdict, and when. A DMARC failure is the absence of every pass that fits, where a policy asks for one:
so it stands behind the passes, but for one that a trusted server found."""


def judge(evidence: Evidence) -> Judgement:
    """The verdict over what was found."""
    for by, trust, rule in RULES:
        summary = rule(evidence)
        if summary is not None:
            return Judgement(trust, by, summary, to_json(evidence))
    raise AssertionError("the last rule always fits")


def to_json(evidence: Evidence) -> dict[str, Any]:
    """The evidence as the receipt keeps it."""
    policy = evidence.policy
    told: dict[str, Any] = {
        "from": evidence.domain or None,
        "dkim": [
            {"domain": one.domain[:255], "selector": one.selector[:255], "result": one.result, "why": one.why}
            for one in evidence.signatures
        ],
        "spf": None
        if evidence.spf is None
        else [{"domain": s.domain[:255], "result": s.result} for s in evidence.spf],
        "dmarc": None if policy is None else {"domain": policy.published_by, "policy": policy.wanted},
    }
    if evidence.results:
        told["authentication_results"] = [
            {"method": one.method, "result": one.result, "domain": one.domain[:255]}
            for one in evidence.results[:20]
        ]
    return told
