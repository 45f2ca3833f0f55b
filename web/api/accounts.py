"""Accounts: making one with the deployment key, and the settings of one's own."""

from typing import Any
from zoneinfo import available_timezones

from store import setup
from store.accounts import Account, get_account, update_account
from store.addresses import normal, normal_domain
from store.forwarders import normal_forwarder
from store.scope import Viewer
from store.senders import normal_sender
from store.session import Conflict, Invalid
from store.user_requests import count_active
from web.api.bodies import AccountChange, NewAccount
from web.api.route import Answer, Call

SETTINGS = (
    "edition",
    "teams_enabled",
    "visibility",
    "internal_domains",
    "never_log",
    "forwarders",
    "allowed_senders",
    "blocked_senders",
    "bcc_unmatched",
    "users_assign",
    "locale",
    "timezone",
)
_SENDERS = ("allowed_senders", "blocked_senders")
_FOR_ADMINS = ("never_log", "forwarders", *_SENDERS)  # addresses of people, and what a forger could use


def create_account(call: Call, body: NewAccount) -> Answer:
    """Makes an account whole; again, it changes nothing and shows no key."""
    there = setup.exists(call.connection, body.account)
    made = setup.initialise(
        call.connection,
        body.account,
        body.domain,
        body.admin_email,
        admin_password_hash=body.admin_password,
    )
    return Answer(made, 200 if there else 201)


def read_account(call: Call) -> Answer:
    """The account behind the key."""
    return Answer(_json(call.viewer, get_account(call.connection, call.scope)))


def change_account(call: Call, body: AccountChange) -> Answer:
    """Changes settings of the account."""
    values = body.given(*SETTINGS)
    for name, value in values.items():
        if value is None:
            raise Invalid(name, "must not be null")
    if "timezone" in values and values["timezone"] not in available_timezones():
        raise Invalid("timezone", "no such time zone")
    if "internal_domains" in values:
        values["internal_domains"] = [normal_domain(domain) for domain in values["internal_domains"]]
    if "never_log" in values:
        values["never_log"] = [_never_log(n, entry) for n, entry in enumerate(values["never_log"])]
    if "forwarders" in values:
        values["forwarders"] = [_forwarder(n, entry) for n, entry in enumerate(values["forwarders"])]
    for name in _SENDERS:
        if name in values:
            values[name] = list(dict.fromkeys(_sender(name, n, one) for n, one in enumerate(values[name])))
    if values.get("edition") == "solo" and count_active(call.connection, call.viewer) > 1:
        raise Conflict("The solo edition has one user; remove the others first.")
    changed = update_account(call.connection, call.scope, values) if values else None
    return Answer(_json(call.viewer, changed or get_account(call.connection, call.scope)))


def _json(viewer: Viewer, account: Account) -> dict[str, Any]:
    told: dict[str, Any] = {"id": account.id, "slug": account.slug, "domain": account.domain}
    for name in SETTINGS:
        value = getattr(account, name)
        hidden = name in _FOR_ADMINS and not viewer.is_admin
        told[name] = None if hidden else list(value) if isinstance(value, tuple) else value
    told["addresses"] = {"bcc": f"bcc@{account.domain}", "leads": f"leads@{account.domain}"}
    return told


def _forwarder(number: int, entry: str) -> str:
    try:
        return normal_forwarder(entry)
    except ValueError as fault:
        raise Invalid(f"forwarders[{number}]", str(fault)) from None


def _sender(place: str, number: int, entry: str) -> str:
    try:
        return normal_sender(entry)
    except ValueError as fault:
        raise Invalid(f"{place}[{number}]", str(fault)) from None


def _never_log(number: int, entry: str) -> str:
    local, at, domain = entry.strip().rpartition("@")
    if not at or not local or "." not in domain:
        raise Invalid(f"never_log[{number}]", "an address, or *@ and a domain")
    return normal(entry)
