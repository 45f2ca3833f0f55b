"""Senders checked for real: a name server on loopback, mail by SMTP, and what the receipt says."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.mailroom import rep_mail, write
from tests.ingest.trust.conftest import make_zone
from tests.ingest.trust.signing import sign
from tests.ingest.trust.zone import SILENT, served
from tests.support.api import Api
from tests.support.deployment import Deployment, send

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300)]


@pytest.fixture
def deployment() -> Iterator[Deployment]:
    """A leadgate that asks the tests' name server, and trusts a hop that nobody here is."""
    zone = make_zone().txt("loop.example", "v=spf1 ip4:127.0.0.1 -all")
    with served(zone) as (host, port), tempfile.TemporaryDirectory(prefix="leadgate-e2e-") as place:
        made = Deployment(
            Path(place), redis_url="none", dns=f"{host}:{port}", trusted_hops="10.0.0.5=mx.acme.example"
        )
        yield made
        made.close()


def receipt(deployment: Deployment, api: Api, message_id: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = []

    def decided() -> bool:
        found[:] = api.get("/messages", message_id=message_id)
        return bool(found) and found[0]["outcome"] != "pending"

    deployment.wait_until(decided, 60)
    told: dict[str, Any] = api.get(f"/messages/{found[0]['id']}")
    return told


def test_senders_are_checked(deployment: Deployment) -> None:
    made = deployment.init()
    deployment.start()
    api = deployment.api(made)
    bcc, leads = made.bcc, made.leads
    mails = {
        "<signed@x>": (sign(rep_mail(message_id="<signed@x>"), "acme.example"), bcc),
        "<forged@x>": (rep_mail(message_id="<forged@x>"), bcc),
        "<client@x>": (write(sender="a@loop.example", message_id="<client@x>"), leads),
        "<l@x>": (sign(rep_mail(message_id="<l@x>"), "acme.example", length=5), bcc),
    }
    for raw, to in mails.values():
        send(deployment.smtp_port, "a@loop.example", to, raw)
    send(deployment.smtp_port, "a@x.example", leads, write(sender=f"a@{SILENT}", message_id="<silent@x>"))
    told = {name: receipt(deployment, api, name) for name in mails}
    assert {name: one["trust"] for name, one in told.items()} == {
        "<signed@x>": "verified",
        "<forged@x>": "failed",
        "<client@x>": "verified",
        "<l@x>": "failed",
    }
    assert told["<signed@x>"]["outcome"] == "lead_created"
    assert told["<signed@x>"]["acting_user"]["id"] == made.admin_id
    assert {
        "step": "trust",
        "result": "verified",
        "detail": "SPF of loop.example passed and fits From",
    } in told["<client@x>"]["trail"]
    assert told["<l@x>"]["reason"] == "sender_failed"
    (pending,) = api.get("/messages", message_id="<silent@x>")
    assert pending["outcome"] == "pending"
