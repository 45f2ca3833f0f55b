"""What users set for themselves: language, time zone, and the browsers they are logged in with."""

from store import sessions
from web import translating
from web.pages.route import Answer, Go, Show, Visit


def you(visit: Visit) -> Answer:
    """The page of one's own settings."""
    open_sessions = sessions.list_sessions(visit.connection, visit.viewer)
    return Show(
        "you.html", {"sessions": open_sessions, "zones": translating.zones(), "locales": translating.LOCALES}
    )


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
