"""The log: JSON lines, the part's name, and no values of variables."""

import json
import logging
from collections.abc import Iterator

import pytest

from config import logs


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_is_json_with_the_part_and_what_was_added(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", part="worker-1")
    logging.getLogger("ingest.process").info("took %d messages", 3, extra={"account": "a1"})
    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "took 3 messages"
    assert (line["part"], line["level"], line["logger"]) == ("worker-1", "info", "ingest.process")
    assert line["account"] == "a1"


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_shows_no_values(capsys: pytest.CaptureFixture[str], form: str) -> None:
    logs.configure(form)
    secret = "hunter2"
    try:
        len(secret, secret)  # type: ignore[call-arg]  # it is to fail
    except TypeError:
        logging.getLogger("store").exception("it failed")
    text = capsys.readouterr().err
    assert "Traceback" in text
    assert "hunter2" not in text


def test_other_libraries_are_heard_from_warnings_on(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    for name in ("rq.worker", "aiosmtpd", "sqlalchemy"):
        logging.getLogger(name).info("chatter")
    assert capsys.readouterr().err == ""
