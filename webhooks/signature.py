"""Signatures and secrets of Standard Webhooks (https://www.standardwebhooks.com, specification 1.0).

Signed is `<webhook-id>.<webhook-timestamp>.<body>` with HMAC-SHA-256; the header holds `v1,<base64>`, several
separated by spaces while a secret is being replaced, so that the receiver may check with the old or the new
one. A secret is `whsec_` and the base64 of 24 to 64 random bytes.

The body is signed as it is sent: cutting or re-serialising it afterwards makes the signature wrong.
"""

import base64
import binascii
import hmac
import secrets as randomness
from collections.abc import Sequence

from webhooks.exceptions import BadSecret

PREFIX = "whsec_"
LEAST_BYTES = 24
MOST_BYTES = 64
NEW_BYTES = 32


def new_secret() -> str:
    """A fresh secret of 32 random bytes."""
    return PREFIX + base64.b64encode(randomness.token_bytes(NEW_BYTES)).decode("ascii")


def secret_bytes(secret: str) -> bytes:
    """The key a secret stands for; raises BadSecret."""
    if not secret.startswith(PREFIX):
        raise BadSecret(f"a secret starts with {PREFIX}")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise BadSecret(f"a secret is {PREFIX} and base64") from None
    if not LEAST_BYTES <= len(key) <= MOST_BYTES:
        raise BadSecret(f"a secret holds {LEAST_BYTES} to {MOST_BYTES} bytes")
    return key


def sign(secret: str, webhook_id: str, timestamp: int, body: str | bytes) -> str:
    """The signature `v1,…` of one body; `timestamp` in whole seconds since the epoch. Raises BadSecret."""
    raw = body.encode() if isinstance(body, str) else body
    signed = b"%s.%d.%s" % (webhook_id.encode(), timestamp, raw)
    digest = hmac.digest(secret_bytes(secret), signed, "sha256")
    return f"v1,{base64.b64encode(digest).decode('ascii')}"


def sign_all(secrets: Sequence[str], webhook_id: str, timestamp: int, body: str | bytes) -> str:
    """The header's value: one signature per valid secret, newest first, separated by spaces."""
    if not secrets:
        raise BadSecret("at least one secret is needed")
    return " ".join(sign(secret, webhook_id, timestamp, body) for secret in secrets)


def signed_headers(
    secrets: Sequence[str], webhook_id: str, timestamp: int, body: str | bytes
) -> dict[str, str]:
    """The three headers of a delivery. `webhook_id` is the event's id and the same on every attempt."""
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign_all(secrets, webhook_id, timestamp, body),
    }
