"""A receipt's trail as sentences: what each step found, in the reader's language.

Ingestion writes a step, a result and a detail, in words of its own (`ingest.prepare.line`). The tables here say what
a pair of step and result means to a person; `%(detail)s` is where the detail stands. A pair that is not listed is
shown as it was written, so nothing of the evidence is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from store.reasons import REASONS
from store.reasons import sentence as told_reason
from web import translating
from web.pages import words
from web.pages.trust_words import of_trust
from web.pages.words import Words

DOORS: Words = {
    "smtp": _("by SMTP"),
    "lmtp": _("by LMTP"),
    "imap": _("from a mailbox"),
    "pipe": _("by the mail server's pipe"),
    "api": _("from a program or a test"),
    "upload": _("by upload"),
    "form": _("from a form"),
}
KINDS: Words = {
    "leads": _("the address for leads"),
    "personal": _("a user's own address"),
    "bcc": _("the BCC address"),
    "lead": _("a lead's own address"),
    "partner": _("a partner's address"),
    "form": _("a form's address"),
    "bounce": _("the address for bounces"),
    "postmaster": _("postmaster"),
}
AUTOMATIC: Words = {
    "no": _("Nothing says that a machine wrote it."),
    "bounce": _("It reports that a mail could not be delivered."),
    "auto-reply": _("It is an automatic reply."),
    "auto-generated": _("A machine wrote it."),
    "list": _("It came through a mailing list."),
    "bulk": _("It is a mass mailing."),
    "delivery-notice": _("It is a notice about a delivery."),
    "feedback-report": _("It is a complaint report of a mail provider."),
}
TRUST: Words = {
    "verified": _("It is certain who sent it."),
    "unknown": _("It is not certain who sent it."),
    "failed": _("The sender failed the check: it may be forged."),
}
NO_EFFECT: Words = {
    "automatic mail of nobody known": _("Nothing was changed: nobody known wrote it."),
    "its conversation is ignored": _("Nothing was changed: its conversation is ignored."),
}
BESIDE: Words = {
    "; without a lead: ": _("; without a lead: "),
    "; perhaps also ": _("; perhaps also "),
}
RESULTS: Mapping[tuple[str, str], Any] = {
    ("parse", "ok"): _("It could be read without problems."),
    ("parse", "problems"): _("It could be read, with problems: %(detail)s."),
    ("identify", "sender"): _("The sender is %(detail)s."),
    ("identify", "acts as a user"): _("It comes from a user: %(detail)s."),
    ("identify", "acts as a user, unproven"): _(
        "It is taken for a user's, %(detail)s: the address it came to accepts users without proof."
    ),
    ("read", "incoming"): _("It is incoming mail from %(detail)s."),
    ("read", "outgoing"): _("It is outgoing mail to %(detail)s."),
    ("read", "forward"): _("It is a forward; it is about %(detail)s."),
    ("confirm", "queued"): _("A confirmation goes to the visitor."),
    ("confirm", "had_one"): _("No confirmation: this address had one within a day."),
    ("confirm", "machine"): _("No confirmation: a machine reads at this address."),
    ("confirm", "no_address"): _("No confirmation: there is no address of somebody outside."),
    ("confirm", "late"): _("No confirmation: the post is older than a day."),
    ("confirm", "no_smarthost"): _("No confirmation: no mail server is set."),
    ("confirm", "not_an_address"): _("No confirmation: no mail can be sent to this address."),
    ("confirm", "own_address"): _("No confirmation: leadgate itself reads at this address."),
    ("confirm", "over_limit"): _(
        "No confirmation: this address had enough mails of leadgate's within a day."
    ),
    ("spam", "no"): _("Nothing says that it is spam."),
    ("deduplicate", "first"): _("The same mail was not received before."),
    ("deduplicate", "copy"): _("The same mail was received before."),
    ("match", "none"): _("No lead belongs to it."),
    ("match", "contact"): _("The contact is on a lead: %(detail)s."),
    ("match", "same_enquiry"): _("The same enquiry is on a lead: %(detail)s."),
    ("match", "thread"): _("It belongs to a conversation on a lead: %(detail)s."),
    ("match", "lead_address"): _("It names a lead by its address: %(detail)s."),
    ("match", "answered"): _("It answers a mail about a lead: %(detail)s."),
    ("match", "ambiguous"): _("Several leads are possible: %(detail)s."),
    ("effect", "held"): _("A person is to decide."),
    ("effect", "history added"): _("It was added to the history of %(detail)s."),
    ("effect", "lead created"): _("A lead was made."),
    ("events", "written"): _("Events told to rules and webhooks: %(detail)s."),
    ("person", "attach"): _("%(detail)s put it on a lead."),
    ("person", "create"): _("%(detail)s made it a lead."),
    ("person", "ignore"): _("%(detail)s ignored it."),
    ("person", "never_log"): _("%(detail)s put the sender on the list of those never logged."),
    ("person", "spam"): _("%(detail)s marked it as spam."),
    ("person", "not_spam"): _("%(detail)s said that it is no spam."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One step: its name and what it found."""

    name: str
    sentence: str
    more: str = ""


def told(trail: Sequence[Mapping[str, Any]], reasons: Mapping[str, str] | None = None) -> list[Line]:
    """The trail as a reader has it. `reasons`: sentences of those reasons that the receipt tells."""
    return [
        _line(str(each["step"]), str(each["result"]), str(each.get("detail") or ""), reasons or {})
        for each in trail
    ]


def _line(step: str, result: str, detail: str, reasons: Mapping[str, str]) -> Line:
    name = words.of(words.STEPS, step)
    outcome, colon, reason = result.partition(": ")
    if step == "accept":
        return Line(name, gettext("It came %(ways)s.", ways=_ways(detail)))
    if step == "automatic" and result in AUTOMATIC:
        return Line(name, str(AUTOMATIC[result]))
    if step == "trust" and result in TRUST:
        return Line(name, str(TRUST[result]), of_trust(detail))
    if colon and outcome in words.OUTCOMES:
        stopped = gettext("Here it was decided: %(outcome)s.", outcome=words.of(words.OUTCOMES, outcome))
        return Line(name, stopped, reasons.get(reason, detail))
    if step == "effect" and detail in NO_EFFECT:
        return Line(name, str(NO_EFFECT[detail]))
    for english, word in BESIDE.items():
        detail = detail.replace(english, str(word))
    sentence = RESULTS.get((step, result))
    if sentence is None and result in REASONS:
        return Line(name, reasons.get(result) or told_reason(result, None, translating.language()), detail)
    if sentence is None:
        return Line(name, result, detail)
    if "%(detail)s" not in str(sentence):
        return Line(name, str(sentence), "" if step in ("deduplicate", "effect") else detail)
    return Line(name, str(sentence) % {"detail": detail or "–"})


def _ways(detail: str) -> str:
    """Doors and kinds of address, as "smtp to leads, imap to bcc" names them."""
    found = []
    for way in detail.split(", "):
        door, _to, kind = way.partition(" to ")
        via, at = words.of(DOORS, door), words.of(KINDS, kind)
        found.append(gettext("%(door)s to %(kind)s", door=via, kind=at))
    return ", ".join(dict.fromkeys(found))
