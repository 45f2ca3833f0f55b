"""Team, levels, removal, teams and account settings on the pages; why somebody sees a lead."""

import itertools
import re
from typing import Any

import pytest

from store.access import visible_among
from store.accounts import update_account, viewer_of
from store.books.proofs import prove
from store.why_visible import who_sees
from tests.web.browsing import Browser, admin_of, browser_of, new_lead
from tests.web.test_forms import told
from tests.web.world import World, data, problem

EXPERT = {"edition": "expert", "teams_enabled": True}


def north(world: World, **people: list[str]) -> str:
    """A team; its id."""
    return str(data(world.admin.post("/teams", {"name": "North", **people}), 201)["id"])


def test_levels_change_but_the_last_admin_stays(one_world: World) -> None:
    world, browser = one_world, admin_of(one_world)
    ann, own = world.user("ann"), f"/team/{world.account.admin.id}"
    assert "make somebody else admin" in browser.get(own).text
    refused = browser.post(f"{own}/change", {"name": "Anna", "level": "user"})
    assert refused.status_code == 409 and "The last admin cannot be removed" in told(refused)
    assert 'value="Anna"' in refused.text
    removed = browser.post(f"{own}/remove", {"open_to": "unassigned"})
    assert removed.status_code == 409 and data(world.admin.get("/account"))
    for wrong in (
        {"name": "Ann", "level": "owner"},
        {"name": " ", "level": "user"},
        {"name": "n" * 301, "level": "user"},
    ):
        assert browser.post(f"/team/{ann.id}/change", wrong).status_code == 422
    assert browser.post(f"/team/{ann.id}/change", {"name": "Ann B.", "level": "admin"}).status_code == 303
    assert data(world.admin.get(f"/users/{ann.id}"))["level"] == "admin"
    stepped_down = browser.post(f"{own}/change", {"name": "Anna", "level": "user"})
    assert stepped_down.headers["Location"].startswith("/leads?notice=no_admin")
    assert browser.get("/team").status_code == 403


@pytest.mark.parametrize("to", ["ben", "round_robin", "unassigned"])
def test_removing_a_user_asks_for_open_and_closed_leads(world: World, to: str) -> None:
    browser = admin_of(world)
    ann, ben = world.user("ann"), world.user("ben")
    opened = [data(ann.post("/leads", {"title": f"open {n}"}), 201)["id"] for n in range(4)]
    closed = data(ann.post("/leads", {"title": "won", "status": "won"}), 201)["id"]
    rule = {
        "name": "To Ann",
        "events": ["lead.created"],
        "then": [{"do": "assign", "how": "user", "users": [ann.id]}],
    }
    data(world.admin.post("/rules", rule), 201)
    session = browser_of(world, world.account.scope, ann.id)
    page = browser.get(f"/team/{ann.id}").text
    assert "4 open leads go to" in page and "1 closed lead" in page and "To Ann" in page
    asked = browser.post(f"/team/{ann.id}/remove", {"open_to": "", "closed_to": ben.id})
    assert asked.status_code == 422 and "please choose who gets them" in told(asked)
    assert f'<option value="{ben.id}" selected>' in asked.text, "what was chosen for the closed ones stays"
    assert data(ann.get("/account"))
    heir = {"ben": ben.id}.get(to, to)
    form = {"open_to": heir, "closed_to": ben.id if to == "ben" else "keep"}
    assert browser.post(f"/team/{ann.id}/remove", form).headers["Location"] == "/team?notice=user_removed"
    owners = [data(world.admin.get(f"/leads/{lead}"))["owner"] for lead in opened]
    names = [owner and owner["name"] for owner in owners]
    assert (
        names
        == {
            "ben": ["ben"] * 4,
            "round_robin": ["Anna Admin", "ben"] * 2,
            "unassigned": [None] * 4,
        }[to]
    )
    assert data(world.admin.get(f"/leads/{closed}"))["owner"]["name"] == ("ben" if to == "ben" else "ann")
    problem(ann.get("/account"), 401)
    assert session.get("/leads").headers["Location"].startswith("/login"), "logged out at once"
    assert browser.post(f"/team/{ann.id}/remove", form).status_code == 404
    assert "Removed" in browser.get(f"/team/{ann.id}").text
    with world.database.read() as connection:
        assert prove(connection) == []


def test_who_removes_themselves_is_out(one_world: World) -> None:
    one_world.user("second", "admin")
    browser = admin_of(one_world)
    answer = browser.post(f"/team/{one_world.account.admin.id}/remove")
    assert answer.headers["Location"] == "/login?notice=user_removed"
    assert browser.get("/leads").headers["Location"].startswith("/login")


def test_teams_are_made_changed_and_deleted(world: World) -> None:
    browser = admin_of(world)
    ann, ben, carl = (world.user(name) for name in ("ann", "ben", "carl"))
    refused = browser.post("/team/teams", {"name": "North"})
    assert refused.status_code == 409
    data(world.admin.patch("/account", EXPERT))
    made = browser.client.post(
        "/team/teams",
        data={
            "csrf": browser.token("/you"),
            "name": " North  pole ",
            "members": [ann.id, carl.id],
            "managers": ben.id,
        },
    )
    assert made.status_code == 303
    [team] = data(world.admin.get("/teams"))
    assert (team["name"], team["members"], team["managers"]) == ("North pole", [ann.id, carl.id], [ben.id])
    page = browser.get("/team").text
    assert "North pole" in page and "(manager)" in page.replace('(<span class="quiet">', "(")
    again = browser.post("/team/teams", {"name": "North pole", "members": ann.id})
    assert again.status_code == 409 and "a team of this name already" in told(again)
    assert re.search(rf'value="{ann.id}" checked', again.text) and "<details open" in again.text
    lead = data(carl.post("/leads", {"title": "Carl's"}), 201)["id"]
    assert world.admin.delete(f"/users/{carl.id}?leads_to={ann.id}").status_code == 204
    path = f"/team/teams/{team['id']}"
    assert "carl" in browser.get(path).text
    changed = browser.post(f"{path}/change", {"name": "South", "members": ben.id, "managers": ann.id})
    assert changed.status_code == 303
    [team] = data(world.admin.get("/teams"))
    assert team["name"] == "South" and team["managers"] == [ann.id]
    assert set(team["members"]) == {ben.id, carl.id}, "a removed user stays in the team"
    wrong = browser.post(f"{path}/change", {"name": "South", "members": "0" * 26})
    assert wrong.status_code == 422 and "Members: one of these" in told(wrong)
    assert browser.post(f"{path}/change", {"name": " "}).status_code == 422
    assert browser.post(f"{path}/delete").status_code == 303
    assert data(world.admin.get("/teams")) == [] and data(world.admin.get(f"/leads/{lead}"))


def test_teams_change_through_the_api(world: World) -> None:
    ann, ben = world.user("ann"), world.user("ben")
    data(world.admin.patch("/account", EXPERT))
    path = f"/teams/{north(world, members=[ann.id])}"
    other = data(world.admin.post("/teams", {"name": "South"}), 201)["id"]
    assert data(world.admin.patch(path, {"managers": [ben.id]}))["members"] == [ann.id]
    assert data(world.admin.patch(path, {"members": []}))["managers"] == [ben.id]
    assert data(world.admin.patch(path, {"name": "North"}))["name"] == "North", "its own name is free for it"
    problem(world.admin.patch(path, {"name": "South"}), 409)
    for wrong, place in (
        ({"name": None}, "name"),
        ({"members": [world.stranger_admin.id]}, "members[0]"),
        ({"managers": ["x"]}, "managers[0]"),
    ):
        assert problem(world.admin.patch(path, wrong), 422)["errors"][0]["place"] == place
    data(world.admin.patch("/account", {"teams_enabled": False}))
    problem(world.admin.patch(path, {"name": "East"}), 409)
    assert world.admin.delete(f"/teams/{other}").status_code == 204
    problem(world.admin.get(f"/teams/{other}"), 404)


def settings_of(browser: Browser) -> dict[str, str]:
    """What the settings form holds."""
    page = browser.get("/settings").text
    form = page[page.index('action="/settings"') : page.index("</form>", page.index('action="/settings"'))]
    found = dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL))
    found |= {
        name: chosen
        for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL)
        for chosen in re.findall(r'<option value="([^"]*)" selected>', options)
    }
    ticks = re.findall(r'<input type="checkbox" value="yes"([^>]*)>', form)
    return found | {re.findall(r'name="(\w+)"', tick)[0]: "yes" for tick in ticks if " checked" in tick}


def test_settings_are_saved(one_world: World) -> None:
    browser = admin_of(one_world)
    form = settings_of(browser)
    assert form["edition"] == "essentials" and form["visibility"] == "all" and form["users_assign"] == "yes"
    form |= {
        "internal_domains": "Acme.example\nmünchen.example",
        "never_log": "*@doctor.example",
        "forwarders": "relay.example\n2001:DB8::1",
        "timezone": "Europe/Berlin",
    }
    form.pop("users_assign")
    assert browser.post("/settings", form).status_code == 303
    account = data(one_world.admin.get("/account"))
    assert account["internal_domains"] == ["acme.example", "xn--mnchen-3ya.example"]
    assert account["never_log"] == ["*@doctor.example"] and account["users_assign"] is False
    assert account["forwarders"] == ["relay.example", "2001:db8::1"]
    assert account["timezone"] == "Europe/Berlin" and account["visibility"] == "all"
    for wrong, field in (
        ({"never_log": "nonsense"}, "never_log"),
        ({"forwarders": "nonsense"}, "forwarders"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"teams_enabled": "yes"}, "teams_enabled"),
        ({"visibility": "team"}, "visibility"),
        ({"edition": "free"}, "edition"),
    ):
        back = browser.post("/settings", settings_of(browser) | wrong)
        assert back.status_code == 422 and f'<a href="#settings-{field.replace("_", "-")}">' in told(back), (
            field
        )
    solo = browser.post("/settings", settings_of(browser) | {"edition": "solo", "confirmed": "yes"})
    assert solo.status_code == 303
    one_world.admin.patch("/account", {"edition": "essentials"})
    one_world.user("ann")
    solo = browser.post("/settings", settings_of(browser) | {"edition": "solo", "confirmed": "yes"})
    assert solo.status_code == 409 and "remove the others first" in told(solo)


def test_a_change_of_who_sees_what_is_shown_first(world: World) -> None:
    browser, (ann, ben) = admin_of(world), (world.user(name) for name in ("ann", "ben"))
    for person, number in ((ann, 2), (ben, 3)):
        for n in range(number):
            data(person.post("/leads", {"title": f"{n}"}), 201)
    form = settings_of(browser) | {"edition": "expert", "teams_enabled": "yes", "visibility": "team"}
    shown = browser.post("/settings", form)
    assert shown.status_code == 200 and "Nothing is changed yet" in shown.text
    assert data(world.admin.get("/account"))["edition"] == "essentials"
    assert seen(shown.text) == {"ann": ("5", "2"), "ben": ("5", "3")}
    assert "Without a team: ann, ben" in shown.text
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown.text))
    assert kept.pop("confirmed") == "yes" and kept.pop("csrf")
    assert browser.post("/settings", kept | {"confirmed": "yes"}).status_code == 303
    account = data(world.admin.get("/account"))
    assert (account["edition"], account["teams_enabled"], account["visibility"]) == ("expert", True, "team")
    team = north(world, members=[ann.id], managers=[ben.id])
    down = browser.post("/settings", settings_of(browser) | {"edition": "essentials"})
    assert "Teams are switched off" in down.text and seen(down.text) == {"ann": ("5", "2"), "ben": ("5", "3")}
    done = browser.post("/settings", settings_of(browser) | {"edition": "essentials", "confirmed": "yes"})
    assert done.status_code == 303
    account = data(world.admin.get("/account"))
    assert (account["teams_enabled"], account["visibility"]) == (False, "own"), "never more than before"
    assert [kept["id"] for kept in data(world.admin.get("/teams"))] == [team], "the teams are kept"
    assert "Teams are switched off" in browser.get("/team").text
    assert "Teams are switched off" in browser.get(f"/team/teams/{team}").text


def seen(page: str) -> dict[str, tuple[str, str]]:
    """Of a preview: name → leads seen now and then."""
    return {
        name: (now, then)
        for name, now, then in re.findall(
            r'<th scope="row">(\w+)</th><td[^>]*>(\d+\+?)</td><td[^>]*>(\d+\+?)</td>', page
        )
    }


def test_why_somebody_sees_a_lead_is_what_the_access_rules_say(world: World) -> None:
    people = {name: world.user(name) for name in ("ann", "ben", "carl", "dora")}
    data(world.admin.patch("/account", EXPERT))
    ids = {name: person.id for name, person in people.items()}
    north(world, members=[ids["ann"], ids["carl"]], managers=[ids["ben"]])
    data(world.admin.post("/teams", {"name": "South", "members": [ids["dora"], ids["ben"]]}), 201)
    leads = {
        name: data(person.post("/leads", {"title": name}), 201)["id"] for name, person in people.items()
    } | {"nobody": new_lead(world, owner_id=None)}
    kinds: set[str] = set()
    for visibility, teams in itertools.product(("all", "team", "own"), (True, False)):
        if visibility == "team" and not teams:
            continue
        with world.database.write() as connection:
            changes: dict[str, Any] = {"teams_enabled": teams, "visibility": visibility}
            update_account(connection, world.account.scope, changes)
        with world.database.read() as connection:
            admin = viewer_of(connection, world.account.scope, world.admin.id)
            for lead in leads.values():
                for each in who_sees(connection, admin, lead):
                    they = viewer_of(connection, world.account.scope, each.user_id)
                    assert bool(each.grounds) == (lead in visible_among(connection, they, [lead]))
                    assert not (each.edits and not each.grounds)
                    kinds |= {ground.kind for ground in each.grounds}
    assert kinds == {"admin", "owner", "all", "manages", "team", "unassigned"}


def test_the_page_tells_why(one_world: World) -> None:
    ann, ben = one_world.user("ann"), one_world.user("ben")
    data(one_world.admin.patch("/account", EXPERT | {"visibility": "own"}))
    north(one_world, members=[ann.id], managers=[ben.id])
    lead = data(ann.post("/leads", {"title": "Mine"}), 201)["id"]
    page = admin_of(one_world).get(f"/leads/{lead}/access").text
    assert "Manages a team of its owner: North." in page and "The lead is their own." in page
    one_world.user("carl")
    assert "No ground applies." in admin_of(one_world).get(f"/leads/{lead}/access").text
    assert f"/leads/{lead}/access" in admin_of(one_world).get(f"/leads/{lead}").text
    assert "/access" not in browser_of(one_world, one_world.account.scope, ann.id).get(f"/leads/{lead}").text


def test_managers_have_a_page_of_their_teams(one_world: World) -> None:
    ann, ben, scope = one_world.user("ann"), one_world.user("ben"), one_world.account.scope
    data(one_world.admin.patch("/account", EXPERT))
    team = north(one_world, members=[ann.id], managers=[ben.id])
    data(one_world.admin.post("/teams", {"name": "South", "members": [ben.id]}), 201)
    anns, bens = browser_of(one_world, scope, ann.id), browser_of(one_world, scope, ben.id)
    page = bens.get("/team")
    assert page.status_code == 200 and f"/leads?owner={ann.id}" in page.text
    assert "North" in page.text and "South" not in page.text and ann.address not in page.text
    assert 'href="/team"' in bens.get("/leads").text and ">Inbox</a>" in bens.get("/leads").text
    assert 'href="/team"' not in anns.get("/leads").text and ">My mail</a>" in anns.get("/leads").text
    assert anns.get("/team").status_code == 403
    for path in (f"/team/{ann.id}", f"/team/teams/{team}", "/settings"):
        assert bens.get(path).status_code == 403
    data(one_world.admin.patch("/account", {"teams_enabled": False}))
    assert bens.get("/team").status_code == 403 and 'href="/team"' not in bens.get("/leads").text
