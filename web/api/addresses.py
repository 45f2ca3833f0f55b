"""Inbound addresses: listed with how they fare, made, changed, replaced. For admins."""

from typing import Any

from store import inbound_list
from store.inbound_list import Address
from store.session import now
from store.source_health import address_key, form_keys, healths
from web.api.bodies_of_sources import AddressChange, NewAddress
from web.api.route import Answer, Call

NEW = ("local_part", "name", "owner_id", "team_id", "tags")
CHANGED = ("name", "enabled", "accepts_unknown", "owner_id", "team_id", "tags")


def list_addresses(call: Call) -> Answer:
    """The addresses that take mail, and those that are switched off: replaced ones last."""
    every = inbound_list.list_addresses(call.connection, call.scope)
    found = _json(call, inbound_list.present(every, now(call.connection)))
    return Answer(found, headers={"X-Total-Count": str(len(found))})


def get(call: Call, address_id: str) -> Answer:
    """One address."""
    return _one(call, inbound_list.get_address(call.connection, call.scope, address_id))


def create(call: Call, body: NewAddress) -> Answer:
    """A further address for leads."""
    values = {name: getattr(body, name) for name in NEW}
    return _one(call, inbound_list.create_address(call.connection, call.scope, values), 201)


def change(call: Call, address_id: str, body: AddressChange) -> Answer:
    """Changes an address, or switches it off or on."""
    given = {name: value for name, value in body.given(*CHANGED).items() if not _left_out(name, value)}
    return _one(call, inbound_list.change_address(call.connection, call.scope, address_id, given))


def rotate(call: Call, address_id: str) -> Answer:
    """Puts a new secret address in the place of one; mail to the former is held for 90 days."""
    return _one(call, inbound_list.rotate(call.connection, call.scope, address_id), 201)


def _left_out(name: str, value: Any) -> bool:
    """Whether null says nothing: only owner and team can be nobody."""
    return value is None and name not in ("owner_id", "team_id")


def _one(call: Call, address: Address, status: int = 200) -> Answer:
    return Answer(_json(call, [address])[0], status)


def _json(call: Call, addresses: list[Address]) -> list[dict[str, Any]]:
    fares = healths(call.connection, call.scope, [_keys(one) for one in addresses])
    return [one.to_json() | how.to_json() for one, how in zip(addresses, fares, strict=True)]


def _keys(address: Address) -> tuple[str, ...]:
    """The alarm of a form's address is the form's."""
    if address.kind == "form" and address.belongs_to is not None:
        return form_keys(address.belongs_to, address.id)
    return (address_key(address.id),)
