"""What the scheduler asks for now and then: the database looked after, alarms about sources."""

from typing import TYPE_CHECKING

from store.doorbell import Work

if TYPE_CHECKING:
    from config.wiring import Wired


def look_after_database(wired: "Wired") -> None:
    """Tells PostgreSQL about tables that grew fast."""
    from store.planner import analyze_outgrown

    analyze_outgrown(wired.database)


def watch_sources(wired: "Wired") -> None:
    """Tells of sources that are silent for longer than usual, or cannot be read; not while nothing is read."""
    from store.source_watch import watch

    if not wired.is_paused() and watch(wired.database):
        wired.doorbell.ring(Work.EVENTS)
