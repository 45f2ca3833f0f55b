"""The deployment's figures in Prometheus's text form, for `/metrics`.

Taken from the database, so any web process answers for all of them; asked for more often than once in
KEPT_SECONDS, the same answer is given again. Labels are words of ours, slugs and opaque ids: no addresses.
"""

import shutil
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from config import __version__
from config.parts import Role
from store.doorbell import Work
from store.figures import Figures, figures
from store.session import Database

KEPT_SECONDS = 5.0
OUTCOMES = ("pending", "lead_created", "history_added", "held", "ignored", "failed")
RESULTS = ("pending", "delivered", "failing", "exhausted")
ROLES = tuple(role for role in Role if role is not Role.COMMAND)


class Metrics:
    """The text for one deployment; thread-safe."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        self._database = database
        self._data_dir = data_dir
        self._lock = threading.Lock()
        self._text = b""
        self._made = float("-inf")

    def __call__(self) -> bytes:
        """The figures of now. Raises what the database raises."""
        with self._lock:
            if time.monotonic() - self._made > KEPT_SECONDS:
                with self._database.read() as connection:
                    found = figures(connection)
                self._text = text(found, disk_free=shutil.disk_usage(self._data_dir).free)
                self._made = time.monotonic()
            return self._text


def text(found: Figures, *, disk_free: int) -> bytes:
    """`found` as Prometheus reads it. `disk_free`: bytes left where the data directory lies."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected([*_counted(found), *_measured(found, disk_free)]))
    return generate_latest(registry)


class _Collected(Collector):
    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _counted(found: Figures) -> Iterable[Metric]:
    accepted = CounterMetricFamily(
        "leadgate_accepted", "Messages accepted, per recipient, by source.", labels=["account", "source"]
    )
    for (account, source), number in sorted(found.accepted.items()):
        accepted.add_metric([account, source], number)
    yield accepted
    messages = GaugeMetricFamily(
        "leadgate_messages", "Messages kept, by outcome; pending have none yet.", labels=["outcome"]
    )
    for outcome in sorted({*OUTCOMES, *found.messages}):
        messages.add_metric([outcome], found.messages.get(outcome, 0))
    yield messages
    deliveries = GaugeMetricFamily("leadgate_deliveries", "Webhook deliveries, by result.", labels=["result"])
    for result in sorted({*RESULTS, *found.deliveries}):
        deliveries.add_metric([result], found.deliveries.get(result, 0))
    yield deliveries


def _measured(found: Figures, disk_free: int) -> Iterable[Metric]:
    oldest = GaugeMetricFamily(
        "leadgate_oldest_pending_seconds",
        "How long the oldest thing that is due has been waiting; 0: nothing waits.",
        labels=["work"],
    )
    for work in Work:
        due = found.oldest_due.get(work)
        oldest.add_metric([work.name.lower()], max(0.0, (found.at - due).total_seconds()) if due else 0.0)
    yield oldest
    alive = GaugeMetricFamily("leadgate_processes", "Processes that beat lately, by role.", labels=["role"])
    age = GaugeMetricFamily(
        "leadgate_heartbeat_age_seconds", "Time since the last beat of each process.", labels=["role", "name"]
    )
    for role in ROLES:
        alive.add_metric([role.value], sum(beat.role == role for beat in found.alive))
    for beat in found.alive:
        age.add_metric([beat.role, beat.name], max(0.0, (found.at - beat.beat_at).total_seconds()))
    yield from (alive, age)
    yield _gauge("leadgate_database_bytes", "Size of the database.", found.database_bytes)
    yield _gauge("leadgate_disk_free_bytes", "Space left where the data directory lies.", disk_free)
    yield _gauge(
        "leadgate_paused", "1: mail is received, nothing is sent.", int(found.paused_since is not None)
    )
    yield from _mailboxes(found)
    if found.last_backup is not None:
        moment = found.last_backup.timestamp()
        yield _gauge("leadgate_last_backup_timestamp_seconds", "When a backup was last completed.", moment)
    build = GaugeMetricFamily("leadgate_build_info", "The version that answers.", labels=["version"])
    build.add_metric([__version__], 1)
    yield build


def _mailboxes(found: Figures) -> Iterable[Metric]:
    labels = ["account", "mailbox"]
    lag = GaugeMetricFamily(
        "leadgate_mailbox_lag_seconds",
        "Time since nothing was known to be in a mailbox that is not here; from its making if never.",
        labels=labels,
    )
    mail = GaugeMetricFamily(
        "leadgate_mailbox_last_mail_timestamp_seconds",
        "When the newest mail taken had come to a mailbox.",
        labels=labels,
    )
    failing = GaugeMetricFamily("leadgate_mailbox_failing", "1: a mailbox cannot be read.", labels=labels)
    for one in found.mailboxes:
        lag.add_metric([one.account, one.id], (found.at - (one.caught_up or one.created)).total_seconds())
        failing.add_metric([one.account, one.id], int(one.failing_since is not None))
        if one.last_mail is not None:
            mail.add_metric([one.account, one.id], one.last_mail.timestamp())
    yield from (lag, mail, failing)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)
