"""A local zone in two forms: injected in the resolver's place, and served by UDP on loopback."""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from ingest.trust.resolver import RecordType, Unanswered

SILENT = "silent.example"
"""Whatever is below it is never answered."""


class Zone:
    """Records by (name, type); it counts what it is asked."""

    def __init__(self, records: Mapping[tuple[str, str], Sequence[str]] | None = None) -> None:
        self.records: dict[tuple[str, str], tuple[str, ...]] = {
            question: tuple(found) for question, found in (records or {}).items()
        }
        self.asked: list[tuple[str, str]] = []
        self.answers = True
        self.unreachable = False

    def txt(self, name: str, *texts: str) -> "Zone":
        self.records[name, "TXT"] = texts
        return self

    def a(self, name: str, *addresses: str) -> "Zone":
        self.records[name, "A"] = addresses
        return self

    def mx(self, name: str, *hosts: str) -> "Zone":
        self.records[name, "MX"] = hosts
        return self

    def ask(self, name: str, kind: RecordType, deadline: float) -> Sequence[str]:
        self.asked.append((name, kind))
        if not self.answers or name.endswith(SILENT):
            raise Unanswered(name)
        return self.records.get((name.lower(), kind), ())


@contextmanager
def served(zone: Zone) -> Iterator[tuple[str, int]]:
    """The zone's authoritative server on loopback: its address and port. SERVFAIL for what is SILENT."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(door, zone), daemon=True)
        thread.start()
        yield door.getsockname()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", door.getsockname())
        thread.join(5)


def _serve(door: socket.socket, zone: Zone) -> None:
    while True:
        data, client = door.recvfrom(4096)
        if not data:
            return
        door.sendto(_answer(dns.message.from_wire(data), zone).to_wire(), client)


def _answer(query: dns.message.Message, zone: Zone) -> dns.message.Message:
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.AA
    question = query.question[0]
    name, kind = str(question.name).rstrip(".").lower(), question.rdtype.name
    zone.asked.append((name, kind))
    if name.endswith(SILENT):
        answer.set_rcode(dns.rcode.SERVFAIL)
    elif records := zone.records.get((name, kind)):
        written = [_as_written(record, kind) for record in records]
        answer.answer.append(dns.rrset.from_text(question.name, 300, "IN", kind, *written))
    elif not any(known == name for known, _ in zone.records):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer


def _as_written(record: str, kind: str) -> str:
    if kind == "TXT":
        return " ".join(f'"{record[at : at + 200]}"' for at in range(0, len(record), 200))
    return f"10 {record}." if kind == "MX" else record
