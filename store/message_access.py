"""Who sees how much of a message and of a timeline, as SQL conditions (product §7).

Messages have no rights of their own: a message belongs to the user it acts for, waits for, or whose
personal address it came to, and is read as text by those who see a lead it is on, or who handed it in.
It is as restricted as its most restricted timeline entry; without one, as its user's default says:
`shared`, `team` (that user's teams and their managers), `private` (that user only; of anything else
they would see, others have a placeholder, admins too). What is left of it for whom is `Sight`.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, literal, or_, select

from store.access import Condition, has_teams, managed_by, team_mates_of, visible_leads
from store.scope import Viewer
from store.tables.leads import history_entries, leads
from store.tables.mail import arrivals, holds, messages
from store.tables.people import inbound_addresses, users

SHARED, TEAM, PRIVATE = 0, 1, 2
"""How restricted a message is, as a number that grows with it."""

_Fits = Callable[[ColumnElement[Any]], Condition]


class Sight(StrEnum):
    """How much of a message somebody sees."""

    FULL = "full"  # everything, raw bytes too: admins and whom it acts for
    RECEIPT = "receipt"  # what came of it and its text: managers
    TEXT = "text"  # its text, because it is on a lead they see
    SEALED = "sealed"  # that there is one: time, direction, "private"

    @property
    def may_decide(self) -> bool:
        """Whether holds may be resolved and reading repeated."""
        return self in (Sight.FULL, Sight.RECEIPT)


def sight(viewer: Viewer, *, restricted: int, own: bool, managed: bool) -> Sight:
    """How much of a message the viewer sees, of those in `visible_messages`."""
    if own:
        return Sight.FULL
    if restricted == PRIVATE:
        return Sight.SEALED
    if viewer.is_admin:
        return Sight.FULL
    return Sight.RECEIPT if managed else Sight.TEXT


def visible_messages(viewer: Viewer) -> Condition:
    """The rows of `messages` of which the viewer sees anything at all."""
    here = messages.c.account_id == viewer.account_id
    if viewer.is_admin:
        return here
    acts_for_team = messages.c.acting_user_id.in_(team_mates_of(viewer)) if has_teams(viewer) else false()
    read = and_(or_(_on_visible_lead(viewer), _handed_in(viewer)), or_(restriction() != TEAM, acts_for_team))
    return and_(here, or_(own_messages(viewer), managed_messages(viewer), read))


def concerning(viewer: Viewer) -> Condition:
    """The rows of `messages` that are the viewer's business: their own, their teams' and what they handed in.

    Less than they see: not what stands on a lead that they merely see.
    """
    return or_(own_messages(viewer), managed_messages(viewer), _handed_in(viewer))


def own_messages(viewer: Viewer) -> Condition:
    """The rows of `messages` that act for the viewer, wait for them or came to their personal address."""
    return _belongs(lambda user_id: user_id == viewer.user_id)


def managed_messages(viewer: Viewer) -> Condition:
    """The rows of `messages` that belong so to members of the teams the viewer manages."""
    return _belongs(lambda user_id: user_id.in_(managed_by(viewer))) if has_teams(viewer) else false()


def restriction() -> ColumnElement[int]:
    """How restricted a row of `messages` is: SHARED, TEAM or PRIVATE."""
    by_entries = (
        select(func.max(_rank(history_entries.c.visibility)))
        .where(
            history_entries.c.account_id == messages.c.account_id,
            history_entries.c.message_id == messages.c.id,
        )
        .correlate(messages)
        .scalar_subquery()
    )
    by_people = (
        select(func.max(_rank(users.c.visibility)))
        .where(users.c.account_id == messages.c.account_id, _belongs(lambda user_id: user_id == users.c.id))
        .correlate(messages)
        .scalar_subquery()
    )
    return func.coalesce(by_entries, by_people, SHARED)


def visible_entries(viewer: Viewer) -> Condition:
    """The rows of `history_entries` of a lead they see that the viewer reads or has a placeholder of."""
    here = history_entries.c.account_id == viewer.account_id
    if viewer.is_admin:
        return here
    in_team = _acting().in_(team_mates_of(viewer)) if has_teams(viewer) else false()
    return and_(here, or_(history_entries.c.visibility != "team", own_entries(viewer), in_team))


def own_entries(viewer: Viewer) -> Condition:
    """The rows of `history_entries` whose mail acts for the viewer, or that the viewer wrote."""
    return _acting() == viewer.user_id


def _belongs(fits: _Fits) -> Condition:
    """The rows of `messages` whose user `fits`."""
    waits = exists(
        select(literal(1))
        .where(
            holds.c.account_id == messages.c.account_id,
            holds.c.message_id == messages.c.id,
            fits(holds.c.user_id),
        )
        .correlate(messages, users)
    )
    came = exists(
        select(literal(1))
        .select_from(
            arrivals.join(
                inbound_addresses,
                and_(
                    inbound_addresses.c.account_id == arrivals.c.account_id,
                    inbound_addresses.c.id == arrivals.c.address_id,
                ),
            )
        )
        .where(
            arrivals.c.account_id == messages.c.account_id,
            arrivals.c.message_id == messages.c.id,
            fits(inbound_addresses.c.user_id),
        )
        .correlate(messages, users)
    )
    return or_(fits(messages.c.acting_user_id), and_(messages.c.acting_user_id.is_(None), or_(waits, came)))


def _on_visible_lead(viewer: Viewer) -> Condition:
    return exists(
        select(literal(1))
        .select_from(
            history_entries.join(
                leads,
                and_(
                    leads.c.account_id == history_entries.c.account_id,
                    leads.c.id == history_entries.c.lead_id,
                ),
            )
        )
        .where(
            history_entries.c.account_id == messages.c.account_id,
            history_entries.c.message_id == messages.c.id,
            visible_leads(viewer),
        )
        .correlate(messages)
    )


def _handed_in(viewer: Viewer) -> Condition:
    """Handed in by the viewer through API or upload, whose arrivals name the user's id."""
    return exists(
        select(literal(1))
        .where(
            arrivals.c.account_id == messages.c.account_id,
            arrivals.c.message_id == messages.c.id,
            arrivals.c.door.in_(("api", "upload")),
            arrivals.c.auth_user == viewer.user_id,
        )
        .correlate(messages)
    )


def _rank(visibility: ColumnElement[str]) -> ColumnElement[int]:
    return case((visibility == "private", PRIVATE), (visibility == "team", TEAM), else_=SHARED)


def _acting() -> ColumnElement[Any]:
    """Of a row of `history_entries`: the user its mail acts for, else who wrote it."""
    acting = (
        select(messages.c.acting_user_id)
        .where(
            messages.c.account_id == history_entries.c.account_id,
            messages.c.id == history_entries.c.message_id,
        )
        .correlate(history_entries)
        .scalar_subquery()
    )
    return func.coalesce(acting, history_entries.c.author_user_id)
