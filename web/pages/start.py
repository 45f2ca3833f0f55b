"""The first lead: the account's addresses, a command to copy, a test mail whose lead appears, demo data and its end."""

from email.message import EmailMessage
from typing import Any

from store import demo
from store.accounts import get_account, get_user
from store.ids import new_id
from store.leads import lead_json
from store.message_views import get_message
from web.pages import demo_mails
from web.pages.route import Answer, Go, Show, Visit
from web.services import HandedIn


def ways_in(visit: Visit) -> dict[str, Any]:
    """The addresses one may write to, and a command that does."""
    account = get_account(visit.connection, visit.viewer.scope)
    leads = f"leads@{account.domain}"
    host, _, port = visit.services.smtp.rpartition(":")
    host = "127.0.0.1" if host.strip("[]") in ("", "0.0.0.0", "::") else host.strip("[]")  # noqa: S104  compared
    mail = (
        f"From: Paula Prospect <paula@prospect.example>\\r\\nTo: {leads}\\r\\nSubject: A quote for 20 chairs"
        "\\r\\n\\r\\nPlease send me a quote.\\r\\n"
    )
    send = f'sendmail("paula@prospect.example", ["{leads}"], "{mail}")'
    command = f"python3 -c 'import smtplib; smtplib.SMTP(\"{host}\", {port}).{send}'" if port else ""
    own = get_user(visit.connection, visit.viewer.scope, visit.viewer.user_id).address
    return {"leads": leads, "bcc": f"bcc@{account.domain}", "own": own, "command": command}


def send_test(visit: Visit) -> Answer:
    """Hands in a mail of a made-up prospect, and shows what becomes of it."""
    with visit.services.database.read() as connection:
        domain = get_account(connection, visit.viewer.scope).domain
    number = new_id()
    message_id = _hand_in(
        visit,
        f"leads@{domain}",
        sender=("Paula Prospect", f"paula.{number[-8:]}@prospect.example"),
        subject="A quote for 20 chairs",
        text="Hello,\n\nplease send me a quote for 20 chairs.\n\nPaula Prospect\n",
    )
    return Go(f"/test-mail/{message_id}")


def test_mail(visit: Visit, message_id: str) -> Answer:
    """What has become of the test mail so far."""
    message = get_message(visit.connection, visit.viewer, message_id)
    leads = list(lead_json(visit.connection, visit.viewer, message["lead_ids"]).values())
    return Show(
        "test_mail.html", {"message": message, "leads": leads, "waits": message["outcome"] == "pending"}
    )


def load_demo(visit: Visit) -> Answer:
    """Hands in mails of made-up prospects, counted under a source of their own; their leads carry a tag."""
    with visit.services.database.read() as connection:
        domain = get_account(connection, visit.viewer.scope).domain
    number = new_id()[-8:]
    for mail in demo_mails.MAILS:
        sender = (mail.name, f"{mail.local_part}.{number}@{mail.domain}")
        to = f"leads+{demo.TAG}@{domain}"
        _hand_in(visit, to, sender=sender, subject=mail.subject, text=mail.text, source=demo.SOURCE)
    return Go("/leads", "demo_loaded")


def remove_demo(visit: Visit) -> Answer:
    """Takes away the demo's mails and everything they made."""
    demo.remove(visit.connection, visit.viewer, visit.call.origin())
    return Go("/leads", "demo_removed")


def _hand_in(
    visit: Visit, to: str, *, sender: tuple[str, str], subject: str, text: str, source: str = ""
) -> str:
    """Accepts a mail as the API does; its id. Nothing in it is a person's or comes from outside."""
    name, address = sender
    mail = EmailMessage()
    mail["From"] = f"{name} <{address}>"
    mail["To"] = to
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{new_id()}@{address.rpartition('@')[2]}>"
    mail.set_content(text)
    return visit.services.accept(
        HandedIn(
            account_id=visit.viewer.account_id,
            user_id=visit.viewer.user_id,
            door="api",
            to=to,
            mail_from=address,
            client_ip=visit.call.client_ip,
            tls=visit.call.https,
            raw=mail.as_bytes(),
            source=source,
        )
    )
