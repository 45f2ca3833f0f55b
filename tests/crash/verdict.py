"""What must hold after a run: every 250 is found again, nothing twice, nothing open, nothing broken.

Reads with SQL of its own, so that a fault in leadgate's own reading cannot hide one in its writing.
"""

import hashlib
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from store.session import Database
from tests.crash.load import AckLog
from tests.support.api import Made
from tests.support.deployment import Deployment
from tests.support.receiver import Receiver
from tests.support.rows import everything

WORK = ("messages", "events", "deliveries")
ON_LEADS = ("lead_created", "history_added")


def ask(connection: Connection, sql: str, **values: Any) -> list[Mapping[str, Any]]:
    """Rows of a statement, as mappings."""
    return [dict(row._mapping) for row in connection.execute(everything(text(sql)), values)]


def open_work(database: Database) -> dict[str, int]:
    """How many rows of each kind of work are not done."""
    with database.read() as connection:
        return {
            table: ask(connection, f"SELECT count(*) AS n FROM {table} WHERE state <> 'done'")[0]["n"]
            for table in WORK
        }


def wait_until_drained(deployment: Deployment, seconds: float) -> float:
    """Waits until nothing is left to do; the seconds it took. AssertionError with what is left otherwise."""
    begun = time.monotonic()
    database = deployment.database()
    left: Mapping[str, int] | None = None
    try:
        while time.monotonic() - begun < seconds:
            try:
                left = open_work(database)
            except DBAPIError as error:
                left = {str(error.orig): 1}
            if not any(left.values()):
                return time.monotonic() - begun
            time.sleep(0.25)
    finally:
        database.close()
    raise AssertionError(f"not drained within {seconds} s: {left}\n{deployment.last_words()}")


def problems(
    deployment: Deployment,
    acks: AckLog,
    accounts: Sequence[Made],
    *,
    receiver: Receiver | None = None,
    rule_tag: str | None = None,
) -> list[str]:
    """Everything that is wrong, one sentence each; [] is the verdict hoped for.

    `receiver`: it was subscribed to `lead.*` of every account, at the path /<domain>. `rule_tag`: a rule of
    every account adds it to each new lead.
    """
    database = deployment.database()
    found: list[str] = []
    try:
        with database.read() as connection:
            for made in accounts:
                mine = [
                    ack for ack in acks.read() if any(made.domain in to for to in _strings(ack["recipients"]))
                ]
                found += _messages(connection, made, mine)
                found += _leads(connection, made)
                found += _effects(connection, made, rule_tag)
                if receiver is not None:
                    found += _webhooks(connection, made, receiver)
            found += [f"{table}: {n} rows are not done" for table, n in open_work(database).items() if n]
            found += _integrity(connection)
    finally:
        database.close()
    checked = deployment.command("check", "--books")
    if checked.returncode != 0:
        found.append(
            f"leadgate check says {checked.returncode}: {checked.stdout.decode()} {checked.stderr.decode()}"
        )
    return found


def _messages(connection: Connection, made: Made, acks: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """Each acknowledged mail is there once, with one outcome and its very bytes; none is there twice."""
    rows = ask(
        connection,
        "SELECT id, rfc_message_id, state, outcome, reason, size FROM messages WHERE account_id = :a",
        a=made.id,
    )
    by_id: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_id[row["rfc_message_id"]].append(row)
    found_digests = digests(connection, made)
    for ack in acks:
        there = by_id.get(str(ack["message_id"]), [])
        if not there:
            yield f"lost: {ack['message_id']} ({ack['kind']}) was acknowledged and is not there"
        elif found_digests.get(there[0]["id"]) != ack["sha256"]:
            yield f"{ack['message_id']}: other bytes are stored than were sent"
    for message_id, there in by_id.items():
        if len(there) > 1:
            yield f"{message_id} is there {len(there)} times"
        if there[0]["state"] != "done" or there[0]["outcome"] is None:
            yield f"{message_id} has no outcome ({there[0]['state']})"
        elif there[0]["outcome"] == "failed":
            yield f"{message_id} failed: {there[0]['reason']}"


def _leads(connection: Connection, made: Made) -> Iterator[str]:
    """One lead per person, one entry per mail, numbers without a gap."""
    for row in ask(
        connection,
        "SELECT c.address, count(DISTINCT l.id) AS n FROM contact_addresses c"
        " JOIN lead_contacts lc ON lc.account_id = c.account_id AND lc.contact_id = c.contact_id"
        " JOIN leads l ON l.account_id = lc.account_id AND l.id = lc.lead_id"
        " WHERE c.account_id = :a GROUP BY c.address HAVING count(DISTINCT l.id) > 1",
        a=made.id,
    ):
        yield f"{row['address']} has {row['n']} leads"
    entries = Counter(
        {
            row["message_id"]: row["n"]
            for row in ask(
                connection,
                "SELECT message_id, count(*) AS n FROM history_entries"
                " WHERE account_id = :a AND kind = 'email' GROUP BY message_id",
                a=made.id,
            )
        }
    )
    decided = ask(
        connection, "SELECT id, rfc_message_id, outcome FROM messages WHERE account_id = :a", a=made.id
    )
    for row in decided:
        expected = 1 if row["outcome"] in ON_LEADS else 0
        if entries[row["id"]] != expected:
            yield f"{row['rfc_message_id']} ({row['outcome']}) has {entries[row['id']]} history entries"
    numbers = sorted(
        row["number"] for row in ask(connection, "SELECT number FROM leads WHERE account_id = :a", a=made.id)
    )
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"lead numbers have gaps or repeat: {len(numbers)} leads, the last is {numbers[-1]}"
    created = sum(row["outcome"] == "lead_created" for row in decided)
    if created != len(numbers):
        yield f"{created} messages made a lead, but there are {len(numbers)} leads"


def _effects(connection: Connection, made: Made, rule_tag: str | None) -> Iterator[str]:
    """One `lead.created` per lead, and the rule's tag once."""
    created = {
        row["lead_id"]: row["n"]
        for row in ask(
            connection,
            "SELECT lead_id, count(*) AS n FROM events WHERE account_id = :a AND type = 'lead.created'"
            " GROUP BY lead_id",
            a=made.id,
        )
    }
    leads = [row["id"] for row in ask(connection, "SELECT id FROM leads WHERE account_id = :a", a=made.id)]
    yield from (
        f"lead {lead}: {created.get(lead, 0)} lead.created" for lead in leads if created.get(lead, 0) != 1
    )
    if rule_tag is not None:
        tagged = {
            row["lead_id"]: row["n"]
            for row in ask(
                connection,
                "SELECT lead_id, count(*) AS n FROM events WHERE account_id = :a AND type = 'lead.tagged'"
                " GROUP BY lead_id",
                a=made.id,
            )
        }
        has = {
            row["lead_id"]
            for row in ask(
                connection,
                "SELECT lead_id FROM lead_tags WHERE account_id = :a AND tag_folded = :t",
                a=made.id,
                t=rule_tag,
            )
        }
        for lead in leads:
            if lead not in has or tagged.get(lead, 0) != 1:
                yield f"lead {lead}: tag {lead in has}, {tagged.get(lead, 0)} times tagged by the rule"


def _webhooks(connection: Connection, made: Made, receiver: Receiver) -> Iterator[str]:
    """Every event of a lead was delivered under its own id, repeated only identically, and nothing else came."""
    got = receiver.by_id(f"/{made.domain}")
    events = {
        row["id"]: row["type"]
        for row in ask(
            connection, "SELECT id, type FROM events WHERE account_id = :a AND lead_id IS NOT NULL", a=made.id
        )
        if row["type"].startswith("lead.")
    }
    for event_id, kind in events.items():
        requests = got.pop(event_id, [])
        if not requests:
            yield f"{kind} {event_id} was never received"
        elif len({request.body for request in requests}) != 1:
            yield f"{kind} {event_id} was received with {len({r.body for r in requests})} different bodies"
        elif requests[0].json["data"]["account"] not in (made.id, made.domain.partition(".")[0]):
            yield f"{kind} {event_id} names the account {requests[0].json['data']['account']}"
    yield from (f"a webhook {webhook_id} that is no event of {made.domain}" for webhook_id in got)
    for row in ask(
        connection,
        "SELECT event_id, result FROM deliveries WHERE account_id = :a AND result <> 'delivered'",
        a=made.id,
    ):
        yield f"the delivery of {row['event_id']} is {row['result']}"


def _integrity(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    for pragma, fine in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
        said = [tuple(row) for row in connection.exec_driver_sql(f"PRAGMA {pragma}")]
        if said != fine:
            yield f"{pragma}: {said[:5]}"


def digests(connection: Connection, made: Made) -> dict[str, str]:
    """SHA-256 of the bytes stored for each message."""
    found: dict[str, Any] = {}
    for row in ask(
        connection,
        "SELECT message_id, data FROM raw_chunks WHERE account_id = :a ORDER BY message_id, number",
        a=made.id,
    ):
        found.setdefault(row["message_id"], hashlib.sha256()).update(zlib.decompress(row["data"]))
    return {message_id: digest.hexdigest() for message_id, digest in found.items()}


def _strings(value: object) -> Iterable[str]:
    assert isinstance(value, list)
    return value
