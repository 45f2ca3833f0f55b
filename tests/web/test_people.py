"""Accounts, users, keys and teams through the API."""

from typing import Any

import pytest
from sqlalchemy import select

from store.passwords import is_password
from store.setup import initialise
from store.tables.automation import events
from store.tables.people import api_keys, users
from tests.support.mails import mail
from tests.support.rows import everything, rows
from tests.web.world import Person, World, data, problem

NEW = {
    "account": "initech",
    "domain": "Initech.test",
    "admin_email": "Bill@Initech.example",
    "admin_password": "swingline-stapler",
}


def test_the_deployment_key_makes_accounts(world: World) -> None:
    deployer = world.deployer()
    made = data(deployer.post("/accounts", NEW), 201)
    assert set(made) == {"account", "admin", "addresses", "api_key"}
    assert made["account"] | {"id": ""} == {"id": "", "slug": "initech", "domain": "initech.test"}
    assert made["admin"]["email"] == "bill@initech.example"
    assert made["admin"]["address"].endswith("@initech.test")
    assert made["addresses"] == {"bcc": "bcc@initech.test", "leads": "leads@initech.test"}
    bill = Person(world.app, made["api_key"])
    assert data(bill.get("/account"))["slug"] == "initech"
    stored = next(row for row in rows(world.database, users) if row["id"] == made["admin"]["id"])
    assert stored["password_hash"].startswith("$argon2id$")
    assert is_password("swingline-stapler", stored["password_hash"])
    again = data(deployer.post("/accounts", NEW))
    assert again == made | {"api_key": None}
    problem(deployer.post("/accounts", NEW | {"domain": "other.test"}), 409)
    problem(deployer.post("/accounts", NEW | {"admin_email": "other@initech.example"}), 409)
    problem(deployer.post("/accounts", NEW | {"account": "other"}), 409)
    problem(deployer.get("/leads"), 403)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"account": ""}, "account"),
        ({"account": "a b"}, "account"),
        ({"account": "a\0b"}, "account"),
        ({"domain": "nodot"}, "domain"),
        ({"admin_email": "nobody"}, "email"),
        ({"admin_password": "short"}, "admin_password"),
        ({"extra": 1}, "extra"),
    ],
)
def test_an_account_that_cannot_be(one_world: World, change: dict[str, Any], place: str) -> None:
    answer = problem(one_world.deployer().post("/accounts", NEW | change), 422)
    assert [error["place"] for error in answer["errors"]] == [place]
    assert "swingline" not in str(answer) and "short" not in str(answer).replace("at least", "")


def test_init_is_the_same(world: World) -> None:
    with world.database.write() as connection:
        first = initialise(connection, "acme2", "acme2.test", "a@acme.test", deployment_key=True)
    assert first["api_key"] and first["deployment_key"].startswith("lgd_")
    with world.database.write() as connection:
        again = initialise(connection, "acme2", "acme2.test", "a@acme.test")
    assert again == {key: value for key, value in first.items() if key != "deployment_key"} | {
        "api_key": None
    }
    with world.database.write() as connection:
        more = initialise(connection, "acme2", "acme2.test", "a@acme.test", new_api_key=True)
    assert more["api_key"] not in (None, first["api_key"])
    for key in (first["api_key"], more["api_key"]):
        assert data(Person(world.app, key).get("/account"))["slug"] == "acme2"


def test_settings(world: World) -> None:
    changed = data(
        world.admin.patch(
            "/account",
            {
                "internal_domains": ["Acme.example", "münchen.example"],
                "never_log": ["Boss@Home.example", "*@doctor.example"],
                "forwarders": ["192.0.2.9/28", "Relay.example"],
                "bcc_unmatched": "hold",
                "users_assign": False,
                "locale": "de",
                "timezone": "Europe/Berlin",
            },
        )
    )
    assert changed["internal_domains"] == ["acme.example", "xn--mnchen-3ya.example"]
    assert changed["never_log"] == ["boss@home.example", "*@doctor.example"]
    assert data(world.admin.get("/account")) == changed
    assert changed["forwarders"] == ["192.0.2.0/28", "relay.example"]
    seen = data(world.user("ann").get("/account"))
    assert seen["never_log"] is None and seen["forwarders"] is None
    for body in (
        {"timezone": "Mars/Olympus"},
        {"locale": "xx"},
        {"visibility": "team"},
        {"visibility": "some"},
        {"teams_enabled": True},
        {"never_log": ["nonsense"]},
        {"forwarders": ["nonsense"]},
        {"forwarders": ["0.0.0.0/0"]},
        {"edition": None},
        {"domain": "x.test"},
    ):
        problem(world.admin.patch("/account", body), 422)
    assert data(world.admin.get("/account")) == changed


def test_editions_and_teams(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    team = {"name": "North", "members": [ann.id], "managers": [ben.id]}
    assert "expert" in problem(world.admin.post("/teams", team), 409)["detail"]
    data(world.admin.patch("/account", {"edition": "expert"}))
    assert "switched off" in problem(world.admin.post("/teams", team), 409)["detail"]
    data(world.admin.patch("/account", {"teams_enabled": True}))
    made = data(world.admin.post("/teams", team), 201)
    assert made["members"] == [ann.id] and made["managers"] == [ben.id]
    problem(world.admin.post("/teams", team), 409)
    wrong = {"name": "X", "members": [ann.id, world.stranger_admin.id]}
    assert problem(world.admin.post("/teams", wrong), 422)["errors"][0]["place"] == "members[1]"
    assert problem(world.admin.post("/teams", {"name": " "}), 422)["errors"][0]["place"] == "name"
    assert data(ann.get("/teams")) == data(ben.get("/teams")) == data(world.admin.get("/teams")) == [made]
    assert data(world.user("carl").get("/teams")) == [] == data(world.stranger_admin.get("/teams"))
    data(world.admin.patch("/account", {"visibility": "team"}))
    after = data(world.admin.patch("/account", {"edition": "essentials"}))
    assert after["visibility"] == "own" and after["teams_enabled"] is False
    problem(world.admin.patch("/account", {"edition": "solo"}), 409)


def test_users(world: World) -> None:
    made = data(
        world.admin.post(
            "/users", {"email": "Jörg@Acme.example", "name": "Jörg Weiß", "password": "long-enough-1"}
        ),
        201,
    )
    assert made["level"] == "user" and made["active"] and made["address"].startswith("joerg.")
    assert "password" not in str(made)
    problem(world.admin.post("/users", {"email": "jörg@acme.example"}), 409)
    for body, place in (
        ({"email": "nonsense"}, "email"),
        ({"email": "a@b.example", "level": "god"}, "level"),
        ({"email": "a@b.example", "password": "x"}, "password"),
        ({}, "email"),
    ):
        assert problem(world.admin.post("/users", body), 422)["errors"][0]["place"] == place
    told = rows(world.database, select(events.c.type, events.c.data).where(events.c.type == "user.created"))
    assert [event["data"]["user"]["id"] for event in told] == [made["id"]]
    path = f"/users/{made['id']}"
    assert data(world.admin.patch(path, {"name": "J. Weiß", "level": "admin"}))["level"] == "admin"
    problem(world.admin.patch(path, {"name": " "}), 422)
    problem(world.admin.patch(path, {"email": "new@acme.example"}), 422)
    assert len(data(world.admin.get("/users"))) == 2


def test_users_change_only_themselves_and_not_their_level(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    assert (
        data(ann.patch(f"/users/{ann.id}", {"name": "Ann X", "password": "long-enough-2"}))["name"] == "Ann X"
    )
    problem(ann.patch(f"/users/{ann.id}", {"level": "admin"}), 403)
    problem(ann.patch(f"/users/{ben.id}", {"name": "x"}), 403)
    assert data(ann.get(f"/users/{ben.id}"))["address"] is None


def test_a_personal_address_is_replaced(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    path = f"/users/{ann.id}/address"
    made = data(ann.post(path), 201)
    assert made["address"] != ann.address and made["address"].startswith("ann.")
    assert data(ann.get(f"/users/{ann.id}")) == made
    problem(ben.post(path), 403)
    assert data(world.admin.post(path), 201)["address"] != made["address"]
    assert world.admin.delete(f"/users/{ann.id}").status_code == 204
    problem(world.admin.post(path), 403)


def test_the_last_admin_stays(world: World) -> None:
    own = f"/users/{world.admin.id}"
    problem(world.admin.patch(own, {"level": "user"}), 409)
    problem(world.admin.delete(own), 409)
    second = world.user("second", "admin")
    data(world.admin.patch(own, {"level": "user"}))
    problem(world.admin.get("/webhooks"), 403)  # at once
    problem(second.patch(f"/users/{second.id}", {"level": "user"}), 409)


def test_removing_a_user_gives_open_leads_away(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    open_one = data(ann.post("/leads", {"title": "open"}), 201)["id"]
    won = data(ann.post("/leads", {"title": "won", "status": "won"}), 201)["id"]
    path = f"/users/{ann.id}"
    assert "1 open" in problem(world.admin.delete(path), 422)["detail"]
    for wrong in (ann.id, "0" * 26, world.stranger_admin.id, "nonsense", "%00"):
        problem(world.admin.delete(f"{path}?leads_to={wrong}"), 422)
    assert world.admin.delete(f"{path}?leads_to={ben.id}").status_code == 204
    assert data(world.admin.get(f"/leads/{open_one}"))["owner"]["id"] == ben.id
    assert data(world.admin.get(f"/leads/{won}"))["owner"]["name"] == "ann"
    problem(ann.get("/account"), 401)  # every key at once
    assert all(row["revoked_at"] for row in rows(world.database, api_keys) if row["user_id"] == ann.id)
    assert data(world.admin.get(path))["active"] is False
    problem(world.admin.delete(f"{path}?leads_to=unassigned"), 404)
    problem(world.admin.post(f"{path}/api-keys", {}), 403)
    problem(world.admin.post(f"/leads/{open_one}/assign", {"user_id": ann.id}), 422)


def test_removing_a_user_leaves_holds_to_the_admins(world: World) -> None:
    ann = world.user("ann")
    raw = mail(
        sender="a@home.example", to="p@prospect.example", subject="s", text="t", message_id="<h@home.example>"
    )
    held = world.by_smtp(raw, ann.address)
    assert world.admin.delete(f"/users/{ann.id}").status_code == 204
    assert data(world.admin.get(f"/messages/{held}"))["outcome"] == "held"
    data(world.admin.post(f"/messages/{held}/resolve", {"action": "ignore"}))


def test_keys(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    made = data(ann.post(f"/users/{ann.id}/api-keys", {"name": "phone", "read_only": True}), 201)
    assert set(made) == {"key", "name", "read_only"} and made["key"].startswith("lgk_")
    reader = Person(world.app, made["key"])
    assert data(reader.get("/leads")) == []
    assert "only read" in problem(reader.post("/leads", {"title": "x"}), 403)["detail"]
    problem(ben.post(f"/users/{ann.id}/api-keys", {}), 403)
    problem(world.admin.post(f"/users/{'0' * 26}/api-keys", {}), 404)
    with world.database.read() as connection:
        stored = connection.execute(everything(select(api_keys))).all()
    assert made["key"] not in str(stored)


def test_solo_has_one_user(world: World) -> None:
    data(world.admin.patch("/account", {"edition": "solo"}))
    problem(world.admin.post("/users", {"email": "b@acme.example"}), 409)
