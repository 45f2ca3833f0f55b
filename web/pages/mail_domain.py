"""The account's mail domain for admins: the DNS records to copy, each with what the DNS says just now.

The check is the services' (`check_mail_domain`) and takes five seconds at worst; it runs outside any transaction.
"""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from store.accounts import get_account
from web.pages import words
from web.pages.route import Answer, Show, Visit
from web.pages.words import Words

_SELECTOR = re.compile(r"[a-zA-Z0-9_](?:[a-zA-Z0-9._-]{0,61}[a-zA-Z0-9_])?")
STATES: Words = {
    "found": _("found"),
    "differs": _("differs"),
    "missing": _("missing"),
    "unanswered": _("no answer in time"),
    "off": _("not checked"),
}
BADGES = {"found": "delivered", "differs": "held", "missing": "failed", "unanswered": "held", "off": "plain"}
TITLES: Words = {
    "mx": _("MX: where mail for the domain goes"),
    "address": _("Address of the mail server"),
    "spf": _("SPF: who may send in the domain's name"),
    "dkim": _("DKIM: the key that sent mail is signed with"),
    "dmarc": _("DMARC: what becomes of mail that proves nothing"),
}
HELP: Words = {
    "mx": _(
        "It names the machine that leadgate's listener runs on, or a mail server that passes mail on to it."
    ),
    "address": _("An A or AAAA record with the public address of that machine. Only you know it."),
    "spf": _(
        "If notifications go out through a smarthost, add what it asks for before -all: include:spf.example.net, say."
    ),
    "dkim": _(
        "Your smarthost signs what it sends. It shows the record to copy and the selector to check here."
    ),
    "dmarc": _("Begin with p=none if you are not sure that everything you send is signed."),
}
FIXES: Words = {
    "found": _("Nothing to do."),
    "differs": _("What is there says something else. Change it, or leave it if you know why."),
    "missing": _("Add the record where your domain's DNS is kept; it may take an hour to be seen."),
    "unanswered": _("The DNS did not answer; reload the page to ask again."),
    "off": _("leadgate asks no DNS here (LEADGATE_DNS=off)."),
}


def mail_domain(visit: Visit) -> Answer:
    """The records, each checked now."""
    with visit.services.database.read() as connection:
        domain = get_account(connection, visit.viewer.scope).domain
    selector = visit.asked("selector", 70)
    selector = selector if _SELECTOR.fullmatch(selector) else ""
    found = [_told(one) for one in visit.services.check_mail_domain(domain, selector)]
    context = {
        "domain": domain,
        "hostname": visit.services.hostname,
        "selector": selector,
        "records": found,
        "off": any(one["state"] == "off" for one in found),
        "without_name": not any(one["kind"] == "address" for one in found),
    }
    return Show("mail_domain.html", context)


def _told(one: Mapping[str, Any]) -> dict[str, Any]:
    kind, state = one["kind"], one["state"]
    return {
        **one,
        "title": words.of(TITLES, kind),
        "help": words.of(HELP, kind),
        "badge": BADGES[state],
        "told": words.of(STATES, state),
        "fix": words.of(FIXES, state),
    }
