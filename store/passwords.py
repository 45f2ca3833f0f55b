"""Passwords: argon2id with the parameters of RFC 9106's second choice (64 MiB, 3 passes).

Hashing takes some 50 ms of a processor on purpose: never inside a write transaction.
"""

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 8
LONGEST = 1_000


def hash_password(password: str) -> str:
    """The argon2id hash of `password`, with its parameters and salt in it."""
    return PasswordHasher().hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """True if `password` has that hash; False for a user who has none."""
    if password_hash is None:
        return False
    try:
        return PasswordHasher().verify(password_hash, password)
    except (Argon2Error, InvalidHashError):
        return False
