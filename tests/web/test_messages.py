"""Messages through the API: handing in, receipts, bytes, filters, reading again, resolving; who sees what of them."""

import re
from typing import Any

import pytest
from sqlalchemy import update

from store.tables.leads import history_entries
from store.tables.people import users
from tests.support.mails import mail
from tests.web.world import Person, World, data, problem

PROSPECT = "Paula Prospect <paula@prospect.example>"
SECRET = re.compile(r"\.[a-z2-7]{16}@")


def note(world: World, number: int, sender: str, to: str, text: str = "Hello") -> bytes:
    return mail(
        sender=sender, to=to, subject=f"Roof {number}", text=text, message_id=f"<{number}@prospect.example>"
    )


def bcc(world: World, user: Person, number: int = 1, text: str = "Our offer") -> str:
    """A user's own mail to the prospect, BCC'd to the personal address; its id."""
    return world.by_smtp(note(world, number, user.email, PROSPECT, text), user.address, user.email)


def set_default(world: World, user: Person, visibility: str) -> None:
    data(user.patch(f"/users/{user.id}", {"visibility": visibility}))


def set_entries(world: World, message_id: str, visibility: str) -> None:
    """What the user's default or /private will do when mail is filed."""
    with world.database.write() as connection:
        connection.execute(
            update(history_entries)
            .where(
                history_entries.c.account_id == world.account.id,
                history_entries.c.message_id == message_id,
                history_entries.c.kind == "email",
            )
            .values(visibility=visibility)
        )


def test_a_message_is_handed_in_and_has_a_receipt(world: World) -> None:
    raw = note(world, 1, PROSPECT, world.account.leads)
    message_id = world.received(world.admin, raw, world.account.leads, **{"from": "bounce@prospect.example"})
    found = data(world.admin.get(f"/messages/{message_id}"))
    assert found["outcome"] == "lead_created" and found["reason"] == "no_match" and found["sentence"]
    assert found["source"] == {"kind": "leads", "name": "leads"}
    assert found["envelope"]["mail_from"] == "bounce@prospect.example"
    assert found["envelope"]["auth_user"] == world.admin.id
    assert [arrival["door"] for arrival in found["arrivals"]] == ["api"]
    assert found["parsed"]["subject"] == "Roof 1" and found["trail"][0]["step"] == "accept"
    assert len(found["lead_ids"]) == len(found["history_ids"]) == 1
    answer = world.admin.get(f"/messages/{message_id}/raw")
    assert answer.data == raw and answer.mimetype == "message/rfc822"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_handing_in_is_refused_by_name(world: World) -> None:
    raw = note(world, 1, PROSPECT, "x@y.example")
    for to in ("nobody@acme.test", world.other.leads, "nonsense", "a@b@c"):
        assert problem(world.admin.send(raw, to), 422)["errors"][0]["place"] == "to"
    assert problem(world.admin.call("POST", "/messages", data=raw), 422)["errors"][0]["place"] == "to"
    problem(world.admin.send(b"", world.account.leads), 422)
    query = {"to": world.account.leads}
    answer = world.admin.call("POST", "/messages", data="{}", query_string=query, content_type="text/html")
    problem(answer, 415)
    assert data(world.admin.get("/messages")) == []


def test_filters_and_pages(world: World) -> None:
    first = world.by_smtp(note(world, 1, PROSPECT, world.account.leads), world.account.leads)
    second = world.by_smtp(note(world, 2, PROSPECT, world.account.leads), world.account.leads)
    third = world.by_smtp(note(world, 3, "x@y.example", "postmaster@acme.test"), "postmaster@acme.test")

    def ids(query: str) -> list[str]:
        return [message["id"] for message in data(world.admin.get(f"/messages?{query}"))]

    lead = data(world.admin.get(f"/messages/{first}"))["lead_ids"][0]
    assert ids("") == [third, second, first]
    assert ids("outcome=lead_created") == [first] and ids("outcome=history_added") == [second]
    assert ids("outcome=held") == [third] and ids("outcome=pending") == []
    assert ids(f"lead={lead}") == [second, first] and ids("lead=nonsense") == [] and ids("lead=%00") == []
    assert ids("message_id=%3C2@prospect.example%3E") == [second] == ids("message_id=2@prospect.example")
    assert ids("message_id=%00") == []
    problem(world.admin.get("/messages?outcome=lost"), 422)
    answer = world.admin.get("/messages?limit=2")
    assert answer.headers["X-Total-Count"] == "3"
    rest = answer.headers["Link"].partition("/api/v1")[2].partition(">")[0]
    assert [message["id"] for message in data(world.admin.get(rest))] == [first]


def test_a_pending_message(world: World) -> None:
    answer = world.admin.send(note(world, 1, PROSPECT, world.account.leads), world.account.leads)
    found = data(world.admin.get(answer.headers["Location"].removeprefix("/api/v1")))
    assert found["outcome"] == "pending" and found["sentence"] and found["parsed"] is None
    assert [m["id"] for m in data(world.admin.get("/messages?outcome=pending"))] == [found["id"]]


def test_each_sees_their_share(world: World) -> None:
    """Full for whom it acts and admins, the text for those who see its lead, nothing for others."""
    ann, ben = world.user("ann"), world.user("ben")
    message_id = bcc(world, ann)
    path = f"/messages/{message_id}"
    for person in (ann, world.admin):
        found = data(person.get(path))
        assert found["acting_user"]["id"] == ann.id and found["trust"] == "verified"
        assert found["envelope"] and found["arrivals"] and found["trail"] and found["sentence"]
        assert person.get(f"{path}/raw").status_code == 200
    told = data(ben.get(path))
    assert told["parsed"]["text"].strip() == "Our offer" and told["lead_ids"] and told["history_ids"]
    assert told["envelope"] is None and told["arrivals"] == [] and told["trail"] == []
    assert told["reason"] is None and told["sentence"] is None and told["trust"] is None
    for answer in (
        ben.get(f"{path}/raw"),
        ben.post(f"{path}/reprocess", {}),
        ben.post(f"{path}/resolve", {"action": "spam"}),
    ):
        problem(answer, 403)
    data(world.admin.patch("/account", {"visibility": "own"}))
    for answer in (ben.get(path), ben.get(f"{path}/raw"), ben.post(f"{path}/reprocess", {})):
        problem(answer, 404)
    assert data(ben.get("/messages")) == [] and data(ben.get("/events")) == []
    assert len(data(ann.get("/messages"))) == 1 and data(ann.get("/events"))


def test_private_mail_is_a_placeholder_for_everybody_else(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    message_id = bcc(world, ann, text="Confidential")
    lead = data(ann.get(f"/messages/{message_id}"))["lead_ids"][0]
    set_entries(world, message_id, "private")
    for person in (ben, world.admin):
        found = data(person.get(f"/messages/{message_id}"))
        assert found["visibility"] == "private" and found["received_at"] and found["direction"] == "out"
        assert "Confidential" not in str(found) and "Roof" not in str(found) and "prospect" not in str(found)
        assert not any(
            found[name]
            for name in ("parsed", "envelope", "arrivals", "trail", "sentence", "acting_user", "lead_ids")
        )
        assert found["outcome"] == ("lead_created" if person is world.admin else None)
        problem(person.get(f"/messages/{message_id}/raw"), 403)
        problem(person.post(f"/messages/{message_id}/reprocess", {"apply": False}), 403)
        email = [entry for entry in data(person.get(f"/leads/{lead}/history")) if entry["kind"] == "email"]
        assert len(email) == 1 and email[0]["visibility"] == "private" and email[0]["direction"] == "out"
        assert email[0]["text"] is email[0]["subject"] is email[0]["author"] is email[0]["message_id"] is None
        assert "Confidential" not in person.get("/events").text
        assert "Confidential" not in person.get(f"/messages?lead={lead}").text
    assert "Confidential" in ann.get(f"/messages/{message_id}").text
    assert "Confidential" in ann.get(f"/leads/{lead}/history").text


def test_team_mail_is_for_the_teams(world: World) -> None:
    ann, tim, ben = world.user("ann"), world.user("tim"), world.user("ben")
    boss = world.user("boss")
    data(world.admin.patch("/account", {"edition": "expert", "teams_enabled": True, "visibility": "all"}))
    data(world.admin.post("/teams", {"name": "T", "members": [ann.id, tim.id], "managers": [boss.id]}), 201)
    message_id = bcc(world, ann)
    lead = data(ann.get(f"/messages/{message_id}"))["lead_ids"][0]
    set_entries(world, message_id, "team")
    for person in (ann, tim, boss, world.admin):
        assert data(person.get(f"/messages/{message_id}"))["parsed"]
        assert "email" in [entry["kind"] for entry in data(person.get(f"/leads/{lead}/history"))]
    problem(ben.get(f"/messages/{message_id}"), 404)
    assert "email" not in [entry["kind"] for entry in data(ben.get(f"/leads/{lead}/history"))]
    managed = data(boss.get(f"/messages/{message_id}"))
    assert managed["sentence"] and managed["trust"] == "verified"
    assert managed["envelope"] is None and managed["trail"] == [] and managed["arrivals"] == []
    problem(boss.get(f"/messages/{message_id}/raw"), 403)
    data(boss.post(f"/messages/{message_id}/reprocess", {"apply": False}))
    data(world.admin.patch("/account", {"edition": "essentials"}))
    problem(tim.get(f"/messages/{message_id}"), 404)


def test_a_held_private_message_is_its_users_alone(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    set_default(world, ann, "private")
    held = world.by_smtp(note(world, 1, "ann@home.example", PROSPECT, "Confidential"), ann.address)
    assert data(ann.get(f"/messages/{held}"))["outcome"] == "held"
    assert "Confidential" not in world.admin.get(f"/messages/{held}").text
    problem(world.admin.post(f"/messages/{held}/resolve", {"action": "ignore"}), 403)
    problem(ben.get(f"/messages/{held}"), 404)
    assert data(ann.post(f"/messages/{held}/resolve", {"action": "ignore"}))["outcome"] == "ignored"


def test_hidden_leads_leave_no_trace(world: World) -> None:
    """A mail filed to a colleague's lead: its sender learns neither id nor number (product §3)."""
    ann, ben = world.user("ann"), world.user("ben")
    data(world.admin.patch("/account", {"visibility": "own"}))
    lead = data(
        ben.post("/leads", {"title": "Ben's", "contacts": [{"email": "paula@prospect.example"}]}), 201
    )
    message_id = bcc(world, ann)
    full = data(world.admin.get(f"/messages/{message_id}"))
    assert full["lead_ids"] == [lead["id"]] and "#1" in str(full["trail"])
    cut = ann.get(f"/messages/{message_id}")
    assert data(cut)["outcome"] == "history_added" and data(cut)["lead_ids"] == data(cut)["history_ids"] == []
    assert lead["id"] not in cut.text and "#1" not in cut.text and "Ben" not in cut.text
    diff = ann.post(f"/messages/{message_id}/reprocess", {"apply": False})
    assert diff.status_code == 200 and lead["id"] not in diff.text


def test_secrets_are_for_their_user_and_admins(world: World) -> None:
    """Ann's secret stands in a mail that her colleagues may read: in a header, in the text, in the bytes."""
    ann, ben = world.user("ann"), world.user("ben")
    message_id = bcc(world, ann, text=f"My CRM address is {ann.address.upper()}, yours is {ben.address}")
    lead = data(ann.get(f"/messages/{message_id}"))["lead_ids"][0]
    data(ann.post(f"/leads/{lead}/comments", {"text": f"see {ann.address}"}), 201)
    data(ann.patch(f"/leads/{lead}", {"fields": {"crm": ann.address}}))
    for path in (f"/messages/{message_id}", f"/leads/{lead}/history", f"/leads/{lead}", "/leads", "/events"):
        for person in (ann, ben):
            text = person.get(path).text.lower()
            others = ben.address if person is ann else ann.address
            assert others not in text, path
        assert ann.address in world.admin.get(path).text.lower(), path
    assert ann.address in ann.get(f"/messages/{message_id}").text.lower()
    raw = ann.get(f"/messages/{message_id}/raw").data.decode().lower()
    assert ann.address in raw and ben.address not in raw
    assert ann.address not in ben.get("/users").text and ann.address in ann.get("/users").text


def test_who_hands_in_sees_the_text_not_the_trail_of_others(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    data(world.admin.patch("/account", {"visibility": "own"}))
    raw = note(world, 1, PROSPECT, world.account.leads)
    message_id = world.received(ann, raw, world.account.leads)
    found = data(ann.get(f"/messages/{message_id}"))
    assert found["outcome"] == "lead_created" and found["parsed"]
    assert found["lead_ids"] == [] and found["trail"] == [] and found["envelope"] is None
    problem(ben.get(f"/messages/{message_id}"), 404)


def test_reading_again(world: World) -> None:
    held = world.by_smtp(note(world, 1, "x@y.example", "postmaster@acme.test"), "postmaster@acme.test")
    shown = data(world.admin.post(f"/messages/{held}/reprocess", {"apply": False}))
    assert shown["applied"] is False
    applied = data(world.admin.post(f"/messages/{held}/reprocess"))
    assert applied["applied"] is True and applied["outcome"] == "held"
    problem(world.admin.post(f"/messages/{held}/reprocess", {"apply": "no"}), 422)


def held_for(world: World, user: Person, number: int, sender: str = "ann@home.example") -> str:
    message_id = world.by_smtp(note(world, number, sender, PROSPECT), user.address)
    found = data(user.get(f"/messages/{message_id}"))
    assert found["outcome"] == "held" and found["reason"] == "was_this_you"
    return message_id


def test_resolving(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    lead = data(ann.post("/leads", {"title": "Mine"}), 201)["id"]
    theirs = data(ben.post("/leads", {"title": "Ben's"}), 201)["id"]

    def resolve(message_id: str, body: dict[str, Any], person: Person = ann) -> Any:
        return person.post(f"/messages/{message_id}/resolve", body)

    first = held_for(world, ann, 1)
    problem(resolve(first, {"action": "attach"}), 422)
    problem(resolve(first, {"action": "ignore", "lead_id": lead}), 422)
    problem(resolve(first, {"action": "burn"}), 422)
    problem(resolve(first, {"action": "attach", "lead_id": "0" * 26}), 404)
    problem(resolve(first, {"action": "attach", "lead_id": theirs}), 403)
    done = data(resolve(first, {"action": "attach", "lead_id": lead}))
    assert done["outcome"] == "history_added" and done["lead_ids"] == [lead]
    problem(resolve(first, {"action": "ignore"}), 409)
    again = data(resolve(held_for(world, ann, 2), {"action": "create"}))
    assert again["outcome"] == "history_added", "matched again first: the sender has become a contact"
    created = data(resolve(held_for(world, ann, 4, "else@home.example"), {"action": "create"}))
    assert created["outcome"] == "lead_created" and len(created["lead_ids"]) == 1
    assert data(resolve(held_for(world, ann, 3), {"action": "ignore"}))["outcome"] == "ignored"


@pytest.mark.parametrize("text", ["private", "team", "shared"])
def test_only_the_user_and_admins_set_the_default(one_world: World, text: str) -> None:
    ann, ben = one_world.user("ann"), one_world.user("ben")
    problem(ben.patch(f"/users/{ann.id}", {"visibility": text}), 403)
    set_default(one_world, ann, text)
    with one_world.database.read() as connection:
        found = connection.execute(
            users.select().where(users.c.account_id == one_world.account.id, users.c.id == ann.id)
        ).one()
    assert found.visibility == text
    assert data(ben.get(f"/users/{ann.id}"))["visibility"] is None
