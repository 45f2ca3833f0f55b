"""The doctor: one stage after the other, each with what was found and, where it is wrong, what to do about it.

STAGES is the order. A stage that cannot be looked at because an earlier one failed is left out with a dash. The
stages of BOOKS need no running leadgate; the others are about one at work.
"""

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from config import embedded_redis, keys
from config.parts import Parts, Role, Wiring
from config.settings import Settings, SettingsError, load
from store.doorbell import Work

LEAST_FREE = 1024**3
"""Bytes on the data directory's disk under which mail may soon be turned away."""
LATE = timedelta(seconds=60)
PING_SECONDS = 1.0
WORKS_ON = {Work.MESSAGES: Role.WORKER, Work.EVENTS: Role.WORKER, Work.DELIVERIES: Role.SENDER}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one stage found. `ok` None: it could not be looked at. `fix`: a command or a sentence."""

    stage: str
    ok: bool | None
    found: str
    fix: str = ""


@dataclass(eq=False)
class Wrong(Exception):
    """Ends a stage: what is wrong and what helps."""

    found: str
    fix: str


@dataclass
class Patient:
    """What the stages look at; made when first asked for."""

    wire: Wiring
    opened: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def settings(self) -> Settings:
        """Raises SettingsError."""
        return load()

    @cached_property
    def parts(self) -> Parts:
        """The database's own; asked for only after its stage was well."""
        parts = self.wire.build(self.settings, Role.COMMAND)
        self.opened.callback(parts.close)
        return parts


def examine(wire: Wiring, *, only_books: bool = False) -> list[Finding]:
    """Goes through the stages; `only_books`: those that need no running leadgate."""
    patient = Patient(wire)
    findings: list[Finding] = []
    with patient.opened:
        for name, (look, needs) in STAGES.items():
            if only_books and name not in BOOKS:
                continue
            sick = [finding.stage for finding in findings if finding.stage in needs and not finding.ok]
            findings.append(
                Finding(name, None, f"not looked at, because of: {', '.join(sick)}")
                if sick
                else _look(name, look, patient)
            )
    return findings


def _look(name: str, look: Callable[[Patient], str], patient: Patient) -> Finding:
    try:
        return Finding(name, True, look(patient))
    except Wrong as wrong:
        return Finding(name, False, wrong.found, wrong.fix)
    except Exception as fault:  # noqa: BLE001  the doctor tells what the others do not expect
        return Finding(name, False, f"{type(fault).__name__}: {fault}", "see the log of leadgate")


def _settings(patient: Patient) -> str:
    try:
        settings = patient.settings
    except SettingsError as error:
        raise Wrong(
            " ".join(error.problems), "leadgate settings   # lists all, with their meaning"
        ) from error
    return f"data in {settings.data_dir}, {'SQLite' if settings.is_sqlite else 'PostgreSQL'}"


def _data_directory(patient: Patient) -> str:
    place = patient.settings.data_dir
    if not place.is_dir():
        raise Wrong(f"{place} is not there", f"mkdir -p -m 700 {place}   # or: leadgate serve")
    if not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        raise Wrong(f"{place} cannot be written by this user", f"sudo chown -R $(id -u) {place}")
    key = place / keys.FILE_NAME
    if key.exists() and key.stat().st_mode & 0o077:
        raise Wrong(f"{key} can be read by others", f"chmod 600 {key}")
    return f"{place} can be written"


def _database(patient: Patient) -> str:
    problem = patient.wire.schema_problem(patient.settings)
    if problem is not None:
        raise Wrong(problem, "leadgate migrate   # with leadgate stopped")
    return "answers, and has this version's schema"


def _secret_key(patient: Patient) -> str:
    problem = patient.wire.key_problem(patient.settings)
    if problem is not None:
        file = patient.settings.data_dir / keys.FILE_NAME
        raise Wrong(problem, f"unzip -p BACKUP {keys.FILE_NAME} > {file} && chmod 600 {file}")
    return "is the one the database was made with"


def _integrity(patient: Patient) -> str:
    wrong = patient.parts.integrity()
    if wrong:
        raise Wrong(
            f"the database is damaged: {'; '.join(wrong)}", "leadgate restore BACKUP   # into an empty place"
        )
    return "the database is whole"


def _redis(patient: Patient) -> str:
    url = embedded_redis.client_url(patient.settings, os.environ)
    if url is None:
        return "none is used; the workers look for themselves"
    from config.worker import answers
    from store.doorbell import connect

    client = connect(url, connect_seconds=PING_SECONDS, answer_seconds=PING_SECONDS)
    well = answers(client)
    client.connection_pool.disconnect()
    if not well:
        raise Wrong(
            "Redis does not answer; work goes on, a little later",
            "start Redis, or set LEADGATE_REDIS_URL=none and restart leadgate",
        )
    return "answers"


def _processes(patient: Patient) -> str:
    settings = patient.settings
    alive = {beat.role for beat in patient.parts.figures().alive}
    wanted = [Role.WORKER, Role.SENDER, Role.SCHEDULER]
    wanted += [Role.SMTP] if settings.smtp or settings.lmtp else []
    wanted += [Role.WEB] if settings.http else []
    missing = [role.value for role in wanted if role not in alive]
    if not alive:
        raise Wrong("leadgate does not run", "leadgate serve   # or: systemctl start leadgate")
    if missing:
        raise Wrong(
            f"no sign of life for 15 seconds from: {', '.join(missing)}",
            "systemctl restart leadgate   # its log says why",
        )
    return f"alive: {', '.join(sorted(alive))}"


def _disk(patient: Patient) -> str:
    free = shutil.disk_usage(patient.settings.data_dir).free
    text = f"{free / 1024**3:.1f} GiB are free at {patient.settings.data_dir}"
    if free < LEAST_FREE:
        raise Wrong(text, f"df -h {patient.settings.data_dir}   # make room: a full disk turns mail away")
    return text


def _work(patient: Patient) -> str:
    figures = patient.parts.figures()
    late = {
        work: figures.at - due
        for work, due in figures.oldest_due.items()
        if due is not None
        and figures.at - due > LATE
        and not (work is Work.DELIVERIES and figures.paused_since is not None)
    }
    if late:
        told = (f"{work.name.lower()} for {int(age.total_seconds())} s" for work, age in late.items())
        role = WORKS_ON[min(late, key=list(Work).index)]
        raise Wrong(
            f"waiting: {', '.join(told)}", f"systemctl restart leadgate   # or another: leadgate {role}"
        )
    paused = figures.paused_since is not None
    return "paused since a restore: `leadgate resume` sends" if paused else "nothing waits for long"


def _books(patient: Patient) -> str:
    wrong = patient.parts.check()
    if wrong:
        raise Wrong(
            "; ".join(wrong), "leadgate backup FILE   # keep what is there, and report this with the log"
        )
    return "every message, lead, hold and event is accounted for"


STAGES: dict[str, tuple[Callable[[Patient], str], Sequence[str]]] = {
    "settings": (_settings, ()),
    "data directory": (_data_directory, ("settings",)),
    "database": (_database, ("settings", "data directory")),
    "secret key": (_secret_key, ("database",)),
    "integrity": (_integrity, ("database",)),
    "Redis": (_redis, ("settings",)),
    "processes": (_processes, ("database",)),
    "disk": (_disk, ("settings", "data directory")),
    "work": (_work, ("database",)),
    "books": (_books, ("database",)),
}
BOOKS = frozenset({"settings", "data directory", "database", "secret key", "integrity", "books"})
