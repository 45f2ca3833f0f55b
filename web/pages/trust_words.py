"""Why a sender is trusted or is not, in the reader's language.

`ingest.trust` keeps one sentence of its own, in English, with the message. The tables say what each means; `{names}`
are the places of what differs. What is not listed is shown as it was written.
"""

import re

from flask_babel import lazy_gettext as _

from web.pages import words
from web.pages.words import Words

DETAILS: Words = {
    "SPF, DKIM and DMARC not checked": _("The sender's domain was not asked."),
    "the user's own address wrote to the user's secret address": _(
        "A user wrote from an address of theirs to the one that is theirs alone."
    ),
    "From names nobody": _("From names nobody."),
    "the user answered leadgate's mail to the address that only this user was given": _(
        "A user answered a mail of leadgate's, to the address that only this user was given."
    ),
    "From does not name exactly one address": _("From does not name exactly one address."),
    "only signatures of other domains than From passed": _(
        "Only signatures of other domains than From passed."
    ),
    "neither SPF nor DKIM of the domain in From passed": _(
        "Neither SPF nor DKIM of the domain in From passed."
    ),
    "the DNS did not answer": _("The DNS did not answer."),
    "the check of the sender's domain broke off": _("The check of the sender's domain broke off."),
    "signed in at api": _("It was handed in by a user who was logged in."),
    "signed in at upload": _("It was handed in by a user who was logged in."),
    "a form post: who wrote it is what the visitor says": _("Who wrote it is what the visitor filled in."),
    "signed in at smtp": _("It was sent with a user's password."),
}
SENTENCES: Words = {
    "DKIM of {domain} passed and fits From": _("DKIM of %(domain)s passed and fits From."),
    "SPF of {domain} passed and fits From": _("SPF of %(domain)s passed and fits From."),
    "DMARC of {domain} failed: the domain wants SPF or DKIM to fit From, and neither did: {why}": _(
        "DMARC of %(domain)s failed: the domain wants SPF or DKIM to fit From, and neither did: %(why)s."
    ),
    "DMARC of {domain} failed: the domain wants SPF or DKIM to fit From, and neither did": _(
        "DMARC of %(domain)s failed: the domain wants SPF or DKIM to fit From, and neither did."
    ),
    "DKIM of {domain} failed: {why}": _("DKIM of %(domain)s failed: %(why)s."),
    "nothing is proven by this mail: {why}": _("Nothing is proven by this mail: %(why)s."),
    "the trusted mail server says that DKIM of {domain} passed and fits From": _(
        "The trusted mail server says that DKIM of %(domain)s passed and fits From."
    ),
    "the trusted mail server says that SPF of {domain} passed and fits From": _(
        "The trusted mail server says that SPF of %(domain)s passed and fits From."
    ),
    "the trusted mail server says that DMARC of {domain} passed and fits From": _(
        "The trusted mail server says that DMARC of %(domain)s passed and fits From."
    ),
    "the trusted mail server says that DMARC of {domain} failed": _(
        "The trusted mail server says that DMARC of %(domain)s failed."
    ),
}
"""What `ingest.trust.evidence` says."""
WHYS: Words = {
    "it cannot be read": _("it cannot be read"),
    "the body was changed": _("the text was changed after signing"),
    "it has no {name}=": _("it has no %(name)s="),
    "it is of another version": _("it is of another version"),
    "it covers a part of the body only (l=)": _("it covers a part of the text only (l=)"),
    "its algorithm {name} is not safe or not known": _("its algorithm %(name)s is not safe or not known"),
    "its key is kept where nobody can ask for it": _("its key is kept where nobody can ask for it"),
    "it does not cover {name}": _("it does not cover %(name)s"),
    "it speaks for another domain (i=)": _("it speaks for another domain (i=)"),
    "its end cannot be read (x=)": _("its end cannot be read (x=)"),
    "it had expired (x=)": _("it had expired (x=)"),
    "it ends before it was made (x=, t=)": _("it ends before it was made (x=, t=)"),
    "its form is not known (c=)": _("its form is not known (c=)"),
    "its key is not published": _("its key is not published"),
    "its key is of another version": _("its key is of another version"),
    "its key was withdrawn": _("its key was withdrawn"),
    "its key is in test mode (t=y)": _("its key is in test mode (t=y)"),
    "its key is not for subdomains (t=s)": _("its key is not for subdomains (t=s)"),
    "its key is not for SHA-256 (h=)": _("its key is not for SHA-256 (h=)"),
    "its key is not for mail (s=)": _("its key is not for mail (s=)"),
    "its key is of another kind (k=)": _("its key is of another kind (k=)"),
    "its key cannot be read": _("its key cannot be read"),
    "its key is too small or too large": _("its key is too small or too large"),
    "a covered field was changed, or another key made it": _(
        "a signed line of the header was changed, or another key made it"
    ),
    "it is damaged": _("it is damaged"),
    "its key could not be asked for": _("its key could not be asked for"),
    "nobody signed it": _("nobody signed it"),
    "only other domains signed it": _("only other domains signed it"),
    "it has no From": _("it has no From"),
    "From names authors of several domains": _("From names authors of several domains"),
    "it has no header": _("the mail has no header"),
    "its header is too long": _("its header is too long"),
    "its header has line ends of two kinds": _("its header has line ends of two kinds"),
    "its header begins with a continued line": _("its header begins with a continued line"),
    "its header has a line that is no field": _("its header has a line that is no field"),
    "its field {name} stands twice": _("its field %(name)s stands twice"),
}
"""What `ingest.trust.dkim` and `ingest.trust.fields` say, as `why` in those sentences."""


def of_trust(detail: str) -> str:
    """Why a sender is trusted or is not."""
    return _told(SENTENCES, detail) or words.of(DETAILS, detail)


def _told(table: Words, written: str) -> str | None:
    for template, sentence in table.items():
        found = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(template)), written)
        if found:
            filled = found.groupdict()
            if "why" in filled:
                filled["why"] = _told(WHYS, filled["why"]) or filled["why"]
            return str(sentence) % filled if filled else str(sentence)
    return None
