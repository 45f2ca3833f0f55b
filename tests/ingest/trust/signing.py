"""Signing mails at test time, by RFC 6376 as it is written: its own code, so that a mistake of the checker's is not
made twice. `python -m tests.ingest.trust.signing` prints a signed mail, for other programs to check."""

import base64
import hashlib
import re
import sys
from functools import cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key of that size; one is enough for all tests of a process."""
    return rsa.generate_private_key(65537, bits)


@cache
def ed25519_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def published(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | None = None, **tags: str) -> str:
    """The TXT record of a key; `tags` replace or add."""
    key = key or rsa_key()
    if isinstance(key, rsa.RSAPrivateKey):
        form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        given = {
            "v": "DKIM1",
            "k": "rsa",
            "p": base64.b64encode(key.public_key().public_bytes(*form)).decode(),
        }
    else:
        raw = key.public_key().public_bytes_raw()
        given = {"v": "DKIM1", "k": "ed25519", "p": base64.b64encode(raw).decode()}
    return "; ".join(f"{name}={value}" for name, value in (given | tags).items())


def sign(
    raw: bytes,
    domain: str,
    *,
    selector: str = "s1",
    covers: str = "from:to:subject:date",
    form: str = "relaxed/relaxed",
    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | None = None,
    length: int | None = None,
    **tags: str,
) -> bytes:
    """The mail with a signature above it. `length`: an `l=` that covers so much of the body; `tags` replace or add."""
    key = key or rsa_key()
    head, _, body = raw.partition(b"\r\n\r\n")
    header_form, body_form = form.split("/")
    canonical = _body(body, body_form)[:length]
    given = {
        "v": "1",
        "a": "rsa-sha256" if isinstance(key, rsa.RSAPrivateKey) else "ed25519-sha256",
        "c": form,
        "d": domain,
        "s": selector,
        "h": covers,
        "bh": base64.b64encode(hashlib.sha256(canonical).digest()).decode(),
    }
    if length is not None:
        given["l"] = str(length)
    field = "; ".join(f"{name}={value}" for name, value in (given | tags).items()) + "; b="
    fields = re.split(rb"\r\n(?![ \t])", head)
    data = b""
    for name in covers.split(":"):
        for number in range(len(fields) - 1, -1, -1):
            if fields[number].lower().startswith(name.strip().encode() + b":"):
                data += _field(fields.pop(number), header_form) + b"\r\n"
                break
    data += _field(b"DKIM-Signature: " + field.encode(), header_form)
    if isinstance(key, rsa.RSAPrivateKey):
        made = key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    else:
        made = key.sign(hashlib.sha256(data).digest())
    return b"DKIM-Signature: " + field.encode() + base64.b64encode(made) + b"\r\n" + raw


def _field(field: bytes, form: str) -> bytes:
    if form == "simple":
        return field
    name, _, value = field.partition(b":")
    return name.lower().strip() + b":" + re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip()


def _body(body: bytes, form: str) -> bytes:
    if form == "relaxed":
        body = re.sub(rb"[ \t]+\r\n", b"\r\n", re.sub(rb"[ \t]+", b" ", body))
    body = re.sub(rb"(\r\n)*\Z", b"", body)
    return body + b"\r\n" if body or form == "simple" else b""


if __name__ == "__main__":
    sys.stdout.buffer.write(
        sign(b"From: a@acme.example\r\nTo: b@x.example\r\nSubject: s\r\n\r\nText  \r\n\r\n", "acme.example")
    )
    sys.stderr.write(published() + "\n")
