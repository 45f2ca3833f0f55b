"""The stage of every scene: a running deployment, a subscribed receiver, a log of 250s, and the report at the end."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.crash import verdict
from tests.crash.load import AckLog, Clients, Letter
from tests.support.api import Api, Made
from tests.support.deployment import Deployment
from tests.support.postgres import PostgresServer
from tests.support.receiver import Receiver
from tests.support.rows import everything

Say = Callable[[str], None]
HASTY = "tests.crash.hasty_wiring"
RULE_TAG = "seen-by-rule"
RULE = {
    "name": "Tag every new lead",
    "events": ["lead.created"],
    "if": {"all": []},
    "then": [{"do": "add_tag", "tag": RULE_TAG}],
    "stop": False,
    "enabled": True,
}


@dataclass(slots=True)
class Report:
    """What a scene measured (seconds, counts) and what is wrong."""

    measured: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Stage:
    """A running deployment with one or more accounts, a receiver that is subscribed, and a log of 250s."""

    deployment: Deployment
    accounts: list[Made]
    receiver: Receiver
    acks: AckLog
    server: PostgresServer | None
    say: Say

    @property
    def made(self) -> Made:
        return self.accounts[0]

    def load(self, letters: Iterator[Letter], *, connections: int = 4, per_second: float = 30) -> Clients:
        """Clients that begin to send."""
        return Clients(
            self.deployment.smtp_port, letters, self.acks, connections=connections, per_second=per_second
        )

    def conclude(self, report: Report, clients: Clients, drain_seconds: float = 120) -> Report:
        """Waits until everything is drained, then judges."""
        tally = clients.tally
        report.measured |= {"acknowledged": tally.acknowledged, "tried again": tally.tried_again}
        report.measured["drained after"] = round(
            verdict.wait_until_drained(self.deployment, drain_seconds), 2
        )
        report.problems += [f"a client was told: {said}" for said in tally.refused]
        report.problems += verdict.problems(
            self.deployment, self.acks, self.accounts, receiver=self.receiver, rule_tag=RULE_TAG
        )
        report.problems += self._api_agrees()
        return report

    def _api_agrees(self) -> list[str]:
        """The API shows nothing pending, to every account."""
        found = []
        for made in self.accounts:
            api = self.deployment.api(made)
            pending = api.get("/messages", outcome="pending")
            found += [f"the API shows {len(pending)} pending messages in {made.domain}"] if pending else []
            api.close()
        return found


@contextmanager
def stage(
    database: str = "sqlite",
    *,
    redis: str | None = "none",
    workers: int = 1,
    accounts: tuple[str, ...] = ("acme",),
    admin: str = "anna@{slug}.example",
    wiring: str | None = None,
    data_dir: Path | None = None,
    lease: float | None = None,
    attempts: int | None = None,
    say: Say = print,
    server: PostgresServer | None = None,
) -> Iterator[Stage]:
    """A deployment, ready, with a rule and a webhook in every account; everything is gone afterwards.

    `redis`: "none", a URL, or None for the one that leadgate finds and runs itself. `lease`: seconds after which
    what a killed process held comes back, `attempts`: after how many stopped workers a mail is failed (only with
    `failing_wiring`); None: the real ones.
    """
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leadgate-crash-")))
        place.chmod(0o711)
        if database == "postgresql" and server is None:
            server = PostgresServer(place, durable=True)
            stack.callback(server.close)
        name = f"crash_{os.getpid()}_{time.monotonic_ns()}"
        url = server.create(name) if database == "postgresql" and server is not None else None
        settings = {"workers": str(workers)} | ({"redis_url": redis} if redis is not None else {})
        if attempts is not None:
            settings["test_attempts"] = str(attempts)
        if lease is not None:
            settings["test_lease"] = str(lease)
            wiring = wiring or HASTY
        deployment = Deployment(place, database_url=url, wiring=wiring, data_dir=data_dir, **settings)
        stack.callback(deployment.close)
        made = [deployment.init(slug, admin=admin) for slug in accounts]
        deployment.start()
        receiver = Receiver()
        stack.callback(receiver.close)
        acks = AckLog(place / "acknowledged.jsonl")
        stack.callback(acks.close)
        for one in made:
            api = deployment.api(one)
            subscribe(api, receiver, one)
            api.post("/rules", RULE)
            api.close()
        yield Stage(deployment, made, receiver, acks, server, say)


def subscribe(api: Api, receiver: Receiver, made: Made) -> None:
    """All events of leads go to the receiver, at a path of the account's own."""
    api.post("/webhooks", {"url": receiver.url(f"/{made.domain}"), "events": ["lead.*"]})


def number_of(deployment: Deployment, sql: str) -> int:
    database = deployment.database()
    try:
        with database.read() as connection:
            return int(connection.execute(everything(text(sql))).scalar_one())
    finally:
        database.close()
