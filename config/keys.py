"""The secret key and the keys derived from it.

One secret per deployment; every use has a key of its own by HKDF (RFC 5869, SHA-256), so that a key
that leaks from one place says nothing about the others. PURPOSES is what exists; a purpose is part of
what is stored (HMACs, encrypted credentials), so none is ever renamed.

With SQLite the secret is made at the first start as `secret.key` in the data directory, readable by its
owner only. It is written whole and synced before it gets its name, and never overwritten: of two first
starts at once, both use the one that was first.
"""

import os
import secrets
import tempfile
from pathlib import Path

PURPOSES = {
    "sessions": "sessions of people who are logged in",
    "setup": "the set-up link of a deployment without an account",
    "links": "links in mails: invitations, resets, confirm pages",
    "addresses": "MACs in lead, bounce and reply addresses",
    "dedupe": "HMACs that recognise a message seen before",
    "credentials": "AES-GCM of stored passwords and tokens of other systems",
    "api_keys": "hashes of API keys",
    "fingerprint": "what the database keeps, to know its secret key again",
}

FILE_NAME = "secret.key"
LEAST_LENGTH = 32


class KeyFileError(Exception):
    """The secret key's file cannot be made or read; the text says why, without its contents."""


def read_or_make(data_dir: Path) -> str:
    """The secret in `data_dir`, made there first if there is none. Raises KeyFileError."""
    path = data_dir / FILE_NAME
    try:
        if not path.exists():
            _make(path)
        secret = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        raise KeyFileError(f"The secret key in {path} cannot be used: {error}") from error
    if len(secret) < LEAST_LENGTH:
        raise KeyFileError(f"The secret key in {path} is too short; restore it from a backup.")
    return secret


def put(data_dir: Path, secret: str) -> None:
    """Makes the file with this secret, of a backup; one that exists is kept. Raises OSError."""
    _make(data_dir / FILE_NAME, secret)


def derive(secret: str, purpose: str) -> bytes:
    """The 32-byte key for `purpose`, one of PURPOSES (KeyError otherwise)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    PURPOSES[purpose]
    info = f"leadgate/{purpose}/1".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode())


def _make(path: Path, secret: str | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write((secret or secrets.token_hex(32)) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return  # another first start was quicker; its key is the one
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    finally:
        Path(draft).unlink()
