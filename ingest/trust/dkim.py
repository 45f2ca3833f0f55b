"""DKIM signatures of a mail (RFC 6376, RFC 8301, RFC 8463): every one is checked, at most MOST of them.

A signature passes when the key of its domain made it over what the mail says now. Stricter than the RFC where a pass is
to prove who wrote: it must cover From and Subject (a Subject can hold commands), `l=` never passes (anything may stand
behind what was signed, §8.2), nor does SHA-1, a key below 1024 bits, a key in test mode, or a mail whose header is
ambiguous (`fields`: a second From or Subject, §8.15).

There is no library to take: dkimpy comes as source only, needs quadratic time for a body of blanks, several times the
body's memory, and PyNaCl for Ed25519. The cryptography is the `cryptography` package's.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

from ingest.trust.canonical import body_digest, relaxed_field, simple_field
from ingest.trust.fields import Head, value_of
from ingest.trust.resolver import Dns, Unanswered

MOST = 5
LONGEST_TAGS = 16 * 1024
MOST_SIGNED = 200
"""Names in `h=`."""
SMALLEST_KEY, LARGEST_KEY = 1024, 8192
MOST_KEYS = 3
"""Of one name."""
MUST_COVER = ("from", "subject")
ALGORITHMS = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}
_B_VALUE = re.compile(rb"(^|;)([ \t\r\n]*b[ \t\r\n]*=)[^;]*")
_WHITE = re.compile(r"[ \t\r\n]+")
PublicKey = RSAPublicKey | Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Signed:
    """What came of one signature: pass, fail (it does not fit, or may not count), temporary (no key was to be had)."""

    domain: str
    selector: str
    result: str
    why: str = ""


class _Refused(Exception):
    """Why a signature does not pass, in words."""


def check(
    raw: bytes, head: Head, dns: Dns, moment: datetime, deadline: float, wanted: Callable[[str], bool]
) -> list[Signed]:
    """Checks the signatures of a mail with CR LF line ends; `moment` is when it came.

    `wanted` says of a domain whether its pass would prove something: those are checked first, so that other people's
    signatures and slow servers cannot crowd them out. Never raises for what the mail contains.
    """
    bodies: dict[bool, bytes] = {}

    def digest(relaxed: bool) -> bytes:
        if relaxed not in bodies:
            bodies[relaxed] = body_digest(raw, head.body_at, relaxed=relaxed)
        return bodies[relaxed]

    fields = [field for name, field in head.fields if name == b"dkim-signature"]
    read = [(field, _tags(value_of(field).decode("latin-1"))) for field in fields]
    read.sort(key=lambda one: not wanted(_domain(one[1])))
    return [_check(field, tags, head, dns, moment, deadline, digest) for field, tags in read[:MOST]]


def _check(
    field: bytes,
    tags: Mapping[str, str] | None,
    head: Head,
    dns: Dns,
    moment: datetime,
    deadline: float,
    digest: Callable[[bool], bytes],
) -> Signed:
    domain, selector = _domain(tags), (tags or {}).get("s", "")
    try:
        if head.ambiguous:
            raise _Refused(head.ambiguous)
        if tags is None:
            raise _Refused("it cannot be read")
        algorithm, relaxed, relaxed_body = _promises(tags, head, moment)
        records = _records(tags, dns, deadline)
        if digest(relaxed_body) != _base64(tags["bh"]):
            raise _Refused("the body was changed")
        signed = _signed_header(field, tags, head, relaxed=relaxed)
        _verify_by_one(records, tags, algorithm, _base64(tags["b"]), signed)
    except _Refused as refused:
        return Signed(domain, selector, "fail", str(refused))
    except Unanswered:
        return Signed(domain, selector, "temporary", "its key could not be asked for")
    return Signed(domain, selector, "pass")


def _domain(tags: Mapping[str, str] | None) -> str:
    return (tags or {}).get("d", "").lower().rstrip(".")


def _tags(text: str) -> Mapping[str, str] | None:
    """A tag list (§3.2); None when it cannot be read or names a tag twice."""
    found: dict[str, str] = {}
    if len(text) > LONGEST_TAGS:
        return None
    for item in text.split(";"):
        if not item.strip():
            continue
        name, equals, value = item.partition("=")
        name = name.strip()
        if not equals or not name or name in found:
            return None
        found[name] = value.strip() if name in ("d", "s", "i") else _WHITE.sub("", value)
    return found


def _promises(tags: Mapping[str, str], head: Head, moment: datetime) -> tuple[str, bool, bool]:
    """What the signature says of itself: algorithm, header and body relaxed?. Raises _Refused."""
    for name in ("a", "b", "bh", "d", "h", "s"):
        if not tags.get(name):
            raise _Refused(f"it has no {name}=")
    if tags.get("v") != "1":
        raise _Refused("it is of another version")
    if "l" in tags:
        raise _Refused("it covers a part of the body only (l=)")
    algorithm = tags["a"].lower()
    if algorithm not in ALGORITHMS:
        raise _Refused(f"its algorithm {algorithm[:30]} is not safe or not known")
    if tags.get("q", "dns/txt").lower() != "dns/txt":
        raise _Refused("its key is kept where nobody can ask for it")
    names = _covered(tags)
    for name in MUST_COVER:
        if name not in names and (name == "from" or name.encode() in head.names):
            raise _Refused(f"it does not cover {name.title()}")
    domain = tags["d"].lower()
    identity = tags.get("i", f"@{domain}").rpartition("@")[2].lower()
    if identity != domain and not identity.endswith(f".{domain}"):
        raise _Refused("it speaks for another domain (i=)")
    expires = tags.get("x")
    if expires is not None and not (expires.isascii() and expires.isdigit() and len(expires) <= 12):
        raise _Refused("its end cannot be read (x=)")
    if expires is not None and int(expires) < moment.timestamp():
        raise _Refused("it had expired (x=)")
    made = tags.get("t", "")
    if expires is not None and made.isascii() and made.isdigit() and int(made[:12]) >= int(expires):
        raise _Refused("it ends before it was made (x=, t=)")
    header, _, body = tags.get("c", "simple/simple").lower().partition("/")
    body = body or "simple"
    if {header, body} - {"simple", "relaxed"}:
        raise _Refused("its form is not known (c=)")
    return algorithm, header == "relaxed", body == "relaxed"


def _covered(tags: Mapping[str, str]) -> Sequence[str]:
    return tags["h"].lower().split(":")[:MOST_SIGNED]


def _signed_header(field: bytes, tags: Mapping[str, str], head: Head, *, relaxed: bool) -> bytes:
    """The bytes that were signed (§3.7): the covered fields from the bottom up, then the signature without its b=."""
    form = relaxed_field if relaxed else simple_field
    left: dict[bytes, list[bytes]] = {}
    for name, text in head.fields:
        left.setdefault(name, []).append(text)
    chosen = (left.get(name.encode("latin-1")) for name in _covered(tags))
    parts = [form(fields.pop()) for fields in chosen if fields]
    name, _, value = field.partition(b":")
    own = form(name + b":" + _B_VALUE.sub(rb"\1\2", value.removesuffix(b"\r\n"), count=1) + b"\r\n")
    return b"".join([*parts, own.removesuffix(b"\r\n")])


def _records(tags: Mapping[str, str], dns: Dns, deadline: float) -> Sequence[Mapping[str, str]]:
    """The key records (§3.6.1), MOST_KEYS at most. Raises _Refused, Unanswered."""
    records = dns.ask(f"{tags['s']}._domainkey.{tags['d'].lower()}", "TXT", deadline)
    found = [tag for tag in map(_tags, records) if tag is not None and "p" in tag]
    if not found:
        raise _Refused("its key is not published")
    # a name that has any record has all of a wildcard's: those of DMARC have a "p", too
    keys = [tag for tag in found if tag.get("v", "DKIM1") == "DKIM1"]
    if not keys:
        raise _Refused("its key is of another version")
    return keys[:MOST_KEYS]


def _verify_by_one(
    records: Sequence[Mapping[str, str]],
    tags: Mapping[str, str],
    algorithm: str,
    signature: bytes,
    signed: bytes,
) -> None:
    """Which of several keys is meant nobody says, and the DNS gives them in any order (§3.6.2.2): one has to fit."""
    refusals: list[_Refused] = []
    for record in records:
        try:
            return _verify(_key(record, tags, algorithm), signature, signed)
        except _Refused as refused:
            refusals.append(refused)
    raise refusals[0]


def _key(key: Mapping[str, str], tags: Mapping[str, str], algorithm: str) -> PublicKey:
    """The public key of a record, if it is for such a signature. Raises _Refused."""
    domain = tags["d"].lower()
    if not key["p"]:
        raise _Refused("its key was withdrawn")
    flags = key.get("t", "").lower().split(":")
    if "y" in flags:
        raise _Refused("its key is in test mode (t=y)")
    if "s" in flags and tags.get("i", f"@{domain}").rpartition("@")[2].lower() != domain:
        raise _Refused("its key is not for subdomains (t=s)")
    if "h" in key and "sha256" not in key["h"].lower().split(":"):
        raise _Refused("its key is not for SHA-256 (h=)")
    if not {"*", "email"} & set(key.get("s", "*").lower().split(":")):
        raise _Refused("its key is not for mail (s=)")
    if key.get("k", "rsa").lower() != ALGORITHMS[algorithm]:
        raise _Refused("its key is of another kind (k=)")
    return _load(_base64(key["p"]), algorithm)


def _load(data: bytes, algorithm: str) -> PublicKey:
    try:
        if algorithm == "ed25519-sha256":
            return Ed25519PublicKey.from_public_bytes(data)
        key = _rsa(data)
    except (ValueError, UnsupportedAlgorithm):
        raise _Refused("its key cannot be read") from None
    if not isinstance(key, RSAPublicKey) or not SMALLEST_KEY <= key.key_size <= LARGEST_KEY:
        raise _Refused("its key is too small or too large")
    return key


def _rsa(data: bytes) -> object:
    """A SubjectPublicKeyInfo, or the bare RSAPublicKey that RFC 6376 §3.6.1 names and few publish."""
    try:
        return load_der_public_key(data)
    except ValueError:
        text = base64.encodebytes(data).decode("ascii")
        return load_pem_public_key(
            f"-----BEGIN RSA PUBLIC KEY-----\n{text}-----END RSA PUBLIC KEY-----\n".encode()
        )


def _verify(key: PublicKey, signature: bytes, data: bytes) -> None:
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, data, PKCS1v15(), SHA256())
        else:  # over the digest (RFC 8463 §3)
            digest = Hash(SHA256())
            digest.update(data)
            key.verify(signature, digest.finalize())
    except InvalidSignature:
        raise _Refused("a covered field was changed, or another key made it") from None


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _Refused("it is damaged") from None
