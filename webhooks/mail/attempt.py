"""The stages of a connection as a test, up to the sender: for who sets a server up. Nothing is sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from store.smarthosts import Smarthost
from webhooks.exceptions import CannotReach
from webhooks.mail.faults import FIXES
from webhooks.mail.options import MailOptions
from webhooks.mail.session import STAGES, Session, policy_for

NAMES = ("dns", "tcp", "tls", "login", "sender")


@dataclass(frozen=True, slots=True)
class StageResult:
    """How a stage ended. `ok` is None for one that was not reached; `code` is one of `faults.FIXES`.

    `detail` of a stage that went well is in no language: an address, a protocol, a name.
    """

    stage: str
    ok: bool | None
    detail: str
    code: str | None = None

    @property
    def fix(self) -> str:
        """What helps, "" where nothing is wrong."""
        return FIXES[self.code] if self.code else ""

    def to_json(self) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "stage": self.stage,
            "ok": self.ok,
            "detail": self.detail,
            "code": self.code,
            "fix": self.fix or None,
        }


def try_stages(smarthost: Smarthost, options: MailOptions, sender: str) -> Sequence[StageResult]:
    """Every stage with how it ended, up to the first that failed. `sender`: whom mail would come from. Never raises."""
    session = Session(smarthost, options, policy_for(smarthost, options))
    results: list[StageResult] = []
    stages: tuple[tuple[str, Callable[[Session], str]], ...] = (
        *STAGES,
        ("sender", lambda opened: opened.offer(sender)),
    )
    try:
        for stage, take in stages:
            try:
                warns = "not_encrypted" if (stage, smarthost.tls) == ("tls", "none") else None
                results.append(StageResult(stage, True, take(session), warns))
            except CannotReach as fault:
                results.append(StageResult(stage, False, fault.sentence, fault.code))
                break
    finally:
        session.close()
    return results + [StageResult(name, None, "not reached") for name in NAMES[len(results) :]]
