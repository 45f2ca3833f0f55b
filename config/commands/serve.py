"""`leadgate serve`, and each of its parts as a command of its own."""

import os
from typing import TYPE_CHECKING

import click

from config import embedded_redis, instance, logs, part, redis_guard
from config.parts import Role
from config.settings import Settings, load, unknown_names

if TYPE_CHECKING:
    from config.supervisor import Member


@click.command()
def serve() -> int:
    """Start everything and keep it running; Ctrl-C stops it in order."""
    from config.supervisor import Supervisor

    settings = _load()
    logs.configure(settings.log, part="supervisor")
    locks = instance.claim_instance(settings)
    rung = embedded_redis.choose(settings)
    part.say(f"leadgate starts; its data is in {settings.data_dir}.", rung.sentence)
    environ = {**os.environ, embedded_redis.TOLD_BY_SUPERVISOR: rung.url or "none"}
    code = Supervisor(members_of(settings, rung), environ, [lock.descriptor for lock in locks]).run()
    if rung.server is not None:
        embedded_redis.remove_socket(settings.data_dir)
    part.say("leadgate has stopped.")
    return code


def members_of(settings: Settings, rung: embedded_redis.Rung) -> "list[Member]":
    """The process tree for these settings. The first is given a head start: mail before all else."""
    from config.supervisor import Member

    listens = settings.smtp is not None or settings.lmtp is not None
    workers = [Member(f"worker-{number}", "worker") for number in range(1, settings.workers + 1)]
    return [
        *(_listeners(settings.smtp_processes) if listens else []),
        Member("migrate", "migrate", once=True),
        *([Member("redis", "redis", optional=True)] if rung.server is not None else []),
        *([Member("web", "web")] if settings.http is not None else []),
        *workers,
        Member("sender", "sender"),
        Member("imap", "imap"),
        Member("scheduler", "scheduler"),
    ]


def _listeners(number: int) -> "list[Member]":
    """The mail listeners, which share their ports; one alone has no number."""
    from config.supervisor import Member

    names = ["smtp"] if number == 1 else [f"smtp-{place}" for place in range(1, number + 1)]
    return [Member(name, "smtp") for name in names]


@click.command()
def smtp() -> int:
    """Accept mail by SMTP and LMTP until stopped."""
    from config.doors import serve_smtp

    return part.run(Role.SMTP, serve_smtp)


@click.command()
def web() -> int:
    """Serve the pages and the API until stopped."""
    from config.doors import serve_web

    return part.run(Role.WEB, serve_web)


@click.command()
def worker() -> int:
    """Work on messages and events until stopped."""
    from config import worker as waiting

    return part.run(Role.WORKER, waiting.serve)


@click.command()
def sender() -> int:
    """Deliver webhooks until stopped."""
    from config import worker as waiting

    return part.run(Role.SENDER, waiting.serve)


@click.command()
def imap() -> int:
    """Read IMAP mailboxes until stopped."""
    from config import mailboxes

    return part.run(Role.IMAP, mailboxes.serve)


@click.command()
def scheduler() -> int:
    """Ring for whatever waits, and work where nobody does, until stopped."""
    from config import sweeper

    return part.run(Role.SCHEDULER, sweeper.serve)


@click.command()
def migrate() -> int:
    """Bring the database to this version's schema."""
    from config import lifeline
    from config.parts import wiring

    lifeline.hold(os.environ)
    settings = _load()
    logs.configure(settings.log, part="migrate")
    instance.make_data_dir(settings)
    wiring().migrate(settings)
    return os.EX_OK


@click.command()
def redis() -> int:
    """Run our Redis; started by `serve`."""
    return redis_guard.run()


def _load() -> Settings:
    settings = load()
    if part.NAME not in os.environ:
        part.say(*unknown_names(os.environ))
    return settings
