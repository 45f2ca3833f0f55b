"""Addresses, partners and forms by the API: made, changed, replaced, and how they fare."""

from typing import Any

from tests.support.mails import mail
from tests.web.world import World, data, problem


def one(world: World, **wanted: Any) -> dict[str, Any]:
    """The one address of which this is so."""
    listed = data(world.admin.get("/addresses"))
    (found,) = [each for each in listed if all(each[name] == value for name, value in wanted.items())]
    return dict(found)


def test_an_address_for_leads_is_made_and_used(world: World) -> None:
    ben = world.user("ben")
    made = data(
        world.admin.post("/addresses", {"local_part": "Fair", "owner": ben.id, "tags": ["fair"]}), 201
    )
    assert made["address"] == "fair@acme.test" and made["kind"] == "leads" and made["owner_id"] == ben.id
    assert (made["last_message"], made["messages"]) == (None, 0)
    raw = mail(
        sender="p@kunde.example", to=made["address"], subject="s", text="t", message_id="<1@k.example>"
    )
    world.by_smtp(raw, made["address"])
    found = data(world.admin.get(f"/addresses/{made['id']}"))
    assert found["messages"] == 1 and found["last_message"] is not None
    (lead,) = data(world.admin.get("/leads"))
    assert lead["owner"]["id"] == ben.id and lead["tags"] == ["fair"]
    data(world.admin.patch(f"/addresses/{made['id']}", {"enabled": False, "owner_id": None, "tags": None}))
    assert one(world, id=made["id"])["enabled"] is False and one(world, id=made["id"])["owner_id"] is None
    refused = world.admin.send(raw, made["address"])
    assert problem(refused, 422)["errors"][0]["place"] == "to"


def test_what_cannot_be_is_named(world: World) -> None:
    taken = problem(world.admin.post("/addresses", {"local_part": "leads"}), 409)
    assert "leads@" in taken["detail"]
    wrong = problem(world.admin.post("/addresses", {"local_part": "a+b"}), 422)
    assert wrong["errors"][0]["place"] == "local_part"
    bcc = one(world, kind="bcc")
    assert problem(world.admin.post(f"/addresses/{bcc['id']}/rotate"), 409)
    told = problem(world.admin.patch(f"/addresses/{bcc['id']}", {"tags": ["a"]}), 422)
    assert told["errors"][0]["place"] == "tags"
    partner = {"name": "Portal", "senders": ["*@gmail.com"]}
    assert problem(world.admin.post("/partners", partner), 422)["errors"][0]["place"] == "senders[0]"
    nameless = problem(world.admin.post("/partners", {"name": " ", "senders": ["*@a.example"]}), 422)
    assert nameless["errors"][0]["place"] == "name"


def test_a_partner_as_the_product_says_it(world: World) -> None:
    owner = world.user("ben").id
    body = {"name": "Portal", "senders": ["*@partner.example"], "tags": ["portal"], "owner": owner}
    made = data(world.admin.post("/partners", body), 201)
    assert made["address"].startswith("partner-") and made["address"].endswith("@acme.test")
    assert made["owner_id"] == owner
    changed = data(
        world.admin.patch(f"/partners/{made['id']}", {"name": "Other", "senders": ["a@b.example"]})
    )
    assert (changed["name"], changed["senders"], changed["tags"]) == ("Other", ["a@b.example"], ["portal"])
    assert (
        one(world, kind="partner")["name"] == "Other"
        and one(world, kind="partner")["partner_id"] == made["id"]
    )
    fresh = data(world.admin.post(f"/partners/{made['id']}/address"), 201)
    assert fresh["address"] != made["address"]
    old = one(world, address=made["address"])
    assert (
        old["accepted_until"] is not None and old["replaced_by"] == one(world, address=fresh["address"])["id"]
    )
    assert world.admin.delete(f"/partners/{made['id']}").status_code == 204
    assert data(world.admin.get("/partners")) == []
    problem(world.admin.get(f"/partners/{made['id']}"), 404)


def test_a_personal_address_is_replaced_by_an_admin_too(world: World) -> None:
    ben = world.user("ben")
    old = one(world, user_id=ben.id)
    fresh = data(world.admin.post(f"/addresses/{old['id']}/rotate"), 201)
    assert fresh["user_id"] == ben.id and fresh["address"] != ben.address
    assert data(ben.get(f"/users/{ben.id}"))["address"] == fresh["address"]


def test_a_form_tells_how_it_fares_whichever_way_it_was_used(world: World) -> None:
    form = data(world.admin.post("/forms", {"name": "Contact", "tags": ["web"]}), 201)
    assert form["messages"] == 0 and form["team_id"] is None
    raw = mail(
        sender="web@site.example",
        to=form["address"],
        subject="Contact form",
        text="Name: Vera\nE-Mail: vera@besuch.example\nMessage: Hello\n",
        message_id="<1@site.example>",
    )
    world.by_smtp(raw, form["address"])
    assert data(world.admin.get(f"/forms/{form['id']}"))["messages"] == 1
    fresh = data(world.admin.post(f"/forms/{form['id']}/address"), 201)
    assert (
        fresh["address"] != form["address"] and fresh["token"] == form["token"] and fresh["tags"] == ["web"]
    )


def test_an_address_may_believe_users_whom_nothing_proves(world: World) -> None:
    bcc = one(world, kind="bcc")
    assert bcc["accepts_unknown"] is False
    raw = mail(
        sender=world.account.admin.email,
        to="paula@kunde.example",
        subject="An offer",
        text="Here it is.",
        message_id="<2@acme.example>",
    )
    held = world.by_smtp(raw, bcc["address"])
    assert data(world.admin.get(f"/messages/{held}"))["outcome"] == "held"
    changed = data(world.admin.patch(f"/addresses/{bcc['id']}", {"accepts_unknown": True}))
    assert changed["accepts_unknown"] is True
    again = world.by_smtp(raw.replace(b"<2@", b"<3@"), bcc["address"])
    told = data(world.admin.get(f"/messages/{again}"))
    assert (told["outcome"], told["trust"]) == ("lead_created", "unknown")
    form = data(world.admin.post("/forms", {"name": "Contact"}), 201)
    where = one(world, form_id=form["id"])["id"]
    refused = problem(world.admin.patch(f"/addresses/{where}", {"accepts_unknown": True}), 422)
    assert refused["errors"][0]["place"] == "accepts_unknown"
