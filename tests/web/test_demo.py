"""Demo data: removing it leaves the account as it was before, and nothing of anybody else is touched."""

from typing import Any

import pytest

from ingest.automate import Automator
from rules.event import Actor, ActorKind
from store import demo
from store.accounts import viewer_of
from store.books.proofs import prove
from store.events import Origin
from store.session import Refused
from store.tables.base import metadata
from store.tables.leads import history_entries, leads
from store.tables.mail import messages
from store.tables.people import sessions
from tests.support.mails import mail
from tests.support.rows import rows
from tests.web.browsing import Browser, admin_of, new_lead
from tests.web.world import World, data

SHOWN_ONCE = {"last_lead_number", "revision", "seen_at"}
"""What rises and never falls: numbers of leads are not given twice."""


def everything(world: World) -> dict[str, list[tuple[tuple[str, Any], ...]]]:
    """All rows of all tables but the sessions of those who look, and the counters, which the books compare."""
    kept = (table for table in metadata.sorted_tables if table.name not in ("source_counters", sessions.name))
    return {
        table.name: sorted(
            (tuple((name, str(value)) for name, value in row.items() if name not in SHOWN_ONCE))
            for row in rows(world.database, table)
        )
        for table in kept
    }


def work(world: World) -> None:
    """Processes what is pending, and its events."""
    while world.process():
        pass
    automator = Automator(world.database, lambda: None, lambda: None)
    while automator.automate_batch():
        pass


def load(world: World, browser: Browser) -> list[str]:
    """The demo, loaded and processed; the ids of its leads."""
    assert browser.post("/demo").status_code == 303
    work(world)
    found = [lead["id"] for lead in data(world.admin.get(f"/leads?tag={demo.TAG}"))]
    assert len(found) >= 6
    return found


def books(world: World) -> list[str]:
    with world.database.read() as connection:
        return [wrong.sentence for wrong in prove(connection)]


def test_nothing_of_it_stays_and_nothing_else_goes(world: World) -> None:
    browser = admin_of(world)
    data(world.admin.post("/webhooks", {"url": "https://hooks.example/x"}), 201)
    rule = {"name": "Tag", "events": ["lead.created"], "then": [{"do": "add_tag", "tag": "new"}]}
    data(world.admin.post("/rules", rule), 201)
    real = mail(
        sender="p@kunde.example",
        to=world.account.leads,
        subject="s",
        text="t",
        message_id="<1@kunde.example>",
    )
    world.by_smtp(real, world.account.leads.replace("@", f"+{demo.TAG}@"))
    world.by_smtp(real.replace(b"<1@", b"<2@"), world.other.leads)
    new_lead(world, title="Looks like the demo", tags=[demo.TAG])
    work(world)
    before = everything(world)
    ids = load(world, browser)
    theirs = [i for i in ids if data(world.admin.get(f"/leads/{i}"))["source"]["kind"] != "api"]
    assert books(world) == [] and "Remove demo data" in browser.get("/leads").text
    demo_leads = [i for i in theirs if data(world.admin.get(f"/leads/{i}"))["title"] != "s"]
    assert len(demo_leads) == 6
    data(world.admin.post(f"/leads/{demo_leads[0]}/comments", {"text": "Called."}), 201)
    data(
        world.admin.patch(f"/leads/{demo_leads[1]}", {"status": "won", "amount": 12.5, "fields": {"a": "b"}})
    )
    assert world.admin.delete(f"/leads/{demo_leads[2]}").status_code == 204
    work(world)
    assert everything(world) != before
    gone = browser.post("/demo/remove")
    assert gone.status_code == 303 and gone.headers["Location"].endswith("demo_removed")
    assert everything(world) == before
    assert books(world) == []
    assert "Remove demo data" not in browser.get("/leads").text
    again = load(world, browser)
    assert len(again) == len(ids), "it can be loaded again"
    assert books(world) == []


def test_it_is_removed_before_it_was_processed(world: World) -> None:
    browser = admin_of(world)
    before = everything(world)
    browser.post("/demo")
    browser.post("/demo/remove")
    work(world)
    assert everything(world) == before and books(world) == []


def test_a_lead_that_real_mail_has_joined_stays(world: World) -> None:
    browser = admin_of(world)
    demo_lead = load(world, browser)[0]
    contact = data(world.admin.get(f"/leads/{demo_lead}"))["contacts"][0]["emails"][0]
    real = mail(
        sender=contact, to=world.account.leads, subject="Really", text="Me.", message_id="<r@x.example>"
    )
    filed = world.by_smtp(real, world.account.leads)
    assert data(world.admin.get(f"/messages/{filed}"))["lead_ids"] == [demo_lead]
    work(world)
    browser.post("/demo/remove")
    work(world)
    assert [row["id"] for row in rows(world.database, leads)] == [demo_lead]
    assert [row["id"] for row in rows(world.database, messages)] == [filed]
    left = data(world.admin.get(f"/leads/{demo_lead}"))
    assert left["tags"] == [] and left["contacts"][0]["emails"] == [contact]
    mails = [row["message_id"] for row in rows(world.database, history_entries) if row["kind"] == "email"]
    assert mails == [filed] and books(world) == []


def test_only_admins_remove_it(one_world: World) -> None:
    ann = one_world.user("ann")
    with one_world.database.write() as connection:
        viewer = viewer_of(connection, one_world.account.scope, ann.id)
        with pytest.raises(Refused):
            demo.remove(connection, viewer, Origin(Actor(ActorKind.USER, ann.id, "ann"), ("user:x",)))
