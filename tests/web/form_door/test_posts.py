"""From a post to a lead: what is stored, what is read, which lead it makes or joins."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from parsers.form_post import understand
from store import raw
from store.books.proofs import prove
from store.tables.forms import form_prints
from store.tables.mail import messages
from tests.support.mails import mail
from tests.web.form_door.site import VERA, SiteForm, make_form, multipart
from tests.web.world import World, data, problem


def stored(world: World, message_id: str) -> bytes:
    with world.database.read() as connection:
        return raw.read(connection, world.account.scope, message_id)


def go_back(form: SiteForm, period: timedelta) -> None:
    """Everything that came was that much earlier."""
    with form.world.database.write() as connection:
        for table, column in ((messages, "received_at"), (form_prints, "at")):
            where = table.c.account_id == form.world.account.id
            rows = connection.execute(select(table).where(where)).mappings().all()
            for row in rows:
                key = "id" if "id" in row else "message_id"
                connection.execute(
                    update(table)
                    .where(where, table.c[key] == row[key])
                    .values({column: row[column] - period})
                )


def test_a_post_becomes_a_lead_with_its_fields_tags_and_history(world: World) -> None:
    form = make_form(world)
    answer = form.post(VERA | {"telefon": "030 123456", "_tag": "fair"})
    assert answer.status_code == 200 and "Thank you" in answer.text
    (message,) = form.messages()
    assert (message["outcome"], message["reason"]) == ("lead_created", "no_match")
    assert message["source"] == {"kind": "form", "name": "Contact"}
    assert message["arrivals"][0]["door"] == "form"
    assert message["arrivals"][0]["source_key"] == f"form:{form.made['id']}"
    steps = [line["step"] for line in message["trail"]]
    assert steps == "accept parse automatic trust identify read spam deduplicate match effect events".split()
    (lead,) = form.leads()
    assert lead["title"] == "Vera Besuch" and sorted(lead["tags"]) == ["fair", "web"]
    assert lead["source"] == {"kind": "form", "name": "Contact"}
    assert lead["fields"]["phone"] == "030 123456" and lead["fields"]["message"] == "Bitte ein Angebot."
    assert lead["contacts"][0]["emails"] == ["vera@besuch.example"]
    (entry,) = form.history(lead["id"])
    assert (entry["kind"], entry["direction"]) == ("form", "in")
    assert entry["author"]["email"] == "vera@besuch.example" and "Bitte ein Angebot." in entry["text"]
    with world.database.read() as connection:
        assert prove(connection) == []


def test_the_entity_is_stored_as_it_came(one_world: World) -> None:
    form = make_form(one_world)
    body = b"name=Vera+%C3%BC&email=v%40x.example&x=%00%0d%0aBcc:+a%40b.example"
    kind = "application/x-www-form-urlencoded; charset=UTF-8"
    assert form.post(body, content_type=kind).status_code == 200
    (message,) = form.messages()
    assert stored(one_world, message["id"]) == f"Content-Type: {kind}\r\n\r\n".encode() + body


@pytest.mark.parametrize("how", ["urlencoded", "multipart", "json"])
def test_every_format_says_the_same(one_world: World, how: str) -> None:
    form = make_form(one_world)
    formats: dict[str, dict[str, Any]] = {
        "urlencoded": {"data": VERA},
        "multipart": multipart(VERA),
        "json": {"json": VERA},
    }
    answer = one_world.app.test_client().post(form.made["url"], **formats[how])
    assert answer.status_code == 200
    assert (answer.json == {"ok": True, "redirect": None}) == (how == "json")
    (lead,) = form.leads()
    assert lead["fields"]["message"] == "Bitte ein Angebot."
    assert lead["contacts"][0]["emails"] == ["vera@besuch.example"]


def test_files_are_attachments(one_world: World) -> None:
    form = make_form(one_world)
    files = {"f": (io.BytesIO(b"%PDF-1.4 roof"), "../plan.pdf", "application/pdf")}
    assert form.post(VERA | files).status_code == 200
    (message,) = form.messages()
    (attached,) = message["parsed"]["attachments"]
    assert (attached["filename"], attached["size"], attached["content_type"]) == (
        "plan.pdf",
        13,
        "application/pdf",
    )
    assert [problem["code"] for problem in message["parsed"]["problems"]] == ["unsafe-filename"]
    assert "f" not in message["parsed"]["fields"]


def test_whoever_leaves_a_number_alone_becomes_a_lead_too(world: World) -> None:
    form = make_form(world)
    form.post({"name": "Rudi Rückruf", "telefon": "0171 2345678"})
    (lead,) = form.leads()
    assert lead["title"] == "Rudi Rückruf" and lead["contacts"] == []
    assert lead["fields"]["phone"] == "0171 2345678"
    assert form.messages()[0]["sentence"].startswith("No lead of Rudi Rückruf existed")


def test_a_number_alone_by_post_and_by_the_site_s_mail_is_one_lead(world: World) -> None:
    form = make_form(world)
    form.post({"name": "Rudi Rückruf", "telefon": "0171 2345678", "nachricht": "Bitte um Rückruf."})
    text = "Name: Rudi Rückruf\nTelefon: 0171 / 23 45 678\nNachricht: Bitte um Rückruf.\n"
    raw = mail(
        sender="Website <wordpress@site.example>",
        to=form.made["address"],
        subject="Neue Nachricht über das Kontaktformular",
        text=text,
        message_id="<r@site.example>",
    )
    world.by_smtp(raw, form.made["address"])
    assert [m["reason"] for m in form.messages()] == ["no_match", "same_enquiry"]
    (lead,) = form.leads()
    assert sorted(entry["kind"] for entry in form.history(lead["id"])) == ["email", "form"]


def test_a_known_contact_s_post_is_history(world: World) -> None:
    form = make_form(world)
    form.post()
    form.post(VERA | {"nachricht": "Noch eine Frage."})
    assert [m["outcome"] for m in form.messages()] == ["lead_created", "history_added"]
    (lead,) = form.leads()
    assert [entry["kind"] for entry in form.history(lead["id"])] == ["form", "form"]


def test_the_owner_and_the_rules_of_a_form(world: World) -> None:
    ben = world.user("ben")
    form = make_form(world, owner_id=ben.id)
    rule = {
        "name": "Web",
        "events": ["lead.created"],
        "if": {"all": [{"field": "lead.source.kind", "op": "is", "value": "form"}]},
        "then": [{"do": "add_tag", "tag": "ruled"}],
    }
    data(world.admin.post("/rules", rule), 201)
    form.post()
    (lead,) = form.leads()
    assert lead["owner"]["id"] == ben.id and "ruled" in lead["tags"]


def test_the_same_post_within_ten_minutes_is_one(world: World) -> None:
    form = make_form(world)
    kind = {"content_type": "multipart/form-data"}  # with another boundary each time
    form.post(VERA | {"_elapsed": "5000"}, **kind)
    form.post(VERA | {"_elapsed": "9000"}, **kind)
    first, second = form.messages()
    assert (second["outcome"], second["reason"]) == ("ignored", "duplicate")
    assert second["duplicate_of"] == first["id"]
    go_back(form, timedelta(minutes=11))
    form.post(VERA)
    assert form.messages()[2]["outcome"] == "history_added"
    with world.database.read() as connection:
        assert prove(connection) == []


def test_another_file_makes_another_post(one_world: World) -> None:
    form = make_form(one_world)
    for content in (b"one", b"two"):
        form.post(VERA | {"f": (io.BytesIO(content), "a.txt")})
    assert [m["outcome"] for m in form.messages()] == ["lead_created", "history_added"]


def test_an_idempotency_key_makes_one_post_of_two(world: World) -> None:
    form = make_form(world)
    once = {"Idempotency-Key": "k-1"}
    form.post(VERA, headers=once, content_type="multipart/form-data")
    form.messages()
    go_back(form, timedelta(hours=3))
    assert form.post(VERA, headers=once, content_type="multipart/form-data").status_code == 200
    (message,) = form.messages()
    assert len(message["arrivals"]) == 2
    form.post(VERA | {"nachricht": "Something else"}, headers=once)
    assert len(form.messages()) == 2, "another content under a used key is not lost"
    with world.database.read() as connection:
        assert prove(connection) == []


def notification(
    form: SiteForm, message_id: str = "<n@site.example>", text: str = "Bitte ein Angebot."
) -> bytes:
    return mail(
        sender="Website <wordpress@site.example>",
        to=form.made["address"],
        subject="Neue Nachricht über das Kontaktformular",
        text=f"Name: Vera Besuch\nE-Mail: vera@besuch.example\nNachricht: {text}\n",
        message_id=message_id,
    )


@pytest.mark.parametrize("post_first", [True, False])
def test_a_post_and_the_site_s_mail_are_one_lead(world: World, post_first: bool) -> None:
    form = make_form(world)
    # Two leads of the same person: by her address alone it would be for a person to say.
    for title in ("One", "Two"):
        contact = {"emails": ["vera@besuch.example"], "name": "Vera"}
        data(world.admin.post("/leads", {"title": title, "contacts": [contact], "status": "lost"}), 201)
    steps: list[Callable[[], object]] = [
        form.post,
        lambda: world.by_smtp(notification(form), form.made["address"]),
    ]
    for step in steps if post_first else reversed(steps):
        step()
        form.work()
        for lead in form.leads():  # closed again: what comes would begin a new one
            data(world.admin.patch(f"/leads/{lead['id']}", {"status": "lost"}))
    first, second = form.messages()
    assert first["outcome"] == "lead_created"
    assert (second["outcome"], second["reason"]) == ("history_added", "same_enquiry")
    assert second["lead_ids"] == first["lead_ids"]


def test_after_half_an_hour_the_site_s_mail_is_by_itself(world: World) -> None:
    form = make_form(world)
    form.post()
    form.work()
    go_back(form, timedelta(minutes=31))
    world.by_smtp(notification(form), form.made["address"])
    assert [m["reason"] for m in form.messages()] == ["no_match", "contact"]


def test_a_notification_mail_has_its_form_s_name_tags_and_owner(world: World) -> None:
    ben = world.user("ben")
    form = make_form(world, owner_id=ben.id, tags=["web", "north"])
    world.by_smtp(notification(form), form.made["address"].replace("@", "+fair@"))
    (lead,) = form.leads()
    assert lead["source"] == {"kind": "form", "name": "Contact"} and lead["owner"]["id"] == ben.id
    assert sorted(lead["tags"]) == ["fair", "north", "web"]


def test_reading_again_finds_the_same(one_world: World) -> None:
    form = make_form(one_world)
    form.post()
    (message,) = form.messages()
    changes = data(one_world.admin.post(f"/messages/{message['id']}/reprocess", {"apply": True}))
    assert changes["changes"] == {}


def test_a_deleted_form_takes_nothing(world: World) -> None:
    form = make_form(world)
    assert world.admin.delete(f"/forms/{form.made['id']}").status_code == 204
    assert form.post().status_code == 404
    assert world.admin.get(f"/forms/{form.made['id']}").status_code == 404
    with pytest.raises(AssertionError):
        world.by_smtp(notification(form), form.made["address"])


def test_a_form_is_made_changed_and_refused_by_name(world: World) -> None:
    form = make_form(world, origins=["https://A.example:443/", "http://b.example:8080"], redirect=None)
    made = form.made
    assert made["origins"] == ["https://a.example", "http://b.example:8080"]
    assert made["url"] == f"/f/{made['token']}" and made["address"].startswith("form-")
    assert f'action="http://leadgate.test{made["url"]}"' in made["snippet"]
    path = f"/forms/{made['id']}"
    changed = data(world.admin.patch(path, {"name": "Callback", "redirect": "https://a.example/thanks"}))
    assert changed["name"] == "Callback" and changed["redirect"] == "https://a.example/thanks"
    assert [one["name"] for one in data(world.admin.get("/forms"))] == ["Callback"]
    for body, place in (
        ({"name": " "}, "name"),
        ({"origins": ["a.example"]}, "origins[0]"),
        ({"origins": ["https://a.example/path"]}, "origins[0]"),
        ({"redirect": "javascript:alert(1)"}, "redirect"),
        ({"redirect": "https://a.example/\r\nSet-Cookie: a=b"}, "redirect"),
        ({"tags": ["  "]}, "tags"),
        ({"owner_id": "0" * 26}, "owner_id"),
    ):
        answer = world.admin.patch(path, body)
        assert problem(answer, 422)["errors"][0]["place"] == place, body
    assert world.stranger_admin.get(path).status_code == 404


def test_the_parser_takes_anything(one_world: World) -> None:
    for entity in (b"", b"\r\n\r\n", b"Content-Type: text/html\r\n\r\n<b>", b"\xff" * 100):
        assert [problem.code for problem in understand(entity).problems] == ["unreadable-file"]
    assert understand(b"Content-Type: application/json\r\n\r\n" + json.dumps([1]).encode()).fields == {}
