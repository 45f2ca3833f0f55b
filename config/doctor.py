"""The doctor: one stage after the other, each with what was found and, where it is wrong, what to do about it.

STAGES is the order. A stage that cannot be looked at because an earlier one failed is left out with a dash. The
stages of BOOKS need no running leadgate; the others are about one at work.
"""

import errno
import os
import shutil
import socket
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy.exc import DatabaseError

from config import certificate, embedded_redis, instance, keys, outgoing
from config.parts import WORK_OF, Role, Wiring
from config.patient import Finding, Patient, Wrong
from config.settings import SettingsError
from config.values import Endpoint
from store import migrate
from store.doorbell import Work
from store.session import is_damaged, why_of

LEAST_FREE = 1024**3
"""Bytes on the data directory's disk under which mail may soon be turned away."""
LATE = timedelta(seconds=60)
LONG_FAILING = timedelta(minutes=10)
OLD_BACKUP = timedelta(days=2)
"""A nightly backup that failed once is told the next morning but one."""
PING_SECONDS = 1.0
RESTORE = "leadgate restore BACKUP   # with LEADGATE_DATA_DIR an empty folder; keep the damaged one"
WORKS_ON = {work: role for role, works in WORK_OF.items() for work in works}


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
                Finding(name, None, f"not looked at without: {', '.join(sick)}")
                if sick
                else _look(name, look, patient)
            )
    return findings


def _look(name: str, look: Callable[[Patient], str], patient: Patient) -> Finding:
    try:
        return Finding(name, True, look(patient))
    except Wrong as wrong:
        return Finding(name, False, " ".join(wrong.found.split()), wrong.fix)
    except Exception as fault:  # noqa: BLE001  the doctor tells what the others do not expect
        return Finding(name, False, f"{type(fault).__name__}: {why_of(fault)}", "see the log of leadgate")


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
    if place.exists() and not place.is_dir():
        raise Wrong(
            f"{place} is a file, and should be a folder",
            f"mv {place} {place}.old   # or another LEADGATE_DATA_DIR",
        )
    if not place.is_dir():
        raise Wrong(f"{place} is not there", f"mkdir -p -m 700 {place}   # or leadgate serve, which makes it")
    if not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        raise Wrong(f"{place} cannot be written by this user", f"sudo chown -R $(id -un) {place}")
    key = place / keys.FILE_NAME
    if key.exists() and key.stat().st_mode & 0o077:
        raise Wrong(f"{key} can be read by others", f"chmod 600 {key}")
    return f"{place} can be written"


def _database(patient: Patient) -> str:
    problem = patient.wire.database_problem(patient.settings)
    if problem is not None:
        file = patient.settings.sqlite_file
        if file is None:
            raise Wrong(
                problem, "systemctl start postgresql   # LEADGATE_DATABASE_URL says where it is looked for"
            )
        if not file.exists():
            raise Wrong(problem, "leadgate serve   # makes it; or: leadgate restore BACKUP")
        if "not a database" in problem:
            raise Wrong(problem, RESTORE)
        raise Wrong(problem, f"ls -l {file}*   # this user must be able to read and write them")
    return "answers"


def _schema(patient: Patient) -> str:
    problem = patient.wire.schema_problem(patient.settings)
    if problem is not None:
        newer = migrate.NEWER in problem
        raise Wrong(
            problem,
            "git pull   # this version cannot go back"
            if newer
            else "leadgate migrate   # with leadgate stopped, and a backup made",
        )
    return "is this version's"


def _secret_key(patient: Patient) -> str:
    problem = patient.wire.key_problem(patient.settings)
    if problem is not None:
        file = patient.settings.data_dir / keys.FILE_NAME
        raise Wrong(problem, f"unzip -p BACKUP {keys.FILE_NAME} > {file} && chmod 600 {file}")
    return "is the one the database was made with"


def _integrity(patient: Patient) -> str:
    try:
        wrong = patient.parts.integrity()
    except DatabaseError as fault:
        if not is_damaged(fault):
            raise
        wrong = [why_of(fault)]
    if wrong:
        raise Wrong(f"the database is damaged: {'; '.join(wrong)}", RESTORE)
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
            'redis-cli -u "$LEADGATE_REDIS_URL" ping   # start it; or LEADGATE_REDIS_URL=none, and restart leadgate',
        )
    return "answers"


def _addresses(patient: Patient) -> str:
    alive = _alive(patient)
    settings = patient.settings
    doors = (
        ("SMTP", settings.smtp, Role.SMTP),
        ("LMTP", settings.lmtp, Role.SMTP),
        ("HTTP", settings.http, Role.WEB),
    )
    told = [f"{name} {where}" for name, where, _ in doors if where is not None]
    for name, where, role in doors:
        if where is None or role in alive:
            continue
        fault = _cannot_listen(where)
        if fault is not None:
            other = Endpoint(where.host, where.port + 1)
            looked = f"ss -ltnp 'sport = :{where.port}'   # shows by which program"
            if fault.errno != errno.EADDRINUSE:
                looked, other = (
                    "ip address   # shows what this machine has",
                    Endpoint("127.0.0.1", where.port),
                )
            raise Wrong(
                f"leadgate cannot listen for {name} on {where}: {fault.strerror or fault}",
                f"{looked}; or LEADGATE_{name}={other}",
            )
    return ", ".join(told) or "no door is open"


def _cannot_listen(where: Endpoint) -> OSError | None:
    """Why; None also where only the service may: ports below 1024."""
    family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((where.host, where.port))
            door.listen()
        except PermissionError:
            return None
        except OSError as error:
            return error
    return None


def _alive(patient: Patient) -> set[str]:
    """The roles that give a sign of life. A lock that nobody holds tells of a dead one sooner than silence."""
    beating = {beat.role for beat in patient.parts.figures().alive}
    return {role for role in beating if instance.runs(patient.settings, Role(role)) is not False}


def _processes(patient: Patient) -> str:
    settings = patient.settings
    alive = _alive(patient)
    wanted = [Role.WORKER, Role.SENDER, Role.SCHEDULER]
    wanted += [Role.SMTP] if settings.smtp or settings.lmtp else []
    wanted += [Role.WEB] if settings.http else []
    wanted += [Role.IMAP] if patient.parts.figures().mailboxes else []
    missing = [role.value for role in wanted if role not in alive]
    if not alive - {Role.WEB, Role.SCHEDULER}:  # these two have no lock, and are silent a little later
        raise Wrong("leadgate does not run", "leadgate serve   # or: systemctl start leadgate")
    if missing:
        raise Wrong(
            f"no sign of life from: {', '.join(missing)}",
            "systemctl restart leadgate   # its log says why; without systemd: stop `leadgate serve` and start it",
        )
    return f"alive: {', '.join(sorted(alive))}"


def _disk(patient: Patient) -> str:
    free = shutil.disk_usage(patient.settings.data_dir).free
    found = f"{free / 1024**3:.1f} GiB are free at {patient.settings.data_dir}"
    if free < LEAST_FREE:
        raise Wrong(found, f"df -h {patient.settings.data_dir}   # make room: a full disk turns mail away")
    return found


def _backup(patient: Patient) -> str:
    figures = patient.parts.figures()
    last, since = figures.last_backup, figures.first_account
    if last is None and since is None:
        return "nothing is there to be kept yet"
    if figures.at - (last or since or figures.at) > OLD_BACKUP:
        found = "there was none yet" if last is None else f"the last one was made {last:%Y-%m-%d %H:%M} UTC"
        raise Wrong(found, "leadgate backup FILE   # while it works; every night: leadgate-backup.timer")
    return "none yet: `leadgate backup FILE`" if last is None else f"made {last:%Y-%m-%d %H:%M} UTC"


def _work(patient: Patient) -> str:
    figures = patient.parts.figures()
    late = {
        work: figures.at - due
        for work, due in figures.oldest_due.items()
        if due is not None
        and figures.at - due > LATE
        and not (work in WORK_OF[Role.SENDER] and figures.paused_since is not None)
    }
    if late:
        told = (f"{work.name.lower()} for {int(age.total_seconds())} s" for work, age in late.items())
        role = WORKS_ON[min(late, key=list(Work).index)]
        raise Wrong(
            f"waiting: {', '.join(told)}", f"systemctl restart leadgate   # or another: leadgate {role}"
        )
    paused = figures.paused_since is not None
    return "paused since a restore: `leadgate resume` sends" if paused else "nothing waits for long"


def _mailboxes(patient: Patient) -> str:
    figures = patient.parts.figures()
    failing = [
        f"{one.id} of {one.account} at stage {one.failing_at} since {one.failing_since:%Y-%m-%d %H:%M} UTC"
        for one in figures.mailboxes
        if one.failing_since is not None and figures.at - one.failing_since > LONG_FAILING
    ]
    if failing:
        raise Wrong(f"cannot be read: {', '.join(failing)}", "GET /api/v1/mailboxes   # says why")
    return f"{len(figures.mailboxes)} to read"


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
    "disk": (_disk, ("settings", "data directory")),
    "database": (_database, ("settings", "data directory")),
    "schema": (_schema, ("database",)),
    "integrity": (_integrity, ("schema",)),
    "secret key": (_secret_key, ("integrity",)),
    "Redis": (_redis, ("settings",)),
    "addresses": (_addresses, ("integrity",)),
    "certificate": (certificate.examine, ("settings", "data directory")),
    "processes": (_processes, ("integrity",)),
    "work": (_work, ("integrity",)),
    "mailboxes": (_mailboxes, ("integrity",)),
    "outgoing mail": (outgoing.examine, ("secret key",)),
    "backup": (_backup, ("integrity",)),
    "books": (_books, ("integrity",)),
}
BOOKS = frozenset({"settings", "data directory", "database", "schema", "secret key", "integrity", "books"})
