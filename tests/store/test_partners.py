"""Partners and addresses as admins keep them: what may be said of them, what replacing and ending them does."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from store import forms, inbound_list, migrate, partners
from store.directory import read_directory
from store.inbound import ROTATED_FOR
from store.partners import is_sender
from store.session import Conflict, Database, Invalid, NotFound, now
from tests.support.accounts import MadeAccount, make_account, make_user

PORTAL = {"name": "Portal", "senders": ["*@Portal.example", "Leads@Other.example"], "tags": ["portal"]}


def test_a_partner_has_an_address_with_eighty_random_bits(database: Database, account: MadeAccount) -> None:
    with database.write() as connection:
        made = partners.create_partner(connection, account.scope, PORTAL)
        assert partners.list_partners(connection, account.scope) == [made]
    local_part, _, domain = made.address.partition("@")
    assert domain == account.domain and local_part.startswith("partner-")
    assert len(local_part.removeprefix("partner-")) == 16, "80 bits in base32"
    assert made.senders == ("*@portal.example", "leads@other.example")
    assert made.details.tags == ("portal",)


@pytest.mark.parametrize(
    ("senders", "place"),
    [
        ([], "senders"),
        (["portal.example"], "senders[0]"),
        (["a@portal.example", "*@gmail.com"], "senders[1]"),
        (["le*@portal.example"], "senders[0]"),
        (["*@*.example"], "senders[0]"),
        (["*@localhost"], "senders[0]"),
        (["@portal.example"], "senders[0]"),
        (["a b@portal.example"], "senders[0]"),
    ],
)
def test_who_may_send_is_said_exactly(
    database: Database, account: MadeAccount, senders: list[str], place: str
) -> None:
    with database.write() as connection, pytest.raises(Invalid) as told:
        partners.create_partner(connection, account.scope, PORTAL | {"senders": senders})
    assert told.value.place == place


def test_senders_are_addresses_and_whole_domains() -> None:
    senders = ("*@portal.example", "leads@other.example")
    assert is_sender(senders, "Anybody@PORTAL.example") and is_sender(senders, "leads@other.example")
    for address in ("sales@other.example", "x@sub.portal.example", "portal.example", "x@notportal.example"):
        assert not is_sender(senders, address)


def test_what_leads_begin_with_must_be_there(database: Database, account: MadeAccount) -> None:
    other = make_account(database, "globex")
    for values, place in (
        ({"owner_id": other.admin.id}, "owner_id"),
        ({"team_id": "0" * 26}, "team_id"),
        ({"tags": [" "]}, "tags"),
        ({"colour": "red"}, "colour"),
    ):
        with database.write() as connection, pytest.raises(Invalid) as told:
            partners.create_partner(connection, account.scope, PORTAL | values)
        assert told.value.place == place


@pytest.mark.parametrize("kind", ["partner", "form"])
def test_a_replaced_address_is_accepted_for_a_while_and_ends_with_what_it_was_of(
    database: Database, account: MadeAccount, kind: str
) -> None:
    with database.write() as connection:
        scope, values = account.scope, {"name": "Portal", "tags": ["a"], "owner_id": account.admin.id}
        made: Any = (
            partners.create_partner(connection, scope, values | {"senders": ["*@portal.example"]})
            if kind == "partner"
            else forms.create_form(connection, scope, values)
        )
        second = inbound_list.rotate(connection, scope, made.address_id)
        third = inbound_list.rotate(connection, scope, second.id)
        old = [inbound_list.get_address(connection, scope, each) for each in (made.address_id, second.id)]
        assert len({made.address, second.address, third.address}) == 3
        assert {each.replaced_by for each in old} == {third.id}
        assert all(each.accepted_until == now(connection) + ROTATED_FOR for each in old)
        assert third.details == made.details and third.belongs_to == made.id
        inbound = read_directory(connection, scope).inbound
        assert [inbound[each.id].rotated for each in (*old, third)] == [True, True, False]
        with pytest.raises(Conflict):
            inbound_list.rotate(connection, scope, made.address_id)
        (partners.delete_partner if kind == "partner" else forms.delete_form)(connection, scope, made.id)
        ended = [inbound_list.get_address(connection, scope, each.id) for each in (*old, third)]
        assert not any(each.enabled for each in ended)
        later = now(connection) + ROTATED_FOR + timedelta(seconds=1)
        shown = {each.id for each in inbound_list.present(ended, later)}
        assert shown == {third.id}
        with pytest.raises(Conflict):
            inbound_list.rotate(connection, scope, third.id)


def test_addresses_for_leads_have_any_name_but_those_with_a_purpose(
    database: Database, account: MadeAccount
) -> None:
    with database.write() as connection:
        made = inbound_list.create_address(connection, account.scope, {"local_part": "Sales.DE@acme.test"})
        assert (made.address, made.kind, made.name) == ("sales.de@acme.test", "leads", "sales.de")
        for taken in ("leads", "bcc", "postmaster", "abuse", "lead-1-x", "partner-x", "form-x", "bounce-1"):
            with pytest.raises(Conflict):
                inbound_list.create_address(connection, account.scope, {"local_part": taken})
        for wrong in ("", "a+b", "a..b", ".a", "a.", "ä", "a b", "a@b.example", "x" * 65):
            with pytest.raises(Invalid):
                inbound_list.create_address(connection, account.scope, {"local_part": wrong})


def test_addresses_are_changed_and_switched_off(database: Database, account: MadeAccount) -> None:
    ben = make_user(database, account, "ben@acme.example")
    with database.write() as connection:
        every = inbound_list.list_addresses(connection, account.scope)
        leads = next(each for each in every if each.local_part == "leads")
        personal = next(each for each in every if each.user_id == ben.id)
        changed = inbound_list.change_address(
            connection, account.scope, leads.id, {"owner_id": ben.id, "tags": ["web"], "enabled": False}
        )
        assert (changed.details.owner_id, changed.details.tags, changed.enabled) == (ben.id, ("web",), False)
        with pytest.raises(Invalid):
            inbound_list.change_address(connection, account.scope, personal.id, {"tags": ["x"]})
        inbound_list.change_address(connection, account.scope, personal.id, {"accepts_unknown": True})
        fresh = inbound_list.rotate(connection, account.scope, personal.id)
        assert fresh.user_id == ben.id and fresh.address != personal.address
        assert fresh.accepts_unknown, "the admins' word about this user's mail goes along"
        others = [
            each for each in inbound_list.list_addresses(connection, account.scope) if each.id != fresh.id
        ]
        assert not any(each.accepts_unknown for each in others if each.user_id != ben.id)
        with pytest.raises(Conflict):
            inbound_list.rotate(connection, account.scope, leads.id)
    stranger = make_account(database, "globex")
    with database.read() as connection, pytest.raises(NotFound):
        inbound_list.get_address(connection, stranger.scope, leads.id)


def test_a_form_of_before_keeps_what_its_leads_begin_with(empty_database: Database) -> None:
    from alembic import command
    from alembic.config import Config

    from tests.support.revise import MIGRATIONS

    with empty_database.write() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("path_separator", "os")
        command.upgrade(config, "0005")
    account = make_account(empty_database)
    ids = {"account": account.id, "user": account.admin.id, "form": "f" * 26}
    with empty_database.write() as connection:
        ids["address"] = inbound_id = connection.execute(
            text("SELECT id FROM inbound_addresses WHERE account_id = :account AND local_part = 'leads'"), ids
        ).scalar_one()
        connection.execute(
            text(
                "INSERT INTO forms (account_id, id, name, token, address_id, origins, tags, owner_id, created_at) "
                "VALUES (:account, :form, 'Old', 'token', :address, '[]', '[\"web\"]', :user, 0)"
            ),
            ids,
        )
    migrate.upgrade(empty_database)
    with empty_database.read() as connection:
        form = forms.get_form(connection, account.scope, "f" * 26)
    assert (form.name, form.address_id) == ("Old", inbound_id)
    assert (form.details.tags, form.details.owner_id) == (("web",), account.admin.id)
