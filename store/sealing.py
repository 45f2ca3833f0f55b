"""Sealing what other systems' doors open with: webhook secrets, passwords, tokens. AES-256-GCM.

A sealed value is one byte of format, a random nonce of 96 bits and the ciphertext with its tag (NIST SP
800-38D). It is bound to the row it stands in (`place`, the associated data): copied into another row or
another account, it does not open. The key is the deployment's key for credentials; without it a copy of the
database holds no secret that can be used. At a random nonce per value, 2^32 values under one key are safe.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.session import StoreError

_FORMAT = b"\x01"
_NONCE_BYTES = 12


class CannotOpen(StoreError):
    """A sealed value that this key does not open, or not in this place."""


class Sealer:
    """Seals and opens values with one key of 32 bytes (ValueError for another length)."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("the sealing key has 32 bytes")
        self._cipher = AESGCM(key)

    def seal(self, value: bytes, *, place: str) -> bytes:
        """`value`, sealed for `place` (table, account and id of its row)."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, value, place.encode())

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """What was sealed for `place`; raises CannotOpen."""
        if sealed[:1] != _FORMAT:
            raise CannotOpen("sealed in a format that is not known")
        nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, ciphertext, place.encode())
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("sealed with another key or for another place") from error
