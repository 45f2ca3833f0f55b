"""The mails that leadgate writes about an account's people: an invitation, a new password, a question of an address.

Texts stand here in both languages, as the sentences of receipts do (`store.reasons`): a mail is written in its
recipient's language, not in that of whoever asks for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from store import outgoing
from store.ids import new_id
from store.outgoing import NewMail, Post, Verdict
from store.scope import AccountScope
from store.tables.people import accounts, users


@dataclass(frozen=True, slots=True)
class Words:
    """A mail in one language; `{names}` are filled in."""

    subject: str
    text: str


MAILS: Mapping[str, Mapping[str, Words]] = {
    "invitation": {
        "en": Words(
            "Your access to leadgate",
            "Hello {name},\n\nyou are a user of {account} in leadgate. With this link you set your password:\n\n{link}"
            "\n\nIt works once, for 7 days. Whoever has it can set your password: do not pass it on.\n",
        ),
        "de": Words(
            "Ihr Zugang zu leadgate",
            "Guten Tag {name},\n\nSie sind Benutzer von {account} in leadgate. Mit diesem Link legen Sie Ihr Passwort "
            "fest:\n\n{link}\n\nEr gilt einmal, 7 Tage lang. Wer ihn hat, kann Ihr Passwort festlegen: Geben Sie ihn "
            "nicht weiter.\n",
        ),
    },
    "password_reset": {
        "en": Words(
            "A new password for leadgate",
            "Hello {name},\n\nsomebody asked for a new password of yours for {account} in leadgate. With this link you "
            "set it:\n\n{link}\n\nIt works once, for one hour. If you did not ask for it, do nothing: your password "
            "stays as it is.\n",
        ),
        "de": Words(
            "Ein neues Passwort für leadgate",
            "Guten Tag {name},\n\njemand hat für Ihren Zugang zu {account} in leadgate ein neues Passwort angefordert. "
            "Mit diesem Link legen Sie es fest:\n\n{link}\n\nEr gilt einmal, eine Stunde lang. Wenn Sie das nicht "
            "waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.\n",
        ),
    },
    "own_address": {
        "en": Words(
            "Is this your address?",
            "Hello,\n\n{name} of {account} says in leadgate that {address} is an address of theirs. If that is so, "
            "confirm it here:\n\n{link}\n\nFrom then on mail from this address counts as written by {name}. The link "
            "works for 3 days. If you know nothing of this, do nothing.\n",
        ),
        "de": Words(
            "Ist das Ihre Adresse?",
            "Guten Tag,\n\nin leadgate ist {address} als Adresse von {name} ({account}) angegeben. Wenn das stimmt, "
            "bestätigen Sie es hier:\n\n{link}\n\nVon da an gilt Mail von dieser Adresse als von {name} geschrieben. "
            "Der Link gilt 3 Tage. Wenn Sie davon nichts wissen, tun Sie nichts.\n",
        ),
    },
}


@dataclass(frozen=True, slots=True)
class About:
    """What a mail is about. `key`: None makes each asking a mail of its own. `to`: None writes to the user."""

    purpose: str
    user_id: str
    link: str
    good_until: datetime
    to: str | None = None
    key: str | None = None


def write(connection: Connection, scope: AccountScope, post: Post, about: About) -> Verdict:
    """Queues a mail about a user, in the user's language. Ring `Work.MAILS` after the commit."""
    row = connection.execute(
        select(users.c.email, users.c.name, users.c.locale, accounts.c.slug, accounts.c.locale.label("usual"))
        .join_from(users, accounts, accounts.c.id == users.c.account_id)
        .where(users.c.account_id == scope.account_id, users.c.id == about.user_id)
    ).one()
    words = MAILS[about.purpose]["de" if (row.locale or row.usual).startswith("de") else "en"]
    to = about.to or row.email
    filled = {"name": row.name or row.email, "account": row.slug, "address": to, "link": about.link}
    mail = NewMail(
        key=about.key or f"{about.purpose}:{new_id()}",
        to=to,
        purpose=about.purpose,
        subject=words.subject,
        text=words.text.format_map(filled),
        name="" if about.to else row.name,
        good_until=about.good_until,
    )
    return outgoing.queue(connection, scope, post, mail)
