"""What people ask of users: make, change, remove. Removing gives open leads away and revokes every key.

A removed user stays as a row: closed leads keep the former owner's name, teams keep the former member, so
their managers still see those leads. The personal address stays accepted; nothing acts as that user.
"""

from collections.abc import Iterable, Mapping
from itertools import cycle
from typing import Any

from sqlalchemy import Connection, func, not_, select, update

from store import sessions
from store.accounts import LEVELS, create_user, list_users
from store.events import NewEvent, Origin, append
from store.inbound import rotate_personal_address
from store.lead_ops import LeadEditor
from store.leads import OPEN_STATUSES
from store.scope import AccountScope, Viewer
from store.session import Conflict, Invalid, NotFound, Refused, now
from store.tables.leads import leads
from store.tables.mail import holds
from store.tables.people import accounts, api_keys, users

UNASSIGNED = "unassigned"
ROUND_ROBIN = "round_robin"
"""Instead of one heir: leads go to all other active users in turn."""
MAIL_VISIBILITIES = ("shared", "team", "private")
OWN_SETTINGS = frozenset({"name", "visibility", "password_hash"})
"""What users change of themselves; all else is for admins."""


def users_json(
    connection: Connection, viewer: Viewer, *, only: Iterable[str] | None = None
) -> list[dict[str, Any]]:
    """The account's users, oldest first; personal addresses and mail settings for admins and the user alone."""
    wanted = None if only is None else list(only)
    defaults = connection.execute(
        select(users.c.id, users.c.visibility).where(users.c.account_id == viewer.account_id)
    )
    visibility = {row.id: row.visibility for row in defaults}
    found = []
    for user in list_users(connection, viewer.scope, only=wanted):
        told: dict[str, Any] = {
            "id": user.id,
            "email": user.email,
            "name": user.name,
            "level": user.level,
            "active": user.active,
            "address": None,
            "visibility": None,
        }
        if viewer.is_admin or user.id == viewer.user_id:
            told |= {"address": user.address or None, "visibility": visibility[user.id]}
        found.append(told)
    return found


def user_json(connection: Connection, viewer: Viewer, user_id: str) -> dict[str, Any]:
    """One user. NotFound if it isn't the account's."""
    found = users_json(connection, viewer, only=[user_id])
    if not found:
        raise NotFound("user")
    return found[0]


def add_user(
    connection: Connection,
    viewer: Viewer,
    origin: Origin,
    *,
    email: str,
    name: str,
    level: str,
    password_hash: str | None,
) -> dict[str, Any]:
    """A new user. Conflict in the solo edition, which has one."""
    _require_admin(viewer)
    _lock_account(connection, viewer)
    if viewer.edition == "solo":
        raise Conflict("The solo edition has one user; choose essentials or expert for more.")
    made = create_user(
        connection, viewer.scope, email=email, name=name, level=level, password_hash=password_hash
    )
    _tell(connection, viewer, origin, "user.created", made.id, made.name)
    return user_json(connection, viewer, made.id)


def change_user(
    connection: Connection,
    viewer: Viewer,
    user_id: str,
    values: Mapping[str, Any],
    *,
    session_id: str | None = None,
) -> dict[str, Any]:
    """Changes `name`, `level`, `visibility` or `password_hash`; users their own but the level.

    Another password ends the user's sessions, but for `session_id`, in which it was changed.
    """
    found = user_json(connection, viewer, user_id)
    if not viewer.is_admin and (user_id != viewer.user_id or not OWN_SETTINGS.issuperset(values)):
        raise Refused("Only admins change users.")
    if values.get("level", LEVELS[0]) not in LEVELS:
        raise Invalid("level", f"one of {', '.join(LEVELS)}")
    if values.get("visibility", "shared") not in MAIL_VISIBILITIES:
        raise Invalid("visibility", f"one of {', '.join(MAIL_VISIBILITIES)}")
    if "name" in values and not str(values["name"]).strip():
        raise Invalid("name", "must not be empty")
    if found["level"] == "admin" and values.get("level", "admin") != "admin":
        _require_another_admin(connection, viewer, user_id)
    if values:
        connection.execute(
            update(users)
            .where(users.c.account_id == viewer.account_id, users.c.id == user_id)
            .values(**values)
        )
    if "password_hash" in values:
        sessions.revoke_all(connection, viewer.scope, user_id, kept=session_id)
    return user_json(connection, viewer, user_id)


def rotate_address(connection: Connection, viewer: Viewer, user_id: str) -> dict[str, Any]:
    """A new personal address in place of the present one: for admins, and for users of themselves."""
    found = user_json(connection, viewer, user_id)
    if not viewer.is_admin and user_id != viewer.user_id:
        raise Refused("Only admins replace other users' addresses.")
    if not found["active"]:
        raise Refused("This user was removed.")
    rotate_personal_address(connection, viewer.scope, user_id, found["name"])
    return user_json(connection, viewer, user_id)


def promote(connection: Connection, scope: AccountScope, user_id: str) -> None:
    """Makes an active user an admin, as who runs the server may. NotFound for anybody else."""
    statement = update(users).where(
        users.c.account_id == scope.account_id, users.c.id == user_id, users.c.active
    )
    if connection.execute(statement.values(level="admin")).rowcount == 0:
        raise NotFound("user")


def remove_user(
    connection: Connection,
    viewer: Viewer,
    origin: Origin,
    user_id: str,
    leads_to: str | None,
    closed_to: str | None = None,
) -> None:
    """Removes a user; open leads go to the user `leads_to`, to all others in turn, or become "unassigned".

    Closed leads keep the former owner's name unless `closed_to` says otherwise. The last admin stays.
    """
    _require_admin(viewer)
    found = user_json(connection, viewer, user_id)
    if not found["active"]:
        raise NotFound("user")
    if found["level"] == "admin":
        _require_another_admin(connection, viewer, user_id)
    _give_leads_away(connection, viewer, origin, user_id, leads_to, closed_to)
    connection.execute(
        update(users)
        .where(users.c.account_id == viewer.account_id, users.c.id == user_id)
        .values(active=False, password_hash=None)
    )
    sessions.revoke_all(connection, viewer.scope, user_id)
    connection.execute(
        update(api_keys)
        .where(
            api_keys.c.account_id == viewer.account_id,
            api_keys.c.user_id == user_id,
            api_keys.c.revoked_at.is_(None),
        )
        .values(revoked_at=now(connection))
    )
    connection.execute(  # what waited for them waits for the admins
        update(holds)
        .where(
            holds.c.account_id == viewer.account_id,
            holds.c.user_id == user_id,
            holds.c.resolved_at.is_(None),
        )
        .values(user_id=None)
    )
    _tell(connection, viewer, origin, "user.deactivated", user_id, found["name"])


def count_active(connection: Connection, viewer: Viewer) -> int:
    """How many active users the account has."""
    return int(
        connection.execute(
            select(func.count())
            .select_from(users)
            .where(users.c.account_id == viewer.account_id, users.c.active)
        ).scalar_one()
    )


def _give_leads_away(
    connection: Connection,
    viewer: Viewer,
    origin: Origin,
    user_id: str,
    leads_to: str | None,
    closed_to: str | None,
) -> None:
    owned = _leads_of(connection, viewer, user_id, closed=False)
    if owned and leads_to is None:
        raise Invalid(
            "leads_to",
            f"{len(owned)} open leads: name the user who gets them, {ROUND_ROBIN} or {UNASSIGNED}",
        )
    gifts = []
    if leads_to is not None:
        gifts.append((owned, _heirs(connection, viewer, user_id, "leads_to", leads_to)))
    if closed_to is not None:
        closed = _leads_of(connection, viewer, user_id, closed=True)
        gifts.append((closed, _heirs(connection, viewer, user_id, "closed_to", closed_to)))
    editor = LeadEditor(connection, viewer.scope, origin)
    for given, heirs in gifts:
        for lead_id, heir in zip(given, cycle(heirs), strict=False):
            editor.assign(lead_id, heir)
    editor.finish()


def _leads_of(connection: Connection, viewer: Viewer, user_id: str, *, closed: bool) -> list[str]:
    is_open = leads.c.status.in_(OPEN_STATUSES)
    statement = select(leads.c.id).where(
        leads.c.account_id == viewer.account_id,
        leads.c.owner_id == user_id,
        not_(is_open) if closed else is_open,
        leads.c.merged_into.is_(None),
    )
    return list(connection.execute(statement.order_by(leads.c.id)).scalars())


def _heirs(connection: Connection, viewer: Viewer, user_id: str, place: str, wanted: str) -> list[str | None]:
    """Who gets leads, in turn. Invalid, naming the place, for nobody's word."""
    if wanted == UNASSIGNED:
        return [None]
    others = [
        user["id"] for user in users_json(connection, viewer) if user["active"] and user["id"] != user_id
    ]
    if wanted == ROUND_ROBIN and others:
        return list(others)
    if wanted == user_id:
        raise Invalid(place, "must be another user")
    if wanted not in others:
        raise Invalid(place, f"no active user of this account, nor {ROUND_ROBIN} or {UNASSIGNED}")
    return [wanted]


def _require_admin(viewer: Viewer) -> None:
    if not viewer.is_admin:
        raise Refused("Only admins make and remove users.")


def _require_another_admin(connection: Connection, viewer: Viewer, user_id: str) -> None:
    """Conflict if `user_id` is the last admin. The account's row is locked: two admins cannot remove each other."""
    _lock_account(connection, viewer)
    another = connection.execute(
        select(users.c.id).where(
            users.c.account_id == viewer.account_id,
            users.c.level == "admin",
            users.c.active,
            users.c.id != user_id,
        )
    ).first()
    if another is None:
        raise Conflict("The last admin cannot be removed or demoted.")


def _lock_account(connection: Connection, viewer: Viewer) -> None:
    connection.execute(select(accounts.c.id).where(accounts.c.id == viewer.account_id).with_for_update())


def _tell(
    connection: Connection, viewer: Viewer, origin: Origin, event_type: str, user_id: str, name: str
) -> None:
    data = {"lead": None, "message": None, "changes": {}, "user": {"id": user_id, "name": name}}
    append(
        connection,
        viewer.scope,
        origin,
        now(connection),
        [NewEvent(event_type, None, None, None, data)],
    )
