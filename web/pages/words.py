"""The names of outcomes, states, steps and notices, as people read them. Looked up with `words.of(table, code)`."""

from collections.abc import Iterable, Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from web.pages.mail_words import FIXES as MAIL_FIXES
from web.pages.mail_words import STAGES as MAIL_STAGES

Words = Mapping[str, LazyString]
__all__ = ["MAIL_FIXES", "MAIL_STAGES"]  # for templates, beside what stands here

OUTCOMES: Words = {
    "pending": _("Being processed"),
    "lead_created": _("Lead created"),
    "history_added": _("Added to a lead"),
    "held": _("Held"),
    "ignored": _("Ignored"),
    "failed": _("Failed"),
}
TABS: Words = {
    "attention": _("Needs attention"),
    "processed": _("Processed"),
    "ignored": _("Ignored"),
    "spam": _("Spam"),
    "failed": _("Failed"),
}
STATUSES: Words = {
    "todo": _("To do"),
    "standby": _("Standby"),
    "won": _("Won"),
    "lost": _("Lost"),
    "cancelled": _("Cancelled"),
}
ENTRIES: Words = {
    "email": _("E-mail"),
    "comment": _("Comment"),
    "form": _("Form post"),
    "bounce": _("Bounce"),
    "change": _("Change"),
    "rule": _("Rule"),
}
DIRECTIONS: Words = {"in": _("incoming"), "out": _("outgoing")}
STEPS: Words = {
    "accept": _("Accepted"),
    "deduplicate": _("Seen before?"),
    "parse": _("Mail opened"),
    "automatic": _("Automatic mail?"),
    "trust": _("Sender checked"),
    "identify": _("People identified"),
    "read": _("Understood"),
    "spam": _("Spam?"),
    "match": _("Lead searched"),
    "effect": _("Result"),
    "confirm": _("Confirmation"),
    "events": _("Events"),
    "person": _("Decided by a person"),
}
TRUST: Words = {"verified": _("verified"), "unknown": _("not verified"), "failed": _("failed the check")}
VALUES: Words = {
    "status": _("Status"),
    "step": _("Sales step"),
    "title": _("Title"),
    "owner": _("Owner"),
    "tags": _("Tags"),
    "amount": _("Amount"),
    "currency": _("Currency"),
    "probability": _("Probability"),
    "starred": _("Starred"),
    "sender_unconfirmed": _("Sender unconfirmed"),
    "next_action_at": _("Next action"),
    "contacts": _("Contacts"),
    "entry": _("Entry"),
    "not_a_lead": _("Not a lead"),
    "blocked": _("Blocked senders"),
    "trashed": _("In the trash"),
    "outcome": _("Outcome"),
    "reason": _("Reason"),
    "trust": _("Sender"),
    "direction": _("Direction"),
    "subject": _("Subject"),
    "sender_address": _("Sender's address"),
    "lead_ids": _("Leads"),
    "from": _("From"),
    "to": _("To"),
    "cc": _("Cc"),
    "text": _("Text"),
    "reply": _("New text"),
    "signature": _("Signature"),
    "forwarded": _("Forwarded mail"),
    "automatic": _("Automatic mail?"),
    "fields": _("Fields read"),
    "attachments": _("Attachments"),
    "problems": _("Problems while reading"),
    "name": _("Name"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "company": _("Company"),
    "message": _("Message"),
    "url": _("Website"),
    "city": _("City"),
    "postcode": _("Postcode"),
    "country": _("Country"),
}
DELIVERIES: Words = {
    "pending": _("Waiting"),
    "delivered": _("Delivered"),
    "failing": _("Failing, will be tried again"),
    "exhausted": _("Given up"),
}
ATTEMPTS: Words = {
    "url_refused": _("leadgate may not call this URL"),
    "destination_refused": _("this address is not a public one, and is not allowed"),
    "dns_failed": _("the host's name is not known"),
    "connect_failed": _("no connection"),
    "tls_failed": _("the certificate or encryption was not acceptable"),
    "timed_out": _("no answer in time"),
    "disconnected": _("hung up before answering"),
    "bad_answer": _("the answer was not HTTP"),
    "redirected": _("redirects are not followed"),
    "gone": _("gone for good"),
    "not_2xx": _("no success"),
    "our_fault": _("leadgate could not send it"),
}
DISABLED: Words = {
    "gone": _("The receiver answered 410 Gone"),
    "failing_for_five_days": _("It failed for five days"),
    "switched_off": _("Switched off"),
}
ENCRYPTIONS: Words = {"starttls": _("STARTTLS"), "tls": _("TLS"), "none": _("none")}
RETURN_PATHS: Words = {"bounce": _("leadgate"), "from": _("the From address")}
MAILS: Words = {
    "pending": _("Waiting"),
    "sent": _("Sent"),
    "failing": _("Failing, will be tried again"),
    "exhausted": _("Given up"),
    "bounced": _("Came back"),
}
ROLES: Words = {
    "smtp": _("Mail listener"),
    "web": _("Pages and API"),
    "worker": _("Worker"),
    "sender": _("Webhook sender"),
    "imap": _("Mailbox reader"),
    "scheduler": _("Scheduler"),
}
QUEUES: Words = {
    "messages": _("Messages to process"),
    "events": _("Events to automate"),
    "deliveries": _("Webhooks to deliver"),
    "mails": _("Mails to send"),
}
NOTICES: Words = {
    "welcome": _("Welcome. Your account is ready for its first lead."),
    "saved": _("Saved."),
    "password_changed": _("The password is changed. Every other session of yours has ended."),
    "address_replaced": _(
        "You have a new address. For 90 days mail to the former one still comes, and is held for you to decide."
    ),
    "session_ended": _("The session was ended."),
    "logged_out": _("You are logged out."),
    "commented": _("The comment was added."),
    "lead_created": _("The lead was created."),
    "lead_trashed": _("The lead was moved to the trash."),
    "not_a_lead": _("It is no lead: it lies in the trash and counts nowhere. You can restore it here."),
    "lead_restored": _("The lead is back."),
    "lead_given_away": _("The lead was given away; you don't see it any more."),
    "reprocessed": _("The message was read again and the changes applied."),
    "own_address": _("The address is added. Mails that waited for this answer are read again."),
    "own_address_mailed": _(
        "A link was mailed to that address. Once it is confirmed there, mails that waited are read again."
    ),
    "link_mailed": _("If this is a user's address, a link is on its way there. It works once, for one hour."),
    "not_spam": _("It is no spam: the message was processed as if it had just come."),
    "resolved": _("Your decision was carried out."),
    "demo_loaded": _("Demo mails are on their way; the leads appear in a moment. Reload the page."),
    "demo_removed": _("The demo data is gone: its mails, leads, contacts and events."),
    "user_removed": _("The user was removed."),
    "no_admin_any_more": _("Saved. You are no admin any more."),
    "team_created": _("The team was created."),
    "team_deleted": _("The team was deleted."),
    "source_created": _("It is ready."),
    "source_deleted": _("It is deleted. What came by it stays."),
    "source_replaced": _(
        "It has a new address. For 90 days mail to the former one still comes, and is held."
    ),
    "mailbox_created": _("The mailbox is kept, and read within seconds."),
    "webhook_deleted": _("The webhook was deleted."),
    "redelivered": _("The delivery will be sent again at once."),
    "redelivered_all": _("All failed deliveries will be sent again."),
    "redelivered_none": _("Nothing has failed since then."),
    "mail_again": _("The mail will be sent again at once."),
    "test_sent": _("A test event is on its way; it appears among the deliveries."),
}
THEMES: Words = {"light": _("Light"), "dark": _("Dark")}
LEVELS: Words = {"user": _("User"), "admin": _("Admin")}
EDITIONS: Words = {"solo": _("Solo"), "essentials": _("Essentials"), "expert": _("Expert")}
VISIBILITIES: Words = {
    "all": _("all leads"),
    "team": _("the leads of their teams"),
    "own": _("their own leads only"),
}
UNMATCHED: Words = {"create": _("makes a new lead"), "hold": _("is held")}
SETTINGS: Words = {
    "edition": _("Edition"),
    "teams_enabled": _("Teams"),
    "visibility": _("Users see"),
}
SWITCH: Words = {"True": _("on"), "False": _("off")}
GROUNDS: Words = {
    "": _("No ground applies."),
    "admin": _("Admins see all leads."),
    "owner": _("The lead is their own."),
    "all": _("In this account users see all leads."),
    "manages": _("Manages a team of its owner: %(teams)s."),
    "team": _("Shares a team with its owner: %(teams)s."),
    "offered": _("A source offers it to a team while nobody owns it: %(teams)s."),
    "unassigned": _("Manages a team, and the lead is unassigned: %(teams)s."),
}
SOURCES: Words = {
    "email": _("Mail to the address for leads"),
    "personal": _("A user's BCC or forward"),
    "bcc": _("Mail to the BCC address"),
    "lead": _("Mail to a lead's address"),
    "form": _("Form"),
    "partner": _("Partner"),
    "postmaster": _("Mail to postmaster"),
    "manual": _("Made by hand"),
    "api": _("Made by a program"),
}
SORTS: Words = {
    "newest": _("Newest first"),
    "oldest": _("Oldest first"),
    "changed": _("Changed last"),
    "next": _("Next action"),
    "title": _("Title"),
    "amount": _("Largest amount"),
}
REDIS: Words = {
    "answers": _("answers"),
    "silent": _("does not answer; everything goes on without it"),
    "none": _("not used"),
}


def of(table: Words, code: str | None) -> str:
    """The word for a code; the code itself where the table has none."""
    return str(table.get(code or "", code or ""))


def choices(table: Words) -> list[tuple[str, str]]:
    """Codes and their words, for a list to choose from."""
    return [(code, str(word)) for code, word in table.items()]


def setting(name: str, now: object, then: object) -> str:
    """One setting that changes."""
    table = {"edition": EDITIONS, "visibility": VISIBILITIES}.get(name, SWITCH)
    return f"{of(SETTINGS, name)}: {of(table, str(now))} → {of(table, str(then))}"


def ground(kind: str, teams: Iterable[str]) -> str:
    """Why somebody sees a lead (`store.why_visible`)."""
    told = of(GROUNDS, kind)
    return told % {"teams": ", ".join(teams)} if "%(teams)s" in told else told


def read_value(name: str) -> str:
    """The word for a place in what was read of a mail, such as `parsed.fields.phone`."""
    path = name.removeprefix("parsed.").split(".")
    return ": ".join(of(VALUES, each) for each in path)
