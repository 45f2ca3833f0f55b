""" "Was this you?" answered with yes: an address becomes the user's own, and what waited for it is read again."""

import pytest

from store.books.proofs import prove
from store.tables.mail import holds
from store.tables.people import user_addresses
from tests.support.mails import mail
from tests.support.rows import rows
from tests.web.browsing import browser_of
from tests.web.world import Person, World, data, problem

HOME = "Ann@Home.example"


def held(world: World, user: Person, number: int, sender: str = HOME, to: str = "p@prospect.example") -> str:
    """A mail in BCC to the user's personal address, from an address that nobody knows."""
    raw = mail(
        sender=sender,
        to=to,
        subject=f"Offer {number}",
        text="Here it is.",
        message_id=f"<{number}@home.example>",
    )
    message_id = world.by_smtp(raw, user.address)
    assert data(user.get(f"/messages/{message_id}"))["reason"] == "was_this_you"
    return message_id


def process(world: World) -> None:
    while world.process():
        pass


def test_yes_releases_all_that_asked_the_same(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    first, second = held(world, ann, 1), held(world, ann, 2, "ann@home.example", "q@prospect.example")
    other, bens = held(world, ann, 3, "else@home.example"), held(world, ben, 4)
    waiting = data(ann.post(f"/messages/{first}/resolve", {"action": "own_address"}))
    assert waiting["outcome"] == "pending" and waiting["reason"] is None
    assert "process" in waiting["sentence"]
    process(world)
    for message_id in (first, second):
        found = data(ann.get(f"/messages/{message_id}"))
        assert found["outcome"] == "lead_created" and found["acting_user"]["id"] == ann.id
        assert found["direction"] == "out" and found["trust"] == "verified"
    assert data(ann.get(f"/messages/{other}"))["outcome"] == "held"
    assert data(ben.get(f"/messages/{bens}"))["outcome"] == "held"
    own = [row["address"] for row in rows(world.database, user_addresses) if row["user_id"] == ann.id]
    assert sorted(own) == ["ann@acme.example", "ann@home.example"]
    closed = [row for row in rows(world.database, holds) if row["message_id"] in (first, second)]
    assert {row["resolved_by"] for row in closed} == {ann.id} and all(row["resolved_at"] for row in closed)
    with world.database.read() as connection:
        assert prove(connection) == []
    problem(ann.post(f"/messages/{first}/resolve", {"action": "own_address"}), 409)
    later = world.by_smtp(
        mail(sender=HOME, to="r@prospect.example", subject="s", text="t", message_id="<9@home.example>"),
        ann.address,
    )
    assert data(ann.get(f"/messages/{later}"))["outcome"] == "lead_created", (
        "the address is known from now on"
    )


def test_an_admin_says_for_whom(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    message_id = held(world, ann, 1)
    path = f"/messages/{message_id}/resolve"
    for wrong in ({}, {"user_id": world.admin.id}, {"user_id": ben.id}):
        answer = problem(world.admin.post(path, {"action": "own_address", **wrong}), 422)
        assert answer["errors"][0]["place"] == "user_id"
    problem(ben.post(path, {"action": "own_address", "user_id": ann.id}), 404)
    problem(world.stranger_admin.post(path, {"action": "own_address", "user_id": ann.id}), 404)
    problem(world.admin.post(path, {"action": "ignore", "user_id": ann.id}), 422)
    problem(ann.post(path, {"action": "own_address", "user_id": world.admin.id}), 403)
    data(world.admin.post(path, {"action": "own_address", "user_id": ann.id}))
    process(world)
    assert data(ann.get(f"/messages/{message_id}"))["acting_user"]["id"] == ann.id


def test_managers_do_not_answer_for_their_people(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    data(world.admin.patch("/account", {"edition": "expert", "teams_enabled": True}))
    data(world.admin.post("/teams", {"name": "North", "members": [ann.id], "managers": [ben.id]}), 201)
    path = f"/messages/{held(world, ann, 1)}/resolve"
    problem(ben.post(path, {"action": "own_address", "user_id": ann.id}), 409)


def test_an_address_belongs_to_one_user(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    anns, bens = held(world, ann, 1), held(world, ben, 2)
    data(ann.post(f"/messages/{anns}/resolve", {"action": "own_address"}))
    problem(ben.post(f"/messages/{bens}/resolve", {"action": "own_address"}), 409)
    ours = held(world, ben, 3, "made-up@acme.test")
    problem(ben.post(f"/messages/{ours}/resolve", {"action": "own_address"}), 422)


def test_what_is_held_for_another_reason_does_not_ask(world: World) -> None:
    raw = mail(sender=HOME, to="postmaster@acme.test", subject="s", text="t", message_id="<1@home.example>")
    message_id = world.by_smtp(raw, "postmaster@acme.test")
    body = {"action": "own_address", "user_id": world.admin.id}
    problem(world.admin.post(f"/messages/{message_id}/resolve", body), 409)


@pytest.mark.parametrize(
    ("language", "own", "others"),
    [
        ("en", "Yes, this is my address", "Yes, this is an address of ann"),
        ("de", "Ja, das ist meine Adresse", "Ja, das ist eine Adresse von ann"),
    ],
)
def test_the_page_asks_whom_it_concerns(one_world: World, language: str, own: str, others: str) -> None:
    ann, account = one_world.user("ann"), one_world.account
    message_id = held(one_world, ann, 1)
    path, headers = f"/inbox/{message_id}", {"Accept-Language": language}
    anns, admins = (browser_of(one_world, account.scope, who) for who in (ann.id, account.admin.id))
    assert own in anns.get(path, headers=headers).text and others in admins.get(path, headers=headers).text
    wrong = {"action": "own_address", "user": account.admin.id}
    assert admins.post(f"{path}/resolve", wrong).status_code == 422
    done = anns.post(f"{path}/resolve", {"action": "own_address", "user": ann.id})
    assert done.status_code == 303 and done.headers["Location"].endswith("notice=own_address")
    assert own not in anns.get(path, headers=headers).text
    process(one_world)
    assert data(ann.get(f"/messages/{message_id}"))["outcome"] == "lead_created"


def test_a_private_users_address_is_not_told_to_admins(one_world: World) -> None:
    ann, account = one_world.user("ann"), one_world.account
    data(ann.patch(f"/users/{ann.id}", {"visibility": "private"}))
    message_id = held(one_world, ann, 1)
    page = browser_of(one_world, account.scope, account.admin.id).get(f"/inbox/{message_id}")
    assert page.status_code == 200 and "home.example" not in page.text.casefold()
    body = {"action": "own_address", "user_id": ann.id}
    problem(one_world.admin.post(f"/messages/{message_id}/resolve", body), 403)
