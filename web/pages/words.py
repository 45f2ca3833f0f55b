"""The names of outcomes, states, steps and notices, as people read them. Looked up with `words.of(table, code)`."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

Words = Mapping[str, LazyString]

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
    "parse": _("Parsed"),
    "automatic": _("Automatic mail?"),
    "trust": _("Sender checked"),
    "identify": _("People identified"),
    "read": _("Read"),
    "spam": _("Spam?"),
    "match": _("Leads matched"),
    "effect": _("Effect"),
    "events": _("Events"),
    "resolve": _("Decided by a person"),
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
    "next_action_at": _("Next action"),
    "contacts": _("Contacts"),
    "entry": _("Entry"),
    "outcome": _("Outcome"),
    "reason": _("Reason"),
    "trust": _("Sender"),
    "direction": _("Direction"),
    "subject": _("Subject"),
    "sender_address": _("Sender's address"),
    "lead_ids": _("Leads"),
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
DISABLED: Words = {
    "gone": _("The receiver answered 410 Gone"),
    "failing_for_five_days": _("It failed for five days"),
    "switched_off": _("Switched off"),
}
ROLES: Words = {
    "smtp": _("Mail listener"),
    "web": _("Pages and API"),
    "worker": _("Worker"),
    "sender": _("Webhook sender"),
    "scheduler": _("Scheduler"),
}
QUEUES: Words = {
    "messages": _("Messages to process"),
    "events": _("Events to automate"),
    "deliveries": _("Webhooks to deliver"),
}
NOTICES: Words = {
    "welcome": _("Welcome. Your account is ready for its first lead."),
    "saved": _("Saved."),
    "session_ended": _("The session was ended."),
    "logged_out": _("You are logged out."),
    "commented": _("The comment was added."),
    "lead_created": _("The lead was created."),
    "lead_trashed": _("The lead was moved to the trash."),
    "lead_given_away": _("The lead was given away; you don't see it any more."),
    "reprocessed": _("The message was read again and the changes applied."),
    "resolved": _("Your decision was carried out."),
    "demo_loaded": _("Demo mails are on their way; the leads appear in a moment. Reload the page."),
    "demo_removed": _("The demo leads were moved to the trash."),
    "webhook_deleted": _("The webhook was deleted."),
    "redelivered": _("The delivery will be sent again at once."),
    "redelivered_all": _("All failed deliveries will be sent again."),
    "test_sent": _("A test event is on its way; it appears among the deliveries."),
}
PROBLEMS: Words = {
    "400": _("This request cannot be understood."),
    "403": _("You may not do this."),
    "404": _("There is nothing here, or nothing that you may see."),
    "405": _("This cannot be done here."),
    "409": _(
        "Something has changed meanwhile, or the state does not allow it. Go back, reload and try again."
    ),
    "413": _("This is larger than allowed here."),
    "422": _("A value cannot be taken. Go back and correct it."),
    "429": _("Too many attempts; wait a little."),
    "503": _("This cannot be done just now; try again."),
}
_UNFORESEEN = _("Something went wrong on our side.")


def of(table: Words, code: str | None) -> str:
    """The word for a code; the code itself where the table has none."""
    return str(table.get(code or "", code or ""))


def problem(status: int) -> str:
    """What a status means for a person."""
    return str(PROBLEMS.get(str(status), _UNFORESEEN))
