"""`Authentication-Results` of a mail server that the operator trusts (RFC 8601).

Anybody may write that field into a mail. It counts where the operator named the hop that handed the mail over, where it
has that hop's authserv-id, and stands above the topmost Received, which that hop wrote itself: what stands below was in
the mail before it came to the hop.

In a mailbox the provider's machines have written above the hop's own Received: the one that puts mail into mailboxes
says "with LMTP", which nobody speaks to the world, and others may have passed it on, as many as the mailbox says
(`above`). Everything further down may be the sender's. Of several such fields only the topmost counts. No provider is
believed unasked: some write the field only when a check passed (then a sender's own is on top), Gmail writes it below
its Received, and Microsoft leaves the authserv-id out. There is DKIM, for which nobody need be believed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.trust.fields import Head, value_of
from ingest.trust.hops import Voice

LONGEST = 32 * 1024
METHODS = ("dmarc", "dkim", "spf")
_RESULT = re.compile(r"([A-Za-z0-9-]+)(?:/\d+)?[ ]*=[ ]*([A-Za-z0-9-]+)")
_PROPERTY = re.compile(
    r"\b(header\.from|header\.d|header\.i|smtp\.mailfrom|smtp\.helo)[ ]*=[ ]*(\S+)", re.IGNORECASE
)
_LMTP = (["LMTP"], ["LMTPS"], ["LMTPA"], ["LMTPSA"])
_WITH = re.compile(r"\bwith\b[ ]*(\S*)", re.IGNORECASE)
_NOT_ENFORCED = re.compile(
    r"\b(?:p|action|policy\.dmarc|policy\.published-domain-policy)=none\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Named:
    """One field of that name. `above`: Received lines above it, but for those of the mailboxes' own machine."""

    authserv_id: str
    above: int
    value: str


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
        found = named(head)
        if not found or found[0].above > voice.above or found[0].authserv_id != voice.authserv_id.lower():
            return []
        return list(_read(found[0].value, voice.authserv_id))
    above = head.fields[: head.names.index(b"received")]
    values = [value_of(field)[:LONGEST] for name, field in above if name == b"authentication-results"]
    return [result for value in values for result in _read(value.decode("latin-1"), voice.authserv_id)]


def named(head: Head) -> list[Named]:
    """The fields of a mail from a mailbox, from the top: by whom, and how far down."""
    found, above = [], 0
    for name, field in head.fields:
        if name == b"received":
            above += not _into_mailbox(value_of(field)[:LONGEST].decode("latin-1"))
        elif name == b"authentication-results":
            value = value_of(field)[:LONGEST].decode("latin-1")
            first = next(_items(" ".join(value.split())))[0].split()
            found.append(Named(first[0].strip('"').lower() if first else "", above, value))
    return found if above else []


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
