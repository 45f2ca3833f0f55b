"""End to end: SMTP → committed → understood → matched → lead, history, event → 10 rules → signed webhook received.

The whole of `leadgate serve` (SQLite, its own Redis, one worker) is sent 4 KB mails of 500 prospects by 20 clients,
as fast as it takes them; the clock stops when the last mail's webhook has been received. Two of the ten rules act
on every mail. Then mails come at half that rate, and the time from a mail's first command to its webhook is looked
at. The anchor is django-helpdesk, which is given the same mails as files and only stores them; it runs before
and after.

The DNS is off. With `signed` the mails carry DKIM signatures and leadgate asks a zone on loopback about them, which is
answered by the benchmark's own process, in Python: its cost is in the figure.
"""

import asyncio
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import uvloop
from standardwebhooks import Webhook

from bench import helpdesk, signed_mails
from bench.figures import Figure, against, progress
from bench.hook_receiver import HookReceiver
from bench.smtp_load import Clients, Mail, mails
from tests.ingest.trust.zone import served
from tests.support.deployment import Deployment, free_port

CONNECTIONS = 20
PATIENCE = 120.0
HELPDESK_SHARE = 10
"""django-helpdesk gets a tenth of the messages, before and after."""
EVENTS = ["lead.created", "lead.email.received"]
GOAL = ">= 10 (first 5)"


def rules() -> list[dict[str, Any]]:
    """Ten rules of different kinds; the first two act on every sample mail."""
    conditions: list[tuple[str, list[dict[str, Any]], dict[str, Any]]] = [
        ("Wishes", [_is("message.subject", "contains", "please send")], {"do": "add_tag", "tag": "wish"}),
        ("Incoming", [_is("message.direction", "is", "in")], {"do": "star"}),
        (
            "Complaints",
            [_is("message.subject", "contains", "complaint")],
            {"do": "add_tag", "tag": "complaint"},
        ),
        ("Invoices", [_is("message.subject", "starts_with", "invoice")], {"do": "add_tag", "tag": "invoice"}),
        ("Big", [_is("message.text", "contains", "more than a million")], {"do": "add_tag", "tag": "big"}),
        (
            "Partner",
            [_is("contact.email", "ends_with", "@partner.example")],
            {"do": "add_tag", "tag": "partner"},
        ),
        ("Won", [_is("lead.status", "is", "won")], {"do": "add_tag", "tag": "customer"}),
        ("Urgent", [_is("message.text", "matches", r"\burgent(ly)?\b")], {"do": "add_tag", "tag": "urgent"}),
        ("Tagged", [_is("lead.tags", "contains", "key-account")], {"do": "add_tag", "tag": "tell-the-boss"}),
        (
            "Unsubscribe",
            [_is("message.subject", "is", "unsubscribe")],
            {"do": "set_status", "status": "lost"},
        ),
    ]
    return [
        {"name": name, "events": EVENTS, "if": {"all": tests}, "then": [action]}
        for name, tests, action in conditions
    ]


def _is(field: str, op: str, value: str) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


def run(messages: int, *, signed: bool = False) -> Iterator[Figure]:
    """Measures throughput with `messages` mails, then the delay at half that rate with as many again."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leadgate-bench-")))
        python = helpdesk.environment()
        few = max(1, messages // HELPDESK_SHARE)
        stored = [helpdesk.measure(python, place / "before", few)]
        rate, delays, cpu = measure_leadgate(stack, place, messages, signed=signed)
        how = ", DKIM-signed, a local zone" if signed else ""
        stored.append(helpdesk.measure(python, place / "after", few))
        anchor, anchor_cpu = (statistics.mean(figures) for figures in zip(*stored, strict=True))
        yield against(
            "end_to_end",
            f"mail to webhook, SQLite, 10 rules, 500 senders{how}",
            rate,
            "messages/s",
            anchor=anchor,
            anchor_what=f"django-helpdesk {helpdesk.VERSION}, storing only",
            goal=None if signed else GOAL,
        )
        whole = against(
            "end_to_end",
            "CPU of all processes per mail, which neighbours disturb less",
            sum(cpu.values()),
            "ms CPU",
            anchor=anchor_cpu,
            anchor_what=f"django-helpdesk {helpdesk.VERSION}, storing only",
            goal=None,
        )
        whole.more.update({word: round(used, 2) for word, used in sorted(cpu.items()) if used >= 0.01})
        yield whole
        p50, p99 = (statistics.quantiles(delays, n=100)[at] for at in (49, 98))
        yield Figure(
            "end_to_end",
            f"p99 mail to webhook at half that rate{how}",
            round(p99, 3),
            "s",
            goal="<= 1",
            more={"p50": round(p50, 3), "rate": round(rate / 2, 1)},
        )


def measure_leadgate(
    stack: ExitStack, place: Path, messages: int, *, signed: bool = False
) -> tuple[float, list[float], dict[str, float]]:
    """Messages per second, the delays at half that rate, and CPU milliseconds per mail by process."""
    deployment = Deployment(place)
    if signed:
        host, dns_port = stack.enter_context(served(signed_mails.zone()))
        deployment = Deployment(place, dns=f"{host}:{dns_port}")
    stack.callback(deployment.close)
    made = deployment.init()
    progress("leadgate starts")
    deployment.start()
    api = deployment.api(made)
    port = free_port()
    hook = api.post("/webhooks", {"url": f"http://127.0.0.1:{port}/", "events": EVENTS})
    for rule in rules():
        api.post("/rules", rule)
    receiver = HookReceiver()
    writes = _signed if signed else mails
    rate, delays, cpu = uvloop.run(_measure(deployment, made.leads, port, receiver, messages, writes))
    verifier = Webhook(hook["secret"])
    for headers, body in receiver.requests:
        verifier.verify(body, headers)
    _everything_done(api, messages, "verified" if signed else "unknown")
    progress(f"{len(receiver.requests)} webhooks, each rightly signed")
    api.close()
    deployment.stop()
    return rate, delays, cpu


def _everything_done(api: Any, messages: int, trust: str) -> None:
    """A fast nothing would be no figure: the mails made leads, both rules acted on them, their senders were checked."""
    assert {each["trust"] for each in api.get("/messages", limit=100)} == {trust}
    (lead, *_) = api.get("/leads", email="buyer0@customer0.example")
    assert lead["tags"] == ["wish"], lead["tags"]
    assert lead["starred"]
    emails = [entry for entry in api.get(f"/leads/{lead['id']}/history") if entry["kind"] == "email"]
    assert emails, messages


def _signed(numbers: range, recipient: str) -> list[Mail]:
    return [signed_mails.signed(mail) for mail in mails(numbers, recipient)]


async def _measure(
    deployment: Deployment,
    recipient: str,
    port: int,
    receiver: HookReceiver,
    messages: int,
    writes: Callable[[range, str], list[Mail]],
) -> tuple[float, list[float], dict[str, float]]:
    clients = Clients(deployment.smtp_port, recipient, CONNECTIONS)
    warm, full, half = (range(50), range(50, 50 + messages), range(50 + messages, 50 + 2 * messages))
    first, most, last_ones = (writes(numbers, recipient) for numbers in (warm, full, half))
    async with receiver.listening(port):
        await clients.sending(first)
        await _received(receiver, warm)
        before = deployment.cpu()
        took = await clients.sending(most)
        progress(f"{messages} mails sent in {took:.1f} s")
        await _received(receiver, full)
        used = {word: 1000 * (now - before.get(word, 0)) / messages for word, now in deployment.cpu().items()}
        last = max(receiver.first_seen[number] for number in full)
        rate = messages / (last - min(clients.begun[number] for number in full))
        progress(f"{rate:.0f} messages/s end to end; now {rate / 2:.0f}")
        await clients.sending(last_ones, per_second=rate / 2)
        await _received(receiver, half)
    return rate, [receiver.first_seen[number] - clients.begun[number] for number in half], used


async def _received(receiver: HookReceiver, numbers: range) -> None:
    """Waits until every mail's webhook came."""
    missing = set(numbers)
    news = asyncio.Event()
    receiver.changed = news.set
    async with asyncio.timeout(PATIENCE):
        while missing := missing - receiver.first_seen.keys():
            news.clear()
            await news.wait()
            await asyncio.sleep(0.02)
