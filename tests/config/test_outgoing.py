"""The deployment's mail server from the settings, and the doctor's stage that tries it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from config import outgoing
from config.patient import Patient, Wrong
from config.settings import SettingsError, load
from store.smarthosts import Smarthost
from tests.webhooks.mail.server import running

FULL = {
    "LEADGATE_SMARTHOST": "smtps://Mail.Example.com",
    "LEADGATE_SMARTHOST_USER": "crm@example.com",
    "LEADGATE_SMARTHOST_PASSWORD": "one two",
    "LEADGATE_MAIL_FROM": "Acme Sales <crm@acme.example>",
    "LEADGATE_RETURN_PATH": "from",
}


def test_none_is_set_by_default(tmp_path: Path) -> None:
    settings = load({}, tmp_path)
    assert outgoing.smarthost(settings) is None
    assert settings.return_path == "bounce" and settings.smarthost_allow == ()


def test_what_is_set_is_used(tmp_path: Path) -> None:
    settings = load(FULL, tmp_path)
    assert outgoing.smarthost(settings) == Smarthost(
        host="mail.example.com",
        port=465,
        tls="tls",
        username="crm@example.com",
        password="one two",
        from_address="crm@acme.example",
        from_name="Acme Sales",
        return_path="from",
    )
    assert "one two" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "tls", "port"),
    [
        ("smtp://a.example", "starttls", 587),
        ("smtp://a.example:2587/", "starttls", 2587),
        ("smtps://a.example:10465", "tls", 10465),
        ("smtp+plain://10.0.0.5", "none", 25),
    ],
)
def test_forms_of_a_server(tmp_path: Path, text: str, tls: str, port: int) -> None:
    server = load({"LEADGATE_SMARTHOST": text}, tmp_path).smarthost
    assert server is not None and (server.tls, server.port) == (tls, port)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"LEADGATE_SMARTHOST": "mail.example.com"}, "smtp://mail.example.com:587"),
        ({"LEADGATE_SMARTHOST": "smtp://u:secret@mail.example.com"}, "LEADGATE_SMARTHOST_PASSWORD"),
        ({"LEADGATE_SMARTHOST": "smtp://mail.example.com:x"}, "smtp://mail.example.com:587"),
        ({"LEADGATE_MAIL_FROM": "nobody"}, "Acme Sales <crm@acme.example>"),
        ({"LEADGATE_SMARTHOST_USER": ""}, "given together"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, changes: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(FULL | changes, tmp_path)
    (problem,) = caught.value.problems
    assert told in problem and "secret" not in problem and "one two" not in problem


def _examined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **given: str) -> str:
    for name, value in given.items():
        monkeypatch.setenv(f"LEADGATE_{name}", value)
    monkeypatch.setenv("LEADGATE_DATA_DIR", str(tmp_path / "data"))
    none: Any = None
    patient = Patient(none)
    patient.__dict__["parts"] = SimpleNamespace(figures=lambda: SimpleNamespace(domain="acme.test"))
    return outgoing.examine(patient)


def test_the_doctor_says_that_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _examined(tmp_path, monkeypatch).startswith("none")


def test_the_doctor_tries_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(tmp_path) as server:
        told = _examined(tmp_path, monkeypatch, SMARTHOST=f"smtp+plain://127.0.0.1:{server.port}")
        assert told == f"127.0.0.1:{server.port} takes mail from acme.test"
        assert server.taken == []


def test_the_doctor_says_where_it_fails_and_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path, login=True) as server, pytest.raises(Wrong) as caught:
        _examined(
            tmp_path,
            monkeypatch,
            SMARTHOST=f"smtp+plain://127.0.0.1:{server.port}",
            SMARTHOST_USER="crm",
            SMARTHOST_PASSWORD="wrong-secret",
        )
    assert "at stage login" in caught.value.found and "wrong-secret" not in caught.value.found
    assert "create an app password" in caught.value.fix
