"""Addresses of our style sheets, scripts and pictures, with a digest: kept by browsers, but not past a change."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, url_for

STATIC = Path(__file__).parent / "static"
DIGITS = 12


def install(app: Flask) -> None:
    """Makes `asset` known to templates."""
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of a file below `static`, changed whenever the file is."""
    return url_for("static", filename=name, v=_digest(name))


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:DIGITS]
