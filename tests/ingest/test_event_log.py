"""The list of events: what happened, why, and what the rules did, cut to its viewer."""

from typing import Any

from sqlalchemy import update

from store.accounts import update_account, viewer_of
from store.event_log import list_events
from store.paging import Page
from store.scope import Viewer
from store.tables.leads import history_entries
from store.tables.mail import messages
from tests.ingest.automation import TAG, Workshop, rule
from tests.ingest.mailroom import Mailroom, write
from tests.support.accounts import MadeAccount, make_user


def viewer(workshop: Workshop, user_id: str = "") -> Viewer:
    with workshop.database.read() as connection:
        return viewer_of(connection, workshop.scope, user_id or workshop.account.admin.id)


def listed(workshop: Workshop, user_id: str = "", **wanted: Any) -> Page:
    with workshop.database.read() as connection:
        return list_events(connection, viewer(workshop, user_id), **wanted)


def test_events_tell_their_causes_and_what_the_rules_did(workshop: Workshop) -> None:
    condition = {"field": "lead.source.kind", "op": "is", "value": "form"}
    rule_id = workshop.add_rule(rule([TAG], **{"if": condition}))
    lead_id = workshop.lead()
    workshop.drain()
    tagged, created = listed(workshop).items
    assert (created["type"], created["lead_id"], created["state"]) == ("lead.created", lead_id, "done")
    assert tagged["causes"] == [*created["causes"], f"event:{created['id']}", f"rule:{rule_id}"]
    (did,) = created["rules"]
    assert (did["rule_id"], did["name"], did["version"], did["result"]) == (rule_id, "Rule", 1, "matched")
    assert [(line["field"], line["ok"]) for line in did["trace"]] == [("lead.source.kind", True)]
    (action,) = did["actions"]
    assert (action["action"], action["result"], action["detail"]) == (TAG, "done", {})
    assert tagged["data"]["changes"] == {"tags": [[], ["web"]]}
    assert tagged["rules"] == []


def test_events_are_filtered_and_paged(workshop: Workshop) -> None:
    one, two = workshop.lead("one"), workshop.lead("two")
    workshop.edit(one, "comment", "x", author_id=None)
    assert [e["type"] for e in listed(workshop, lead_id=one).items] == ["lead.commented", "lead.created"]
    assert [e["lead_id"] for e in listed(workshop, types="lead.created").items] == [two, one]
    assert listed(workshop, types="lead.*").total == 3
    assert listed(workshop, types="lead.born").items == []
    first = listed(workshop, limit=2)
    assert first.last is not None
    second = listed(workshop, limit=2, before=first.last[0])
    assert (len(second.items), second.last) == (1, None)


def test_others_see_the_events_of_leads_they_see(workshop: Workshop, other_account: MadeAccount) -> None:
    user = make_user(workshop.database, workshop.account, "ben@acme.example")
    mine, theirs = workshop.lead(owner_id=user.id), workshop.lead(owner_id=workshop.account.admin.id)
    assert {e["lead_id"] for e in listed(workshop, user.id).items} == {mine, theirs}
    with workshop.database.write() as connection:
        update_account(connection, workshop.scope, {"visibility": "own"})
    assert {e["lead_id"] for e in listed(workshop, user.id).items} == {mine}
    other = Workshop(workshop.database, other_account)
    assert listed(other).items == []
    assert listed(other, lead_id=mine).items == []


def test_a_private_message_stays_private(workshop: Workshop, mailroom: Mailroom) -> None:
    user = make_user(workshop.database, workshop.account, "ben@acme.example")
    condition = {"field": "message.text", "op": "contains", "value": "angebot"}
    workshop.add_rule(rule([TAG], **{"if": condition}))
    message = mailroom.receive(write(text="Ein geheimes Angebot"))
    workshop.drain()
    with workshop.database.write() as connection:
        where = (messages.c.account_id == workshop.account.id, messages.c.id == message.id)
        connection.execute(update(messages).where(*where).values(acting_user_id=user.id))

        connection.execute(
            update(history_entries)
            .where(
                history_entries.c.account_id == workshop.account.id,
                history_entries.c.message_id == message.id,
            )
            .values(visibility="private")
        )

    def shown(user_id: str) -> str:
        return str(listed(workshop, user_id, types="lead.created").items)

    assert "geheim" in shown(user.id)
    assert "geheim" not in shown(workshop.account.admin.id)
    assert "contains" in shown(workshop.account.admin.id)


def test_an_error_is_shown_to_admins(workshop: Workshop) -> None:
    user = make_user(workshop.database, workshop.account, "ben@acme.example")
    workshop.lead()
    workshop.change_event(workshop.event("lead.created")["id"], state="done", error="broken")
    assert listed(workshop).items[0]["error"] == "broken"
    assert listed(workshop, user.id).items[0]["error"] is None
