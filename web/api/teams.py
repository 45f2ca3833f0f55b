"""Teams."""

from store import teams
from store.session import Invalid
from web.api.bodies import NewTeam, TeamChange
from web.api.route import Answer, Call


def list_teams(call: Call) -> Answer:
    """All teams for admins, one's own for others."""
    found = teams.list_teams(call.connection, call.viewer)
    return Answer(found, headers={"X-Total-Count": str(len(found))})


def get_team(call: Call, team_id: str) -> Answer:
    """One team."""
    return Answer(teams.get_team(call.connection, call.viewer, team_id))


def create_team(call: Call, body: NewTeam) -> Answer:
    """A new team; 409 with the reason when the account has no teams."""
    made = teams.create_team(
        call.connection, call.viewer, name=body.name, members=body.members, managers=body.managers
    )
    return Answer(made, 201)


def change(call: Call, team_id: str, body: TeamChange) -> Answer:
    """Another name, other members or managers."""
    values = body.given("name", "members", "managers")
    for name, value in values.items():
        if value is None:
            raise Invalid(name, "must not be null")
    return Answer(teams.change_team(call.connection, call.viewer, team_id, **values))


def delete(call: Call, team_id: str) -> Answer:
    """Deletes a team; its people and leads stay."""
    teams.delete_team(call.connection, call.viewer, team_id)
    return Answer(status=204)
