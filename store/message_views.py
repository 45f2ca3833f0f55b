"""The messages a viewer sees: lists, single messages, raw bytes, and who may decide about one.

What remains of each for that viewer is `store.message_json`'s work.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, exists, literal, not_, or_, select

from store import raw
from store.access import Condition, visible_leads
from store.masking import masks_for
from store.message_access import (
    Sight,
    concerning,
    managed_messages,
    own_messages,
    restriction,
    visible_messages,
)
from store.message_json import PENDING, Json, entries_with_leads, messages_json, sight_of
from store.paging import Page, count_up_to
from store.scope import Viewer
from store.session import NotFound, Refused
from store.tables.leads import history_entries
from store.tables.mail import messages
from store.types import to_microseconds


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """What a list is cut to. `outcome`: one of the receipt's, or "pending"; `lead_id`: is on that lead.

    `outcomes`: any of these; `spam`: only what was ignored as spam (True), or nothing of it (False).
    `mine`: only what is the viewer's own business.
    """

    outcome: str | None = None
    rfc_message_id: str | None = None
    lead_id: str | None = None
    outcomes: tuple[str, ...] = ()
    spam: bool | None = None
    mine: bool = False


def list_messages(
    connection: Connection,
    viewer: Viewer,
    wanted: MessageFilter,
    *,
    limit: int,
    before: tuple[datetime, str] | None = None,
) -> Page:
    """The messages of which the viewer sees anything, newest first; `last` is (microseconds, id)."""
    conditions = [visible_messages(viewer), *_conditions(viewer, wanted)]
    total, exact = count_up_to(connection, select(messages.c.id).where(*conditions))
    statement = _select(viewer).where(*conditions)
    if before is not None:
        at, message_id = before
        statement = statement.where(
            or_(messages.c.received_at < at, and_(messages.c.received_at == at, messages.c.id < message_id))
        )
    statement = statement.order_by(messages.c.received_at.desc(), messages.c.id.desc()).limit(limit + 1)
    rows = connection.execute(statement).all()
    shown = rows[:limit]
    last = (to_microseconds(shown[-1].received_at), shown[-1].id) if len(rows) > limit else None
    return Page(messages_json(connection, viewer, shown), last, total, exact)


def count_messages(
    connection: Connection, viewer: Viewer, wanted: MessageFilter, *, most: int
) -> tuple[int, bool]:
    """(how many messages there are, whether that is exact): counting stops after `most`."""
    rows = select(messages.c.id).where(visible_messages(viewer), *_conditions(viewer, wanted))
    return count_up_to(connection, rows, most)


def get_message(connection: Connection, viewer: Viewer, message_id: str) -> Json:
    """One message. NotFound if the viewer sees nothing of it."""
    return messages_json(connection, viewer, [_row(connection, viewer, message_id)])[0]


def raw_of(connection: Connection, viewer: Viewer, message_id: str) -> bytes:
    """The bytes as received, for admins and whom it acts for; Refused to others who see the message.

    Other people's secrets are masked for everybody but admins.
    """
    if sight_of(viewer, _row(connection, viewer, message_id)) is not Sight.FULL:
        raise Refused("The raw message is for admins and the user it acts for.")
    return masks_for(connection, viewer).raw(raw.read(connection, viewer, message_id))


def require_decidable(connection: Connection, viewer: Viewer, message_id: str) -> None:
    """NotFound unless the viewer sees the message, Refused unless they may decide about it."""
    if not sight_of(viewer, _row(connection, viewer, message_id)).may_decide:
        raise Refused("This message is for its user, their managers and admins to decide about.")


def _conditions(viewer: Viewer, wanted: MessageFilter) -> list[Condition]:
    found: list[Condition] = []
    if wanted.outcome == PENDING:
        found.append(messages.c.outcome.is_(None))
    elif wanted.outcome is not None:
        found.append(messages.c.outcome == wanted.outcome)
    if wanted.outcomes:
        found.append(_any_of(wanted.outcomes))
    if wanted.spam is not None:
        is_spam = messages.c.reason == "spam"
        found.append(is_spam if wanted.spam else or_(messages.c.reason.is_(None), not_(is_spam)))
    if wanted.mine:
        found.append(concerning(viewer))
    if wanted.rfc_message_id is not None:
        bare = wanted.rfc_message_id.strip().removeprefix("<").removesuffix(">")
        found.append(messages.c.rfc_message_id.in_((bare, f"<{bare}>")))
    if wanted.lead_id is not None:
        found.append(
            exists(
                select(literal(1))
                .select_from(entries_with_leads())
                .where(
                    history_entries.c.account_id == messages.c.account_id,
                    history_entries.c.message_id == messages.c.id,
                    history_entries.c.lead_id == wanted.lead_id,
                    visible_leads(viewer),
                )
                .correlate(messages)
            )
        )
    return found


def _any_of(outcomes: tuple[str, ...]) -> Condition:
    known = messages.c.outcome.in_([outcome for outcome in outcomes if outcome != PENDING])
    return or_(messages.c.outcome.is_(None), known) if PENDING in outcomes else known


def _select(viewer: Viewer) -> Select[Any]:
    return select(
        messages,
        restriction().label("restricted"),
        own_messages(viewer).label("own"),
        managed_messages(viewer).label("managed"),
    )


def _row(connection: Connection, viewer: Viewer, message_id: str) -> Row[Any]:
    row = connection.execute(
        _select(viewer).where(messages.c.id == message_id, visible_messages(viewer))
    ).first()
    if row is None:
        raise NotFound("message")
    return row
