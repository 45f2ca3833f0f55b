"""What the web application is given from outside: values and callables that `config.wiring` fills in.

The web knows nothing of ingestion, of the queue or of settings but what stands here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from store.doorbell import Work
from store.mailbox_values import Target
from store.outgoing import Post
from store.scope import Viewer
from store.sealing import Sealer
from store.session import Database
from store.smarthosts import Smarthost

MIB = 1024 * 1024
LARGEST_UPLOAD = 64 * MIB


class NotNow(Exception):
    """Nothing durable was done, and trying again later may work: answered 503 with Retry-After."""


class UnknownAddress(Exception):
    """No inbound address of the caller's account: answered 422 naming the place."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much and how often. `requests_per_minute` per user, `refusals_per_minute` per client; 0: no limit."""

    message_bytes: int = 35 * MIB
    json_bytes: int = MIB
    requests_per_minute: int = 3_000
    refusals_per_minute: int = 60
    form_posts_per_minute: int = 60  # per client and form; 0: no limit
    wrong_passwords: int = (
        10  # per e-mail address in a quarter of an hour; five times that per client; 0: no limit
    )

    @property
    def upload_bytes(self) -> int:
        """As much as a form with several mails may be: enough to name the one that is too large."""
        return max(self.message_bytes, LARGEST_UPLOAD)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A message that a person hands in for an inbound address of their own account.

    `source`: what it is counted under, where that is not the address: the demo's mails.
    """

    account_id: str
    user_id: str  # becomes the arrival's `auth_user`: they see the message for it
    door: str  # api upload
    to: str
    mail_from: str  # "" when none is named
    client_ip: str | None
    tls: bool
    raw: bytes = field(repr=False)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """A form post. `raw`: the entity as it is stored; `identity`: what makes another one the same transmission."""

    account_id: str
    form_id: str
    address_id: str  # the form's inbound address
    address: str
    tag: str | None
    client_ip: str | None
    tls: bool
    raw: bytes = field(repr=False)
    identity: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """How a person resolves a hold. `action`: attach create ignore never_log spam not_spam; `lead_id` for attach."""

    action: str
    lead_id: str | None = None
    for_thread: bool = True


@dataclass(frozen=True, slots=True)
class Readiness:
    """`ready`: mail is accepted and work is being drained. `details`: JSON, no secrets, nothing personal."""

    ready: bool
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Machine:
    """What the status page says beside the database. `redis`: answers, silent, or none where none is used."""

    redis: str
    disk_free: int  # bytes, where the data directory lies
    disk_total: int


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the application is given.

    accept      stores a message durably, then gives its id. Raises UnknownAddress when `to` is no address of
                that very account, NotNow when nothing was stored.
    accept_post stores a form post durably, then gives its id. Raises NotNow when nothing was stored.
    reprocess   (viewer, message id, apply): reads a message again; the diff as JSON. The web has asked
                `store.message_views.require_decidable` before. Raises StoreErrors, NotNow.
    resolve     (viewer, message id, decision, cause): resolves its hold, matching again first. Same.
    url_problem why a webhook may not have this URL, as a sentence, None if it may.
    mailbox_problem   why a mailbox may not be read: the field and a sentence. None if it may be, as far as can be told
                without asking for its name.
    test_mailbox   goes through the stages of a connection: [{stage, ok, detail}], `ok` null where not reached. Takes a
                minute at worst; changes nothing. Never raises.
    smarthost_problem   why a mail server may not be used, as a sentence; None if it may, as far as can be told so.
    test_smarthost      (account id, its mail domain, server or None for the deployment's): as `test_mailbox`, with
                `code` and `fix`. Sends nothing.
    post        what queueing a mail needs (`store.outgoing.queue`).
    check_mail_domain   (domain, DKIM selector or ""): what the DNS says of a mail domain: [{kind, type, name, wanted,
                state, found}], `state` found differs missing unanswered off. Takes five seconds at worst; never raises.
    ring        tells the workers; never raises, never blocks for more than 200 ms.
    seals       keeps webhook secrets and mailbox passwords sealed.
    setup_token what the set-up link carries while the deployment has no account; "" switches set-up off.
    was_set_up  told once the first account is made: the link is useless.
    hostname    the mail doors' name, to which the MX record is to point.
    machine     Redis and disk, asked now; never raises for a Redis that doesn't answer.
    smtp        host:port where mail is accepted, for the test command; "" when there is no listener.
    address_key MAC key of lead addresses.
    """

    database: Database
    accept: Callable[[HandedIn], str]
    accept_post: Callable[[Posted], str]
    reprocess: Callable[[Viewer, str, bool], dict[str, Any]]
    resolve: Callable[[Viewer, str, Decision, str], None]
    readiness: Callable[[], Readiness]
    ring: Callable[[Work], None]
    url_problem: Callable[[str], str | None]
    mailbox_problem: Callable[[Target], tuple[str, str] | None]
    test_mailbox: Callable[[Target], list[dict[str, Any]]]
    smarthost_problem: Callable[[Smarthost], str | None]
    test_smarthost: Callable[[str, str, Smarthost | None], list[dict[str, Any]]]
    post: Post
    seals: Sealer
    address_key: bytes
    public_url: str
    version: str = ""
    setup_token: str = field(default="", repr=False)
    smtp: str = ""
    limits: Limits = Limits()
    trusted_hosts: tuple[
        str, ...
    ] = ()  # names in Host that are answered; () answers any. ".x.y" takes subdomains
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    was_set_up: Callable[[], None] = lambda: None
    check_mail_domain: Callable[[str, str], list[dict[str, Any]]] = lambda *_: []
    hostname: str = ""
    machine: Callable[[], Machine] = lambda: Machine("none", 0, 0)
    metrics: Callable[[], bytes] | None = None  # figures in Prometheus's text form
    metrics_for: str = field(default="local", repr=False)  # local public off, or the token they are read with
