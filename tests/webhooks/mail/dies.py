"""A sender that is killed after the server took a mail and before that is recorded: python -m tests.webhooks.mail.dies.

Arguments: the database's URL and the server's port.
"""

import os
import signal
import sys
import time

from sqlalchemy import Connection

from store import outgoing_work
from store.outgoing_work import DueMail, Tried
from store.session import Database
from store.smarthosts import Smarthost
from tests.webhooks.mail.room import KEY, LOOPBACK, SEALER
from webhooks.mail.mailer import Mailer
from webhooks.mail.options import MailOptions


def die(connection: Connection, mail: DueMail, tried: Tried) -> list[str]:
    """In the place of recording."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("not reached")


def main(url: str, port: str) -> None:
    """Sends until it dies."""
    outgoing_work.record = die
    server = Smarthost("127.0.0.1", int(port), "none")
    mailer = Mailer(Database(url), SEALER, MailOptions(address_key=KEY, deployment=server, policy=LOOPBACK))
    while True:
        mailer.send_batch()
        time.sleep(0.02)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
