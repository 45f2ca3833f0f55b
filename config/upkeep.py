"""What the scheduler asks for now and then: the database looked after, alarms about sources."""

from config.ground import Ground
from store.doorbell import Work


def look_after_database(ground: Ground) -> None:
    """Tells PostgreSQL about tables that grew fast."""
    from store.planner import analyze_outgrown

    analyze_outgrown(ground.database)


def watch_sources(ground: Ground) -> None:
    """Tells of sources that are silent for longer than usual, or cannot be read; not while nothing is read."""
    from store.source_watch import watch

    if not ground.is_paused() and watch(ground.database):
        ground.doorbell.ring(Work.EVENTS)
