"""What people read of a mail server: the stages of a connection, and what helps where one fails."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

STAGES: Mapping[str, LazyString] = {
    "dns": _("The server's name"),
    "tcp": _("Connection"),
    "tls": _("Encryption"),
    "login": _("Log in"),
    "sender": _("Sender"),
}
FIXES: Mapping[str, LazyString] = {
    # the same codes and sentences as in webhooks.mail.faults
    "unknown_host": _("Check how the server's name is spelled."),
    "not_allowed": _("Name a public mail server, or let the operator allow this network."),
    "no_answer": _("Check host and port: 587 goes with STARTTLS, 465 with TLS; many networks block port 25."),
    "bad_certificate": _("Use the name that stands in the server's certificate as host."),
    "no_tls": _("Choose STARTTLS with port 587, or TLS with port 465."),
    "not_encrypted": _("Not encrypted: what is sent, the password too, can be read on the way."),
    "no_starttls": _("Choose TLS with port 465, or the port on which the server offers STARTTLS."),
    "greeting_refused": _("The server takes no mail from this machine: ask who runs it, or use another one."),
    "no_login": _(
        "Leave user name and password empty, or choose an encryption: many servers log in only then."
    ),
    "password_refused": _(
        "The server refused the password: create an app password, or check user name and password."
    ),
    "login_needed": _("Give user name and password of a mailbox on this server."),
    "sender_refused": _("Use an address of that mailbox as From, and choose From for bounces."),
    "recipient_refused": _("Check the recipient's address."),
    "no_smtputf8": _("Use a mail server that offers SMTPUTF8, or another address of the recipient's."),
    "mail_refused": _("Ask who runs the server why it refuses the mail."),
    "too_slow": _("The server took too long; try again later."),
    "cut": _("The server hung up; try again later."),
    "busy": _("The server takes nothing for now; leadgate tries again by itself."),
    "no_smarthost": _("Set a mail server."),
    "expired": _("What the mail says has ended; it was not sent."),
    "sealed_otherwise": _("It was kept with another key than today's; give the password again."),
    "our_fault": _("See the log of leadgate."),
}
