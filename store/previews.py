"""What a change of the account's settings would do, before it is done: how many leads each user would see.

Edition, teams and privacy decide about that together. Nothing is written here; `accounts.settled` says what the
settings would be, and the conditions of `access` count under them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from store.access import has_teams, visible_leads
from store.accounts import get_account, list_users, settled
from store.paging import count_up_to
from store.scope import Viewer
from store.tables.leads import leads
from store.tables.people import team_people

ABOUT_SEEING = ("edition", "teams_enabled", "visibility")
MOST_PEOPLE = 50
"""Users whose leads are counted; of the others only their number is told."""


@dataclass(frozen=True, slots=True)
class Change:
    """How many leads a user sees now and would see then; `exact`: both were counted to their end."""

    name: str
    now: int
    then: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """`settings`: those that differ, (now, then). `without_team`: who would be in none. `further`: not counted."""

    settings: Mapping[str, tuple[Any, Any]]
    people: tuple[Change, ...]
    without_team: tuple[str, ...]
    further: int

    @property
    def teams_end(self) -> bool:
        """Whether teams would be switched off."""
        return self.settings.get("teams_enabled") == (True, False)


def preview(connection: Connection, viewer: Viewer, values: Mapping[str, Any]) -> Preview:
    """What `values` would change. Invalid as `accounts.update_account`."""
    account = get_account(connection, viewer.scope)
    after = settled(account, values)
    now = {name: getattr(account, name) for name in ABOUT_SEEING}
    then = {name: after.get(name, now[name]) for name in ABOUT_SEEING}
    differing = {name: (now[name], then[name]) for name in ABOUT_SEEING if now[name] != then[name]}
    people = [user for user in list_users(connection, viewer.scope) if user.active]
    others = [user for user in people if user.level != "admin"] if differing else []
    changes = []
    for user in others[:MOST_PEOPLE]:
        as_now = replace(viewer, user_id=user.id, level=user.level, **now)
        seen, whole = _count(connection, as_now)
        seen_then, whole_then = _count(connection, replace(as_now, **then))
        changes.append(Change(user.name, seen, seen_then, whole and whole_then))
    alone: tuple[str, ...] = ()
    if has_teams(replace(viewer, **then)):
        in_teams = set(
            connection.execute(
                select(team_people.c.user_id).where(team_people.c.account_id == viewer.account_id)
            ).scalars()
        )
        alone = tuple(user.name for user in people if user.id not in in_teams and user.level != "admin")
    return Preview(differing, tuple(changes), alone, max(0, len(others) - MOST_PEOPLE))


def _count(connection: Connection, viewer: Viewer) -> tuple[int, bool]:
    return count_up_to(connection, select(leads.c.id).where(visible_leads(viewer)))
