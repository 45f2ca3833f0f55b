"""What the pages name is there: files, headings, commands with their options, settings."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from config.cli import COMMANDS
from config.settings import OTHER_NAMES, PREFIX, SETTINGS
from store.reasons import REASONS
from tests.docs.pages import PAGES, ROOT, anchors, links
from tests.house import lint
from tests.house.shape import FOLDERS

HOUSE = {"test", "lint", "lock"}
OF_TESTS = {"LEADGATE_TEST_NO_SKIPS", "LEADGATE_TEST_SCREENSHOTS"}
NAMED = re.compile(rf"`((?:{'|'.join((*FOLDERS, 'docs', 'deploy'))})/[\w./*@-]*)`")
COMMAND = re.compile(r"(?:\./run|(?:^|(?<=`)|(?<=&& ))leadgate) ([a-z]+)([^\n`|;&#]*)", re.MULTILINE)


def named(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Commands of ours on the page, each with its options, from code only."""
    for code in re.findall(
        r"^```\w*[^\n]*\n.*?^```$|`[^`\n]+`", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
    ):
        for word, rest in COMMAND.findall(code):
            yield word, re.findall(r"(?<=\s)--[\w-]+", rest)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in links(page):
        assert target.exists(), f"{page.name} links to {target}"
        assert not anchor or anchor in anchors(target), f"{target.name} has no heading #{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_commands_and_settings_that_are_named_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    for name in NAMED.findall(text):
        assert list(ROOT.glob(name.rstrip("/"))), f"{page.name} names {name}"
    for word, options in named(page):
        assert word in COMMANDS or word in HOUSE, f"{page.name} names the command {word}"
        if word in COMMANDS:
            module, _, name = COMMANDS[word][0].partition(":")
            command: click.Command = getattr(import_module(module), name)
            known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
            assert set(options) <= known, f"{page.name}: {word} {options}"
    known = {PREFIX + setting.name.upper() for setting in SETTINGS} | OTHER_NAMES | OF_TESTS
    found = {name.removesuffix("_FILE") for name in re.findall(rf"{PREFIX}[A-Z_]+[A-Z]", text)}
    assert found <= known


def test_every_page_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    assert {page for page in PAGES if page.parent != ROOT} - {index} <= {target for target, _ in links(index)}


def test_reasons_that_are_explained_exist() -> None:
    page = (ROOT / "docs" / "how-to" / "read-a-receipt.md").read_text("utf-8")
    told = re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE)
    assert len(told) > 10
    assert set(told) <= set(REASONS)


def test_checks_that_contributors_are_told_of_exist() -> None:
    told = (ROOT / "docs" / "contributing.md").read_text("utf-8")
    for module in re.findall(r"python -m ([\w.]+)", told):
        path = ROOT / Path(*module.split("."))
        assert path.is_dir() or path.with_suffix(".py").exists(), module
    assert "reference" in lint.CHECKS
