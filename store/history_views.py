"""A lead's timeline as one viewer sees it: other teams' entries missing, private ones as placeholders."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from store.access import require_visible
from store.history import history_json
from store.masking import masks_for
from store.message_access import own_entries, visible_entries
from store.paging import Page, count_up_to
from store.scope import Viewer
from store.session import NotFound
from store.tables.leads import history_entries
from store.types import to_microseconds

PLACEHOLDER = ("id", "kind", "direction", "at", "visibility")
"""What remains of a private entry for everybody else."""


def history_of(
    connection: Connection,
    viewer: Viewer,
    lead_id: str,
    *,
    limit: int,
    before: tuple[datetime, str] | None = None,
) -> Page:
    """The timeline of a lead, newest first; `last` is (microseconds, id). NotFound unless they see the lead."""
    require_visible(connection, viewer, lead_id)
    rows = select(history_entries.c.id).where(history_entries.c.lead_id == lead_id, visible_entries(viewer))
    total, exact = count_up_to(connection, rows)
    entries = history_json(connection, viewer, lead_id, limit=limit + 1, before=before)
    shown = entries[:limit]
    items = masks_for(connection, viewer).json(_cut(connection, viewer, shown))
    last = None
    if len(entries) > limit:
        last = (to_microseconds(datetime.fromisoformat(shown[-1]["at"])), shown[-1]["id"])
    return Page(items, last, total, exact)


def entry_of(connection: Connection, viewer: Viewer, lead_id: str, entry_id: str) -> dict[str, Any]:
    """One entry of a lead as `history_of` shows it."""
    page = history_of(connection, viewer, lead_id, limit=200)
    found = next((entry for entry in page.items if entry["id"] == entry_id), None)
    if found is None:
        raise NotFound("entry")
    return found


def _cut(connection: Connection, viewer: Viewer, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    restricted = [entry["id"] for entry in entries if entry["visibility"] != "shared"]
    if not restricted:
        return entries
    rows = connection.execute(
        select(history_entries.c.id, own_entries(viewer).label("own")).where(
            history_entries.c.id.in_(restricted), visible_entries(viewer)
        )
    )
    own = {row.id: bool(row.own) for row in rows}
    return [
        _placeholder(entry) if entry["visibility"] == "private" and not own[entry["id"]] else entry
        for entry in entries
        if entry["visibility"] == "shared" or entry["id"] in own
    ]


def _placeholder(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value if name in PLACEHOLDER else None for name, value in entry.items()}
