"""Hostile posts from a table and a generator, while a visitor posts honestly.

Nothing hostile may put a header into an answer, send a browser elsewhere, be stored over a limit, or be answered 5xx;
the visitor's posts are answered within a second (95 of 100) and all of them become leads.
"""

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.forms.site import ORIGIN, URLENCODED, Answered, Site, site
from tests.support.deployment import Deployment
from web.form_door.taking import ALL_FILES, FILE_BYTES, MIB, MOST_FILES

Headers = dict[str, str]
Post = tuple[bytes, Headers]
ATTACKERS = 6
GOOD_EVERY = 0.2
INJECTION = "x%0d%0aX-Injected:%20yes%0d%0aSet-Cookie:%20a=b%0d%0a%0d%0a<script>"


@dataclass(slots=True)
class Findings:
    """What a run measured and what is wrong."""

    measured: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def _form(body: bytes, **more: str) -> Post:
    return body, {"Content-Type": URLENCODED, **more}


def _parts(*parts: tuple[str, bytes], boundary: str = "B", end: bytes = b"--B--\r\n") -> Post:
    body = b"".join(b"--B\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n" for head, content in parts)
    return body + end, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def _disposition(name: str, filename: str | None = None) -> str:
    file = "" if filename is None else f'; filename="{filename}"'
    return f'Content-Disposition: form-data; name="{name}"{file}'


TEXT = (_disposition("message"), b"Hello")
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    f"{ORIGIN}@evil.example/",
    f"{ORIGIN}.evil.example",
    "javascript:alert(1)",
    f"{ORIGIN}\\.evil.example",
    "data:text/html,x",
    "/\\evil.example",
)
KINDS: dict[str, Callable[[random.Random], Post]] = {
    "injection in values": lambda _: _form(
        f"name={INJECTION}&email=a%40b.example{INJECTION}&subject={INJECTION}&_redirect={ORIGIN}/{INJECTION}"
        f"&_lang={INJECTION}&_tag={INJECTION}".encode()
    ),
    "injection in names": lambda _: _form(f"{INJECTION}={INJECTION}&{INJECTION}2=1".encode()),
    "redirect elsewhere": lambda c: _form(
        b"name=x&_redirect=" + quote(c.choice(ELSEWHERE)).encode(), Accept="text/html"
    ),
    "header of many lines": lambda _: _form(
        b"name=x", **{"X-Forwarded-For": "a, " * 2_000, "Origin": "null"}
    ),
    "foreign origin": lambda _: _form(b"name=x", Origin="https://evil.example"),
    "honeypot": lambda c: _form(b"name=x&_gotcha=1&n=%d" % c.randrange(10**9)),
    "markup": lambda c: _form(
        b"name=x&message=" + quote("<script>alert(1)</script>" * c.randrange(1, 50)).encode()
    ),
    "nul and bidi": lambda _: _form("name=%00\u202egpj.exe%00&email=%F0%9F&x=%ed%a0%80".encode()),
    "very many fields": lambda _: _form(b"&".join(b"a%d=%d" % (n, n) for n in range(5_000))),
    "ampersands": lambda _: _form(b"&=" * 200_000),
    "percents": lambda _: _form(b"name=" + b"%" * 500_000),
    "long text": lambda _: _form(b"message=" + b"x" * (MIB + 10)),
    "deep json": lambda _: (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, {"Content-Type": "application/json"}),
    "wide json": lambda _: (b'{"a":[' + b"1," * 200_000 + b"1]}", {"Content-Type": "application/json"}),
    "large number": lambda _: (b'{"a":' + b"9" * 5_000 + b"}", {"Content-Type": "application/json"}),
    "json surrogates": lambda _: (
        rb'{"name":"\ud800","\udfff":"\u0000"}',
        {"Content-Type": "application/json"},
    ),
    "file named to escape": lambda _: _parts(TEXT, (_disposition("f", "../../etc/passwd\x00.png"), b"x")),
    "file name with lines": lambda _: _parts(
        TEXT, (_disposition("f%0d%0aX-A: b", "a%0d%0aX-Injected: yes"), b"x")
    ),
    "many files": lambda _: _parts(TEXT, *[(_disposition(f"f{n}", f"{n}.bin"), b"x") for n in range(60)]),
    "very many parts": lambda _: _parts(*[(_disposition(f"f{n}"), b"x") for n in range(2_000)]),
    "boundaries": lambda _: _parts(TEXT, (_disposition("f", "a"), b"\r\n--Bx" * 100_000)),
    "no end": lambda _: _parts(TEXT, end=b"--B\r\n" + b"a" * 100_000),
    "no boundary": lambda _: (b"x" * 1_000, {"Content-Type": "multipart/form-data"}),
    "long boundary": lambda _: _parts(TEXT, boundary="B" * 900),
    "part header": lambda _: _parts((_disposition("x") + "\r\nX: y" * 20_000, b"x")),
    "parameters": lambda _: _parts(("Content-Disposition: form-data" + ";a=b" * 20_000, b"x")),
    "other type": lambda c: (
        b"<a/>",
        {"Content-Type": c.choice(["text/xml", "", "a/b; c=" + "d" * 5_000, "x"])},
    ),
    "unknown charset": lambda _: (b"name=%FF", {"Content-Type": URLENCODED + "; charset=zip_codec"}),
    "zeroes called gzip": lambda _: _form(b"\x1f\x8b" + b"\0" * 1_000, **{"Content-Encoding": "gzip"}),
    "key": lambda _: _form(b"name=x", **{"Idempotency-Key": "k" * 8_000}),
    "chance": lambda c: (
        c.randbytes(c.randrange(2_000)),
        {"Content-Type": c.choice([URLENCODED, "application/json", "multipart/form-data; boundary=B"])},
    ),
}
RARE: dict[str, Callable[[random.Random], Post]] = {
    "one file too large": lambda _: _parts(TEXT, (_disposition("f", "big.bin"), bytes(FILE_BYTES + 1))),
    "all files too large": lambda _: _parts(
        TEXT, *[(_disposition(f"f{n}", f"{n}.bin"), bytes(9 * MIB)) for n in range(3)]
    ),
    "larger than any post": lambda _: _parts(TEXT, (_disposition("f", "big.bin"), bytes(66 * MIB))),
}
RARE_EVERY = 250


def posts(count: int, seed: int) -> Iterator[tuple[str, Post]]:
    """`count` hostile posts: every kind in turn, large ones now and then, some of them damaged."""
    chance, names = random.Random(seed), list(KINDS)
    for number in range(count):
        if number % RARE_EVERY == RARE_EVERY - 1:
            name = list(RARE)[number // RARE_EVERY % len(RARE)]
            yield name, RARE[name](chance)
            continue
        name = names[number % len(names)]
        body, headers = KINDS[name](chance)
        if number >= len(names) and chance.random() < 0.3:
            damaged = bytearray(body)
            for _ in range(4):
                at = chance.randrange(len(damaged) + 1)
                damaged[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
            body = bytes(damaged)
        yield name, (body, headers)


def run(count: int, *, seed: int = 1, within: float = 1.0, say: Callable[[str], None] = print) -> Findings:
    """The scene; see the module's docstring. `within`: seconds for 95 of 100 good posts."""
    found = Findings()
    with site() as on:
        waiting, lock, statuses = posts(count, seed), threading.Lock(), Counter[int]()

        def attack(source: str) -> None:
            while True:
                with lock:
                    following = next(waiting, None)
                if following is None:
                    return
                name, (body, headers) = following
                try:
                    answer = on.send(body, headers, source=source)
                except (OSError, http.client.HTTPException):
                    statuses[0] += 1  # the server hung up on it
                    continue
                statuses[answer.status] += 1
                found.problems += _wrong(name, answer)

        attackers = [threading.Thread(target=attack, args=(f"127.0.0.{n + 2}",)) for n in range(ATTACKERS)]
        begun = time.monotonic()
        for attacker in attackers:
            attacker.start()
        times: list[float] = []
        while any(attacker.is_alive() for attacker in attackers) or len(times) < 20:
            at = time.monotonic()
            answer = on.post({"name": f"Good {len(times)}", "email": f"good{len(times)}@visitor.example"})
            times.append(time.monotonic() - at)
            if answer.status != 200:
                found.problems.append(f"good post {len(times)} was answered {answer.status}")
            time.sleep(GOOD_EVERY)
        times.sort()
        found.measured = {
            "hostile": count,
            "seconds": round(time.monotonic() - begun, 1),
            "statuses": dict(sorted(statuses.items())),
            "good": len(times),
            "good p50 ms": round(1000 * times[len(times) // 2]),
            "good p95 ms": round(1000 * times[int(len(times) * 0.95)]),
        }
        if times[int(len(times) * 0.95)] >= within:
            found.problems.append(f"good posts took {found.measured['good p95 ms']} ms")
        say(json.dumps(found.measured))
        drain(on.deployment)
        found.problems += _stored(on, len(times))
    return found


def drain(deployment: Deployment, seconds: float = 600) -> None:
    """Waits until nothing is left to do."""
    from tests.crash.verdict import wait_until_drained

    wait_until_drained(deployment, seconds)


def _wrong(name: str, answer: Answered) -> Iterator[str]:
    if answer.status >= 500:
        yield f"{name}: answered {answer.status}: {answer.body[:200]!r}"
    for header, value in answer.headers:
        low = header.lower()
        if low in ("x-injected", "set-cookie", "x-a") or (
            low == "location" and not value.startswith(ORIGIN + "/")
        ):
            yield f"{name}: header {header}: {value}"
    if b"<script>" in answer.body:
        yield f"{name}: markup of the post in the answer"


def _stored(on: Site, good: int) -> Iterator[str]:
    names = Counter[str]()
    for message in on.messages():
        if message["outcome"] not in ("lead_created", "history_added", "ignored", "held"):
            yield f"message {message['id']} is {message['outcome']}: {message['sentence']}"
        parsed = message["parsed"] or {}
        names[(parsed.get("from") or {}).get("name") or ""] += 1
        sizes = [attachment["size"] for attachment in parsed.get("attachments", ())]
        if len(sizes) > MOST_FILES or sum(sizes) > ALL_FILES or max(sizes, default=0) > FILE_BYTES:
            yield f"message {message['id']} has files over the limits: {sizes}"
        if any(char in (parsed.get("subject") or "") for char in "\r\n\0"):
            yield f"message {message['id']}: a line break in its subject"
    missing = [n for n in range(good) if names[f"Good {n}"] != 1]
    if missing:
        yield f"good posts that are not there once: {missing[:20]}"
    largest = _largest(on.deployment)
    if largest > ALL_FILES + 2 * MIB:
        yield f"an entity of {largest} bytes is stored"
    checked = on.deployment.command("check", "--books")
    if checked.returncode:
        yield f"leadgate check: {checked.stdout.decode()} {checked.stderr.decode()}"


def _largest(deployment: Deployment) -> int:
    from tests.crash.verdict import ask

    with deployment.database().read() as connection:
        return int(ask(connection, "SELECT max(size) AS n FROM messages")[0]["n"] or 0)
