"""Getting in: the set-up link of a new deployment, log in, log out.

The set-up page is there only while the deployment has no account, and only for who brings the token that was
shown to whoever started it: an open set-up page is claimed by strangers.
"""

import hmac
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from store import sessions, smarthosts
from store.accounts import count_accounts, create_account, create_user, update_account
from store.locks import acquire
from store.passwords import LONGEST, SHORTEST, hash_password
from store.scope import AccountScope
from store.session import Invalid
from web import translating
from web.logging_in import TooMany, who_logs_in
from web.pages import words
from web.pages.route import Answer, Go, Show, Visit, inside
from web.problems import Problem

LOGIN = "/login"
SET_UP = ("account", "domain", "name", "email", "timezone")


def setup(visit: Visit) -> Answer:
    """The form that makes the first account."""
    token = _require_token(visit, visit.asked("token") or visit.given("token"))
    with visit.services.database.read() as connection:
        _require_new(count_accounts(connection))
    return Show("setup.html", {"setup_token": token, "zones": translating.zones(), "shortest": SHORTEST})


def set_up(visit: Visit) -> Answer:
    """Makes the first account and its admin, who is logged in then."""
    _require_token(visit, visit.given("token"))
    with visit.services.database.read() as connection:
        _require_new(count_accounts(connection))
    values = {name: visit.given(name, 300) for name in SET_UP}
    password = visit.request.form.get("password", "")[:LONGEST]
    if values["timezone"] not in translating.zones():
        values["timezone"] = "UTC"
    if len(password) < SHORTEST:
        raise Invalid("password", f"at least {SHORTEST} characters")
    hashed = hash_password(password)
    with visit.services.database.write() as connection:
        acquire(connection, ["deployment:setup"])
        _require_new(count_accounts(connection))
        scope = create_account(connection, values["account"].lower(), values["domain"])
        admin = create_user(
            connection,
            scope,
            email=values["email"],
            name=values["name"],
            level="admin",
            password_hash=hashed,
        )
        update_account(connection, scope, {"locale": translating.language(), "timezone": values["timezone"]})
        begun = sessions.begin(connection, scope, admin.id, client=visit.browser)
    visit.services.was_set_up()
    return Go("/leads", "welcome", token=begun)


def login(visit: Visit) -> Answer:
    """The log-in form; people who are logged in go on."""
    if visit.session_or_none is not None and visit.request.method == "GET":
        return Go("/")
    with visit.services.database.read() as connection:
        is_new = count_accounts(connection) == 0
        mails = visit.services.post.has_smarthost or smarthosts.any_own(connection)
    wanted = _wanted(visit.asked("next") or visit.given("next"))
    return Show("login.html", {"is_new": is_new, "next": wanted, "mails_links": mails})


def log_in(visit: Visit) -> Answer:
    """Begins a session for the right password."""
    email, wanted = visit.given("email", 300), visit.given("account", 100)
    database, to = visit.services.database, _wanted(visit.given("next"))
    password = visit.request.form.get("password", "")
    try:
        found = who_logs_in(database, visit.throttle, email, password, visit.client)
    except TooMany as refused:
        told = ngettext(
            "Too many wrong passwords. Try again in %(num)s minute; until then the right one is not taken either.",
            "Too many wrong passwords. Try again in %(num)s minutes; until then the right one is not taken either.",
            -(-refused.rate.resets // 60),
        )
        raise Problem(429, told, headers=refused.rate.headers, translated=True) from refused
    if not found:
        raise Problem(422, _("E-mail address or password is wrong."), translated=True)
    chosen = next((each for each in found if each.slug == wanted), found[0] if len(found) == 1 else None)
    if chosen is None:  # one person in several accounts: they choose, with the password once more
        context: dict[str, Any] = {"email": email, "next": to, "is_new": False}
        return Show("login.html", context | {"accounts": [each.slug for each in found]}, 422)
    with database.write() as connection:
        scope = AccountScope(chosen.account_id)
        token = sessions.begin(connection, scope, chosen.user_id, client=visit.browser)
    return Go(to or "/", token=token)


def log_out(visit: Visit) -> Answer:
    """Ends this session on the server, and forgets it in the browser."""
    sessions.revoke(visit.connection, visit.viewer, visit.session.id)
    return Go("/login", "logged_out", leaves=True)


def theme(visit: Visit) -> Answer:
    """Keeps in this browser whether pages are light, dark, or as the system is."""
    chosen = visit.given("theme", 10)
    return Go(inside(visit.given("next")) or "/", theme=chosen if chosen in words.THEMES else "")


def home(visit: Visit) -> Answer:
    """Where one lands, with what was to be told there."""
    notice = visit.asked("notice")
    return Go("/inbox" if visit.viewer.is_admin else "/leads", notice if notice in words.NOTICES else None)


def _require_token(visit: Visit, token: str) -> str:
    right = visit.services.setup_token
    if not right or not hmac.compare_digest(token.encode("utf-8", "replace"), right.encode()):
        raise Problem(404)
    return token


def _require_new(accounts: int) -> None:
    if accounts:
        raise Problem(404)


def _wanted(to: str) -> str:
    """Where a log-in leads to: a page of ours that isn't the log-in itself."""
    return "" if to.startswith(LOGIN) else inside(to)
