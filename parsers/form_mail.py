"""Label/value pairs of form notification mails."""

from __future__ import annotations

from collections.abc import Mapping

from parsers.message import Message


def read(message: Message) -> Mapping[str, str]:
    """The fields of a form notification; empty for any other mail."""
    return {}
