"""Partners, who mail leads to an address of their own. For admins."""

from typing import Any

from store import partners
from store.partners import Partner
from store.source_health import address_key, healths
from web.api.bodies_of_sources import NewPartner, PartnerChange
from web.api.route import Answer, Call

VALUES = ("name", "senders", "tags", "owner_id", "team_id")


def list_partners(call: Call) -> Answer:
    """The account's partners, oldest first."""
    found = _json(call, partners.list_partners(call.connection, call.scope))
    return Answer(found, headers={"X-Total-Count": str(len(found))})


def get(call: Call, partner_id: str) -> Answer:
    """One partner."""
    return _one(call, partners.get_partner(call.connection, call.scope, partner_id))


def create(call: Call, body: NewPartner) -> Answer:
    """A new partner, with the address its mail goes to."""
    values = {name: getattr(body, name) for name in VALUES}
    return _one(call, partners.create_partner(call.connection, call.scope, values), 201)


def change(call: Call, partner_id: str, body: PartnerChange) -> Answer:
    """Changes a partner."""
    changed = partners.update_partner(call.connection, call.scope, partner_id, body.given(*VALUES))
    return _one(call, changed)


def rotate(call: Call, partner_id: str) -> Answer:
    """A new address for the partner; mail to the former one is held for 90 days."""
    return _one(call, partners.rotate_partner_address(call.connection, call.scope, partner_id), 201)


def delete(call: Call, partner_id: str) -> Answer:
    """Deletes a partner: its address takes no mail any more."""
    partners.delete_partner(call.connection, call.scope, partner_id)
    return Answer(status=204)


def _one(call: Call, partner: Partner, status: int = 200) -> Answer:
    return Answer(_json(call, [partner])[0], status)


def _json(call: Call, found: list[Partner]) -> list[dict[str, Any]]:
    fares = healths(call.connection, call.scope, [[address_key(one.address_id)] for one in found])
    return [one.to_json() | how.to_json() for one, how in zip(found, fares, strict=True)]
