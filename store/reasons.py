"""Why a message came to its outcome: stable machine reasons and the sentence each one is told with.

A receipt stores the reason and what fills its sentence, never the sentence itself, so that it can be told
in the reader's language and cut to what the reader may see. Ingestion chooses the reason, pages and API
tell it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OUTCOMES = ("lead_created", "history_added", "held", "ignored", "failed")


@dataclass(frozen=True, slots=True)
class Reason:
    """One machine reason. `{names}` in the sentences are filled from the receipt."""

    code: str
    en: str
    de: str


def _table(*rows: tuple[str, str, str]) -> dict[str, Reason]:
    return {code: Reason(code, en, de) for code, en, de in rows}


REASONS: Mapping[str, Reason] = _table(
    # lead_created
    (
        "no_match",
        "No lead of {who} existed, so a new one was made.",
        "Zu {who} gab es keinen Lead, also wurde einer angelegt.",
    ),
    (
        "sender_unconfirmed",
        "The check of {who} failed, but the listed forwarder {forwarder} passed it on: a lead, sender unconfirmed.",
        "Die Prüfung von {who} ist gescheitert, aber sie kam über {forwarder}: ein Lead, „Absender unbestätigt“.",
    ),
    (
        "created_by_person",
        "Somebody decided that this is a new lead.",
        "Jemand hat entschieden, dass dies ein neuer Lead ist.",
    ),
    # history_added
    ("lead_address", "It was sent to the lead's own address.", "Sie ging an die eigene Adresse des Leads."),
    (
        "answered",
        "It answers a mail of leadgate's about this lead, so it is an internal note there.",
        "Sie antwortet auf eine Mail von leadgate zu diesem Lead und ist dort eine interne Notiz.",
    ),
    (
        "thread",
        "It belongs to a conversation that is on the lead.",
        "Sie gehört zu einem Gespräch, das beim Lead steht.",
    ),
    ("contact", "{who} is a contact of the lead.", "{who} ist Kontakt des Leads."),
    (
        "already_known",
        "The forwarded mail was on the lead already; the note was added.",
        "Die weitergeleitete Mail stand schon beim Lead; die Notiz wurde ergänzt.",
    ),
    (
        "same_enquiry",
        "{who} asked the same by the form just before: it came as a post and as the site's mail.",
        "{who} hat dasselbe gerade über das Formular gefragt: Es kam als Eingabe und als Mail der Website.",
    ),
    (
        "bounce_noted",
        "A mail to {who} came back; that is noted on the lead.",
        "Eine Mail an {who} kam zurück; das ist beim Lead vermerkt.",
    ),
    ("attached_by_person", "Somebody put it on this lead.", "Jemand hat sie diesem Lead zugeordnet."),
    # held
    ("ambiguous", "{who} is a contact of several leads.", "{who} ist Kontakt mehrerer Leads."),
    (
        "thread_stranger",
        "It answers a conversation on a lead, but {who} took no part in it.",
        "Sie antwortet auf ein Gespräch bei einem Lead, aber {who} war daran nicht beteiligt.",
    ),
    (
        "not_a_contact",
        "It was sent to a lead's address by {who}, who is no contact of that lead.",
        "Sie ging von {who} an die Adresse eines Leads; dort ist {who} kein Kontakt.",
    ),
    (
        "lead_gone",
        "It was sent to the address of a lead that is not there any more.",
        "Sie ging an die Adresse eines Leads, den es nicht mehr gibt.",
    ),
    (
        "no_contact",
        "It names nobody outside whom a lead could be about.",
        "Sie nennt niemanden von außen, zu dem ein Lead gehören könnte.",
    ),
    (
        "sender_unverified",
        "It says it is from {who}, a user, but that could not be verified.",
        "Als Absender steht {who}, ein Benutzer, aber das ließ sich nicht nachweisen.",
    ),
    (
        "sender_failed",
        "The domain of {who} wants its mail proven, and this one is not: it may be forged.",
        "Die Domain von {who} verlangt einen Nachweis, und dieser Mail fehlt er: Sie kann gefälscht sein.",
    ),
    (
        "auth_from_mismatch",
        "It was sent with a user's password, but with {who} as the sender.",
        "Sie wurde mit dem Passwort eines Benutzers gesendet, aber mit {who} als Absender.",
    ),
    (
        "was_this_you",
        "It came to a personal address from {who}: was this you?",
        "Sie kam von {who} an eine persönliche Adresse: Waren Sie das?",
    ),
    (
        "address_rotated",
        "It came to an address that was replaced.",
        "Sie kam an eine Adresse, die ersetzt wurde.",
    ),
    (
        "unknown_sender",
        "{who} is no user, and no open lead or conversation of {who} is known.",
        "{who} ist kein Benutzer, und zu {who} ist kein offener Lead und kein Gespräch bekannt.",
    ),
    (
        "no_template",
        "No template of this partner fits the message.",
        "Keine Vorlage dieses Partners passt zur Nachricht.",
    ),
    (
        "partner_sender",
        "{who} is not on the list of those who may send leads for the partner {partner}.",
        "{who} steht nicht auf der Liste derer, die für den Partner {partner} Leads senden dürfen.",
    ),
    (
        "several_leads",
        "It brings {number} leads at once; which of them to take, a person has to say.",
        "Sie bringt {number} Leads auf einmal; welche davon gelten, muss ein Mensch sagen.",
    ),
    (
        "forwarding_confirmation",
        "Gmail asks whether mail of {mailbox} may be forwarded here: open its link, or give it the code {code}.",
        "Gmail fragt, ob Mail von {mailbox} hierher kommen darf: Öffnen Sie den Link, oder geben Sie dort {code} ein.",
    ),
    (
        "unmatched",
        "No lead of {who} exists, and this account makes none from such mail.",
        "Zu {who} gibt es keinen Lead, und dieses Konto legt aus solchen Mails keinen an.",
    ),
    (
        "forward_unreadable",
        "It is a forward, but who wrote the original could not be read.",
        "Sie ist eine Weiterleitung, aber wer das Original schrieb, war nicht zu lesen.",
    ),
    ("postmaster", "It was sent to postmaster or abuse.", "Sie ging an postmaster oder abuse."),
    (
        "no_bounce",
        "It was sent by {who} to an address for bounces, and is none.",
        "Sie ging von {who} an eine Adresse für Unzustellbares und ist keine solche Meldung.",
    ),
    (
        "over_limit",
        "It is beyond what can be read safely: {detail}.",
        "Sie überschreitet, was sicher gelesen werden kann: {detail}.",
    ),
    # ignored
    (
        "duplicate",
        "The same mail was received before by another way.",
        "Dieselbe Mail kam schon auf anderem Weg an.",
    ),
    ("internal", "It is mail among colleagues.", "Es ist Mail unter Kollegen."),
    (
        "never_log",
        "{who} is on the list of addresses that are never logged.",
        "{who} steht auf der Liste der Adressen, die nie erfasst werden.",
    ),
    ("auto_reply", "It is an automatic reply.", "Es ist eine automatische Antwort."),
    ("auto_generated", "It was written by a machine.", "Sie wurde von einem Automaten geschrieben."),
    (
        "list",
        "It is mail of a mailing list or newsletter.",
        "Es ist Mail einer Mailingliste oder ein Newsletter.",
    ),
    (
        "bounce",
        "It is a bounce of a mail that is not known here.",
        "Sie meldet eine Mail als unzustellbar, die hier nicht bekannt ist.",
    ),
    (
        "own_mail_bounced",
        "A mail of leadgate's own to {who} came back.",
        "Eine Mail von leadgate selbst an {who} kam zurück.",
    ),
    ("loop", "It is mail that leadgate itself sent.", "Es ist Mail, die leadgate selbst gesendet hat."),
    ("spam", "It is spam: {sign}", "Es ist Spam: {sign}"),
    ("ignored_by_person", "Somebody decided to ignore it.", "Jemand hat entschieden, sie zu ignorieren."),
    (
        "ignored_thread",
        "Somebody decided to ignore this conversation.",
        "Jemand hat entschieden, dieses Gespräch zu ignorieren.",
    ),
    # failed
    ("stopped_the_worker", "It stopped the worker 5 times.", "Sie hat den Verarbeiter 5-mal angehalten."),
    (
        "parse_timeout",
        "It could not be read within 10 seconds.",
        "Sie ließ sich nicht innerhalb von 10 Sekunden lesen.",
    ),
    ("parse_crash", "Reading it failed: {detail}.", "Das Lesen ist gescheitert: {detail}."),
    (
        "internal_error",
        "Processing it failed 5 times: {detail}.",
        "Die Verarbeitung ist 5-mal gescheitert: {detail}.",
    ),
    ("raw_missing", "The bytes of the message are gone.", "Die Bytes der Nachricht sind nicht mehr da."),
)


SPAM_SIGNS: Mapping[str, tuple[str, str]] = {
    "person": ("somebody marked it as such.", "jemand hat sie so markiert."),
    "honeypot": (
        "a field that people do not see was filled in.",
        "ein Feld, das Menschen nicht sehen, war ausgefüllt.",
    ),
    "junk_folder": (
        "the mailbox's provider put it into the folder for spam.",
        "der Anbieter des Postfachs hat sie in den Spam-Ordner gelegt.",
    ),
    "blocked_sender": (
        "its sender is on the list of blocked senders.",
        "der Absender steht auf der Liste der gesperrten Absender.",
    ),
    "too_fast": (
        "the form was sent faster than anybody fills it in.",
        "das Formular war schneller abgeschickt, als jemand es ausfüllen kann.",
    ),
    "link_as_name": ("a link stands where the name belongs.", "wo der Name hingehört, steht ein Link."),
    "markup": (
        "it has links in the markup of web forums.",
        "es enthält Links in der Auszeichnung von Webforen.",
    ),
    "links": ("it has more links than an enquiry has.", "es enthält mehr Links als eine Anfrage."),
}
"""What gave spam away, by `why` in the receipt's data; without one a person did."""


WAITS_FOR_DNS = "waits_for_dns"
"""In the data of a message that is pending, because its sender's domain could not be asked yet."""
PENDING: Mapping[tuple[str, bool], str] = {
    ("", False): "The message is being processed.",
    ("", True): "Die Nachricht wird gerade verarbeitet.",
    (
        WAITS_FOR_DNS,
        False,
    ): "The name servers of the sender's domain do not answer; 10 minutes after it came it is read without them.",
    (
        WAITS_FOR_DNS,
        True,
    ): "Die Nameserver der Absenderdomain antworten nicht; 10 Minuten nach Eingang wird sie ohne sie gelesen.",
}


class _Blanks(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence(code: str | None, data: Mapping[str, Any] | None, locale: str = "en") -> str:
    """The plain sentence of a receipt; what may not be shown is left out of `data` and told as "…"."""
    if code is None:
        return PENDING[WAITS_FOR_DNS if data and WAITS_FOR_DNS in data else "", locale.startswith("de")]
    reason = REASONS[code]
    german = locale.startswith("de")
    filled = dict(data or {})
    if code == "spam":
        filled["sign"] = SPAM_SIGNS[filled.get("why", "person")][german]
    return (reason.de if german else reason.en).format_map(_Blanks(filled))
