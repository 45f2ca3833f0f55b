"""Sends what is due: claims rows of `store.outgoing`, sends them, records every attempt.

`send_batch` only looks whether anything is due and starts threads for it, so a worker never waits for a mail server. A
thread belongs to one server: it claims a few of that server's mails, opens one connection, sends them one after the
other and records each right after its answer; then it claims the next, until nothing is due. Each server has few
threads (MOST_PER_SERVER), accounts with a server of their own wait for nobody else's, and accounts that share the
deployment's take turns. Nothing is said to a server inside a transaction.

A connection that cannot be made counts as an attempt of all mails that were to take it. Right before a mail is sent its
lease is renewed; what somebody else has taken over is left to them. If the process dies between the server's answer and
the record of it, the lease runs out and the mail is sent again under the same Message-ID: at least once.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from store import outgoing_work as work
from store import smarthosts
from store.addresses import bounce_local_part, reply_local_part
from store.confirmation_mail import PURPOSES as ANSWERS
from store.leases import Turns
from store.outgoing_work import DueMail, Tried
from store.scope import AccountScope
from store.sealing import CannotOpen, Sealer
from store.session import Database
from store.smarthosts import Smarthost
from webhooks.exceptions import CannotReach
from webhooks.mail import retry
from webhooks.mail.compose import Letter, compose
from webhooks.mail.faults import CannotSend
from webhooks.mail.options import MailOptions
from webhooks.mail.session import Session, opened, policy_for

DEPLOYMENT = ""
"""The lane of accounts without a server of their own; other lanes are named after their account."""
MOST_PER_SERVER = 2
MOST_RUNNING = 16
BATCH = 20
FAULT_PAUSE = 1.0

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Lane:
    """One server's work."""

    accounts: list[str]
    turns: Turns = field(default_factory=Turns)
    running: int = 0


class Mailer:
    """Sends mail; any number may be at it, in any number of processes. Nothing begins before it is called.

    `ring_events` is called when recording made events.
    """

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        options: MailOptions,
        *,
        ring_events: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._options = options
        self._ring_events = ring_events
        self._state = threading.Lock()
        self._lanes: dict[str, _Lane] = {}
        self._threads: set[threading.Thread] = set()
        self._closing = threading.Event()
        self._handled = 0
        self._fault: Exception | None = None

    def send_batch(self) -> int:
        """Starts sending what is due; how many attempts were recorded since the last call. Raises what the database
        raised, here or in a thread since."""
        if not self._closing.is_set():
            with self._database.read() as connection:
                due = work.due_accounts(connection)
            self._start(due)
        with self._state:
            handled, self._handled = self._handled, 0
            fault, self._fault = self._fault, None
        if fault is not None:
            raise fault
        return handled

    def close(self) -> None:
        """Begins nothing more, and waits within the grace for what is under way. What is not done by then is sent
        again when its lease has run out."""
        self._closing.set()
        until = time.monotonic() + self._options.grace
        with self._state:
            threads = list(self._threads)
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _start(self, due: Sequence[work.DueAccount]) -> None:
        """A thread for every server that has mail and room."""
        lanes: dict[str, list[str]] = {}
        for account in due:
            lanes.setdefault(account.id if account.own else DEPLOYMENT, []).append(account.id)
        with self._state:
            for name, accounts in lanes.items():
                lane = self._lanes.setdefault(name, _Lane([]))
                lane.accounts = accounts
                if lane.running < MOST_PER_SERVER and len(self._threads) < MOST_RUNNING:
                    lane.running += 1
                    thread = threading.Thread(target=self._run, args=(name, lane), name="mailer", daemon=True)
                    self._threads.add(thread)
                    thread.start()
            for name in [n for n, lane in self._lanes.items() if not lane.running and n not in lanes]:
                del self._lanes[name]

    def _run(self, name: str, lane: _Lane) -> None:
        """The thread: batches of one server until nothing is due."""
        try:
            while not self._closing.is_set() and (claimed := self._claim(name, lane)):
                self._send_all(name, claimed)
        except Exception as fault:  # noqa: BLE001  handed to whoever calls `send_batch`
            _log.error("sending mail stopped; the next call starts it anew", exc_info=fault)
            self._closing.wait(FAULT_PAUSE)
            with self._state:
                self._fault = fault
        finally:
            with self._state:
                lane.running -= 1
                self._threads.discard(threading.current_thread())

    def _claim(self, name: str, lane: _Lane) -> list[DueMail]:
        with self._state:
            ordered = lane.turns.order(lane.accounts)[:BATCH]
        with self._database.write() as connection:
            if name == DEPLOYMENT:  # somebody may have set a server of their own since
                own = {account.id for account in work.due_accounts(connection) if account.own}
                ordered = [account for account in ordered if account not in own]
            lease = timedelta(seconds=self._options.lease)
            found = work.claim(connection, ordered, most=BATCH, lease=lease)
        with self._state:
            for mail in found:
                lane.turns.served(mail.account_id)
        return found

    def _send_all(self, name: str, mails: Sequence[DueMail]) -> None:
        """Sends what was claimed, over one connection as long as it holds; what is not begun is given back."""
        left, session = list(mails), None
        try:
            began = time.monotonic()
            try:
                smarthost = self._smarthost(name, mails[0])
                session = opened(smarthost, self._options, policy_for(smarthost, self._options))
            except CannotReach as fault:
                while left:
                    self._failed(left.pop(0), self._server(name, mails[0]), began, fault)
                return
            while left and not self._closing.is_set():
                if not self._send(session, left.pop(0)):
                    return
        finally:
            if session is not None:
                session.close()
            if left:
                with self._database.write() as connection:
                    work.release(connection, left)

    def _send(self, session: Session, mail: DueMail) -> bool:
        """One mail; whether the connection is good for another."""
        with self._database.write() as connection:
            if not work.renew(connection, mail, timedelta(seconds=self._options.lease)):
                return True
        began, smarthost = time.monotonic(), session.smarthost
        if mail.good_until is not None and mail.good_until <= datetime.now(UTC):
            fault = CannotSend("data", "expired", "It was not sent in time.", final=True)
            self._failed(mail, smarthost.place, began, fault)
            return True
        try:
            sender, message = letter_of(mail, smarthost, self._sealer, self._options.address_key)
            session.send(sender, mail.address, message)
        except CannotOpen:
            sealed = CannotSend("data", "sealed_otherwise", "Its text cannot be opened with this secret key.")
            self._failed(mail, smarthost.place, began, sealed)
            return True
        except CannotSend as fault:
            self._failed(mail, smarthost.place, began, fault)
            return not fault.dead and session.start_over()
        except Exception as fault:  # noqa: BLE001  one mail's door: it is recorded, its neighbours go on
            _log.error("a mail could not be sent", exc_info=fault, extra={"mail": mail.id})
            ours = CannotSend("data", "our_fault", type(fault).__name__, dead=True)
            self._failed(mail, smarthost.place, began, ours)
            return False
        self._record(mail, Tried(datetime.now(UTC), smarthost.place, _since(began), "sent", code=250))
        return True

    def _failed(self, mail: DueMail, server: str, began: float, fault: CannotReach) -> None:
        sent = fault if isinstance(fault, CannotSend) else CannotSend(fault.stage, fault.code, fault.sentence)
        decision = retry.decide(mail.tries + 1, ends=sent.ends, random=random.random)
        again = isinstance(decision, retry.Again)
        tried = Tried(
            at=datetime.now(UTC),
            server=server,
            milliseconds=_since(began),
            result="failing" if again else "exhausted",
            stage=sent.stage,
            code=sent.reply,
            error=sent.code,
            detail=sent.sentence,
            wait=decision.wait if isinstance(decision, retry.Again) else timedelta(0),
            blames_server=sent.blames_server,
        )
        self._record(mail, tried)

    def _record(self, mail: DueMail, tried: Tried) -> None:
        with self._database.write() as connection:
            made = work.record(connection, mail, tried)
        with self._state:
            self._handled += 1
        if made:
            self._ring_events()

    def _smarthost(self, name: str, mail: DueMail) -> Smarthost:
        """The server of a lane, with its password. CannotSend where there is none, or it cannot be opened."""
        if name == DEPLOYMENT:
            if self._options.deployment is None:
                raise CannotSend("dns", "no_smarthost", "No mail server is set.")
            return self._options.deployment
        try:
            with self._database.read() as connection:
                found = smarthosts.opened(connection, AccountScope(mail.account_id), self._sealer)
        except CannotOpen as fault:
            raise CannotSend("login", "sealed_otherwise", "The password cannot be opened.") from fault
        if found is None:
            raise CannotSend("dns", "no_smarthost", "The account's own mail server was just removed.")
        return found

    def _server(self, name: str, mail: DueMail) -> str:
        """How attempts call the server of a lane."""
        if name == DEPLOYMENT:
            return self._options.deployment.place if self._options.deployment else ""
        with self._database.read() as connection:
            found = smarthosts.find(connection, AccountScope(mail.account_id))
        return f"{found['host']}:{found['port']}" if found["own"] else ""


def letter_of(mail: DueMail, smarthost: Smarthost, sealer: Sealer, key: bytes) -> tuple[str, bytes]:
    """The envelope sender and the message. The secret part of every address of ours is masked in all texts, but for
    the one that this very recipient answers to. Raises sealing.CannotOpen."""
    reply = None
    if mail.lead_number is not None:
        reply = reply_local_part(key, mail.account_id, mail.lead_number, mail.recipient)
    masks = replace(mail.masks, own=(reply,) if reply else ())
    text, html = mail.texts(sealer)
    from_address = smarthost.from_address or f"postmaster@{mail.domain}"
    letter = Letter(
        mail_id=mail.id,
        domain=mail.domain,
        to=mail.address,
        to_name=masks.text(mail.name),
        from_address=from_address,
        from_name=smarthost.from_name,
        subject=masks.text(mail.subject),
        text=masks.text(text),
        html=masks.text(html) if html is not None else None,
        created_at=mail.created_at,
        reply_to=f"{reply}@{mail.domain}" if reply else None,
        answers=mail.purpose in ANSWERS,
    )
    return envelope_sender(smarthost, key, mail.account_id, mail.id, mail.domain), compose(letter)


def envelope_sender(smarthost: Smarthost, key: bytes, account_id: str, mail_id: str, domain: str) -> str:
    """Whom bounces of a mail go to."""
    if smarthost.return_path == "from":
        return smarthost.from_address or f"postmaster@{domain}"
    return f"{bounce_local_part(key, account_id, mail_id)}@{domain}"


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
