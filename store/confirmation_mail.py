"""The confirmation that visitors of a form may get by mail (product §2, Form details): a fixed text, off by default.

Anybody can write anybody's address into a form. So a confirmation holds nothing that a visitor wrote, not even a name,
and an address gets one in 24 hours, from whichever form: sub-addresses count as the one address that they reach.
Nobody answers a machine (RFC 3834 §2): addresses that only machines have get none.

It is queued in the transaction that makes the lead, so there is one for each, whatever is killed meanwhile.
"""

import hmac
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from store import locks, outgoing
from store.addresses import normal
from store.confirmation_text import Confirmation
from store.forms import get_form
from store.ids import new_id
from store.outgoing import DAY, NewMail, NotQueued, Post, Verdict
from store.scope import AccountScope
from store.session import now
from store.tables.forms import forms
from store.tables.outgoing import outgoing_mails

PURPOSE, TEST = "form_confirmation", "form_confirmation_test"
PURPOSES = frozenset({PURPOSE, TEST})
HAD_ONE = "had_one"
MACHINE = "machine"
MACHINES = frozenset(
    "abuse bounce bounces hostmaster listserv listmaster mailer-daemon majordomo noreply postmaster root spam".split()
)
"""Local parts behind which nobody reads, or a list's machine does (RFC 2142, RFC 3834 §2)."""
MACHINES_BEGIN = ("owner-", "bounce-", "bounce+", "bounces+", "msprvs1=")
MACHINES_END = ("-request", "-owner", "-bounces", "-bounce")


@dataclass(frozen=True, slots=True)
class Occasion:
    """A post that was understood. `lead_number`: where the visitor's answer goes; None: to nobody's lead."""

    form_id: str
    address: str
    lead_number: int | None


def is_machine(address: str) -> bool:
    """Whether the local part says that no person reads there."""
    local = normal(address).rpartition("@")[0]
    return local in MACHINES or local.startswith(MACHINES_BEGIN) or local.endswith(MACHINES_END)


def lock_keys(account_id: str, address: str) -> tuple[str, ...]:
    """The locks of confirming to an address, for who takes locks in order."""
    return f"confirmation:{account_id}:{_reached(address)}", outgoing.lock_key(account_id, normal(address))


def is_on(connection: Connection, scope: AccountScope, form_id: str) -> bool:
    """Whether a form confirms; no for one that was deleted."""
    statement = select(forms.c.confirmation).where(
        forms.c.account_id == scope.account_id, forms.c.id == form_id, forms.c.deleted_at.is_(None)
    )
    stored = connection.execute(statement).scalar()
    return bool(stored and stored["enabled"])


def confirm(connection: Connection, scope: AccountScope, post: Post, key: bytes, of: Occasion) -> Verdict:
    """Queues the confirmation of a post to a form that confirms. Ring `Work.MAILS` after the commit.

    `key`: under which the address is kept for the day, as an HMAC. The caller has seen that the address is somebody's
    outside.
    """
    if is_machine(of.address):
        return NotQueued(MACHINE)
    locks.acquire(connection, lock_keys(scope.account_id, of.address))
    moment = now(connection)
    reached = hmac.digest(key, _reached(of.address).encode("utf-8", "surrogatepass"), "sha256").hex()[:32]
    days = [f"confirmation:{reached}:{day:%Y-%m-%d}" for day in (moment, moment - DAY)]
    had = select(outgoing_mails.c.id).where(
        outgoing_mails.c.account_id == scope.account_id,
        outgoing_mails.c.key.in_(days),
        outgoing_mails.c.created_at > moment - DAY,
    )
    if connection.execute(had).first() is not None:
        return NotQueued(HAD_ONE)
    mail = _mail(get_form(connection, scope, of.form_id).confirmation, days[0], of.address, PURPOSE)
    return outgoing.queue(connection, scope, post, replace(mail, lead_number=of.lead_number))


def send_test(
    connection: Connection, scope: AccountScope, post: Post, shown: Confirmation, to: str
) -> Verdict:
    """Queues a confirmation as a visitor would get it, to a user who looks at it."""
    return outgoing.queue(connection, scope, post, _mail(shown, f"{TEST}:{new_id()}", to, TEST))


def _mail(found: Confirmation, key: str, to: str, purpose: str) -> NewMail:
    return NewMail(key=key, to=to, purpose=purpose, subject=found.subject, text=found.text)


def _reached(address: str) -> str:
    """The address without what its server may leave out: a sub-address."""
    local, _, domain = normal(address).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
