"""`Authentication-Results` of a mail server that the operator trusts (RFC 8601).

Anybody may write that field into a mail. It counts where the operator named the hop that handed the mail over, where it
has that hop's authserv-id, and stands above the topmost Received, which that hop wrote itself: what stands below was in
the mail before it came to the hop.

In a mailbox the provider's machines have written above the hop's own Received: the one that puts mail into mailboxes
says "with LMTP", which nobody speaks to the world, and others may have passed it on, as many as the mailbox says
(`above`). Everything further down may be the sender's: what stands below a line that the named server wrote when it
took the mail from another machine never counts, whatever the mailbox says. Of several only the topmost counts.

Gmail writes the field below that line, where a sender's own may stand as well. But it writes the same findings once
more above it, as `ARC-Authentication-Results` (RFC 8617), below nothing but a Received of its own that says "by" and no
"from". Such a copy counts, too, where every Received above it is without "from" and the next below it is the named
server's own: a server that takes mail from another machine says from whom (RFC 5321 §4.4), and all that is the sender's
stands below such a line.

No provider is believed unasked: some write the field only when a check passed (then a sender's own is on top);
Microsoft leaves the authserv-id out, and writes ARC below lines with "from" whose number changes. There is DKIM, for
which nobody need be believed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.trust.fields import Head, value_of
from ingest.trust.hops import Voice

LONGEST = 32 * 1024
ARC = b"arc-authentication-results"
FIELDS = frozenset({b"authentication-results", ARC})
METHODS = ("dmarc", "dkim", "spf")
_RESULT = re.compile(r"([A-Za-z0-9-]+)(?:/\d+)?[ ]*=[ ]*([A-Za-z0-9-]+)")
_PROPERTY = re.compile(
    r"\b(header\.from|header\.d|header\.i|smtp\.mailfrom|smtp\.helo)[ ]*=[ ]*(\S+)", re.IGNORECASE
)
_LMTP = (["LMTP"], ["LMTPS"], ["LMTPA"], ["LMTPSA"])
_WITH = re.compile(r"\bwith\b[ ]*(\S*)", re.IGNORECASE)
_BY = re.compile(r"\bby\s+([^\s;,()]+)", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\[(?:IPv6:)?([0-9a-fA-F.:]+)\]")
_INSTANCE = re.compile(r"\s*i\s*=\s*\d{1,2}\s*;")
_NOT_ENFORCED = re.compile(
    r"\b(?:p|action|policy\.dmarc|policy\.published-domain-policy)=none\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Named:
    """One field of that name. `above`: Received lines above it, but for those of the mailboxes' own machine.

    `borders`: who took the mail from another machine in one of these lines; `handed`: whether one of them tells from
    whom. `below`: who wrote the next Received line, "" for nobody. `arc`: it is the copy in an ARC set.
    """

    authserv_id: str
    above: int
    value: str
    borders: frozenset[str] = frozenset()
    handed: bool = False
    below: str = ""
    arc: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result, about one domain ("" where none is named)."""

    method: str  # dmarc dkim spf
    result: str
    domain: str
    enforced: bool = True
    """False for a failed DMARC whose policy is said to be `none`."""


def read(head: Head, voice: Voice) -> list[Result]:
    """The results that count, from the top; none for a mail without Received, whose order says nothing."""
    if b"received" not in head.names:
        return []
    if voice.above is not None:
        field = believed(named(head), voice.authserv_id.lower(), voice.above)
        return [] if field is None else list(_read(field.value, field.authserv_id))
    above = head.fields[: head.names.index(b"received")]
    values = [value_of(field)[:LONGEST] for name, field in above if name == b"authentication-results"]
    return [result for value in values for result in _read(value.decode("latin-1"), voice.authserv_id)]


def named(head: Head) -> list[Named]:
    """The topmost field of each kind in a mail from a mailbox: by whom, and how far down."""
    found: dict[bytes, Named] = {}
    above, borders, handed = 0, frozenset[str](), False
    for name, field in head.fields:
        text = " ".join(value_of(field)[:LONGEST].decode("latin-1").split())
        if name == b"received":
            below = _by(text)
            found = {key: one if one.below else replace(one, below=below) for key, one in found.items()}
            if not _into_mailbox(text):
                above += 1
                handed = handed or _FROM.search(text) is not None
                borders |= frozenset() if _from_itself(text) else _all_by(text)
        elif name in FIELDS and name not in found:
            arc = name == ARC
            start = _INSTANCE.match(text) if arc else None
            if arc and start is None:
                text = ""
            value = text[start.end() :] if start else text
            first = next(_items(value))[0].split()
            said = first[0].strip('"').lower() if first else ""
            found[name] = Named(said, above, value, borders, handed, arc=arc)
    return sorted(found.values(), key=lambda one: one.above) if above else []


def believed(found: Sequence[Named], authserv_id: str, above: int) -> Named | None:
    """The field of `named` that counts where that name does, with as many Received lines above it; None for none."""
    for one in sorted(found, key=lambda each: each.arc):
        fits = one.authserv_id == authserv_id and one.above <= above and authserv_id not in one.borders
        if fits and (not one.arc or (not one.handed and one.below == authserv_id)):
            return one
    return None


def _all_by(received: str) -> frozenset[str]:
    """All that a Received line may say it was written by; what a client called itself may be among them."""
    return frozenset(name.lower().rstrip(".") for name in _BY.findall(received))


def _by(received: str) -> str:
    """Who wrote a Received line; "-" where that is not plain."""
    names = _all_by(received)
    return next(iter(names)) if len(names) == 1 else "-"


def _from_itself(received: str) -> bool:
    """Whether the client was the same machine (a filter in between): every address in the line is loopback."""
    addresses = _ADDRESS.findall(received)
    return bool(addresses) and all(each.startswith("127.") or each == "::1" for each in addresses)


def _into_mailbox(received: str) -> bool:
    """Whether a Received line is of the machine that puts mail into mailboxes (RFC 3848: LMTP, LMTPS, LMTPA, LMTPSA).
    What the client called itself is not taken for it: of a line that says "with" twice nothing is believed."""
    plain = " ".join(plain for plain, _ in _items(" ".join(received.split())))
    whole = received.count("(") == received.count(")") and '"' not in received and "\\" not in received
    written_by = 0 <= plain.lower().find(" by ") < plain.lower().find(" with ")
    return whole and written_by and [found.upper() for found in _WITH.findall(plain)] in _LMTP


def _read(value: str, authserv_id: str) -> Iterator[Result]:
    items = list(_items(" ".join(value.split())))
    named = items[0][0].split() if items else []
    if not named or named[0].strip('"').lower() != authserv_id.lower():
        return
    for plain, comments in items[1:]:
        found = _RESULT.match(plain)
        if found is None or found[1].lower() not in METHODS:
            continue
        enforced = _NOT_ENFORCED.search(f"{plain} {comments}") is None
        yield Result(found[1].lower(), found[2].lower(), _domain(found[1].lower(), plain), enforced)


def _items(value: str) -> Iterator[tuple[str, str]]:
    """The text between semicolons, and what stands in comments there; quoted text is left out: no domain needs it."""
    plain: list[str] = []
    comments: list[str] = []
    depth, quoted, escaped = 0, False, False
    for character in value:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif depth == 0 and character == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif character == "(":
            depth += 1
            comments.append(" ")
        elif character == ")" and depth:
            depth -= 1
        elif depth:
            comments.append(character)
        elif character == ";":
            yield "".join(plain).strip(), "".join(comments)
            plain, comments = [], []
        else:
            plain.append(character)
    yield "".join(plain).strip(), "".join(comments)


_OF = {
    "dmarc": ("header.from",),
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom", "smtp.helo"),
}


def _domain(method: str, text: str) -> str:
    found = {name.lower(): value for name, value in _PROPERTY.findall(text)}
    value = next((found[name] for name in _OF[method] if name in found), "")
    return value.rpartition("@")[2].strip("<>.").lower()
