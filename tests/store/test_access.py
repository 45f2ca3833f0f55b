"""The table of product §7: who sees and edits which leads, in every edition and privacy setting."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select, update

from rules.event import Actor, ActorKind
from store.access import (
    editable_leads,
    require_assignable,
    require_creatable,
    require_editable,
    require_visible,
    visible_among,
    visible_leads,
)
from store.accounts import update_account, viewer_of
from store.events import Origin
from store.lead_ops import LeadEditor
from store.lead_rows import NewLead
from store.scope import Viewer
from store.session import Database, NotFound, Refused
from store.tables.leads import leads
from store.tables.people import accounts, users
from store.teams import create_team
from tests.support.accounts import MadeAccount, make_account, make_user

LEVELS = {
    "admin": "admin",
    "boss": "user",  # manages North, is no member of it
    "nora": "user",  # in North
    "nils": "user",  # in North and South
    "sam": "user",  # in South
    "free": "user",  # in no team
}
OWNERS = ("admin", "boss", "nora", "nils", "sam", "free", "nobody")
EVERYTHING = set(OWNERS)
NORTH = {"nora", "nils"}


@dataclass(frozen=True)
class Office:
    """An account with two teams, and one lead of everybody's."""

    database: Database
    account: MadeAccount
    ids: dict[str, str]  # by name of the user
    leads: dict[str, str]  # by name of the owner

    def viewer(self, name: str) -> Viewer:
        with self.database.read() as connection:
            return viewer_of(connection, self.account.scope, self.ids[name])

    def settings(self, **values: object) -> None:
        with self.database.write() as connection:
            update_account(connection, self.account.scope, values)

    def sees(self, name: str) -> set[str]:
        return self._owners(visible_leads(self.viewer(name)))

    def edits(self, name: str) -> set[str]:
        return self._owners(editable_leads(self.viewer(name)))

    def _owners(self, condition: object) -> set[str]:
        with self.database.read() as connection:
            found = set(connection.execute(select(leads.c.id).where(condition)).scalars())  # type: ignore[arg-type]  # a condition
        return {owner for owner, lead_id in self.leads.items() if lead_id in found}


def make_leads(database: Database, account: MadeAccount, owners: dict[str, str | None]) -> dict[str, str]:
    origin = Origin(Actor(ActorKind.SYSTEM), ())
    with database.write() as connection:
        editor = LeadEditor(connection, account.scope, origin)
        made = {
            name: editor.create(NewLead(title=name, source_kind="api", owner_id=owner))
            for name, owner in owners.items()
        }
        editor.finish()
    return made


@pytest.fixture
def office(database: Database) -> Office:
    return make_office(database)


@pytest.fixture
def sqlite_office(sqlite_database: Database) -> Office:
    return make_office(sqlite_database)


def make_office(database: Database) -> Office:
    account = make_account(database)
    ids = {
        name: make_user(database, account, f"{name}@acme.example", name, level).id
        for name, level in LEVELS.items()
    }
    with database.write() as connection:
        update_account(connection, account.scope, {"edition": "expert", "teams_enabled": True})
        admin = viewer_of(connection, account.scope, ids["admin"])
        create_team(
            connection, admin, name="North", members=[ids["nora"], ids["nils"]], managers=[ids["boss"]]
        )
        create_team(connection, admin, name="South", members=[ids["nils"], ids["sam"]], managers=[])
    made = make_leads(database, account, {name: ids.get(name) for name in OWNERS})
    make_leads(database, make_account(database, "globex"), {"theirs": None})
    return Office(database, account, ids, made)


SEES = {
    # visibility: {viewer: owners of the leads they see}, with teams
    "all": dict.fromkeys(LEVELS, EVERYTHING),
    "team": {
        "admin": EVERYTHING,
        "boss": {"boss", *NORTH, "nobody"},
        "nora": {"nora", "nils", "boss"},
        "nils": {"nils", "nora", "boss", "sam"},
        "sam": {"sam", "nils"},
        "free": {"free"},
    },
    "own": {
        "admin": EVERYTHING,
        "boss": {"boss", *NORTH},
        "nora": {"nora"},
        "nils": {"nils"},
        "sam": {"sam"},
        "free": {"free"},
    },
}
EDITS = {
    "admin": EVERYTHING,
    "boss": {"boss", *NORTH},
    "nora": {"nora"},
    "nils": {"nils"},
    "sam": {"sam"},
    "free": {"free"},
}


@pytest.mark.parametrize("visibility", SEES)
def test_with_teams(office: Office, visibility: str) -> None:
    office.settings(visibility=visibility)
    assert {name: office.sees(name) for name in LEVELS} == SEES[visibility]
    assert {name: office.edits(name) for name in LEVELS} == EDITS


@pytest.mark.parametrize("edition", ["essentials", "expert"])
@pytest.mark.parametrize("visibility", ["all", "own"])
def test_without_teams_their_rows_give_nothing(office: Office, edition: str, visibility: str) -> None:
    office.settings(visibility=visibility)
    office.settings(edition=edition, teams_enabled=False)
    for name in LEVELS:
        everything = name == "admin" or visibility == "all"
        assert office.sees(name) == (EVERYTHING if everything else {name})
        assert office.edits(name) == (EVERYTHING if name == "admin" else {name})


def test_a_flag_left_behind_in_a_smaller_edition_gives_nothing(office: Office) -> None:
    office.settings(visibility="team")
    with office.database.write() as connection:
        connection.execute(
            update(accounts).where(accounts.c.id == office.account.id).values(edition="essentials")
        )
    assert office.sees("boss") == {"boss"} and office.sees("nora") == {"nora"}


def test_switching_teams_off_shows_nobody_more(office: Office) -> None:
    office.settings(visibility="team")
    before = {name: office.sees(name) for name in LEVELS}
    office.settings(teams_enabled=False)
    assert all(office.sees(name) <= before[name] for name in LEVELS)


def test_trashed_and_merged_leads_are_nobodys(office: Office) -> None:
    with office.database.write() as connection:
        editor = LeadEditor(connection, office.account.scope, Origin(Actor(ActorKind.SYSTEM), ()))
        editor.trash(office.leads["nora"])
        editor.finish()
        connection.execute(
            update(leads)
            .where(leads.c.account_id == office.account.id, leads.c.id == office.leads["nils"])
            .values(merged_into=office.leads["sam"])
        )
    for name in LEVELS:
        assert not office.sees(name) & {"nora", "nils"}
        assert not office.edits(name) & {"nora", "nils"}


ASSIGNS = [
    # visibility, who, whose lead, to whom, allowed
    ("own", "admin", "sam", "free", True),
    ("own", "admin", "nobody", None, True),
    ("own", "boss", "nora", "nils", True),
    ("own", "boss", "nora", "boss", True),
    ("own", "boss", "nora", None, True),
    ("own", "boss", "nora", "sam", False),
    ("own", "boss", "boss", "nora", True),
    ("own", "boss", "boss", "sam", False),
    ("team", "boss", "nobody", "nora", True),
    ("team", "boss", "nobody", "sam", False),
    ("all", "boss", "nobody", "nora", True),
    ("all", "boss", "sam", "nora", False),
    ("all", "boss", "sam", "boss", False),
    ("all", "nora", "nora", "sam", True),
    ("all", "nora", "nora", None, True),
    ("all", "nora", "sam", "nora", False),
    ("all", "nora", "nobody", "nora", True),
    ("all", "nora", "nobody", "sam", False),
    ("team", "nora", "nora", "nils", True),
    ("team", "nora", "nora", "boss", True),
    ("team", "nora", "nora", "sam", False),
    ("team", "nora", "nora", None, False),
    ("own", "nora", "nora", "nils", False),
    ("own", "nora", "nora", "nora", True),
]


@pytest.mark.parametrize(("visibility", "who", "whose", "to", "allowed"), ASSIGNS)
def test_assigning(
    sqlite_office: Office, visibility: str, who: str, whose: str, to: str | None, allowed: bool
) -> None:
    office = sqlite_office
    office.settings(visibility=visibility)
    target = office.ids[to] if to else None
    with office.database.write() as connection:
        if allowed:
            require_assignable(connection, office.viewer(who), office.leads[whose], target)
        else:
            with pytest.raises(Refused):
                require_assignable(connection, office.viewer(who), office.leads[whose], target)


def test_users_assign_only_if_the_account_lets_them(office: Office) -> None:
    office.settings(users_assign=False)
    with office.database.write() as connection:
        with pytest.raises(Refused):
            require_assignable(connection, office.viewer("nora"), office.leads["nora"], office.ids["nils"])
        require_assignable(connection, office.viewer("nora"), office.leads["nobody"], office.ids["nora"])
        require_assignable(connection, office.viewer("boss"), office.leads["nora"], office.ids["nils"])
        with pytest.raises(Refused):
            require_creatable(connection, office.viewer("nora"), office.ids["nils"])
        require_creatable(connection, office.viewer("nora"), office.ids["nora"])
        require_creatable(connection, office.viewer("boss"), office.ids["nora"])
        with pytest.raises(Refused):
            require_creatable(connection, office.viewer("boss"), office.ids["sam"])


def test_hidden_is_not_found_and_visible_is_refused(office: Office) -> None:
    nora, theirs = office.viewer("nora"), office.leads["sam"]
    with office.database.write() as connection:
        require_visible(connection, nora, theirs)
        with pytest.raises(Refused):
            require_editable(connection, nora, theirs)
    office.settings(visibility="own")
    nora = office.viewer("nora")
    with office.database.write() as connection:
        for check in (require_visible, require_editable):
            with pytest.raises(NotFound):
                check(connection, nora, theirs)
        with pytest.raises(NotFound):
            require_assignable(connection, nora, theirs, nora.user_id)
        assert visible_among(connection, nora, office.leads.values()) == {office.leads["nora"]}


def test_a_removed_user_sees_nothing_any_more(office: Office) -> None:
    with office.database.write() as connection:
        connection.execute(
            update(users)
            .where(users.c.account_id == office.account.id, users.c.id == office.ids["nora"])
            .values(active=False)
        )
        with pytest.raises(NotFound):
            viewer_of(connection, office.account.scope, office.ids["nora"])
