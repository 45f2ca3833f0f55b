"""Account settings for admins: edition, teams, privacy, what mail does, language and time zone.

What changes who sees which leads is shown first, user by user, and done only when it is confirmed.
"""

from typing import Any

from store.accounts import EDITIONS, VISIBILITIES, Account, get_account
from store.previews import preview
from web import translating
from web.api import accounts as api
from web.api.bodies import AccountChange
from web.pages import forms, words
from web.pages.route import Answer, Go, Show, Visit

YES = "yes"
TICKS = ("teams_enabled", "users_assign")
SENDERS = ("allowed_senders", "blocked_senders")
LISTS = ("internal_domains", "never_log", "forwarders")
NAMES = ("edition", "visibility", "bcc_unmatched", "locale", "timezone")


def settings(visit: Visit) -> Answer:
    """The form of all settings."""
    context = {
        "account": get_account(visit.connection, visit.viewer.scope),
        "editions": [(code, words.of(words.EDITIONS, code)) for code in EDITIONS],
        "visibilities": [(code, words.of(words.VISIBILITIES, code)) for code in VISIBILITIES],
        "zones": translating.zones(),
        "locales": list(translating.LOCALES.items()),
    }
    return Show("settings.html", context)


def change(visit: Visit) -> Answer:
    """Changes what the form says differently; first shows what that does to whom, if it does anything."""
    account = get_account(visit.connection, visit.viewer.scope)
    values = _differing(visit, account)
    body = forms.read(AccountChange, values)
    shown = preview(visit.connection, visit.viewer, values)
    if shown.settings and visit.given("confirmed") != YES:
        given = [pair for pair in visit.request.form.items(multi=True) if pair[0] != "csrf"]
        return Show("settings_preview.html", {"shown": shown, "given": given})
    api.change_account(visit.call, body)
    return Go("/settings", "saved")


def senders(visit: Visit) -> Answer:
    """The lists of allowed and blocked senders."""
    return Show("senders.html", {"account": get_account(visit.connection, visit.viewer.scope)})


def change_senders(visit: Visit) -> Answer:
    """Changes the lists."""
    given = {name: visit.given(name, 2_000_000).split() for name in SENDERS}
    api.change_account(visit.call, forms.read(AccountChange, given))
    return Go("/settings/senders", "saved")


def _differing(visit: Visit, account: Account) -> dict[str, Any]:
    """What the form says, where that is not so already. Leaving the expert edition takes the teams along."""
    given: dict[str, Any] = {name: visit.given(name) for name in NAMES if name in visit.request.form}
    given |= {name: visit.given(name) == YES for name in TICKS}
    given |= {name: visit.given(name, 200_000).split() for name in LISTS if name in visit.request.form}
    if given.get("edition", account.edition) != "expert" and account.teams_enabled:
        given["teams_enabled"] = False
    now = {name: getattr(account, name) for name in given}
    now |= {name: list(now[name]) for name in LISTS if name in now}
    return {name: value for name, value in given.items() if value != now[name]}
