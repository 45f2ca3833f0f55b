"""Links by which users set their passwords, mailed where mail can be sent: asked for by pages and API alike."""

from sqlalchemy import Connection

from store import password_links
from store.account_mails import About, write
from store.outgoing import Verdict
from store.scope import AccountScope
from store.session import now
from web.services import Services


def mail_link(
    services: Services, connection: Connection, scope: AccountScope, user_id: str, *, invites: bool
) -> Verdict:
    """Queues a mail with a new link, an invitation's or one for a lost password. Ring `Work.MAILS` afterwards."""
    lasts = password_links.INVITATION if invites else password_links.RESET
    link = make_link(services, connection, scope, user_id, invites=invites)
    purpose = "invitation" if invites else "password_reset"
    about = About(purpose, user_id, link, good_until=now(connection) + lasts)
    return write(connection, scope, services.post, about)


def make_link(
    services: Services, connection: Connection, scope: AccountScope, user_id: str, *, invites: bool
) -> str:
    """A new link, whole."""
    lasts = password_links.INVITATION if invites else password_links.RESET
    token = password_links.make(connection, scope, user_id, services.address_key, lasts)
    return password_links.url(services.public_url, token)
