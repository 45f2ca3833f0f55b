"""Two accounts with one thing of every kind, made once for all tests of an access matrix and put back before each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from store import outgoing
from store.driver import sqlite_driver
from store.outgoing import NewMail
from store.session import Database
from tests.support.mails import mail
from tests.web.world import Person, World, data, make_world

RULE = {"name": "Web", "events": ["lead.created"], "then": [{"do": "add_tag", "tag": "web"}]}
MAILBOX = {"host": "imap.example.com", "username": "crm", "password": "secret"}
SETTINGS = {"edition": "expert", "teams_enabled": True, "visibility": "own"}


@dataclass(frozen=True)
class Scene:
    """One thing of every kind in an account, and the two users of whom one owns it."""

    user: Person
    colleague: Person
    ids: dict[str, str]


@dataclass(frozen=True)
class Stage:
    """The world, two scenes in the first account and one in the other."""

    world: World
    own: tuple[Scene, Scene]
    foreign: Scene
    _as_it_was: Any
    """A connection to a copy of the database in memory (of pysqlite3 or sqlite3)."""

    def put_back(self) -> None:
        """Makes the database what it was, beneath the application."""
        with _opened(self.world.database) as connection:
            self._as_it_was.backup(connection)


@contextmanager
def make_stage(database: Database) -> Iterator[Stage]:
    """The stage on `database`, which is one of SQLite's."""
    with make_world(database) as world:
        data(world.admin.patch("/account", SETTINGS))
        data(world.stranger_admin.patch("/account", SETTINGS))
        first, second = (_set_scene(world, world.admin, world.account.scope, f"own{n}") for n in range(2))
        foreign = _set_scene(world, world.stranger_admin, world.other.scope, "foreign")
        kept = sqlite_driver().connect(":memory:")
        with _opened(database) as connection:
            connection.backup(kept)
        try:
            yield Stage(world, (first, second), foreign, kept)
        finally:
            kept.close()


def _set_scene(world: World, admin: Person, scope: Any, name: str) -> Scene:
    domain = admin.email.partition("@")[2]

    def person(who: str) -> Person:
        made = data(admin.post("/users", {"email": f"{who}@{domain}", "name": who}), 201)
        return world.person(scope, made["id"], made["email"], made["address"])

    user, colleague = person(f"user-{name}"), person(f"colleague-{name}")
    lead = data(user.post("/leads", {"title": name}), 201)
    held = mail(
        sender="someone@elsewhere.example",
        to="prospect@prospect.example",
        subject="Offer",
        text=name,
        message_id=f"<{name}@elsewhere.example>",
    )
    team = data(admin.post("/teams", {"name": name, "members": [user.id]}), 201)
    webhook = data(admin.post("/webhooks", {"url": "https://hooks.example/x"}), 201)
    data(admin.post(f"/webhooks/{webhook['id']}/test"), 202)
    delivery = data(admin.get(f"/webhooks/{webhook['id']}/deliveries"))[0]
    partner = data(admin.post("/partners", {"name": name, "senders": [f"*@{name}.example"]}), 201)
    addresses = data(admin.get("/addresses"))
    ids = {
        "partner_id": partner["id"],
        "address_id": next(one["id"] for one in addresses if one["user_id"] == user.id),
        "user_id": user.id,
        "team_id": team["id"],
        "lead_id": lead["id"],
        "message_id": world.by_smtp(held, user.address),
        "webhook_id": webhook["id"],
        "delivery_id": delivery["id"],
        "form_id": data(admin.post("/forms", {"name": name}), 201)["id"],
        "mailbox_id": data(admin.post("/mailboxes", MAILBOX | {"username": f"crm-{name}"}), 201)["id"],
        "mail_id": _mail(world, scope, name),
        "rule_id": data(admin.post("/rules", RULE), 201)["id"],
    }
    return Scene(user, colleague, ids)


def _mail(world: World, scope: Any, name: str) -> str:
    """A mail of leadgate's own that waits to be sent."""
    new = NewMail(key=name, to=f"{name}@outside.example", purpose="test", subject="s", text="t")
    with world.database.write() as connection:
        verdict = outgoing.queue(connection, scope, replace(world.services.post, has_smarthost=True), new)
    assert isinstance(verdict, outgoing.Queued)
    return verdict.id


@contextmanager
def _opened(database: Database) -> Iterator[Any]:
    """A connection of its own to the database's file."""
    connection = sqlite_driver().connect(database.url.removeprefix("sqlite:///"))
    try:
        yield connection
    finally:
        connection.close()
