"""The state of the deployment, for admins: listener, workers, queues, database, Redis, disk, backup, version."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from store import deployment, heartbeats, leases
from store.doorbell import Work
from store.figures import TABLE_OF, database_bytes
from store.session import now
from store.source_health import count_alarms
from web.pages import wrong
from web.pages.route import Answer, Show, Visit

LATE_SECONDS = 60
"""Work that has waited for longer is shown as late."""
FULL = 0.1
"""The part of the disk that should stay free."""


def status(visit: Visit) -> Answer:
    """What runs and what waits."""
    services = visit.services
    ready, machine = services.readiness(), services.machine()
    with services.database.read() as connection:
        asked = _asked(connection)
        alarms = count_alarms(connection, visit.viewer)
    return Show(
        "status.html",
        asked
        | {
            "ready": ready.ready,
            "problems": wrong.sentences(ready.details.get("problems", [])),
            "machine": machine,
            "disk_full": machine.disk_total > 0 and machine.disk_free < FULL * machine.disk_total,
            "database": "SQLite" if services.database.is_sqlite else "PostgreSQL",
            "late": LATE_SECONDS,
            "smtp": services.smtp,
            "alarms": alarms,
        },
    )


def _asked(connection: Connection) -> dict[str, Any]:
    """What the database knows of the whole deployment: no row of any account."""
    moment = now(connection)
    paused = deployment.fact(connection, deployment.PAUSED)
    backup = deployment.fact(connection, deployment.LAST_BACKUP)
    due = {work.name.lower(): leases.oldest_due(connection, TABLE_OF[work]) for work in Work}
    return {
        "processes": sorted(heartbeats.alive(connection), key=lambda beat: beat.name),
        "ages": {name: _seconds(at, moment) for name, at in due.items()},
        "database_bytes": database_bytes(connection),
        "paused": None if paused is None else paused.at,
        "backup": None if backup is None else backup.at,
    }


def _seconds(at: datetime | None, moment: datetime) -> int | None:
    return None if at is None else max(0, int((moment - at).total_seconds()))
