"""The log: for people on a terminal, JSON lines elsewhere. Always on stderr.

Every folder logs through `logging.getLogger(__name__)`; structlog gives the lines their form. It is
loaded with the first line that is written, so that a quick start pays nothing for it. Nothing of mails and no
secret is in it; what tracebacks keep to themselves for that, `config.tracebacks` says.
"""

import logging
import sys
from typing import Any

from config import tracebacks

OURS = ("config", "ingest", "parsers", "rules", "store", "web", "webhooks")


def configure(form: str = "auto", *, part: str | None = None) -> None:
    """Sends the log to stderr. `form`: console, json, or auto; `part` is named on each JSON line."""
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_LateFormatter(console, part))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    for name in ("rq.worker", "rq.queue", "rq.job"):  # RQ sets INFO on a logger without a level
        logging.getLogger(name).setLevel(logging.WARNING)


class _LateFormatter(logging.Formatter):
    def __init__(self, console: bool, part: str | None) -> None:
        super().__init__()
        self._console = console
        self._part = part
        self._made: logging.Formatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        if self._made is None:
            self._made = _formatter(self._console, self._part)
        return self._made.format(record)


def _formatter(console: bool, part: str | None) -> logging.Formatter:
    import structlog

    def name_part(_logger: Any, _method: str, event: Any) -> Any:
        if part is not None:
            event["part"] = part
        return event

    def tell_fault(_logger: Any, _method: str, event: Any) -> Any:
        about = event.pop("exc_info", None)
        fault = about[1] if isinstance(about, tuple) else about
        if isinstance(fault, BaseException):
            event["exception"] = tracebacks.text(fault)
        return event

    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_part,
    ]
    last = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer()
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, tell_fault, last],
    )
