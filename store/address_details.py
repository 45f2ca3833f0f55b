"""What the leads that come by an address begin with: their owner, their tags, and the team they are offered to.

The same for every address that makes leads: those of forms and partners, and `leads@` by any name. A team's members
see and take such a lead for as long as nobody owns it (`store.access`), whatever the privacy setting; that is written
down with the lead (`lead_offers`), so a lead that is offered stays offered when the address changes its mind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from store.folding import fold
from store.scope import AccountScope
from store.session import Invalid
from store.tables.people import teams, users
from store.tables.sources import address_details, lead_offers
from store.upsert import insert_unless_there

LONGEST_NAME = 200
LONGEST_TAG = 100
MOST_TAGS = 20


@dataclass(frozen=True, slots=True)
class Details:
    """What leads of an address begin with."""

    owner_id: str | None = None
    team_id: str | None = None
    tags: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the API tells it."""
        return {"owner_id": self.owner_id, "team_id": self.team_id, "tags": list(self.tags)}


NAMES = ("owner_id", "team_id", "tags")


def details_of(row: Any) -> Details:
    """The details in a row that was joined with `address_details`."""
    return Details(row.owner_id, row.team_id, tuple(row.tags or ()))


def checked_details(connection: Connection, scope: AccountScope, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `values` that are details, as they are kept. Invalid names the place."""
    checked: dict[str, Any] = {}
    if "owner_id" in values:
        checked["owner_id"] = _checked_owner(connection, scope, values["owner_id"])
    if "team_id" in values:
        checked["team_id"] = _checked_team(connection, scope, values["team_id"])
    if "tags" in values:
        checked["tags"] = _checked_tags(values["tags"])
    return checked


def put_details(
    connection: Connection, scope: AccountScope, address_id: str, values: Mapping[str, Any]
) -> None:
    """Writes columns of an address's details, which `checked_details` gave."""
    if not values:
        return
    blank = {"account_id": scope.account_id, "address_id": address_id, "tags": []}
    insert_unless_there(connection, address_details, [blank])
    connection.execute(
        update(address_details)
        .where(address_details.c.account_id == scope.account_id, address_details.c.address_id == address_id)
        .values(**values)
    )


def move_details(connection: Connection, scope: AccountScope, old_id: str, new_id: str) -> None:
    """Gives the details of a replaced address to the one in its place, and says so with it and its forerunners."""
    row = connection.execute(
        select(address_details).where(
            address_details.c.account_id == scope.account_id, address_details.c.address_id == old_id
        )
    ).first()
    if row is not None:
        put_details(connection, scope, new_id, {name: getattr(row, name) for name in NAMES})
    connection.execute(
        update(address_details)
        .where(address_details.c.account_id == scope.account_id, address_details.c.replaced_by == old_id)
        .values(replaced_by=new_id)
    )
    put_details(connection, scope, old_id, {"replaced_by": new_id})


def forget_team(connection: Connection, scope: AccountScope, team_id: str) -> None:
    """Before a team is deleted: no address names it any more, and no lead is offered to it."""
    connection.execute(
        update(address_details)
        .where(address_details.c.account_id == scope.account_id, address_details.c.team_id == team_id)
        .values(team_id=None)
    )
    connection.execute(
        delete(lead_offers).where(
            lead_offers.c.account_id == scope.account_id, lead_offers.c.team_id == team_id
        )
    )


def checked_name(value: Any) -> str:
    """The name of a source on one line. Invalid when there is none."""
    name = " ".join(str(value or "").split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("name", f"1 to {LONGEST_NAME} characters")
    return name


def _checked_owner(connection: Connection, scope: AccountScope, user_id: Any) -> str | None:
    if user_id is None:
        return None
    found = connection.execute(
        select(users.c.id).where(
            users.c.account_id == scope.account_id, users.c.id == user_id, users.c.active
        )
    ).first()
    if found is None:
        raise Invalid("owner_id", "no active user")
    return str(user_id)


def _checked_team(connection: Connection, scope: AccountScope, team_id: Any) -> str | None:
    if team_id is None:
        return None
    found = connection.execute(
        select(teams.c.id).where(teams.c.account_id == scope.account_id, teams.c.id == team_id)
    ).first()
    if found is None:
        raise Invalid("team_id", "no such team")
    return str(team_id)


def _checked_tags(value: Any) -> list[str]:
    tags = [" ".join(str(tag).split()) for tag in value or ()]
    if len(tags) > MOST_TAGS or any(not fold(tag) or len(tag) > LONGEST_TAG for tag in tags):
        raise Invalid("tags", f"at most {MOST_TAGS}, each 1 to {LONGEST_TAG} characters")
    return list(dict.fromkeys(tags))
