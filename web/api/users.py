"""Users and their API keys."""

from store import smarthosts
from store.doorbell import Work
from store.keys import create_api_key
from store.outgoing import NO_SMARTHOST, Queued
from store.session import Invalid, Refused
from store.user_requests import add_user, change_user, remove_user, rotate_address, user_json, users_json
from web.api.bodies import NewKey, NewUser, UserChange
from web.api.queries import RemoveUserQuery
from web.api.route import Answer, Call
from web.link_mails import mail_link


def list_users(call: Call) -> Answer:
    """All users of the account, removed ones too, oldest first."""
    found = users_json(call.connection, call.viewer)
    return Answer(found, headers={"X-Total-Count": str(len(found))})


def get_user(call: Call, user_id: str) -> Answer:
    """One user."""
    return Answer(user_json(call.connection, call.viewer, user_id))


def create_user(call: Call, body: NewUser) -> Answer:
    """A new user with a personal address. Without a password, an invitation to set one is mailed where mail can be
    sent; `invitation` says what became of it."""
    made = add_user(
        call.connection,
        call.viewer,
        call.origin(),
        email=body.email,
        name=body.name,
        level=body.level,
        password_hash=body.password,
    )
    return Answer(
        made | {"invitation": _invite(call, made["id"], has_password=body.password is not None)}, 201
    )


def _invite(call: Call, user_id: str, *, has_password: bool) -> str:
    """mailed; delayed, while the mail server takes nothing; or why not."""
    if has_password:
        return "not_needed"
    verdict = mail_link(call.services, call.connection, call.scope, user_id, invites=True)
    if not isinstance(verdict, Queued):
        return "no_mail_server" if verdict.reason == NO_SMARTHOST else "not_possible"
    call.rings.add(Work.MAILS)
    failing = smarthosts.find(call.connection, call.scope)["failing_since"] is not None
    return "delayed" if failing else "mailed"


def change(call: Call, user_id: str, body: UserChange) -> Answer:
    """Changes a user."""
    values = body.given("name", "level", "visibility", "password")
    for name, value in values.items():
        if value is None:
            raise Invalid(name, "must not be null")
    if "password" in values:
        values["password_hash"] = values.pop("password")
    return Answer(change_user(call.connection, call.viewer, user_id, values))


def rotate(call: Call, user_id: str) -> Answer:
    """Replaces a user's personal address, for example when strangers have seen it."""
    return Answer(rotate_address(call.connection, call.viewer, user_id), 201)


def remove(call: Call, user_id: str, query: RemoveUserQuery) -> Answer:
    """Removes a user, whose leads go elsewhere as asked."""
    remove_user(call.connection, call.viewer, call.origin(), user_id, query.leads_to, query.closed_to)
    return Answer(status=204)


def create_key(call: Call, user_id: str, body: NewKey) -> Answer:
    """A new API key of a user: for admins, and for users of themselves."""
    found = user_json(call.connection, call.viewer, user_id)
    if not call.viewer.is_admin and user_id != call.viewer.user_id:
        raise Refused("Only admins make keys of other users.")
    if not found["active"]:
        raise Refused("This user was removed.")
    key = create_api_key(call.connection, call.scope, user_id, name=body.name, read_only=body.read_only)
    return Answer({"key": key, "name": body.name, "read_only": body.read_only}, 201)
