"""What the web application is given: the rooms of ingestion and store behind `web.services.Services`."""

import os
import shutil
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from config import __version__, embedded_redis, outgoing, setup_link
from config.ground import Ground
from config.mailboxes import options_of_tests
from config.metrics import Metrics
from config.parts import Role
from config.settings import Settings
from config.trust import check_mail_domain
from ingest.accept import Connection, Incoming, NotStored, Recipient
from ingest.reprocess import Reprocessor
from ingest.resolve import Resolver
from ingest.watchdog import Watchdog
from store import deployment, heartbeats
from store.doorbell import Work, connect
from store.figures import mailbox_figures
from store.leads import iso
from store.mailbox_values import Target
from store.scope import Viewer
from store.sealing import Sealer
from web.services import (
    Decision,
    HandedIn,
    Limits,
    Machine,
    NotNow,
    Posted,
    Readiness,
    Services,
    UnknownAddress,
)
from webhooks.destination import Policy, Refused

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  compared, not bound
LATE = timedelta(seconds=60)
"""Work that has been due for longer than this is not being drained."""


def services(ground: Ground) -> Services:
    """The services of one process."""
    settings = ground.settings
    policy = Policy(tuple(settings.webhook_allow))
    watchdog = Watchdog()

    def ring_events() -> None:
        ground.doorbell.ring(Work.EVENTS)

    reprocessor = Reprocessor(
        ground.database, ground.understand, ground.keys, watchdog, ring_events, ground.judge
    )
    resolver = Resolver(ground.database, ground.understand, ground.keys, watchdog, ring_events)

    def accept(handed_in: HandedIn) -> str:
        return _accept(ground, handed_in)

    def accept_post(posted: Posted) -> str:
        return _accept_post(ground, posted)

    def reprocess(viewer: Viewer, message_id: str, apply: bool) -> dict[str, Any]:
        return reprocessor.reprocess(viewer.scope, message_id, user_id=viewer.user_id, apply=apply)

    def resolve(viewer: Viewer, message_id: str, decision: Decision, cause: str) -> None:
        resolver.resolve(
            viewer.scope,
            message_id,
            decision.action,
            user_id=viewer.user_id,
            lead_id=decision.lead_id,
            via=cause,
            for_thread=decision.for_thread,
        )
        ground.doorbell.ring(Work.MESSAGES)

    def url_problem(url: str) -> str | None:
        checked = policy.check_url(url)
        return checked.reason if isinstance(checked, Refused) else None

    mailbox_policy = Policy(tuple(settings.imap_allow))

    def mailbox_problem(target: Target) -> tuple[str, str] | None:
        return _mailbox_problem(mailbox_policy, target)

    def test_mailbox(target: Target) -> list[dict[str, Any]]:
        from ingest.imap.attempt import lines, try_stages

        return list(lines(try_stages(target, options_of_tests(settings))))

    return Services(
        database=ground.database,
        accept=accept,
        accept_post=accept_post,
        reprocess=reprocess,
        resolve=resolve,
        readiness=lambda: readiness(ground),
        ring=ground.doorbell.ring,
        url_problem=url_problem,
        mailbox_problem=mailbox_problem,
        test_mailbox=test_mailbox,
        smarthost_problem=outgoing.problem(settings),
        test_smarthost=outgoing.tester(settings),
        post=outgoing.post(settings),
        check_mail_domain=partial(check_mail_domain, settings),
        seals=Sealer(settings.key("credentials")),
        address_key=settings.key("addresses"),
        public_url=settings.public_url,
        version=__version__,
        limits=Limits(
            message_bytes=settings.max_message_bytes, form_posts_per_minute=settings.form_posts_per_minute
        ),
        trusted_proxies=tuple(settings.trusted_proxies),
        trusted_hosts=trusted_hosts(settings),
        setup_token=setup_link.token(settings),
        was_set_up=lambda: setup_link.remove(settings),
        smtp=str(settings.smtp or ""),
        hostname=settings.hostname,
        machine=lambda: machine(settings),
        metrics=Metrics(ground.database, settings.data_dir),
        metrics_for=settings.metrics,
    )


def _mailbox_problem(policy: Policy, target: Target) -> tuple[str, str] | None:
    """What of a mailbox leads where nothing may be reached: names are judged at each connection."""
    try:
        refused = policy.check(ip_address(target.values.host))
    except ValueError:
        refused = None  # a name
    if refused is not None:
        return "host", f"must not be reached: {refused.reason}"
    oauth = target.credentials.oauth
    checked = policy.check_url(oauth.token_url) if oauth is not None else None
    return ("oauth.token_url", checked.reason) if isinstance(checked, Refused) else None


def trusted_hosts(settings: Settings) -> tuple[str, ...]:
    """The names that requests may come for: that of the public URL, the loopback ones, and the one listened on.

    Listening on every address names none: people open the public URL then.
    """
    named = {urlsplit(settings.public_url).hostname or ""}
    if settings.http is not None and settings.http.host not in EVERYWHERE:
        named.add(settings.http.host)
    return tuple(sorted({*LOOPBACK, *(f"[{name}]" if ":" in name else name for name in named if name)}))


def readiness(ground: Ground) -> Readiness:
    """Ready when the database answers, the listener and whoever drains work are alive, and nothing lies late."""
    try:
        with ground.database.read() as connection:
            alive = sorted(heartbeats.alive(connection), key=lambda beat: beat.name)
            paused = deployment.fact(connection, deployment.PAUSED) is not None
            mailboxes = mailbox_figures(connection)
        oldest = {work: ground.oldest_due(work) for work in Work}
    except SQLAlchemyError as fault:
        return Readiness(False, {"database": f"cannot be asked: {type(fault).__name__}"})
    roles = {beat.role for beat in alive}
    now = datetime.now(UTC)
    late = {
        work.value: int((now - due).total_seconds())
        for work, due in oldest.items()
        if due and now - due > LATE
    }
    problems = []
    if Role.SMTP not in roles and (ground.settings.smtp or ground.settings.lmtp):
        problems.append("no listener is alive: mail is not accepted")
    if Role.WORKER not in roles:
        problems.append("no worker is alive: mail is accepted, but at best the scheduler processes it, late")
    if Role.IMAP not in roles and mailboxes:
        problems.append("no mailbox reader is alive: mailboxes are not read")
    problems += [
        f"{name}: the oldest work has been waiting for {seconds} s" for name, seconds in late.items()
    ]
    return Readiness(
        not problems,
        {
            "database": "ok",
            "processes": [
                {"name": beat.name, "role": beat.role, "last_beat": beat.beat_at.isoformat()}
                for beat in alive
            ],
            "problems": problems,
            "paused": paused,
            "mailboxes": [
                {
                    "id": one.id,
                    "last_poll": iso(one.last_poll),
                    "last_mail": iso(one.last_mail),
                    "lag": int((now - (one.caught_up or one.created)).total_seconds()),
                    "failing_at": one.failing_at,
                }
                for one in mailboxes
            ],
        },
    )


def machine(settings: Settings) -> Machine:
    """How Redis and the disk are. One exchange with Redis, given up after half a second."""
    disk = shutil.disk_usage(settings.data_dir)
    url = embedded_redis.client_url(settings, os.environ)
    return Machine("none" if url is None else _redis(url), disk.free, disk.total)


def _redis(url: str) -> str:
    from redis.exceptions import RedisError

    client = connect(url, connect_seconds=0.25, answer_seconds=0.25)
    try:
        client.ping()
    except (RedisError, OSError):  # the answer to the question, not a fault: the workers do without
        return "silent"
    finally:
        client.close()
    return "answers"


def _accept(ground: Ground, handed_in: HandedIn) -> str:
    """Stores a message that a person hands in for an address of the person's own account."""
    try:
        recipient: Recipient | None = ground.address_book.resolve(handed_in.to)
        if recipient is None or recipient.account_id != handed_in.account_id:
            raise UnknownAddress(handed_in.to)
        if handed_in.source:
            recipient = replace(recipient, source_key=handed_in.source)
        connection = Connection(
            door=handed_in.door,
            client_ip=handed_in.client_ip,
            helo=socket.gethostname(),
            mail_from=handed_in.mail_from,
            tls=handed_in.tls,
            auth_user=handed_in.user_id,
        )
        incoming = Incoming(handed_in.raw, (recipient,), connection, datetime.now(UTC))
        return ground.acceptor.accept(incoming).message_ids[0]
    except NotStored as fault:
        raise NotNow("the message could not be stored") from fault


def _accept_post(ground: Ground, posted: Posted) -> str:
    """Stores a form post, counted under its form."""
    recipient = Recipient(
        posted.account_id,
        posted.address_id,
        "form",
        posted.address,
        f"form:{posted.form_id}",
        posted.tag,
    )
    connection = Connection("form", posted.client_ip, None, "", tls=posted.tls, auth_user=None)
    incoming = Incoming(posted.raw, (recipient,), connection, datetime.now(UTC), posted.identity)
    try:
        return ground.acceptor.accept(incoming).message_ids[0]
    except NotStored as fault:
        raise NotNow("the post could not be stored") from fault
