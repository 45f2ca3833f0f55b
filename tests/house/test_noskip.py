"""The plugin of CI: skips fail, expected failures do not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pytest

@pytest.mark.skip(reason="no such server")
def test_marked(): ...

def test_inside():
    pytest.skip("not on this system")

@pytest.mark.xfail(reason="known", strict=True)
def test_expected():
    raise AssertionError

def test_good(): ...
"""


@pytest.mark.parametrize(
    ("switch", "counts"),
    [("1", "1 failed, 1 passed, 1 xfailed, 1 error"), ("0", "1 passed, 2 skipped, 1 xfailed")],
)
def test_skips(tmp_path: Path, switch: str, counts: str) -> None:
    (tmp_path / "test_some.py").write_text(TESTS, "utf-8")
    assert counts in outcome(tmp_path, switch)


def test_a_module_that_skips_itself(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text('import pytest\npytest.importorskip("no_such_package")\n', "utf-8")
    said = outcome(tmp_path, "1")
    assert "1 error" in said
    assert "could not import 'no_such_package'" in said


def outcome(folder: Path, switch: str) -> str:
    """What pytest says of the folder, run with the plugin."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.house.noskip",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
    ]
    return subprocess.run(
        [*command, "--rootdir", str(folder), str(folder)],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "LEADGATE_TEST_NO_SKIPS": switch, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
