"""Not a lead: into the trash and out of the counts, its sender blocked, and all of it taken back."""

from sqlalchemy import select

from store.tables.leads import leads
from tests.support.mails import mail
from tests.web.browsing import admin_of, browser_of
from tests.web.world import World, data, problem

PAULA = {"name": "Paula", "emails": ["paula@kunde.example", "p@kunde.example"]}


def by_mail(world: World, number: int) -> str:
    raw = mail(
        sender="paula@kunde.example",
        to=world.account.leads,
        subject=f"Offer {number}",
        text="Buy links",
        message_id=f"<{number}@kunde.example>",
    )
    return str(data(world.admin.get(f"/messages/{world.by_smtp(raw, world.account.leads)}"))["outcome"])


def marked(world: World, lead_id: str) -> bool | None:
    with world.database.read() as connection:
        where = (leads.c.account_id == world.account.id, leads.c.id == lead_id)
        found: bool | None = connection.execute(select(leads.c.not_a_lead).where(*where)).scalar()
        return found


def test_it_is_trashed_blocked_and_restored(world: World) -> None:
    assert by_mail(world, 1) == "lead_created"
    (lead,) = data(world.admin.get("/leads"))
    told = data(world.admin.post(f"/leads/{lead['id']}/not-a-lead", {"block_sender": True}))
    assert told == {"blocked": ["paula@kunde.example"]}
    assert data(world.admin.get("/leads")) == [] and marked(world, lead["id"]) is True
    assert [each["id"] for each in data(world.admin.get("/leads?trashed=true"))] == [lead["id"]]
    assert by_mail(world, 2) == "ignored"
    deleted = data(world.admin.get("/events?type=lead.deleted"))[0]
    assert deleted["data"]["changes"] == {
        "not_a_lead": [False, True],
        "blocked": [[], ["paula@kunde.example"]],
    }
    again = data(world.admin.post(f"/leads/{lead['id']}/restore"))
    assert again["id"] == lead["id"] and marked(world, lead["id"]) is False
    assert data(world.admin.get("/account"))["blocked_senders"] == []
    assert by_mail(world, 3) == "history_added"
    history = data(world.admin.get(f"/leads/{lead['id']}/history"))
    changes = [entry["data"]["changes"] for entry in history if entry["kind"] == "change"]
    assert {"trashed": [True, False], "blocked": [["paula@kunde.example"], []]} in changes
    problem(world.admin.post(f"/leads/{lead['id']}/restore"), 404)


def test_a_lead_that_was_merely_deleted_unblocks_nobody(world: World) -> None:
    lead = data(world.admin.post("/leads", {"title": "Chairs", "contacts": [PAULA]}), 201)
    data(world.admin.patch("/account", {"blocked_senders": ["paula@kunde.example", "*@x.example"]}))
    assert world.admin.delete(f"/leads/{lead['id']}").status_code == 204
    data(world.admin.post(f"/leads/{lead['id']}/restore"))
    assert len(data(world.admin.get("/account"))["blocked_senders"]) == 2 and not marked(world, lead["id"])


def test_without_blocking_the_next_mail_is_a_lead_again(one_world: World) -> None:
    by_mail(one_world, 1)
    (lead,) = data(one_world.admin.get("/leads"))
    assert data(one_world.admin.post(f"/leads/{lead['id']}/not-a-lead")) == {"blocked": []}
    assert by_mail(one_world, 2) == "lead_created"


def test_who_may(world: World) -> None:
    data(world.admin.patch("/account", {"visibility": "own"}))
    ben, eva = world.user("ben"), world.user("eva")
    lead = data(ben.post("/leads", {"title": "Ben's", "contacts": [PAULA]}), 201)
    problem(eva.post(f"/leads/{lead['id']}/not-a-lead"), 404)
    data(ben.post(f"/leads/{lead['id']}/not-a-lead", {"block_sender": True}))
    assert data(eva.get("/leads?trashed=true")) == [] and len(data(ben.get("/leads?trashed=true"))) == 1
    problem(eva.post(f"/leads/{lead['id']}/restore"), 404)
    problem(world.stranger_admin.post(f"/leads/{lead['id']}/restore"), 404)
    assert data(ben.get("/account"))["blocked_senders"] is None, "addresses of people are for admins"
    data(ben.post(f"/leads/{lead['id']}/restore"))
    data(world.admin.patch("/account", {"visibility": "all"}))
    problem(eva.post(f"/leads/{lead['id']}/not-a-lead"), 403)


def test_the_pages_do_it_and_take_it_back(one_world: World) -> None:
    browser = admin_of(one_world)
    lead = data(one_world.admin.post("/leads", {"title": "Chairs", "contacts": [PAULA]}), 201)
    here = f"/leads/{lead['id']}"
    assert f'href="{here}/not-a-lead"' in browser.get(here).text
    asked = browser.get(f"{here}/not-a-lead")
    assert "paula@kunde.example, p@kunde.example" in asked.text
    assert data(one_world.admin.get(here))["id"] == lead["id"], "a link does nothing yet"
    done = browser.post(f"{here}/not-a-lead", {"block": "yes"})
    assert done.headers["Location"] == "/trash?notice=not_a_lead"
    page = browser.get("/trash")
    assert "Chairs" in page.text and f'action="{here}/restore"' in page.text
    assert "p@kunde.example\npaula@kunde.example" in browser.get("/settings/senders").text
    assert browser.post(f"{here}/restore").headers["Location"] == f"{here}?notice=lead_restored"
    assert "The trash is empty" in browser.get("/trash").text


def test_who_only_sees_a_lead_is_not_asked(one_world: World) -> None:
    lead = data(one_world.admin.post("/leads", {"title": "Chairs"}), 201)
    ben = one_world.user("ben")
    browser = browser_of(one_world, one_world.account.scope, ben.id)
    assert "not-a-lead" not in browser.get(f"/leads/{lead['id']}").text
    assert browser.get(f"/leads/{lead['id']}/not-a-lead").status_code == 403


def test_the_lists_have_a_page(one_world: World) -> None:
    browser = admin_of(one_world)
    given = {
        "blocked_senders": "*@spam.example\nA@b.example a@b.example",
        "allowed_senders": "*@Good.example",
    }
    assert browser.post("/settings/senders", given).status_code == 303
    account = data(one_world.admin.get("/account"))
    assert account["blocked_senders"] == ["*@spam.example", "a@b.example"]
    assert account["allowed_senders"] == ["*@good.example"]
    wrong = browser.post("/settings/senders", {"blocked_senders": "nonsense", "allowed_senders": ""})
    assert wrong.status_code == 422 and "Blocked senders: one address per line" in wrong.text
    assert ">nonsense</textarea>" in wrong.text.replace("\n", "")
    assert problem(one_world.admin.patch("/account", {"allowed_senders": ["x"]}), 422)["errors"][0][
        "place"
    ] == ("allowed_senders[0]")
