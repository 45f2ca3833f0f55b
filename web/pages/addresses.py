"""Where the link leads that was mailed to an address whose owner may be a user. Opening it changes nothing."""

from flask_babel import gettext as _

from store import address_links, own_addresses
from store.address_links import Claimed
from store.doorbell import Work
from store.session import NotFound
from web.pages.route import Answer, Show, Visit
from web.problems import Problem


def link(visit: Visit) -> Answer:
    """What would be confirmed."""
    token = visit.asked("token", 600) or visit.given("token", 600)
    return Show("own_address.html", {"claimed": _find(visit, token), "link_token": token, "done": False})


def confirm(visit: Visit) -> Answer:
    """Adds the address, and lets mails that waited for it be read again."""
    claimed = _find(visit, visit.given("token", 600))
    with visit.services.database.write() as connection:
        own_addresses.confirm_by_link(connection, claimed)
    visit.call.rings.add(Work.MESSAGES)
    return Show("own_address.html", {"claimed": claimed, "link_token": "", "done": True})


def _find(visit: Visit, token: str) -> Claimed:
    with visit.services.database.read() as connection:
        try:
            return address_links.find(connection, token, visit.services.address_key)
        except NotFound as fault:
            told = _("This link has ended.")
            raise Problem(404, told, translated=True) from fault
