"""Names at the root: each resolves inside the project, and no installed distribution brings another of that name."""

import importlib.metadata
import importlib.util
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.house import shape

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", [*shape.PACKAGES, "tests"])
def test_a_root_name_is_the_projects_own(name: str) -> None:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin == str(ROOT / name / "__init__.py")
    others = set(importlib.metadata.packages_distributions().get(name, [])) - {"leadgate"}
    assert not others, f"{others} would be imported in its place"


def test_the_packages_are_the_folders_with_code() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert tuple(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == shape.PACKAGES
    assert tuple(project["tool"]["importlinter"]["root_packages"]) == shape.PACKAGES
    folders = {init.parent.name for init in ROOT.glob("*/__init__.py")}
    assert folders == set(shape.FOLDERS)


def test_the_wheel_holds_the_packages_and_not_the_tests(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.iterdir()
    with zipfile.ZipFile(wheel) as archive:
        roots = {name.partition("/")[0] for name in archive.namelist()}
        info = next(root for root in roots if root.endswith(".dist-info"))
        metadata = archive.read(f"{info}/METADATA").decode()
        commands = archive.read(f"{info}/entry_points.txt").decode()
    assert roots - {info} == set(shape.PACKAGES)
    assert "Name: leadgate\n" in metadata
    assert "Classifier: Private :: Do Not Upload\n" in metadata
    assert "leadgate = config.cli:main" in commands
