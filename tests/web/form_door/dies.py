"""A worker that is killed after it queued a confirmation and before it commits.

python -m tests.web.form_door.dies URL-OF-THE-DATABASE
"""

import os
import signal
import sys

from sqlalchemy import Connection

from ingest.process import Processor
from ingest.receiving import Keys
from parsers.understand import understand
from store import confirmation_mail
from store.confirmation_mail import Occasion
from store.outgoing import Post, Queued, Verdict
from store.scope import AccountScope
from store.sealing import Sealer
from store.session import Database
from tests.web.world import KEY

queue = confirmation_mail.confirm


def die(connection: Connection, scope: AccountScope, post: Post, key: bytes, of: Occasion) -> Verdict:
    """In the place of queueing."""
    assert isinstance(queue(connection, scope, post, key, of), Queued)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("not reached")


def main(url: str) -> None:
    """Works until it dies."""
    confirmation_mail.confirm = die
    keys = Keys(KEY, KEY, Post(Sealer(KEY), has_smarthost=True))
    processor = Processor(Database(url), understand, keys, lambda: None, lambda: None)
    while processor.process_batch():
        pass


if __name__ == "__main__":
    main(sys.argv[1])
