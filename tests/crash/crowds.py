"""Scenes with many at once: new prospects, two equal accounts, mails that stop the parser."""

import random
import time

from tests.crash import verdict
from tests.crash.load import Letter, conversation
from tests.crash.stage import RULE_TAG, Report, Say, Stage, number_of, stage
from tests.support.api import Made
from tests.support.deployment import Deployment
from tests.support.mails import mail
from tests.support.receiver import Receiver

TREE_FAILS_WITH = "tests.crash.failing_wiring"


def prospects(database: str, count: int, *, workers: int = 4, say: Say = print) -> Report:
    """`count` new prospects, each sending three mails and a reply at once: as many leads, no more."""
    workers = workers if database == "postgresql" else 1
    with stage(database, redis=None, workers=workers, say=say) as on:
        letters = [letter for n in range(count) for letter in _burst(on.made, n)]
        random.Random(4).shuffle(letters)
        begun = time.monotonic()
        clients = on.load(iter(letters), connections=16, per_second=10_000)
        clients.join(600)
        report = Report({"sent within": round(time.monotonic() - begun, 1)})
        on.conclude(report, clients, drain_seconds=300)
        report.measured["letters per second, to the end"] = round(
            len(letters) / (time.monotonic() - begun), 1
        )
        on_leads = number_of(on.deployment, "SELECT count(*) FROM leads")
        entries = number_of(on.deployment, "SELECT count(*) FROM history_entries WHERE kind = 'email'")
        report.measured |= {"leads": on_leads, "entries": entries}
        if on_leads != count:
            report.problems.append(f"{count} prospects made {on_leads} leads")
        if entries != 4 * count:
            report.problems.append(f"{4 * count} letters made {entries} history entries")
        return report


def _burst(made: Made, number: int) -> list[Letter]:
    address = f"buyer@new{number}.example"
    found = []
    for step in ("one", "two", "three", "reply"):
        raw = mail(
            sender=f"Buyer {number} <{address}>",
            to=made.leads,
            subject=f"{'Re: ' if step == 'reply' else ''}Question {step}",
            text=f"This is {step}.\n",
            message_id=f"<{step}@new{number}.example>",
            in_reply_to=f"<one@new{number}.example>" if step == "reply" else None,
        )
        found.append(Letter(f"<{step}@new{number}.example>", step, address, address, (made.leads,), raw))
    return found


def accounts(database: str, count: int, *, say: Say = print) -> Report:
    """Two accounts with equal users, prospects, Message-IDs, tags and rules, the same bytes to both."""
    report = Report()
    with stage(database, accounts=("acme", "globex"), admin="anna@both.example", say=say) as on:
        one, other = on.accounts
        letters = []
        for number in range(count):
            for letter in conversation(one, f"p{number}"):
                twin = tuple(_twin(to, one, other) for to in letter.recipients)
                both = (*letter.recipients, *twin)
                if number % 2:  # one transaction for both, or one after the other
                    letters.append(_to(letter, both))
                else:
                    letters += [_to(letter, letter.recipients), _to(letter, twin)]
        clients = on.load(iter(letters), per_second=200)
        clients.join()
        on.conclude(report, clients)
        shapes = [_shape(on.deployment, made) for made in on.accounts]
        report.measured["rows of each"] = shapes[0]
        if shapes[0] != shapes[1]:
            report.problems.append(f"the accounts differ: {shapes}")
        report.problems += _foreign_ids_are_unknown(on.deployment, one, other)
        report.problems += _bodies_name_one_account(on.receiver, one, other)
        return report


def _twin(address: str, one: Made, other: Made) -> str:
    return {one.leads: other.leads, one.personal: other.personal, one.bcc: other.bcc}[address]


def _to(letter: Letter, recipients: tuple[str, ...]) -> Letter:
    return Letter(letter.message_id, letter.kind, letter.prospect, letter.sender, recipients, letter.raw)


def _shape(deployment: Deployment, made: Made) -> dict[str, int]:
    tables = (
        "messages",
        "leads",
        "contacts",
        "history_entries",
        "holds",
        "lead_tags",
        "arrivals",
        "deliveries",
    )
    return {
        table: number_of(deployment, f"SELECT count(*) FROM {table} WHERE account_id = '{made.id}'")
        for table in tables
    }


def _foreign_ids_are_unknown(deployment: Deployment, one: Made, other: Made) -> list[str]:
    mine, theirs = deployment.api(one), deployment.api(other)
    found = []
    for path in ("/leads", "/messages", "/webhooks", "/rules", "/users"):
        ids = {item["id"] for item in mine.every(path)}
        if path != "/users" and not ids:
            found.append(f"{path} of {one.domain} is empty")
        if ids & {item["id"] for item in theirs.every(path)}:
            found.append(f"{path}: an id is in both accounts")
    for path in ("/leads", "/messages"):
        foreign = mine.get(path)[0]["id"]
        for tail in ("", "/history" if path == "/leads" else "/raw"):
            status = theirs.call("GET", f"{path}/{foreign}{tail}").status_code
            if status != 404:
                found.append(f"GET {path}/<id of another account>{tail} answers {status}")
    mine.close()
    theirs.close()
    return found


def _bodies_name_one_account(receiver: Receiver, one: Made, other: Made) -> list[str]:
    found = []
    for mine, theirs in ((one, other), (other, one)):
        foreign = [theirs.id, theirs.personal.partition("@")[0]]
        for requests in receiver.by_id(f"/{mine.domain}").values():
            body = requests[0].body.decode()
            found += [f"a webhook of {mine.domain} holds {word}" for word in foreign if word in body]
    return found


def failpoints(
    database: str,
    good: int,
    poison: int,
    *,
    say: Say = print,
    drain_seconds: float = 900,
    lease: float | None = None,
    attempts: int | None = None,
) -> Report:
    """A parser that exits, hangs (in Python and in C) or takes 2 GiB on some mails: those fail, the rest doesn't.

    `attempts`: after how many stopped workers a mail is failed; None: the real number.
    """
    report = Report()
    kinds = ("exit", "hang", "hang-in-c", "memory")
    workers = 2 if database == "postgresql" else 1
    with stage(
        database, workers=workers, wiring=TREE_FAILS_WITH, lease=lease, attempts=attempts, say=say
    ) as on:
        letters = [_letter(on.made, f"good{n}", {}) for n in range(good)]
        bad = [_letter(on.made, f"bad{n}", {"X-Failpoint": kinds[n % len(kinds)]}) for n in range(poison)]
        everyone = letters + bad
        random.Random(7).shuffle(everyone)
        clients = on.load(iter(everyone), per_second=100)
        clients.join()
        begun = time.monotonic()
        _wait_for_good(on, good)
        report.measured["good ones done after"] = round(time.monotonic() - begun, 1)
        report.measured["drained after"] = round(verdict.wait_until_drained(on.deployment, drain_seconds), 1)
        report.measured["failed"] = _failures(on.deployment)
        found = verdict.problems(on.deployment, on.acks, on.accounts, receiver=on.receiver, rule_tag=RULE_TAG)
        failed = [problem for problem in found if " failed: " in problem]
        report.problems = [problem for problem in found if " failed: " not in problem]
        if len(failed) != poison or not all(problem.startswith("<bad") for problem in failed):
            report.problems.append(f"{len(failed)} of {poison} poison mails failed: {failed}")
        return report


def _letter(made: Made, name: str, headers: dict[str, str]) -> Letter:
    sender = f"buyer@{name}.example"
    message_id = f"<{name}@{name}.example>"
    raw = mail(
        sender=sender, to=made.leads, subject=name, text="Hello.\n", message_id=message_id, headers=headers
    )
    return Letter(message_id, "first", sender, sender, (made.leads,), raw)


def _wait_for_good(on: Stage, good: int, seconds: float = 600) -> None:
    deadline = time.monotonic() + seconds
    while number_of(on.deployment, "SELECT count(*) FROM leads") < good:
        assert time.monotonic() < deadline, (
            f"the good mails are not all processed\n{on.deployment.last_words()}"
        )
        time.sleep(0.5)


def _failures(deployment: Deployment) -> dict[str, int]:
    database = deployment.database()
    try:
        with database.read() as connection:
            rows = verdict.ask(
                connection,
                "SELECT reason, count(*) AS n FROM messages WHERE outcome = 'failed' GROUP BY reason",
            )
            return {row["reason"]: row["n"] for row in rows}
    finally:
        database.close()
