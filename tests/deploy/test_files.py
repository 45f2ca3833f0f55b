"""Units, Dockerfile and Compose files name what there is: settings, commands, folders, pages."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from config.cli import COMMANDS
from config.settings import PREFIX, SETTINGS
from tests.house.shape import PACKAGES

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
COMMAND = DEPLOY / "bin" / "leadgate"
FILES = [*UNITS, *(DEPLOY / "docker").iterdir(), COMMAND]
ELSEWHERE = {"LEADGATE_MAIL_PORT"}
"""Variables of the Compose files themselves."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_settings_that_are_named_exist(file: Path) -> None:
    known = {PREFIX + setting.name.upper() for setting in SETTINGS} | ELSEWHERE
    named = set(re.findall(r"LEADGATE_[A-Z_]+[A-Z]", file.read_text("utf-8")))
    assert {name.removesuffix("_FILE") for name in named} <= known


def test_commands_that_are_named_exist() -> None:
    for file in FILES:
        for word in re.findall(r"-m config ([a-z]+)", file.read_text("utf-8")):
            assert word in COMMANDS, file.name
    compose = (DEPLOY / "docker" / "compose.large.yaml").read_text("utf-8")
    assert set(re.findall(r"command: \[([a-z]+)\]", compose)) <= set(COMMANDS)


def test_documentation_that_the_units_name_exists() -> None:
    for unit in UNITS:
        for page in re.findall(r"docs/[\w/-]+\.md", unit.read_text("utf-8")):
            assert (ROOT / page).is_file(), unit.name


def test_the_image_holds_every_package_and_nothing_else() -> None:
    dockerfile = (DEPLOY / "docker" / "Dockerfile").read_text("utf-8")
    assert sorted(re.findall(r"^COPY (\w+) \./", dockerfile, re.MULTILINE)) == sorted(PACKAGES)
    let_in = (DEPLOY / "docker" / "Dockerfile.dockerignore").read_text("utf-8")
    assert set(re.findall(r"^!(\w+)$", let_in, re.MULTILINE)) == set(PACKAGES)


def test_a_part_is_named_by_the_word_before_the_dash() -> None:
    unit = (DEPLOY / "systemd" / "leadgate@.service").read_text("utf-8")
    (line,) = re.findall(r"^ExecStart=/bin/sh -c '(.*)'$", unit, re.MULTILINE)
    script = line.replace("%i", "worker-1").replace("%%", "%").replace("$$", "$")
    script = script.replace("exec /opt/leadgate/.venv/bin/python", "echo")
    told = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["-P", "-m", "config", "worker"]


def test_the_command_runs_like_the_service(tmp_path: Path) -> None:
    """A stand-in for systemd-run shows what it is asked for."""
    stand_in = tmp_path / "systemd-run"
    stand_in.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', "utf-8")
    stand_in.chmod(0o755)
    done = subprocess.run(
        [COMMAND, "backup", "a file.zip"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    asked = done.stdout.splitlines()
    assert "--pipe" in asked
    assert asked[-2:] == ["backup", "a file.zip"]
    unit = (DEPLOY / "systemd" / "leadgate.service").read_text("utf-8")
    (program,) = re.findall(r"^ExecStart=(.*) serve$", unit, re.MULTILINE)
    assert " ".join(asked[:-2]).endswith(program)
    for word in ("--uid=", "--gid=", "--working-directory=", "--property=EnvironmentFile=", "--setenv="):
        (value,) = [option.removeprefix(word) for option in asked if option.startswith(word)]
        assert f"={value}\n" in unit, f"{word} is not what the unit says"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_knows_every_line_of_the_units() -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, UNITS)], capture_output=True, text=True, check=False
    )
    told = [
        line
        for line in done.stderr.splitlines()
        if "leadgate" in line and "is not executable" not in line  # it is not installed here
    ]
    assert told == []
