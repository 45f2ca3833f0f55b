"""The one-time link that makes the first account of a deployment.

It is derived from the secret key, so that every process knows it and a restart shows the same one, and it counts
only while there is no account. A terminal is shown it; otherwise (systemd, Docker: logs are read by many) it goes
into the file `setup-link` in the data directory, readable by its owner only, which is removed once it is useless.
"""

import hashlib
import hmac
import os

from config.settings import Settings

FILE_NAME = "setup-link"


def token(settings: Settings) -> str:
    """What the link carries. Raises keys.KeyFileError."""
    return hmac.new(settings.key("setup"), b"first account", hashlib.sha256).hexdigest()[:40]


def sentences(settings: Settings, *, is_new: bool, shown: bool) -> list[str]:
    """What to tell who starts leadgate; `shown`: a terminal reads it. Writes or removes the file."""
    path = settings.data_dir / FILE_NAME
    if not is_new or shown:
        remove(settings)
    if not is_new:
        return []
    link = f"{settings.public_url.rstrip('/')}/setup?token={token(settings)}"
    if shown:
        return [f"Set leadgate up in a browser, once: {link}"]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(link + "\n")
    return [f"Set leadgate up in a browser, once: the link is in {path}."]


def remove(settings: Settings) -> None:
    """Removes the file: the link is useless, or shown elsewhere."""
    (settings.data_dir / FILE_NAME).unlink(missing_ok=True)
