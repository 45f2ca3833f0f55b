"""Leads through the API: making, changing, finding, paging, assigning, their timeline."""

import pytest

from store.doorbell import Work
from store.tables.automation import events
from store.tables.leads import contacts
from tests.support.rows import count, rows
from tests.web.world import World, data, problem


def test_a_lead_is_made_with_everything(world: World) -> None:
    wish = {
        "title": "  Roof  for Weiß  ",
        "status": "standby",
        "amount": 1234.5,
        "currency": "EUR",
        "probability": 40,
        "tags": ["Fair 2026", "fair 2026"],
        "fields": {"city": "Köln"},
        "starred": True,
        "next_action_at": "2027-01-02T10:00:00+01:00",
        "contacts": [
            {
                "name": "Jörg Weiß",
                "emails": ["Joerg@Weiss.example", "jw@weiss.example"],
                "phones": ["+49 221 1"],
            },
            {"email": "office@weiss.example", "organisation": "Weiß GmbH"},
        ],
    }
    lead = data(world.admin.post("/leads", wish), 201)
    assert lead["title"] == "Roof for Weiß" and lead["status"] == "standby" and lead["number"] == 1
    assert (lead["amount"], lead["currency"], lead["probability"]) == (1234.5, "EUR", 40)
    assert lead["tags"] == ["Fair 2026"] and lead["fields"] == {"city": "Köln"} and lead["starred"]
    assert lead["next_action_at"] == "2027-01-02T09:00:00+00:00"
    assert lead["owner"]["id"] == world.admin.id and lead["source"]["kind"] == "api"
    assert [contact["emails"] for contact in lead["contacts"]] == [
        ["Joerg@Weiss.example", "jw@weiss.example"],
        ["office@weiss.example"],
    ]
    assert lead["address"].startswith("lead-1-") and lead["address"].endswith("@acme.test")
    assert data(world.admin.get(f"/leads/{lead['id']}")) == lead
    made = rows(world.database, events)
    assert [event["type"] for event in made] == ["lead.created"]
    assert made[0]["actor"] == {"kind": "user", "id": world.admin.id, "name": "Anna Admin"}
    assert made[0]["causes"][0].startswith("api:") and Work.EVENTS in world.rung


def test_a_contact_may_have_no_address(world: World) -> None:
    wanted = [{"name": "Uwe", "phones": ["+49 40 1"]}, {"phones": ["+49 40 2"]}, {"email": "a@x.example"}]
    lead = data(world.admin.post("/leads", {"contacts": wanted}), 201)
    assert lead["title"] == "Uwe"
    main, *others = [(each["name"], each["emails"], each["phones"]) for each in lead["contacts"]]
    assert main == ("Uwe", [], ["+49 40 1"])
    assert sorted(others) == [("", [], ["+49 40 2"]), ("", ["a@x.example"], [])]
    assert data(world.admin.post("/leads", {"contacts": wanted[1:2]}), 201)["title"] == "+49 40 2"
    assert len(rows(world.database, contacts)) == 4, "who has no address is somebody new each time"
    assert data(world.admin.get(f"/leads/{lead['id']}")) == lead


def test_contacts_are_found_by_any_of_their_addresses(world: World) -> None:
    data(world.admin.post("/leads", {"title": "1", "contacts": [{"email": "a@x.example", "name": "A"}]}), 201)
    lead = data(
        world.admin.post(
            "/leads",
            {"title": "2", "contacts": [{"emails": ["new@x.example", "A@X.example"], "name": "Other"}]},
        ),
        201,
    )
    assert count(world.database, contacts) == 1
    assert lead["contacts"][0]["name"] == "A"
    assert set(lead["contacts"][0]["emails"]) == {"a@x.example", "new@x.example"}


def test_what_no_database_takes_is_stored_as_a_mark_and_found_again(world: World) -> None:
    for title in ("1", "2"):
        data(world.admin.post("/leads", {"title": title, "contacts": [{"email": "a\0b@x.example"}]}), 201)
    assert count(world.database, contacts) == 1
    assert [lead["title"] for lead in data(world.admin.get("/leads?email=a%00b@x.example"))] == ["2", "1"]
    assert len(data(world.admin.get("/leads?q=%20"))) == 2, "looking for nothing hides nothing"
    assert data(world.admin.get("/leads?q=%CC%81")) == []


def test_change_says_what_happened(world: World) -> None:
    lead = data(world.admin.post("/leads", {"title": "A", "tags": ["x", "y"]}), 201)
    path = f"/leads/{lead['id']}"
    changed = data(
        world.admin.patch(
            path, {"status": "won", "tags": ["Y", "z"], "amount": "99.90", "fields": {"a": "b"}}
        )
    )
    assert changed["status"] == "won" and changed["closed_at"] and changed["amount"] == 99.9
    assert changed["tags"] == ["y", "z"] and changed["fields"] == {"a": "b"}
    types = sorted(event["type"] for event in rows(world.database, events))
    assert types == ["lead.created", "lead.status.changed", "lead.tagged", "lead.updated", "lead.updated"]
    assert data(world.admin.patch(path, {"status": "won"})) | {"updated_at": 0} == changed | {"updated_at": 0}
    assert data(world.admin.patch(path, {"amount": None}))["amount"] is None
    history = data(world.admin.get(f"{path}/history"))
    assert {entry["kind"] for entry in history} == {"change"}
    assert all(entry["author"]["id"] == world.admin.id for entry in history)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"title": None}, "title"),
        ({"status": "open"}, "status"),
        ({"status": None}, "status"),
        ({"amount": 1.005}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": True}, "amount"),
        ({"currency": "eur"}, "currency"),
        ({"probability": 101}, "probability"),
        ({"next_action_at": "2027-01-02T10:00:00"}, "next_action_at"),
        ({"next_action_at": "9999-12-31T23:59:59-14:00"}, "next_action_at"),
        ({"tags": ["a", 1]}, "tags[1]"),
        ({"tags": ["   "]}, "tags"),
        ({"fields": {"a": 1}}, "fields.a"),
        ({"step": "Nowhere"}, "step"),
        ({"owner_id": "nobody"}, "owner_id"),
        ({"owner_id": "0" * 26}, "user_id"),
        ({"titel": "x"}, "titel"),
    ],
)
def test_a_wrong_value_is_refused_by_name(one_world: World, body: dict[str, object], place: str) -> None:
    lead = data(one_world.admin.post("/leads", {"title": "A"}), 201)
    answer = problem(one_world.admin.patch(f"/leads/{lead['id']}", body), 422)
    assert place in [error["place"] for error in answer["errors"]]
    assert data(one_world.admin.get(f"/leads/{lead['id']}")) == lead


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "title"),
        ({"title": " "}, "title"),
        ({"contacts": [{"organisation": "Nobody"}]}, "contacts[0]"),
        ({"contacts": [{"email": "a b@c.example"}]}, "contacts[0].emails[0]"),
        ({"contacts": [{"email": "a@b.example"}, {"emails": ["nonsense"]}]}, "contacts[1].emails[0]"),
    ],
)
def test_a_lead_needs_something_to_be_called_by(
    one_world: World, body: dict[str, object], place: str
) -> None:
    answer = problem(one_world.admin.post("/leads", body), 422)
    assert [error["place"] for error in answer["errors"]] == [place]


def test_the_contact_names_a_lead_without_title(one_world: World) -> None:
    lead = data(one_world.admin.post("/leads", {"contacts": [{"email": "a@b.example", "name": "Ann"}]}), 201)
    assert lead["title"] == "Ann"


def test_lists_are_filtered(world: World) -> None:
    user = world.user("ben")
    one = data(
        world.admin.post("/leads", {"title": "Müller Dach", "contacts": [{"email": "M@mueller.example"}]}),
        201,
    )
    two = data(world.admin.post("/leads", {"title": "Straße 100%", "status": "won", "tags": ["Grün"]}), 201)
    three = data(world.admin.post("/leads", {"title": "c", "owner_id": None}), 201)
    four = data(user.post("/leads", {"title": "d", "contacts": [{"email": "m@MUELLER.example"}]}), 201)

    def found(query: str) -> list[int]:
        return sorted(lead["number"] for lead in data(world.admin.get(f"/leads?{query}")))

    assert found("") == [1, 2, 3, 4]
    assert found("email=m@mueller.example") == [1, 4]
    assert found("status=won") == [2] and found("status=todo,standby") == [1, 3, 4]
    assert found("q=mueller") == [1, 4] and found("q=MULLER") == [1] and found("q=strasse") == [2]
    assert found("q=100%25") == [2] and found("q=%25") == [2] and found("q=_") == [] and found("q=%23") == []
    assert found("q=3") == [3] and found("q=%233") == [3]
    assert found("tag=GR%C3%9CN") == [2]
    assert (
        found("owner=unassigned") == [3] and found("owner=me") == [1, 2] and found(f"owner={user.id}") == [4]
    )
    assert found("q=a%00b") == [] and found("owner=%00") == [] and found("email=%00") == []
    assert {one["id"], two["id"], three["id"], four["id"]} == {
        lead["id"] for lead in data(world.admin.get("/leads"))
    }
    problem(world.admin.get("/leads?status=open"), 422)
    problem(world.admin.get("/leads?stauts=won"), 422)


def test_pages_follow_links_and_neither_skip_nor_repeat(world: World) -> None:
    for number in range(5):
        data(world.admin.post("/leads", {"title": str(number), "tags": ["a b"]}), 201)
    seen: list[int] = []
    url = "/leads?limit=2&tag=a+b"
    while url:
        answer = world.admin.get(url)
        assert (
            answer.headers["X-Total-Count"] == str(5 + bool(seen))
            and "X-Total-Count-Exact" not in answer.headers
        )
        seen += [lead["number"] for lead in data(answer)]
        link = answer.headers.get("Link", "")
        url = link.partition("/api/v1")[2].partition(">")[0]
        assert not link or (link.startswith("<http://leadgate.test/api/v1/leads?") and 'rel="next"' in link)
        if len(seen) == 2:
            data(world.admin.post("/leads", {"title": "new", "tags": ["a b"]}), 201)
    assert seen == [5, 4, 3, 2, 1]
    for cursor in ("x", "W10", "bm9uc2Vuc2U", "WyIwIl0", "%00", "é"):
        problem(world.admin.get(f"/leads?cursor={cursor}"), 422)
    problem(world.admin.get("/leads?limit=0"), 422)
    problem(world.admin.get("/leads?limit=201"), 422)


def test_seeing_is_not_editing(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    lead = data(ann.post("/leads", {"title": "Ann's"}), 201)
    path = f"/leads/{lead['id']}"
    assert data(ben.get(path))["title"] == "Ann's"
    for answer in (
        ben.patch(path, {"status": "lost"}),
        ben.delete(path),
        ben.post(f"{path}/comments", {"text": "x"}),
        ben.post(f"{path}/assign", {"user_id": ben.id}),
    ):
        problem(answer, 403)
    data(world.admin.patch("/account", {"visibility": "own"}))
    for answer in (ben.get(path), ben.patch(path, {"status": "lost"}), ben.get(f"{path}/history")):
        problem(answer, 404)
    assert data(ann.get(path))["status"] == "todo"


def test_assigning(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    lead = data(ann.post("/leads", {"title": "A"}), 201)
    path = f"/leads/{lead['id']}/assign"
    assert data(ann.post(path, {"user_id": ben.id}))["owner"]["id"] == ben.id
    problem(ann.post(path, {"user_id": ann.id}), 403)
    data(world.admin.post(path, {"user_id": None}))
    assert data(ann.post(path, {"user_id": ann.id}))["owner"]["id"] == ann.id  # whoever sees it may take it
    problem(ann.post(path, {"user_id": "0" * 26}), 422)
    problem(ann.post(path, {}), 422)
    data(world.admin.patch("/account", {"users_assign": False}))
    problem(ann.post(path, {"user_id": ben.id}), 403)
    data(world.admin.patch("/account", {"users_assign": True, "visibility": "own"}))
    problem(ann.post(path, {"user_id": ben.id}), 403)  # Ann doesn't see Ben's leads
    stranger = world.stranger_admin.id
    problem(world.admin.post(path, {"user_id": stranger}), 422)


def test_giving_a_lead_out_of_sight_answers_nothing(world: World) -> None:
    boss, ann, ben = world.user("boss"), world.user("ann"), world.user("ben")
    data(world.admin.patch("/account", {"edition": "expert", "teams_enabled": True}))
    data(world.admin.post("/teams", {"name": "T", "members": [ann.id], "managers": [boss.id]}), 201)
    data(world.admin.patch("/account", {"visibility": "own"}))
    lead = data(ann.post("/leads", {"title": "A"}), 201)
    assert data(boss.patch(f"/leads/{lead['id']}", {"title": "B"}))["title"] == "B"
    problem(boss.post(f"/leads/{lead['id']}/assign", {"user_id": ben.id}), 403)
    assert boss.post(f"/leads/{lead['id']}/assign", {"user_id": None}).status_code == 204
    problem(boss.get(f"/leads/{lead['id']}"), 404)


def test_creating_for_others(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    assert data(ann.post("/leads", {"title": "A", "owner": ben.id}), 201)["owner"]["id"] == ben.id
    data(world.admin.patch("/account", {"visibility": "own"}))
    problem(ann.post("/leads", {"title": "A", "owner_id": ben.id}), 403)
    problem(ann.post("/leads", {"title": "A", "owner_id": None}), 403)
    assert data(world.admin.post("/leads", {"title": "A", "owner_id": ben.id}), 201)["owner"]["id"] == ben.id


def test_comments_and_the_timeline(world: World) -> None:
    lead = data(world.admin.post("/leads", {"title": "A"}), 201)
    for text in ("first", "second", "third"):
        made = data(world.admin.post(f"/leads/{lead['id']}/comments", {"text": text}), 201)
        assert made["kind"] == "comment" and made["text"] == text and made["author"]["id"] == world.admin.id
    problem(world.admin.post(f"/leads/{lead['id']}/comments", {"text": " "}), 422)
    first = world.admin.get(f"/leads/{lead['id']}/history?limit=2")
    assert [entry["text"] for entry in data(first)] == ["third", "second"]
    assert first.headers["X-Total-Count"] == "3"
    rest = first.headers["Link"].partition("/api/v1")[2].partition(">")[0]
    assert [entry["text"] for entry in data(world.admin.get(rest))] == ["first"]


def test_trash(world: World) -> None:
    lead = data(world.admin.post("/leads", {"title": "A"}), 201)
    assert world.admin.delete(f"/leads/{lead['id']}").status_code == 204
    problem(world.admin.get(f"/leads/{lead['id']}"), 404)
    problem(world.admin.delete(f"/leads/{lead['id']}"), 404)
    assert data(world.admin.get("/leads")) == []
