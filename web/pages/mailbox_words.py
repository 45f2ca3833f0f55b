"""What a mailbox's page says: its faults with what mends them, what a connection test finds, and why mail is left out.

The same codes and sentences as in `ingest.imap.faults` and `ingest.imap.findings`; a test compares them.
"""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from store.mailbox_views import Mailbox
from web.pages.words import Words

FAULTS: Words = {
    "unknown_host": _("The server's name is not known. Check how it is spelled."),
    "not_allowed": _(
        "This server is in a network that leadgate may not reach. LEADGATE_IMAP_ALLOW can allow it."
    ),
    "no_answer": _("Nothing answers there. Check server and port, and whether a firewall is in between."),
    "bad_certificate": _(
        "The server's certificate is not valid. Use the name that stands in it, or have it renewed."
    ),
    "no_tls": _("No encryption could be agreed on. Choose another one, or the port that goes with it."),
    "no_starttls": _("The server offers no STARTTLS. Choose TLS and port 993."),
    "no_imap": _("Something answers there, but not as an IMAP server does. Check port and encryption."),
    "greeting_refused": _("The server turns us away for now. It is tried again by itself."),
    "password_refused": _(
        "The server refuses user name or password. Enter it again; some want an app password."
    ),
    "app_password": _(
        "The server wants an app password. Create one in the account's security settings, and enter it."
    ),
    "web_login": _("The provider has blocked the log-in. Log in once in a browser and answer what it asks."),
    "password_expired": _("The password has ended. Set a new one at the provider, and enter it here."),
    "not_encrypted": _(
        "The server takes a password only on an encrypted connection. Choose TLS or STARTTLS."
    ),
    "only_ascii": _(
        "The server takes no letters with accents in user name and password. Choose another password."
    ),
    "provider_refuses": _("The provider has closed this account to us. Ask whoever runs the server."),
    "login_unavailable": _("The server cannot let us in just now. It is tried again by itself."),
    "password_lost": _("The stored password cannot be opened with today's key. Enter it again."),
    "token_refused": _("The server refuses the access token. Allow access again, for this very mailbox."),
    "access_ended": _("The provider has ended the access by OAuth. Allow it again, and store the new token."),
    "client_refused": _("The provider refuses client id or secret; it may have ended. Store a new one."),
    "tokens_not_allowed": _("The address for access tokens may not be called. Check it."),
    "no_token": _("No access token could be got just now. It is tried again by itself."),
    "no_folder": _("There is no such folder. Choose one of those that there are."),
    "folder_refused": _("The folder cannot be opened. Check its name and who may read it."),
    "no_uids": _("This folder cannot be read: the server numbers its mails anew each time."),
    "cannot_remove": _(
        "Mail is read, but this server cannot remove single mails safely. Choose something else."
    ),
    "read_only": _("Mail is read, but this folder may only be read. Choose to leave mail as it is."),
    "outside": _("Mail is read, but folders of this server begin otherwise. Correct the folder to move to."),
    "write_refused": _(
        "Mail is read, but the server refuses to mark, move or delete it. Choose something else."
    ),
    "broken": _("The connection broke. It is tried again by itself."),
    "silent": _("The server stopped answering. It is tried again by itself."),
    "unreadable_answer": _("The server's answer cannot be understood. It is tried again by itself."),
    "refused": _("The server refused a command. It is tried again by itself."),
    "not_stored": _("Mail could not be stored just now. It is read again by itself; see Status."),
    "our_fault": _("Something went wrong on our side. It is tried again by itself; see leadgate's log."),
}
FINDINGS: Words = {
    "addresses": _("%(addresses)s"),
    "answers": _("%(address)s port %(port)s answers"),
    "encrypted": _("%(version)s"),
    "not_encrypted": _("not encrypted: the password can be read on the way"),
    "logged_in": _("as %(username)s"),
    "holds": _("mails in %(folder)s: %(mails)s"),
    "holds_spam": _("mails in %(folder)s, the folder for spam: %(mails)s"),
    "left": _("mail is left as it is"),
    "seen": _("mail is marked as seen"),
    "deleted": _("mail is deleted"),
    "moved": _("mail is moved to %(folder)s"),
    "moved_and_made": _("mail is moved to %(folder)s, which is made then"),
    "no_mail": _("there is no mail yet that could tell"),
    "nobody_says": _("none of the %(mails)s newest mails says who checked its sender"),
    "says": _("the %(mails)s newest mails name as checking senders: %(ways)s"),
    "says_and_counts": _(
        "the %(mails)s newest mails name as checking senders: %(ways)s; %(name)s counts in %(counting)s"
    ),
}
SAID: Words = {
    "no_folder": _("There are: %(words)s"),
    "outside": _("Such as: %(words)s"),
    "bad_certificate": _("The check of the certificate says: “%(words)s”"),
    "unknown_host": _("The network says: “%(words)s”"),
    "no_answer": _("The network says: “%(words)s”"),
    "no_tls": _("The network says: “%(words)s”"),
}
"""Where it is not the server that says it: what there is to choose from, or somebody else's words."""
SKIPPED: Words = {
    "before": _("Was there before, left out as you chose"),
    "too_large": _("Larger than leadgate takes"),
    "vanished": _("Gone before it could be read"),
    "unreadable": _("Not given by the server; tried again every hour"),
}


def said(code: str | None, words: str | None) -> str:
    """What the server said, as a quotation; "" for nothing."""
    if not words:
        return ""
    known = SAID.get(code or "")
    return str(known) % {"words": words} if known else gettext("The server says: “%(words)s”", words=words)


def skipped(mailbox: Mailbox) -> list[tuple[int, str]]:
    """How many mails are left out, and why."""
    return [
        (mailbox.skipped[reason], str(told))
        for reason, told in SKIPPED.items()
        if mailbox.skipped.get(reason)
    ]
