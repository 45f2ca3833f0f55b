"""The pages that are made from the code are what the code says; one that isn't is named."""

from pathlib import Path

import pytest

from tests.house import reference


def test_the_pages_are_current() -> None:
    assert list(reference.stale()) == []


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_page_that_is_not_is_named_and_written(name: str, tmp_path: Path) -> None:
    folder = tmp_path / reference.FOLDER
    folder.mkdir(parents=True)
    reference.write(tmp_path)
    assert list(reference.stale(tmp_path)) == []
    page = folder / name
    page.write_text(page.read_text("utf-8").replace("| `", "| `x", 1), "utf-8")
    (complaint,) = reference.stale(tmp_path)
    assert complaint.startswith(f"docs/reference/{name}:1: is not what the code says")
    page.unlink()
    assert len(list(reference.stale(tmp_path))) == 1
