"""The three ways to a pip, on environments that have none; and what pip's last words become."""

import functools
import hashlib
import http.server
import importlib.metadata
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import bootstrap, installer
from tests.house.checkout import Checkout, make

pytestmark = pytest.mark.takes(20)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A checkout whose `.venv` has neither packages nor a pip."""
    made = make(tmp_path)
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(made.wheels))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    venv = [installer.base_python(), "-m", "venv", "--without-pip", str(made.root / ".venv")]
    subprocess.run(venv, check=True)
    return made


Way = Callable[[Path, str], list[str] | None]


def installed(checkout: Checkout, way: Way, monkeypatch: pytest.MonkeyPatch) -> str:
    """Installs the lock with that pip only; what the environment then says of the package."""
    monkeypatch.setattr(bootstrap, "PIPS", (way,))
    venv = checkout.root / ".venv"
    bootstrap.install(checkout.root, venv, "requirements.lock")
    code = "import tinyone, importlib.metadata as m; print(m.version('tinyone'))"
    return subprocess.run(
        [venv / "bin" / "python", "-c", code], check=True, capture_output=True, text=True
    ).stdout


def test_by_the_pip_of_the_python_at_hand(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        installer, "base_python", lambda: sys.executable
    )  # the tests' own has a pip for certain
    assert installed(checkout, installer.own_pip, monkeypatch) == "1.0\n"


def test_a_python_without_pip_is_passed_over(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = str(checkout.root / ".venv" / "bin" / "python")
    monkeypatch.setattr(installer, "base_python", lambda: bare)
    assert installer.own_pip(checkout.root, bare) is None


def test_a_python_without_ensurepip_is_passed_over(checkout: Checkout) -> None:
    cut = checkout.root / "python"  # as Debian does: a Python whose ensurepip only says that it is not there
    cut.write_text("#!/bin/sh\necho 'No module named ensurepip' >&2\nexit 1\n", "utf-8")
    cut.chmod(0o755)
    assert installer.ensured_pip(checkout.root, str(cut)) is None


def test_without_any_pip_a_sentence_says_what_to_install(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(_root: Path, _python: str) -> None:
        return None

    with pytest.raises(installer.Failure, match="Install python3-venv or python3-pip"):
        installed(checkout, nothing, monkeypatch)


# ------------------------------------------------------------------------------------------- pip from an index
@pytest.fixture
def index(checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package index on loopback with the tests' own pip, as a wheel named in the dev lock."""
    pages = tmp_path / "index"
    (pages / "files").mkdir(parents=True)
    (pages / "simple" / "pip").mkdir(parents=True)
    pip = importlib.metadata.distribution("pip")
    name = f"pip-{pip.version}-py3-none-any.whl"
    with zipfile.ZipFile(pages / "files" / name, "w") as archive:
        for file in pip.files or []:
            if file.parts[0].startswith("pip") and file.suffix != ".pyc":
                archive.write(str(file.locate()), str(file))
    digest = hashlib.sha256((pages / "files" / name).read_bytes()).hexdigest()
    link = f'<a href="../../files/{name}#sha256={digest}" data-requires-python="&gt;=3.9">{name}</a>'
    (pages / "simple" / "pip" / "index.html").write_text(
        f"<!DOCTYPE html><html><body>{link}</body></html>", "utf-8"
    )
    with (checkout.root / "requirements-dev.lock").open("a", encoding="utf-8") as lock:
        lock.write(f"pip=={pip.version} \\\n    --hash=sha256:{'0' * 64} \\\n    --hash=sha256:{digest}\n")
    handler = functools.partial(_Quiet, directory=str(pages))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
        yield pages / "files" / name
        server.shutdown()
        thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
        pass


def test_by_pips_own_wheel_from_the_index(
    checkout: Checkout, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installed(checkout, installer.downloaded_pip, monkeypatch) == "1.0\n"


def test_a_pip_that_differs_from_the_lock_is_not_run(
    checkout: Checkout, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.write_bytes(index.read_bytes() + b"\0")
    with pytest.raises(installer.Failure, match="differs from what"):
        installed(checkout, installer.downloaded_pip, monkeypatch)


def test_an_index_without_that_pip(checkout: Checkout, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = index.parents[1] / "simple" / "pip" / "index.html"
    page.write_text("<html></html>", "utf-8")
    with pytest.raises(installer.Failure, match="does not offer pip-"):
        installed(checkout, installer.downloaded_pip, monkeypatch)


def test_an_index_that_does_not_answer(
    checkout: Checkout, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # discard: nobody listens
    with pytest.raises(installer.Failure, match="cannot be reached"):
        installed(checkout, installer.downloaded_pip, monkeypatch)


# ------------------------------------------------------------------------------------------------ configuration
def test_the_index_is_the_one_that_pip_would_use(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "PIP_CONFIG_FILE": str(tmp_path / "mine.conf")}
    user = tmp_path / ".config" / "pip" / "pip.conf"
    user.parent.mkdir(parents=True)
    user.write_text("[global]\nindex-url = https://user.example/simple\n", "utf-8")
    assert installer.configured_index({"HOME": str(tmp_path)}) == "https://user.example/simple"
    (tmp_path / "mine.conf").write_text("[global]\nindex-url = https://file.example/simple\n", "utf-8")
    assert installer.configured_index(home) == "https://file.example/simple"
    assert installer.configured_index(home | {"PIP_INDEX_URL": "https://a.example/"}) == "https://a.example/"
    default = installer.configured_index({"HOME": str(tmp_path), "PIP_CONFIG_FILE": os.devnull})
    assert default.endswith("/simple")
    assert "example" not in default


def test_pip_keeps_its_way_to_the_index_and_nothing_that_installs_elsewhere() -> None:
    given = {"PATH": "/bin", "PIP_INDEX_URL": "https://a.example/", "PIP_TARGET": "/tmp/x", "PIP_USER": "1"}
    kept = installer.pip_environment(
        given | {"PYTHONPATH": "/x", "PYTHONHOME": "/y", "HTTPS_PROXY": "http://p:1"}
    )
    assert kept["PIP_INDEX_URL"] == "https://a.example/"
    assert kept["HTTPS_PROXY"] == "http://p:1"
    assert kept["PIP_USER"] == "0"
    assert not {"PIP_TARGET", "PYTHONPATH", "PYTHONHOME"} & kept.keys()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            ["ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"],
            "disk is full",
        ),
        (
            ["WARNING: Retrying (Retry(total=4, …)) after …", "ERROR: No matching distribution found for x"],
            "reached",
        ),
        (
            ["ERROR: … (from versions: none)", "ERROR: No matching distribution found for x==1"],
            "no ready-made",
        ),
        (
            ["ERROR: THESE PACKAGES DO NOT MATCH THE HASHES …", "x==1 from …:", "Expected …"],
            "installed: x==1 from …",
        ),
        (["a", "ERROR: something new"], "Its last words:\na\nERROR: something new"),
        ([], "could not install"),
    ],
)
def test_what_pip_said_becomes_a_sentence(said: list[str], sentence: str) -> None:
    assert sentence in installer.explain(said)
