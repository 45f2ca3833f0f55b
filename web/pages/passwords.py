"""Passwords: one's own changed, and the links by which one is set: an hour for one that is lost, a week to begin with.

Links are mailed where a mail server is set; anybody may ask for their own one (`send_forgotten`), and is told the same
whether the address is a user's or not. Without a server, or while it fails, an admin makes the link on the team's
page and hands it over, or whoever runs leadgate does with `leadgate user reset-link`. A new password ends the user's
sessions on the server.
"""

from typing import Any

from flask_babel import gettext as _

from store import password_links, sessions, smarthosts
from store.accounts import get_user
from store.doorbell import Work
from store.outgoing import Queued
from store.passwords import LONGEST, SHORTEST, hash_password
from store.scope import AccountScope
from store.session import Invalid, NotFound
from store.user_requests import change_user
from web import link_mails
from web.link_mails import mail_link
from web.logging_in import TooMany, who_logs_in
from web.pages.route import Answer, Go, Show, Visit
from web.problems import Problem

YES = "yes"


def change(visit: Visit) -> Answer:
    """Another password, for who knows the present one. The user's other sessions end."""
    database = visit.services.database
    password = _given(visit)
    try:
        known = who_logs_in(
            database, visit.throttle, visit.session.email, _typed(visit, "current"), visit.client
        )
    except TooMany as refused:
        raise Problem(429, headers=refused.rate.headers) from refused
    if not any(login.user_id == visit.viewer.user_id for login in known):
        raise Invalid("current", "is not your password")
    hashed = hash_password(password)
    with database.write() as connection:
        values = {"password_hash": hashed}
        change_user(connection, visit.viewer, visit.viewer.user_id, values, session_id=visit.session.id)
    return Go("/you", "password_changed")


def link(visit: Visit) -> Answer:
    """Where a link leads: the form for a new password."""
    token = visit.asked("token") or visit.given("token")
    context = {"link_token": token, "user": _find(visit, token), "shortest": SHORTEST}
    return Show("password.html", context)


def set_by_link(visit: Visit) -> Answer:
    """Sets the password, once, and logs its user in."""
    token = visit.given("token")
    _find(visit, token)
    password = _given(visit)
    hashed = hash_password(password)
    with visit.services.database.write() as connection:
        found = password_links.use(connection, token, visit.services.address_key, hashed)
        begun = sessions.begin(connection, found.scope, found.user_id, client=visit.browser)
    return Go("/", "password_changed", token=begun)


def forgotten(visit: Visit) -> Answer:
    """The form that asks for a link."""
    del visit
    return Show("forgot.html")


def send_forgotten(visit: Visit) -> Answer:
    """Mails a link to whoever logs in with the address; the answer is the same for everybody."""
    email = visit.given("email", 300)
    rate = visit.throttle.asks_for_link(email, visit.client)
    if rate is not None:
        raise Problem(429, headers=rate.headers)
    with visit.services.database.write() as connection:
        for login in sessions.logins(connection, email):
            mail_link(
                visit.services, connection, AccountScope(login.account_id), login.user_id, invites=False
            )
    visit.call.rings.add(Work.MAILS)
    return Go("/login", "link_mailed")


def make_link(visit: Visit, user_id: str) -> Answer:
    """A link for a user who has lost the password: mailed, or shown to their admin to hand it over.

    `show` shows it in any case, for mail that does not arrive; `invites` makes it as good as an invitation.
    """
    return shown(visit, user_id, invites=visit.given("invites") == YES)


def shown(visit: Visit, user_id: str, *, invites: bool) -> Show:
    """Mails a new link and says so; where that cannot be, or no mail goes out at present, shows it this once."""
    scope = visit.viewer.scope
    user = get_user(visit.connection, scope, user_id)
    context: dict[str, Any] = {"user": user, "invites": invites, "mailed": False, "failing": False}
    asked_for = visit.given("show") == YES
    if not asked_for:
        verdict = mail_link(visit.services, visit.connection, scope, user_id, invites=invites)
        visit.call.rings.add(Work.MAILS)
        mailed = isinstance(verdict, Queued)
        failing = mailed and smarthosts.find(visit.connection, scope)["failing_since"] is not None
        context |= {"mailed": mailed and not failing, "failing": failing}
    if not context["mailed"]:
        context["link"] = link_mails.make_link(
            visit.services, visit.connection, scope, user_id, invites=invites
        )
    return Show("password_link.html", context | {"asked_for": asked_for})


def _find(visit: Visit, token: str) -> password_links.Invited:
    with visit.services.database.read() as connection:
        try:
            return password_links.find(connection, token, visit.services.address_key)
        except NotFound as fault:
            told = _("This link has ended or was used. Ask an admin for another one.")
            raise Problem(404, told, translated=True) from fault


def _given(visit: Visit) -> str:
    password = _typed(visit, "password")
    if len(password) < SHORTEST:
        raise Invalid("password", f"at least {SHORTEST} characters")
    return password


def _typed(visit: Visit, name: str) -> str:
    """As typed: blanks belong to a password."""
    return visit.request.form.get(name, "")[:LONGEST]
