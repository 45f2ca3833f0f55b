"""How a source fares, told to a person: a badge, what it says, and what mends it.

Judged by the last message and the last look that succeeded, not by a switch that stands on "on".
"""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from store.inbound_list import Address
from store.mailbox_views import Mailbox
from store.source_health import Health
from web.pages import mailbox_words, words
from web.pages.words import Words

KINDS: Words = {
    "leads": _("for leads"),
    "bcc": _("in BCC, for everybody"),
    "personal": _("a user's own"),
    "partner": _("of a partner"),
    "form": _("of a form"),
    "by_recipient": _("as its address says"),
}
STAGES: Words = {
    "dns": _("Name of the server"),
    "tcp": _("Connection"),
    "tls": _("Encryption"),
    "login": _("Log-in"),
    "folder": _("Folder"),
    "read": _("Reading"),
    "write": _("What is done with mail that was read"),
    "store": _("Storing"),
    "senders": _("Who checks senders"),
}
OF_STAGE: Words = {
    # of a fault that was kept before faults had codes
    "dns": mailbox_words.FAULTS["unknown_host"],
    "tcp": mailbox_words.FAULTS["no_answer"],
    "tls": mailbox_words.FAULTS["no_tls"],
    "login": mailbox_words.FAULTS["password_refused"],
    "folder": mailbox_words.FAULTS["folder_refused"],
    "read": mailbox_words.FAULTS["broken"],
    "write": mailbox_words.FAULTS["write_refused"],
    "store": mailbox_words.FAULTS["not_stored"],
}
TLS: Words = {
    "tls": _("TLS from the beginning (port 993)"),
    "starttls": _("STARTTLS (port 143)"),
    "none": _("None (port 143)"),
}
AFTER: Words = {
    "leave": _("Leave it as it is"),
    "seen": _("Mark it as read"),
    "move": _("Move it to another folder"),
    "delete": _("Delete it"),
}
SINCE: Words = {
    "": _("Only mail that comes from now on"),
    "7": _("Also that of the last 7 days"),
    "30": _("Also that of the last 30 days"),
    "365": _("Also that of the last year"),
    "3650": _("Everything that is there"),
}


@dataclass(frozen=True, slots=True)
class State:
    """`badge`: delivered held failed plain; `fix`: what to do, "" for nothing."""

    badge: str
    text: str
    fix: str = ""


def of_address(address: Address, health: Health) -> State:
    """The state of an inbound address, or of the form or partner that it is of."""
    if not address.enabled:
        return State("plain", gettext("switched off"), gettext("Mail to it is refused."))
    if address.accepted_until is not None:
        return State("plain", gettext("replaced"), gettext("Mail to it is held for you to decide."))
    if address.exposed_at is not None:
        fix = gettext("Strangers know it, so it proves nothing any more. Replace it.")
        return State("held", gettext("known to strangers"), fix)
    return of_health(health)


def of_health(health: Health) -> State:
    """The state of a source that is on."""
    if health.silent_since is not None:
        fix = gettext(
            "Look whether the sender still sends there, and whether a rule or filter in between keeps it."
        )
        if health.silent_after is not None:
            usual = span(health.silent_after)
            fix = gettext("By its own rhythm something comes within %(span)s.", span=usual) + " " + fix
        return State("held", gettext("silent"), fix)
    if health.last_message is None:
        return State("plain", gettext("nothing came yet"))
    return State("delivered", gettext("receives"))


def of_mailbox(mailbox: Mailbox, health: Health) -> State:
    """The state of a mailbox: that it is read, then that something comes."""
    if not mailbox.enabled:
        return State("plain", gettext("switched off"), gettext("It is not read."))
    if mailbox.health.error is not None:
        stage = mailbox.health.error_stage or "read"
        read = stage == "write"
        return State(
            "held" if read else "failed",
            gettext("is read, with a fault") if read else gettext("cannot be read"),
            fault(mailbox.health.error_code, stage),
        )
    if mailbox.health.last_poll is None:
        return State("plain", gettext("not read yet"))
    state = of_health(health)
    return state if state.badge == "held" else State("delivered", gettext("is read"))


def fault(code: str | None, stage: str) -> str:
    """What is wrong with a mailbox and what mends it."""
    known = mailbox_words.FAULTS.get(code or "")
    return str(words.of(OF_STAGE, stage) if known is None else known)


def span(time: timedelta) -> str:
    """A length of time as people say it: in days from two on, in hours, in minutes."""
    if time < timedelta(minutes=1):
        return str(gettext("less than a minute"))
    minutes = round(time.total_seconds() / 60)
    if minutes >= 2 * 24 * 60:
        return str(ngettext("%(num)s day", "%(num)s days", round(minutes / 1440)))
    if minutes >= 60:
        return str(ngettext("%(num)s hour", "%(num)s hours", round(minutes / 60)))
    return str(ngettext("%(num)s minute", "%(num)s minutes", minutes))
