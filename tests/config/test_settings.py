"""Settings: names and defaults of the product page, `_FILE`, `leadgate.toml`, and every error at once."""

import stat
import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path

import pytest

from config import keys
from config.commands.serve import members_of
from config.embedded_redis import Rung
from config.settings import SETTINGS, SettingsError, load, reference, unknown_names
from config.values import Dns, Endpoint, TrustedHop

SECRET = "correct horse battery staple, and so on"


def problems(environ: dict[str, str], directory: Path) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(environ, directory)
    return caught.value.problems


def test_the_defaults_are_those_of_the_product_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load({}, tmp_path)
    assert settings.data_dir == tmp_path / "var"
    assert settings.http == Endpoint("127.0.0.1", 8080)
    assert settings.smtp == Endpoint("127.0.0.1", 2525)
    assert settings.lmtp is None
    assert settings.database_url == f"sqlite:///{tmp_path}/var/leadgate.sqlite3"
    assert settings.sqlite_file == tmp_path / "var/leadgate.sqlite3"
    assert settings.redis_url is None
    assert settings.workers == 1
    assert settings.max_message_bytes == 35 * 1024 * 1024
    assert settings.dns == Dns(enabled=True)
    assert settings.public_url == "http://127.0.0.1:8080"
    assert not tmp_path.joinpath("var").exists(), "reading settings writes nothing"


def test_values_are_read_in_their_forms(tmp_path: Path) -> None:
    settings = load(
        {
            "LEADGATE_HTTP": "[::1]:80",
            "LEADGATE_SMTP": "off",
            "LEADGATE_LMTP": "127.0.0.1:24",
            "LEADGATE_DATABASE_URL": "postgres://u:p@h/d",
            "LEADGATE_SECRET_KEY": SECRET,
            "LEADGATE_WORKERS": "4",
            "LEADGATE_REDIS_URL": "None",
            "LEADGATE_WEBHOOK_ALLOW": "127.0.0.1/32, 10.0.0.0/8 ::1",
            "LEADGATE_MAX_MESSAGE_BYTES": "10MiB",
            "LEADGATE_DNS": "127.0.0.1:5353",
            "LEADGATE_TRUSTED_HOPS": "10.0.0.5=mx.example.com, 192.168.0.0/16",
            "LEADGATE_PUBLIC_URL": "https://crm.example.com/",
        },
        tmp_path,
    )
    assert settings.http == Endpoint("::1", 80)
    assert str(settings.http) == "[::1]:80"
    assert settings.smtp is None
    assert settings.lmtp == Endpoint("127.0.0.1", 24)
    assert settings.database_url == "postgresql://u:p@h/d"
    assert settings.sqlite_file is None
    assert settings.workers == 4
    assert settings.redis_url == "none"
    assert settings.webhook_allow == (ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"), ip_network("::1"))
    assert settings.max_message_bytes == 10 * 1024 * 1024
    assert settings.dns == Dns(enabled=True, server=Endpoint("127.0.0.1", 5353))
    assert settings.trusted_hops == (
        TrustedHop(ip_network("10.0.0.5"), "mx.example.com"),
        TrustedHop(ip_network("192.168.0.0/16")),
    )
    assert settings.public_url == "https://crm.example.com"


def test_all_errors_come_at_once_as_sentences(tmp_path: Path) -> None:
    found = problems(
        {
            "LEADGATE_WORKERS": "many",
            "LEADGATE_SMTP": "2525",
            "LEADGATE_DATABASE_URL": "mysql://h/d",
            "LEADGATE_WEBHOOK_ALLOW": "127.0.0.1/33",
            "LEADGATE_TRUSTED_HOPS": "10.0.0.5=",
            "LEADGATE_SECRET_KEY": "short-and-secret",
            "LEADGATE_HTTP_FILE": str(tmp_path / "missing"),
            "LEADGATE_LOG": "loud",
        },
        tmp_path,
    )
    named = (
        "WORKERS",
        "SMTP",
        "DATABASE_URL",
        "WEBHOOK_ALLOW",
        "TRUSTED_HOPS",
        "SECRET_KEY",
        "HTTP_FILE",
        "LOG",
    )
    for name in named:
        assert any(f"LEADGATE_{name} " in sentence for sentence in found), name
    assert len(found) == len(named)
    assert all(sentence.endswith(".") for sentence in found)
    assert "short-and-secret" not in " ".join(found)


def test_more_listeners_need_postgresql_and_a_port(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"SMTP_PROCESSES must be 1 with SQLite.*PostgreSQL"):
        load({"LEADGATE_SMTP_PROCESSES": "2"}, tmp_path)
    on_postgresql = {
        "LEADGATE_DATABASE_URL": "postgresql://h/d",
        "LEADGATE_SECRET_KEY": "x" * 32,
        "LEADGATE_SMTP_PROCESSES": "3",
    }
    with pytest.raises(SettingsError, match="SMTP_PROCESSES above 1 needs a port"):
        load(on_postgresql | {"LEADGATE_LMTP": "127.0.0.1:0"}, tmp_path)
    settings = load(on_postgresql, tmp_path)
    names = [member.name for member in members_of(settings, Rung(None, None, "")) if member.word == "smtp"]
    assert names == ["smtp-1", "smtp-2", "smtp-3"]


def test_more_workers_on_sqlite_are_refused_naming_postgresql(tmp_path: Path) -> None:
    (sentence,) = problems({"LEADGATE_WORKERS": "2"}, tmp_path)
    assert "LEADGATE_WORKERS" in sentence
    assert "PostgreSQL" in sentence


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(tmp_path: Path, url: str) -> None:
    (sentence,) = problems({"LEADGATE_DATABASE_URL": url}, tmp_path)
    assert "memory" in sentence


def test_without_sqlite_the_secret_key_is_required(tmp_path: Path) -> None:
    (sentence,) = problems({"LEADGATE_DATABASE_URL": "postgresql://h/d"}, tmp_path)
    assert "LEADGATE_SECRET_KEY is required" in sentence


def test_a_value_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n")
    settings = load({"LEADGATE_SECRET_KEY_FILE": str(file)}, tmp_path)
    assert settings.key("dedupe") == load({"LEADGATE_SECRET_KEY": SECRET}, tmp_path).key("dedupe")
    (sentence,) = problems({"LEADGATE_SECRET_KEY": SECRET, "LEADGATE_SECRET_KEY_FILE": str(file)}, tmp_path)
    assert "both set" in sentence


def test_the_environment_wins_over_the_toml_file(tmp_path: Path) -> None:
    (tmp_path / "leadgate.toml").write_text('smtp = "127.0.0.1:25"\nhttp = "127.0.0.1:80"\nworkers = 1\n')
    settings = load({"LEADGATE_SMTP": "127.0.0.1:26"}, tmp_path)
    assert (settings.smtp, settings.http) == (Endpoint("127.0.0.1", 26), Endpoint("127.0.0.1", 80))


def test_the_toml_file_is_checked_like_the_environment(tmp_path: Path) -> None:
    (tmp_path / "leadgate.toml").write_text('workerz = 1\nsmtp = "nowhere"\n')
    typo, wrong = sorted(problems({}, tmp_path), reverse=True)
    assert "workerz in leadgate.toml" in typo
    assert "Did you mean workers?" in typo
    assert "smtp in leadgate.toml" in wrong
    (tmp_path / "leadgate.toml").write_text("smtp = \n")
    (sentence,) = problems({}, tmp_path)
    assert "leadgate.toml cannot be read" in sentence


def test_unknown_variables_are_reported_with_the_likely_name() -> None:
    (sentence,) = unknown_names({"LEADGATE_SMPT": "x", "LEADGATE_SMTP_FILE": "x", "HOME": "x"})
    assert "LEADGATE_SMPT" in sentence
    assert "LEADGATE_SMTP" in sentence


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    settings = load(
        {
            "LEADGATE_DATABASE_URL": "postgresql://u:hunter2@h/d",
            "LEADGATE_REDIS_URL": "redis://:hunter2@h/0",
            "LEADGATE_ADMIN_PASSWORD": "hunter2hunter2",
            "LEADGATE_SECRET_KEY": SECRET,
        },
        tmp_path,
    )
    assert "hunter2" not in repr(settings)
    assert SECRET not in repr(settings)


def test_the_reference_names_every_setting() -> None:
    text = reference()
    assert all(f"`LEADGATE_{name.upper()}`" in text for name in (s.name for s in SETTINGS))


def test_the_secret_key_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = load({"LEADGATE_DATA_DIR": str(data)}, tmp_path).key("sessions")
    file = data / keys.FILE_NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [p.name for p in data.iterdir()] == [keys.FILE_NAME]
    again = load({"LEADGATE_DATA_DIR": str(data)}, tmp_path)
    assert again.key("sessions") == first
    assert len(first) == 32
    assert again.key("dedupe") != first
    with pytest.raises(KeyError):
        again.key("something else")
    file.write_text("cut")
    with pytest.raises(keys.KeyFileError, match="too short"):
        load({"LEADGATE_DATA_DIR": str(data)}, tmp_path).key("sessions")


def test_two_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    code = "import sys, pathlib, config.keys as k; print(k.read_or_make(pathlib.Path(sys.argv[1])))"
    command = [sys.executable, "-c", code, str(tmp_path / "data")]
    starts = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = {start.communicate()[0].strip() for start in starts}
    assert len(answers) == 1
    assert len(answers.pop()) == 64


def test_mailboxes_may_be_where_webhooks_may_unless_told_otherwise(tmp_path: Path) -> None:
    webhooks = {"LEADGATE_WEBHOOK_ALLOW": "10.0.0.0/8"}
    assert load(webhooks, tmp_path).imap_allow == (ip_network("10.0.0.0/8"),)
    both = webhooks | {"LEADGATE_IMAP_ALLOW": "127.0.0.1/32"}
    assert load(both, tmp_path).imap_allow == (ip_network("127.0.0.1/32"),)
    assert load({}, tmp_path).imap_allow == ()
