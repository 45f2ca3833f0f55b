"""Forms that confirm: a world with a mail server, what waits there, and what a real server is given."""

import time
from pathlib import Path
from typing import Any

from store.outgoing import Post
from store.outgoing_log import mails_json
from store.sealing import Sealer
from tests.web.form_door.site import SiteForm
from tests.web.world import KEY, World
from tests.webhooks.mail.room import LOOPBACK
from tests.webhooks.mail.server import Taken, running
from webhooks.mail.mailer import Mailer
from webhooks.mail.options import MailOptions

POST = Post(Sealer(KEY), has_smarthost=True)
ON = {"confirmation": {"enabled": True}}


def queued(world: World) -> list[dict[str, Any]]:
    """The account's outgoing mails, oldest first."""
    with world.database.read() as connection:
        return mails_json(connection, world.account.scope)[::-1]


def confirmed(form: SiteForm) -> list[str]:
    """Whom a confirmation goes to, once everything is worked off."""
    form.work()
    return [each["to"] for each in queued(form.world)]


def told(form: SiteForm) -> list[str]:
    """What the receipts say of confirming."""
    return [
        line["result"]
        for message in form.messages()
        for line in message["trail"]
        if line["step"] == "confirm"
    ]


def sent(world: World, place: Path) -> Taken:
    """The one mail that waits, as a real server is given it."""
    with running(place) as server:
        options = MailOptions(address_key=KEY, deployment=server.smarthost(), policy=LOOPBACK, grace=5.0)
        mailer = Mailer(world.database, Sealer(KEY), options)
        until = time.monotonic() + 60
        while not server.taken or queued(world)[-1]["state"] == "pending":
            mailer.send_batch()
            assert time.monotonic() < until
            time.sleep(0.02)
        mailer.close()
        (taken,) = server.taken
        return taken
