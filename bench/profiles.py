"""Where the time goes: CPU per mail and per event of each part, in one process, on SQLite.

The same mails as `end_to_end`, through the same `Processor` and `Automator`, without sockets and without waiting.
`python -m cProfile -s tottime -m bench profiles` shows the functions behind the figures.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import mailparser

from bench.end_to_end import EVENTS, rules
from bench.figures import Figure, against, progress
from bench.smtp_load import Mail, mails
from ingest.accept import Acceptor, Connection, Incoming, Recipient
from ingest.address_book import StoredAddressBook
from ingest.automate import Automator
from ingest.process import Processor
from ingest.receiving import Keys
from parsers.understand import ParseOptions, understand
from store import rulebook
from store.endpoints import create_endpoint
from store.scope import AccountScope
from store.sealing import Sealer
from store.session import Database
from store.setup import initialise
from store.tables.everything import metadata
from webhooks.signature import new_secret

KEY = b"bench" * 8
WARM = 50
"""Mails before those that count: statements are compiled with their first use."""


def run(messages: int) -> Iterator[Figure]:
    """CPU milliseconds: accept, understand, process and automate, for `messages` mails of 500 prospects."""
    with tempfile.TemporaryDirectory(prefix="leadgate-bench-") as place:
        database = Database(f"sqlite:///{Path(place)}/leadgate.sqlite3")
        recipient = _prepare(database)
        processor = Processor(database, understand, Keys(content=KEY, address=KEY), _silent, _silent)
        automator = Automator(database, _silent, _silent)
        _accept(database, recipient, mails(range(WARM), recipient.address))
        _drain(processor.process_batch)
        _drain(automator.automate_batch)
        batch = mails(range(messages), recipient.address)
        options = ParseOptions(own_domains=frozenset({"acme.test"}))
        reading = _cpu(lambda: _each(batch, lambda raw: understand(raw, options)))
        parsing = _cpu(lambda: _each(batch, mailparser.parse_from_bytes))
        yield _figure(
            "accept a mail (writer thread and packing)",
            _cpu(lambda: _accept(database, recipient, batch)),
            messages,
        )
        yield against(
            "profiles",
            "understand a mail",
            1000 * reading / messages,
            "ms",
            anchor=1000 * parsing / messages,
            anchor_what="mail-parser's own parse",
            goal="<= 1.5",
        )
        handled, cpu = _drain(processor.process_batch)
        yield _figure("process a mail (understand, match, effect)", cpu, handled, goal="<= 2")
        handled, cpu = _drain(automator.automate_batch)
        yield _figure("automate an event (10 rules of which 2 act)", cpu, handled, goal="<= 1")
        database.close()


def _prepare(database: Database) -> Recipient:
    """An account with the rules of `end_to_end` and a webhook; its address for leads."""
    with database.write() as connection:
        metadata.create_all(connection)
    with database.write() as connection:
        made = initialise(
            connection, "acme", "acme.test", "anna@acme.example",
            admin_password_hash=None, new_api_key=False, deployment_key=False,
        )  # fmt: skip
        scope = AccountScope(made["account"]["id"])
        for rule in rules():
            rulebook.create_rule(connection, scope, rule)
        url = "https://hooks.example/"
        create_endpoint(connection, scope, Sealer(b"s" * 32), url=url, events=EVENTS, secret=new_secret())
    recipient = StoredAddressBook(database, KEY).resolve(made["addresses"]["leads"])
    assert recipient is not None
    return recipient


def _accept(database: Database, recipient: Recipient, batch: list[Mail]) -> None:
    acceptor = Acceptor(database, KEY, _silent)
    waiting = [
        acceptor.submit(
            Incoming(
                mail.raw,
                (recipient,),
                Connection("smtp", "127.0.0.1", "client.example", mail.sender, tls=False, auth_user=None),
                datetime.now(UTC),
            )
        )
        for mail in batch
    ]
    for future in waiting:
        future.result()
    acceptor.close()


def _each(batch: list[Mail], work: Callable[[bytes], object]) -> None:
    for mail in batch:
        work(mail.raw)


def _drain(batch: Callable[[], int]) -> tuple[int, float]:
    """How many were handled until nothing was left, and the CPU seconds that took."""
    begun = time.process_time()
    handled = 0
    while number := batch():
        handled += number
        progress(f"{handled} done")
    return handled, time.process_time() - begun


def _cpu(work: Callable[[], None]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _figure(what: str, cpu: float, number: int, goal: str | None = None) -> Figure:
    return Figure("profiles", what, round(1000 * cpu / max(1, number), 3), "ms CPU", goal=goal)


def _silent() -> None:
    """No doorbell."""
