"""Waiting for mail in the chosen folder: IDLE where the server can (RFC 2177), else a pause.

A server that announces IDLE and then refuses it is looked into from time to time like one that has none.

Whatever the server says ends the wait; the look that follows finds out what it was. The wait also ends after
`options.poll`: an IDLE whose connection has died silently, or a server that forgets to tell, must not hide mail for
long. `options.idle` bounds a single IDLE where `poll` is longer.
"""

import logging
import time
from collections.abc import Callable

from ingest.imap.faults import Refused
from ingest.imap.options import ImapOptions
from ingest.imap.session import Session

log = logging.getLogger(__name__)


def wait_for_mail(session: Session, options: ImapOptions, stopping: Callable[[], bool]) -> None:
    """Until the server says something, it is time to look, or `stopping()`. Raises as the session does."""
    until = time.monotonic() + options.poll
    if session.news():
        return
    while session.idles and not stopping() and (now := time.monotonic()) < until:
        try:
            session.begin_idle()
        except Refused as fault:
            log.info("the server announces IDLE, and refuses it: %s", fault)
            session.idles = False
            break
        told = session.news() or _listen(session, min(until, now + options.idle), options.look, stopping)
        session.end_idle()
        if told:
            return
    _pause(session, until, options.look, stopping)


def _listen(session: Session, until: float, look: float, stopping: Callable[[], bool]) -> bool:
    while not stopping() and (left := until - time.monotonic()) > 0:
        if session.readable(min(look, left)):
            return True
        session.progress = time.monotonic()  # silence is what is waited for
    return False


def _pause(session: Session, until: float, look: float, stopping: Callable[[], bool]) -> None:
    while not stopping() and (left := until - time.monotonic()) > 0:
        time.sleep(min(look, left))
        session.progress = time.monotonic()
