"""The state of the deployment, for admins: processes by heartbeat, age of the queues, database, version."""

from sqlalchemy import Table

from store import heartbeats, leases
from store.session import now
from store.tables.automation import deliveries, events
from store.tables.mail import messages
from web.pages.route import Answer, Show, Visit

QUEUES: dict[str, Table] = {"messages": messages, "events": events, "deliveries": deliveries}


def status(visit: Visit) -> Answer:
    """What runs and what waits."""
    ready = visit.services.readiness()
    with visit.services.database.read() as connection:
        moment = now(connection)
        alive = sorted(heartbeats.alive(connection), key=lambda beat: beat.name)
        due = {name: leases.oldest_due(connection, table) for name, table in QUEUES.items()}
    ages = {
        name: None if at is None else max(0, int((moment - at).total_seconds())) for name, at in due.items()
    }
    return Show(
        "status.html",
        {
            "ready": ready.ready,
            "problems": ready.details.get("problems", []),
            "processes": alive,
            "ages": ages,
            "database": "SQLite" if visit.services.database.is_sqlite else "PostgreSQL",
        },
    )
