"""An application over a real database and real ingestion, two accounts in it, and a client per person."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from pydantic import TypeAdapter
from werkzeug.test import TestResponse

from ingest.accept import Acceptor, Connection, Incoming, NotStored, Recipient
from ingest.address_book import StoredAddressBook
from ingest.mail_domain import Question, check
from ingest.process import Processor
from ingest.receiving import Keys
from ingest.reprocess import Reprocessor
from ingest.resolve import Resolver
from ingest.watchdog import Watchdog
from parsers.understand import understand
from store.doorbell import Work
from store.keys import create_api_key, create_deployment_key
from store.outgoing import Post
from store.scope import AccountScope, Viewer
from store.sealing import Sealer
from store.session import Database
from tests.ingest.trust.zone import Zone
from tests.support.accounts import MadeAccount, make_account, make_user
from tests.web.application import make_app
from web.api.routes import PREFIX, ROUTES
from web.services import Decision, HandedIn, Limits, NotNow, Posted, Readiness, Services, UnknownAddress
from webhooks.destination import Policy, Refused

KEY = b"k" * 32
PUBLIC_URL = "http://leadgate.test"
BY_NAME = {f"api.{route.name}": route for route in ROUTES}
ZONE = (
    Zone()
    .mx("acme.test", "mx.acme.test")
    .txt("acme.test", "v=spf1 mx -all", "v=spf1 ~all")
    .a("mx.acme.test", "192.0.2.1")
)
"""What the DNS says: MX and address are right, there are two SPF records, and no policy."""
NO_LIMITS = Limits(requests_per_minute=0, refusals_per_minute=0, form_posts_per_minute=0)


def fits_its_shape(app: Flask, method: str, path: str, answer: TestResponse) -> None:
    """Every answer of every test is held against what the description promises for its route."""
    if answer.status_code >= 300 or not answer.data:
        return
    endpoint, _ = app.url_map.bind("x").match(f"{PREFIX}{path.partition('?')[0]}", method=method)
    route = BY_NAME.get(str(endpoint))
    if route is None or route.gives in (None, bytes):
        return
    TypeAdapter(route.gives).validate_json(answer.data)
    if method == "GET" and isinstance(answer.json, list):
        assert answer.headers["X-Total-Count"].isdecimal()


@dataclass(slots=True)
class Person:
    """Somebody with a key, or nobody; calls the API."""

    app: Flask
    key: str | None
    id: str = ""
    email: str = ""
    address: str = ""

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        """One request. `more` as for werkzeug's client; `headers` a mapping."""
        headers: dict[str, str] = dict(more.pop("headers", {}))
        if self.key is not None:
            headers.setdefault("Authorization", f"Bearer {self.key}")
        answer = self.app.test_client().open(f"{PREFIX}{path}", method=method, headers=headers, **more)
        fits_its_shape(self.app, method, path, answer)
        return answer

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.call("POST", path, json={} if body is None else body, **more)

    def patch(self, path: str, body: Any, **more: Any) -> TestResponse:
        return self.call("PATCH", path, json=body, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        return self.call("DELETE", path, **more)

    def send(self, raw: bytes, to: str, **more: Any) -> TestResponse:
        """Hands a message in."""
        query = {"to": to, **more}
        return self.call("POST", "/messages", data=raw, query_string=query, content_type="message/rfc822")


@dataclass(slots=True)
class World:
    """The application and who is in it."""

    database: Database
    services: Services
    app: Flask
    account: MadeAccount
    other: MadeAccount
    admin: Person
    stranger_admin: Person  # of the other account
    process: Callable[[], int]
    rung: list[Work] = field(default_factory=list)
    ready: Readiness = Readiness(True, {"database": "ok"})  # noqa: RUF009  # frozen

    def user(self, name: str, level: str = "user", **key: Any) -> Person:
        """One more user of the account, with a key."""
        made = make_user(self.database, self.account, f"{name}@{self.account.slug}.example", name, level)
        return self.person(self.account.scope, made.id, made.email, made.address, **key)

    def person(self, scope: AccountScope, user_id: str, email: str, address: str, **key: Any) -> Person:
        """A client with a new key of a user."""
        with self.database.write() as connection:
            made = create_api_key(connection, scope, user_id, name="test", **key)
        return Person(self.app, made, user_id, email, address)

    @property
    def nobody(self) -> Person:
        return Person(self.app, None)

    def deployer(self) -> Person:
        """A client with a deployment key."""
        with self.database.write() as connection:
            return Person(self.app, create_deployment_key(connection))

    def received(self, person: Person, raw: bytes, to: str, **more: Any) -> str:
        """Hands a message in and processes it; its id."""
        answer = person.send(raw, to, **more)
        assert answer.status_code == 202, answer.text
        while self.process():
            pass
        return str(answer.json["id"])  # type: ignore[index]  # werkzeug types json as optional

    def by_smtp(self, raw: bytes, to: str, mail_from: str = "") -> str:
        """A message as the listener stores it, processed; its id."""
        book = StoredAddressBook(self.database, KEY)
        recipient = book.resolve(to)
        assert recipient is not None, to
        door = Connection("smtp", "192.0.2.7", "mx.example", mail_from, tls=True, auth_user=None)
        acceptor = Acceptor(self.database, KEY, lambda: None)
        try:
            stored = acceptor.accept(Incoming(raw, (recipient,), door, datetime.now(UTC)))
        finally:
            acceptor.close()
        while self.process():
            pass
        return stored.message_ids[0]


@contextmanager
def make_world(database: Database, **changes: Any) -> Iterator[World]:
    """A world on `database`; `changes` of its Services."""
    account, other = make_account(database, "acme"), make_account(database, "globex")
    post = changes.get("post", Post(Sealer(KEY)))
    keys, watchdog = Keys(content=KEY, address=KEY, post=post), Watchdog()
    book = StoredAddressBook(database, KEY)
    acceptor = Acceptor(database, KEY, lambda: None)
    policy = Policy()
    reprocessor = Reprocessor(database, understand, keys, watchdog, lambda: None)
    resolver = Resolver(database, understand, keys, watchdog, lambda: None)
    processor = Processor(database, understand, keys, lambda: None, lambda: None)
    rung: list[Work] = []
    worlds: list[World] = []

    def accept(handed_in: HandedIn) -> str:
        recipient = book.resolve(handed_in.to)
        if recipient is None or recipient.account_id != handed_in.account_id:
            raise UnknownAddress(handed_in.to)
        if handed_in.source:
            recipient = replace(recipient, source_key=handed_in.source)
        door = Connection(
            handed_in.door, handed_in.client_ip, None, handed_in.mail_from, handed_in.tls, handed_in.user_id
        )
        try:
            return acceptor.accept(
                Incoming(handed_in.raw, (recipient,), door, datetime.now(UTC))
            ).message_ids[0]
        except NotStored as fault:
            raise NotNow("not stored") from fault

    def accept_post(posted: Posted) -> str:
        to = Recipient(
            posted.account_id,
            posted.address_id,
            "form",
            posted.address,
            f"form:{posted.form_id}",
            posted.tag,
        )
        door = Connection("form", posted.client_ip, None, "", posted.tls, None)
        incoming = Incoming(posted.raw, (to,), door, datetime.now(UTC), posted.identity)
        try:
            return acceptor.accept(incoming).message_ids[0]
        except NotStored as fault:
            raise NotNow("not stored") from fault

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

    def url_problem(url: str) -> str | None:
        found = policy.check_url(url)
        return found.reason if isinstance(found, Refused) else None

    services = Services(
        database=database,
        accept=accept,
        accept_post=accept_post,
        reprocess=reprocess,
        resolve=resolve,
        readiness=lambda: worlds[0].ready,
        ring=rung.append,
        url_problem=url_problem,
        mailbox_problem=lambda target: ("host", "is mine") if target.values.host == "mine.example" else None,
        check_mail_domain=lambda domain, selector: check(Question(domain, "mx.acme.test", selector), ZONE),
        hostname="mx.acme.test",
        test_mailbox=lambda target: [
            {"stage": "dns", "ok": True, "detail": target.values.host, "code": "addresses"}
            | {"facts": {"addresses": target.values.host}, "said": ""}
        ],
        smarthost_problem=lambda server: "is mine" if server.host == "mine.example" else None,
        test_smarthost=lambda account_id, domain, server: [
            {
                "stage": "dns",
                "ok": True,
                "detail": server.host if server else "shared",
                "code": None,
                "fix": None,
            }
        ],
        post=post,
        seals=Sealer(KEY),
        address_key=KEY,
        public_url=PUBLIC_URL,
        version="0",
        limits=NO_LIMITS,
    )
    services = replace(services, **changes)
    app = make_app(services)
    app.testing = False
    world = World(
        database,
        services,
        app,
        account,
        other,
        Person(app, None),
        Person(app, None),
        processor.process_batch,
        rung,
    )
    worlds.append(world)
    world.admin = world.person(account.scope, account.admin.id, account.admin.email, account.admin.address)
    world.stranger_admin = world.person(other.scope, other.admin.id, other.admin.email, other.admin.address)
    try:
        yield world
    finally:
        acceptor.close()


def data(answer: TestResponse, status: int = 200) -> Any:
    """The JSON of an answer that must have this status."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    return answer.json


def problem(answer: TestResponse, status: int) -> Mapping[str, Any]:
    """The problem of an answer that must have this status."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    assert answer.mimetype == "application/problem+json"
    body: Mapping[str, Any] = answer.json or {}
    assert body["status"] == status and body["title"] and body["type"] == "about:blank"
    return body
