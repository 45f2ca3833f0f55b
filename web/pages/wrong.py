"""What went wrong, told to a person: by status, by the place of a value, and the store's own sentences translated.

The store and the API speak English. On a page of another language a sentence of theirs is shown only where a
translation stands here; otherwise the kind of problem has to do.
"""

import re
from collections.abc import Iterable

from flask_babel import lazy_gettext as _

from store.passwords import SHORTEST
from web import translating
from web.pages.words import Words
from web.problems import Problem

PROBLEMS: Words = {
    "400": _("This request cannot be understood."),
    "403": _("You may not do this."),
    "404": _("There is nothing here, or nothing that you may see."),
    "405": _("This cannot be done here."),
    "409": _(
        "Something has changed meanwhile, or the state does not allow it. Reload the page and try again."
    ),
    "413": _("This is larger than allowed here."),
    "422": _("A value cannot be taken. Please correct it."),
    "429": _("Too many attempts; wait a little."),
    "503": _("This cannot be done just now; try again."),
}
_UNFORESEEN = _("Something went wrong on our side. What you entered may not be saved.")

PLACES: Words = {
    "bcc_unmatched": _("BCC to somebody without a lead: please choose one of the two."),
    "closed_to": _("Closed leads: this user is not there any more."),
    "edition": _("Edition: there is none of this name."),
    "allowed_senders": _("Allowed senders: one address per line, or *@ and a domain."),
    "blocked_senders": _("Blocked senders: one address per line, or *@ and a domain."),
    "confirmation.locale": _("Language: please choose one of the list."),
    "confirmation.subject": _("Subject: one line of at most 200 characters."),
    "confirmation.text": _("Text: at most 10,000 characters."),
    "forwarders": _("Forwarders: one address, network such as 192.0.2.0/28, or domain per line."),
    "internal_domains": _("Domains of your own: one name per line, such as example.com."),
    "locale": _("Language: please choose one of the list."),
    "from_address": _("From: this is not an e-mail address."),
    "from_name": _("From: one line of at most 300 characters."),
    "host": _("Host: the name of a mail server, such as mail.example.com, that may be reached."),
    "port": _("Port: a number from 1 to 65535."),
    "username": _("User name: it goes with a password."),
    "leads_to": _("Open leads: please choose who gets them."),
    "managers": _("Team managers: one of these users is not there any more."),
    "members": _("Members: one of these users is not there any more."),
    "never_log": _("Never log: one address per line, or *@ and a domain."),
    "teams_enabled": _("Teams: they exist in the expert edition only."),
    "timezone": _("Time zone: please choose one of the list."),
    "users_assign": _("Giving leads to colleagues: yes or no."),
    "visibility": _("Users see: by team needs teams, which are switched off."),
    "account": _("Short name of the account: letters, digits and hyphens."),
    "action": _("Decision: this cannot be done with this message."),
    "amount": _("Amount: not a number, or too large."),
    "contacts.emails": _("E-mail of the contact: this is not an e-mail address."),
    "current": _("Your present password: this is not it."),
    "domain": _("Mail domain: a name with a dot, such as acme.in.example.com."),
    "email": _("E-mail address: this is not an e-mail address."),
    "events": _("Events: not an event type or pattern such as lead.*."),
    "level": _("Level: admin or user."),
    "lead": _("Number of a lead: there is no such lead, or you do not see it."),
    "next_action_at": _("Next action: this is not a date and time."),
    "name": _("Name: it must not be empty, and at most 300 characters."),
    "contacts.name": _("Name of the contact: at most 300 characters."),
    "contacts.phones": _("Phone of the contact: at most 300 characters."),
    "contacts": _("Contact: name, e-mail address or phone."),
    "owner_id": _("Owner: this user is not there any more."),
    "lead_id": _("Number of a lead: there is no such lead, or you do not see it."),
    "user_id": _("Owner: this user is not there any more."),
    "pipeline": _("Sales step: there is none of this name."),
    "status": _("Status: this is none of the five."),
    "password": _("Password: at least %(number)s characters.", number=SHORTEST),
    "since": _("Since when: this is not a date and time."),
    "step": _("Sales step: there is none of this name."),
    "tags": _("Tags: at most 100, each of at most 100 characters."),
    "text": _("Comment: it must not be empty, and at most 100,000 characters."),
    "title": _("Title: it must not be empty, and at most 1,000 characters."),
    "local_part": _("Address: letters a to z, digits, and full stops, hyphens and underscores between them."),
    "origins": _("Sites: one per line, such as https://www.example.com."),
    "redirect": _("Page afterwards: a whole address that begins with https://."),
    "senders": _("Senders: whole addresses, or *@ and a domain of the partner's own."),
    "team_id": _("Team: it is not there any more."),
    "mailbox": _("This folder of this mailbox is read already."),
    "mailbox.address": _("Address of the mailbox: this is not an e-mail address."),
    "mailbox.authserv_hops": _("Lines above it: a number from 0 to 5."),
    "mailbox.authserv_id": _("Name under which the provider checks senders: one word, without blanks."),
    "mailbox.folder": _("Folder: one line."),
    "mailbox.host": _("Server: its name, in a place where leadgate may go."),
    "mailbox.move_to": _("Folder to move to: another one than the folder that is read."),
    "mailbox.name": _("Name: at most 300 characters."),
    "mailbox.password": _("Password: please enter it; for another server or user name, enter it again."),
    "mailbox.port": _("Port: a number from 1 to 65535."),
    "mailbox.username": _("User name: it must not be empty."),
    "to": _("As mail to: this is no address of yours that takes mail."),
    "url": _("URL: leadgate may not send there, or it is no address of the web."),
}
TAKEN: Words = {
    "account": _("Short name of the account: there is one of this name already."),
    "domain": _("Mail domain: another account has it already."),
    "email": _("E-mail address: it is a user's already."),
    "local_part": _("Address: there is one of this name already, or it has another purpose."),
    "mailbox": _("This folder of this mailbox is read already."),
    "name": _("Name: there is a team of this name already."),
}
SENTENCES: Words = {
    "This host is not served here.": _(
        "leadgate is not to be opened under this name. Whoever runs it names the right one in LEADGATE_PUBLIC_URL."
    ),
    "no listener is alive: mail is not accepted": _("No listener is alive: mail is not accepted."),
    "no worker is alive: mail is accepted, but at best the scheduler processes it, late": _(
        "No worker is alive: mail is accepted, but at best the scheduler processes it, late."
    ),
    "The solo edition has one user; choose essentials or expert for more.": _(
        "The solo edition has one user; choose essentials or expert for more."
    ),
    "The solo edition has one user; remove the others first.": _(
        "The solo edition has one user; remove the others first."
    ),
    "The last admin cannot be removed or demoted.": _("The last admin cannot be removed or demoted."),
    "Teams are switched off in the account's settings.": _(
        "Teams are switched off in the account's settings."
    ),
    "the mail is not good any more: what it says has ended": _(
        "This mail is not good any more: what it says has ended."
    ),
    "the webhook is disabled; enable it first": _("the webhook is disabled; enable it first"),
    "the message is being processed right now": _("the message is being processed right now"),
    "the message cannot be read; what was read before stays": _(
        "the message cannot be read; what was read before stays"
    ),
    "the message cannot be read, so it cannot become part of a lead": _(
        "the message cannot be read, so it cannot become part of a lead"
    ),
    "You see this lead, but only its owner, a manager of its owner and admins change it.": _(
        "You see this lead, but only its owner, a manager of its owner and admins change it."
    ),
    "the message does not ask whether its sender is a user": _(
        "The message does not ask any more whether its sender is one of you."
    ),
    "no mail can be sent to this address; an admin may say that it is yours": _(
        "No mail can be sent to this address; an admin may say that it is yours."
    ),
    "this address is another user's already": _("This address is another user's already."),
    "the message is not held any more": _("The message is not held any more: somebody has decided already."),
    "an account blocks at most 5000 senders": _(
        "An account blocks at most 5,000 senders: take some off the list."
    ),
    "the message is not among the spam any more": _("The message is not among the spam any more."),
    "You may not give this lead to that user.": _("You may not give this lead to that user."),
    "This message is for its user, their managers and admins to decide about.": _(
        "This message is for its user, their managers and admins to decide about."
    ),
    "The raw message is for admins and the user it acts for.": _(
        "The raw message is for admins and the user it acts for."
    ),
}


def problem(status: int) -> str:
    """What a status means for a person."""
    return str(PROBLEMS.get(str(status), _UNFORESEEN))


def plain(name: str) -> str:
    """A place without the numbers within it: contacts[0].emails[1] is contacts.emails."""
    return re.sub(r"\[\d+\]|\.\d+", "", name)


def place(name: str, *, taken: bool = False) -> str:
    """What is asked for at a place that holds something else; the name itself where no words are known.

    `taken`: the value would do, but something else has it.
    """
    known = plain(name)
    return str((TAKEN if taken else {}).get(known) or PLACES.get(known, name))


def details(found: Problem) -> list[str]:
    """The sentences below the heading of an error's page."""
    if found.errors:
        return [place(error["place"], taken=found.status == 409) for error in found.errors]
    known = found.reference or found.translated or found.status in (404, 405)  # its heading says it all
    return [] if known else sentences([found.detail])


def sentences(given: Iterable[str]) -> list[str]:
    """Those of the store's sentences that can be told in the page's language."""
    english = translating.language() == "en"
    return [str(SENTENCES.get(each, each)) for each in given if each and (english or each in SENTENCES)]
