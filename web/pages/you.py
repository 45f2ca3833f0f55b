"""What users set for themselves: language, time zone, and the browsers they are logged in with."""

from store import sessions
from store.accounts import get_user
from store.inbound import is_exposed
from store.passwords import SHORTEST
from store.user_requests import rotate_address
from web import translating
from web.pages.route import Answer, Go, Show, Visit

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""The first mark that stands in a User-Agent tells: Edge also says Chrome, Chrome also says Safari."""


def you(visit: Visit) -> Answer:
    """The page of one's own settings."""
    return Show(
        "you.html",
        {
            "sessions": sessions.list_sessions(visit.connection, visit.viewer),
            "zones": translating.zones(),
            "locales": translating.LOCALES,
            "own": get_user(visit.connection, visit.viewer.scope, visit.viewer.user_id).address,
            "exposed": is_exposed(visit.connection, visit.viewer.scope, visit.viewer.user_id),
            "shortest": SHORTEST,
            "browser": browser,
        },
    )


def browser(client: str) -> str:
    """Which browser on which system a User-Agent names, as far as these words tell; its beginning otherwise."""
    program = next((name for mark, name in BROWSERS if mark in client), "")
    system = next((name for mark, name in SYSTEMS if mark in client), "")
    return ", ".join(filter(None, (program, system))) if program else client[:60]


def change(visit: Visit) -> Answer:
    """Keeps language and time zone."""
    locale, timezone = visit.given("locale"), visit.given("timezone")
    sessions.set_preferences(
        visit.connection,
        visit.viewer,
        locale=locale if locale in translating.LOCALES else None,
        timezone=timezone if timezone in translating.zones() else "UTC",
    )
    return Go("/you", "saved")


def revoke(visit: Visit, session_id: str) -> Answer:
    """Ends one of one's sessions."""
    sessions.revoke(visit.connection, visit.viewer, session_id)
    return Go("/you", "session_ended")


def revoke_others(visit: Visit) -> Answer:
    """Ends all of one's sessions but this one."""
    sessions.revoke_others(visit.connection, visit.viewer, visit.session.id)
    return Go("/you", "session_ended")


def rotate(visit: Visit) -> Answer:
    """A new personal address; mail to the old one is held to its user for a while."""
    rotate_address(visit.connection, visit.viewer, visit.viewer.user_id)
    return Go("/you", "address_replaced")
