"""The lock files as they are, and the proof that plain pip can install them: on wheels made here, without network."""

import os
import re
import tomllib
from pathlib import Path

import pytest

from tests.house import lock
from tests.house.checkout import locked, wheel


@pytest.mark.parametrize("path", [lock.RUNTIME, lock.DEV], ids=lambda path: path.name)
def test_a_lock_names_no_index_and_no_machine(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(
        r"https?:|file:|--index|--find-links|--extra| @ |^-|/", re.sub(lock.HEAD, "", text), re.MULTILINE
    )
    assert all(pin.digests for pin in lock.pins(text))


def test_everything_asked_for_is_locked() -> None:
    project = tomllib.loads((lock.ROOT / "pyproject.toml").read_text("utf-8"))
    runtime = {pin.requirement.partition("==")[0] for pin in lock.pins(lock.RUNTIME.read_text("utf-8"))}
    dev = {pin.requirement.partition("==")[0] for pin in lock.pins(lock.DEV.read_text("utf-8"))}
    for asked, names in (
        (project["project"]["dependencies"], runtime),
        (project["dependency-groups"]["dev"], dev),
    ):
        wanted = {re.sub(r"[-_.]+", "-", re.split(r"[\[>=<; ]", line)[0]).lower() for line in asked}
        assert wanted <= names, "pyproject.toml changed: ./run lock"
    assert runtime <= dev


def test_a_line_that_is_not_pinned_by_hash_is_refused() -> None:
    for line in (
        "aiohttp>=3",
        "aiohttp==3.14.5",
        "aiohttp @ https://a.example/x.whl",
        "--index-url https://a.example",
    ):
        with pytest.raises(ValueError, match="not a pinned, hashed line"):
            list(lock.pins(line))


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place that pip looks for packages."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


def complaints(text: str, platform: int, python: str = "3.12") -> list[str]:
    return list(lock.ask(list(lock.pins(text)), lock.PLATFORMS[platform], python).complaints)


def test_a_wheel_for_one_platform_needs_a_marker(wheels: Path) -> None:
    digest = wheel(wheels, "tinyfast", "1.0", "cp312-cp312-manylinux_2_28_x86_64")
    everywhere = locked(("tinyfast==1.0", digest))
    assert complaints(everywhere, 0) == []
    assert "macOS arm64, Python 3.12" in complaints(everywhere, 2)[0]
    assert "Linux x86-64, Python 3.13" in complaints(everywhere, 0, "3.13")[0]
    marker = "platform_machine == 'x86_64' and python_full_version < '3.13'"
    assert complaints(locked((f"tinyfast==1.0 ; {marker}", digest)), 2) == []


def test_a_file_that_the_lock_does_not_name_is_found(wheels: Path) -> None:
    wheel(wheels, "tinyfast", "1.0")
    found = complaints(locked(("tinyfast==1.0", "0" * 64)), 1)
    assert found == [
        "Linux aarch64, Python 3.12: tinyfast-1.0-py3-none-any.whl is not in the lock by its digest"
    ]
