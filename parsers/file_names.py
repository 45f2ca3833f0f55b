"""Names of files that strangers send, made safe to show and to store under."""

from __future__ import annotations

import re

_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]")


def safe_name(name: str) -> str | None:
    """The last part of a path without anything a file system or a terminal takes amiss; None where nothing is left."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    safe = " ".join(_UNSAFE.sub("_", last).split()).strip(". ")
    if len(safe.encode()) > 200:
        stem, dot, ending = safe.rpartition(".")
        ending = ending if dot and len(ending) < 12 else ""
        stem = (stem if ending else safe).encode()[:180].decode("utf-8", "ignore")
        safe = f"{stem}.{ending}" if ending else stem
    return safe or None
