"""The command line: words, exit codes, and standard output for the answer alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.cli import COMMANDS
from store import sessions
from store.accounts import create_user
from store.scope import AccountScope
from store.session import Database
from tests.config.tree import environment, finish, leadgate

MAIL = "From: Jana Weiß <jana@kunde.example>\r\nSubject: Angebot\r\nMessage-ID: <1@kunde.example>\r\n\r\nRuf an!\r\n"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path / "data")


def test_an_unknown_word_is_a_clear_error(env: dict[str, str]) -> None:
    code, output, said = finish(leadgate("serv", env=env))
    assert code == os.EX_USAGE
    assert output == ""
    assert "No such command 'serv'. Did you mean serve?" in said


def test_every_word_has_its_help(env: dict[str, str]) -> None:
    for word in COMMANDS:
        code, output, _ = finish(leadgate(word, "--help", env=env))
        assert code == 0, word
        assert output.startswith(f"Usage: leadgate {word}")


def test_parse_gives_one_line_per_file_in_order_whatever_they_are(
    tmp_path: Path, env: dict[str, str]
) -> None:
    good, empty, missing = tmp_path / "good.eml", tmp_path / "empty.eml", tmp_path / "missing.eml"
    good.write_bytes(MAIL.encode())
    empty.touch()
    files = [str(good), str(missing), str(tmp_path), str(empty), str(good)]
    code, output, _ = finish(leadgate("parse", "--jsonl", *files, env=env))
    assert code == 0
    answers = [json.loads(line) for line in output.splitlines()]
    assert [answer["file"] for answer in answers] == files
    assert [answer["subject"] for answer in answers] == [
        "Angebot",
        None,
        None,
        answers[3]["subject"],
        "Angebot",
    ]
    assert answers[1]["problems"]
    assert answers[2]["problems"]
    assert answers[0].keys() == answers[1].keys()


def test_parse_reads_standard_input_and_writes_for_people(env: dict[str, str]) -> None:
    command = [sys.executable, "-P", "-m", "config", "parse", "-"]
    run = subprocess.run(command, env=env, input=MAIL.encode(), capture_output=True, check=True, timeout=30)
    text = run.stdout.decode()
    assert "from: Jana Weiß <jana@kunde.example>" in text
    assert "subject: Angebot" in text
    assert "forwarded" not in text, "what is empty is left out"


def test_parse_loads_the_parsers_and_nothing_else(env: dict[str, str]) -> None:
    code = (
        "import sys; from config.cli import main\n"
        "try: main(['parse', '--jsonl', '/nonexistent'])\n"
        "finally: print(sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, env=env, capture_output=True, text=True, timeout=30, check=True)
    loaded = set(json.loads(run.stdout.splitlines()[-1].replace("'", '"')))
    assert "parsers" in loaded
    assert not loaded & {
        "sqlalchemy",
        "redis",
        "rq",
        "flask",
        "aiosmtpd",
        "structlog",
        "store",
        "ingest",
        "web",
    }


def test_init_answers_in_json_alone(env: dict[str, str]) -> None:
    arguments = ["--account", "acme", "--domain", "acme.test", "--admin-email", "a@acme.test"]
    password = {"LEADGATE_ADMIN_PASSWORD": "the password"}
    code, output, _ = finish(leadgate("init", *arguments, "--json", env={**env, **password}))
    assert code == 0
    answer = json.loads(output)
    assert answer["account"] == {"id": "1", "slug": "acme", "domain": "acme.test"}
    assert answer["api_key"] == "the password", "the small wiring hands it back"
    code, output, _ = finish(leadgate("init", *arguments, env={**env, **password}))
    assert code == 0
    assert "Account acme takes mail for acme.test." in output
    arguments[3] = "wrong"
    code, output, said = finish(leadgate("init", *arguments, "--json", env=env))
    assert (code, output) == (os.EX_USAGE, "")
    assert "wrong is no mail domain." in said


def test_ingest_never_makes_a_mail_server_give_up_for_our_fault(env: dict[str, str]) -> None:
    for broken in ({"LEADGATE_WORKERS": "none"}, {"SMALL_SCHEMA": "old"}, {"_LEADGATE_WIRING": "nowhere"}):
        code, output, _ = finish(leadgate("ingest", "--to", "leads@acme.test", env={**env, **broken}))
        assert code == os.EX_TEMPFAIL, broken
        assert output.startswith("4.3.0 ")


def test_settings_lists_them(env: dict[str, str]) -> None:
    code, output, _ = finish(leadgate("settings", env=env))
    assert code == 0
    assert "| `LEADGATE_DATA_DIR` | `./var` |" in output


def test_users_are_listed_helped_and_promoted_on_the_server(env: dict[str, str]) -> None:
    env = {name: value for name, value in env.items() if name != "_LEADGATE_WIRING"}
    arguments = ["--account", "acme", "--domain", "acme.test", "--admin-email", "anna@acme.example"]
    assert finish(leadgate("init", *arguments, "--json", env=env))[0] == 0
    assert finish(leadgate("user", "list", env=env))[:2] == (0, "acme  anna@acme.example  admin\n")
    code, link, said = finish(leadgate("user", "reset-link", "Anna@acme.example", env=env))
    assert code == 0 and link.startswith(f"http://{env['LEADGATE_HTTP']}/password?token=")
    assert link.count("\n") == 1 and "once" in said, "standard output is the link alone"
    code, output, said = finish(leadgate("user", "reset-link", "nobody@acme.example", env=env))
    assert (code, output) == (os.EX_USAGE, "") and "nobody@acme.example" in said
    code, output, said = finish(
        leadgate("user", "make-admin", "anna@acme.example", "--account", "no", env=env)
    )
    assert code == os.EX_USAGE
    database = Database(f"sqlite:///{env['LEADGATE_DATA_DIR']}/leadgate.sqlite3")
    with database.write() as connection:
        scope = AccountScope(sessions.logins(connection, "anna@acme.example")[0].account_id)
        create_user(connection, scope, email="berta@acme.example", name="Berta", level="user")
    database.close()
    code, output, _ = finish(leadgate("user", "make-admin", "berta@acme.example", env=env))
    assert (code, output) == (0, "berta@acme.example is an admin of acme.\n")
    assert finish(leadgate("user", "list", env=env))[1].endswith("acme  berta@acme.example  admin\n")
