"""What the scheduler asks for now and then: the database looked after, old texts forgotten, alarms about sources."""

from config.ground import Ground
from store.doorbell import Work


def look_after_database(ground: Ground) -> None:
    """Tells PostgreSQL about tables that grew fast."""
    from store.planner import analyze_outgrown

    analyze_outgrown(ground.database)


def forget_texts(ground: Ground) -> None:
    """Forgets what mails said that were sent long ago."""
    from store.outgoing_retention import forget_texts

    forget_texts(ground.database)


def watch_sources(ground: Ground) -> None:
    """Tells of sources that are silent for longer than usual, or cannot be read; not while nothing is read."""
    from store.source_watch import watch

    if not ground.is_paused() and watch(ground.database):
        ground.doorbell.ring(Work.EVENTS)
