"""Before a user is removed: what they have and where they are named, so that whoever removes them can decide."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from store.leads import OPEN_STATUSES
from store.scope import Viewer
from store.tables.automation import rules
from store.tables.leads import leads
from store.tables.mail import holds
from store.tables.people import inbound_addresses, team_people, teams
from store.tables.sources import address_details


@dataclass(frozen=True, slots=True)
class Belongings:
    """Numbers of leads and holds, and the names of rules, sources and teams that name the user."""

    open_leads: int
    closed_leads: int
    holds: int
    rules: tuple[str, ...]
    teams: tuple[str, ...]
    managed: tuple[str, ...]
    sources: tuple[str, ...] = ()  # addresses, forms and partners whose leads are given to the user


def belongings(connection: Connection, viewer: Viewer, user_id: str) -> Belongings:
    """What hangs on a user."""
    counted = connection.execute(
        select(leads.c.status, func.count().label("number"))
        .where(
            leads.c.account_id == viewer.account_id,
            leads.c.owner_id == user_id,
            leads.c.merged_into.is_(None),
            leads.c.trashed_at.is_(None),
        )
        .group_by(leads.c.status)
    )
    numbers = {row.status: row.number for row in counted}
    opened = sum(number for status, number in numbers.items() if status in OPEN_STATUSES)
    waiting = connection.execute(
        select(func.count())
        .select_from(holds)
        .where(
            holds.c.account_id == viewer.account_id,
            holds.c.user_id == user_id,
            holds.c.resolved_at.is_(None),
        )
    ).scalar_one()
    written = connection.execute(
        select(rules.c.name, rules.c.definition)
        .where(rules.c.account_id == viewer.account_id, rules.c.deleted_at.is_(None))
        .order_by(rules.c.position, rules.c.id)
    )
    naming = tuple(row.name for row in written if user_id in json.dumps(row.definition))
    parts = connection.execute(
        select(teams.c.name, team_people.c.part)
        .join_from(
            team_people,
            teams,
            (teams.c.account_id == team_people.c.account_id) & (teams.c.id == team_people.c.team_id),
        )
        .where(team_people.c.account_id == viewer.account_id, team_people.c.user_id == user_id)
        .order_by(teams.c.name)
    ).all()
    sources = connection.execute(
        select(inbound_addresses.c.name)
        .join_from(
            address_details,
            inbound_addresses,
            (inbound_addresses.c.account_id == address_details.c.account_id)
            & (inbound_addresses.c.id == address_details.c.address_id),
        )
        .where(
            address_details.c.account_id == viewer.account_id,
            address_details.c.owner_id == user_id,
            address_details.c.replaced_by.is_(None),
            inbound_addresses.c.enabled,
        )
        .order_by(inbound_addresses.c.name, inbound_addresses.c.id)
    ).scalars()
    return Belongings(
        opened,
        sum(numbers.values()) - opened,
        waiting,
        naming,
        tuple(row.name for row in parts if row.part == "member"),
        tuple(row.name for row in parts if row.part == "manager"),
        tuple(sources),
    )
