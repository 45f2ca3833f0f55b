"""Where the concrete parts meet: one function that builds what a process needs, and nothing else does.

What they stand on is `config.ground`; when a part is made and closed is said there.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from config import certificate, mailboxes, memory, open_files, outgoing, secret_check, upkeep
from config import schema_check as of_schema
from config.ground import Ground
from config.parts import Role
from config.settings import Settings
from store import heartbeats
from store import migrate as schema
from store.books.proofs import prove
from store.doorbell import Work
from store.figures import Figures, figures, integrity
from store.session import Database, StoreError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from ingest.automate import Automator
    from ingest.listening.listener import Listener
    from ingest.process import Processor
    from store.sealing import Sealer
    from web.services import Services
    from webhooks.deliver import Deliverer
    from webhooks.mail.mailer import Mailer

STOP_SECONDS = 2.5
"""What messages under way get when the listener stops; the whole tree has ten seconds."""
database_problem = of_schema.unreachable
schema_problem = of_schema.problem
key_problem = secret_check.problem


def build(settings: Settings, role: Role) -> "Wired":
    """The parts of one process. Opens no door and starts no work."""
    return Wired(settings, role)


def migrate(settings: Settings) -> None:
    """Brings the database to this version's schema; makes it if there is none."""
    database = Database(settings.database_url)
    try:
        if not schema.is_current(database):
            schema.upgrade(database)
    finally:
        database.close()


class Wired(Ground):
    """The parts of one process; see `config.parts.Parts`."""

    @cached_property
    def listener(self) -> "Listener":
        """The SMTP and LMTP sockets."""
        from ingest.listening.limits import ListenerOptions
        from ingest.listening.listener import Listener

        settings = self.settings
        open_files.allow()
        options = ListenerOptions(
            hostname=settings.hostname,
            smtp=((settings.smtp.host, settings.smtp.port),) if settings.smtp else (),
            lmtp=((settings.lmtp.host, settings.lmtp.port),) if settings.lmtp else (),
            reuse_port=not settings.is_sqlite,
            tls=certificate.opened(settings).context,
            max_message_bytes=settings.max_message_bytes,
            trusted_hops=tuple(hop.network for hop in settings.trusted_hops),
            stop_seconds=STOP_SECONDS,
        )
        return Listener(options, self.address_book, self.acceptor)

    def read_mailboxes(self, holder: str) -> None:
        """Reads mailboxes until the process is to stop."""
        mailboxes.read(self, holder)

    @cached_property
    def work(self) -> Mapping[Work, Callable[[], int]]:
        """One batch of each kind of work; a kind is built when it is first worked on."""
        return {
            Work.MESSAGES: self._process_batch,
            Work.EVENTS: self._automate_batch,
            Work.DELIVERIES: self._deliver_batch,
            Work.MAILS: self._mail_batch,
        }

    def _process_batch(self) -> int:
        return self._processor.process_batch()

    def _automate_batch(self) -> int:
        return self._automator.automate_batch()

    def _deliver_batch(self) -> int:
        return 0 if self.is_paused() else self._deliverer.deliver_batch()

    def _mail_batch(self) -> int:
        return 0 if self.is_paused() else self._mailer.send_batch()

    @cached_property
    def _processor(self) -> "Processor":
        from config import reader
        from ingest.process import Processor

        memory.limit(self.role)
        return Processor(
            self.database,
            self.understand,
            self.keys,
            partial(self.doorbell.ring, Work.EVENTS),
            partial(self.doorbell.ring, Work.DELIVERIES),
            self.judge,
            reader.reading_ahead(self.understand, self._open),
            partial(self.doorbell.ring, Work.MAILS),
        )

    @cached_property
    def _automator(self) -> "Automator":
        from ingest.automate import Automator

        return Automator(
            self.database,
            partial(self.doorbell.ring, Work.EVENTS),
            partial(self.doorbell.ring, Work.DELIVERIES),
        )

    @cached_property
    def _sealer(self) -> "Sealer":
        from store.sealing import Sealer

        return Sealer(self.settings.key("credentials"))

    @cached_property
    def _deliverer(self) -> "Deliverer":
        from webhooks.deliver import Deliverer
        from webhooks.destination import Policy

        deliverer = Deliverer(
            self.database,
            self._sealer,
            Policy(tuple(self.settings.webhook_allow)),
            ring_events=partial(self.doorbell.ring, Work.EVENTS),
        )
        self._open.callback(deliverer.close)
        return deliverer

    @cached_property
    def _mailer(self) -> "Mailer":
        from webhooks.mail.mailer import Mailer

        mailer = Mailer(
            self.database,
            self._sealer,
            outgoing.options(self.settings),
            ring_events=partial(self.doorbell.ring, Work.EVENTS),
        )
        self._open.callback(mailer.close)
        return mailer

    look_after_database = upkeep.look_after_database
    forget_texts = upkeep.forget_texts
    watch_sources = upkeep.watch_sources

    def beat(self, role: str, name: str) -> None:
        """Writes this process's heartbeat."""
        with self.database.write() as connection:
            heartbeats.beat(connection, name=name, role=role)

    def web_app(self) -> "WSGIApplication":
        """The API and the pages."""
        from web.app import create_app

        return create_app(self.services)

    def has_no_account(self) -> bool:
        """Whether the deployment is still to be set up."""
        from store.accounts import count_accounts

        with self.database.read() as connection:
            return count_accounts(connection) == 0

    @cached_property
    def services(self) -> "Services":
        """What the pages may call."""
        from config.web_services import services

        return services(self)

    def init_account(
        self,
        *,
        account: str,
        domain: str,
        admin_email: str,
        admin_password: str | None,
        new_api_key: bool,
        deployment_key: bool,
    ) -> Mapping[str, Any]:
        """Makes an account and its admin, or finds them. ValueError when a value cannot be taken."""
        from store.passwords import hash_password
        from store.setup import initialise

        hashed = hash_password(admin_password) if admin_password else None
        try:
            with self.database.write() as connection:
                return initialise(
                    connection,
                    account,
                    domain,
                    admin_email,
                    admin_password_hash=hashed,
                    new_api_key=new_api_key,
                    deployment_key=deployment_key,
                )
        except StoreError as fault:
            raise ValueError(str(fault)) from fault

    def check(self) -> Sequence[str]:
        """What is wrong with the books, one sentence each."""
        with self.database.read() as connection:
            return [f"({found.proof}) {found.sentence}" for found in prove(connection)]

    def integrity(self) -> Sequence[str]:
        """What the database finds wrong with its own file."""
        with self.database.read() as connection:
            return integrity(connection)

    def figures(self) -> Figures:
        """How the deployment fares."""
        with self.database.read() as connection:
            return figures(connection)
