"""The checks of tests/house/shape.py, each on a folder that breaks it, and lint's own words."""

from pathlib import Path

import pytest

from tests.house import lint, shape


def put(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_an_empty_checkout_gives_no_complaint(tmp_path: Path) -> None:
    for check in (shape.long_files, shape.folder_docstrings, shape.type_ignores, shape.names):
        assert list(check(tmp_path)) == []


def test_a_file_over_the_limit_needs_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "store/long.py", "x = 1\n" * (shape.MAX_LINES + 1))
    put(tmp_path, "store/short.py", "x = 1\n" * shape.MAX_LINES)
    monkeypatch.setattr(shape, "LONGER", {})
    assert [complaint.partition(":")[0] for complaint in shape.long_files(tmp_path)] == ["store/long.py"]
    monkeypatch.setattr(shape, "LONGER", {"store/long.py": "a table"})
    assert list(shape.long_files(tmp_path)) == []
    monkeypatch.setattr(shape, "LONGER", {"store/long.py": "a table", "store/short.py": "a table"})
    assert "store/short.py needs no reason" in next(shape.long_files(tmp_path))


def test_a_folder_says_what_it_is_for(tmp_path: Path) -> None:
    put(tmp_path, "rules/__init__.py", '"""Pure."""\n')
    put(tmp_path, "web/__init__.py", "# Pages.\n")
    put(tmp_path, "web/api/leads.py", "")
    put(tmp_path, "bench/speed.py", "")
    found = [complaint.partition(":")[0] for complaint in shape.folder_docstrings(tmp_path)]
    assert found == ["web/__init__.py", "web/api"]


@pytest.mark.parametrize(
    ("comment", "allowed"),
    [
        ("# type: ignore", False),
        ("# type: ignore  # because it is so", False),
        ("# type: ignore[misc]", False),
        ("# type: ignore[misc]  # redis-py types this as Any", True),
        ("# type:ignore[misc, arg-type] # no stubs for it", True),
    ],
)
def test_a_type_ignore_gives_code_and_reason(tmp_path: Path, comment: str, allowed: bool) -> None:
    put(tmp_path, "rules/room.py", f'text = "# type: ignore"\nx = 1  {comment}\n')
    assert [complaint.split(":")[1] for complaint in shape.type_ignores(tmp_path)] == (
        [] if allowed else ["2"]
    )


def test_a_room_does_not_repeat_a_root_name(tmp_path: Path) -> None:
    put(tmp_path, "web/rules.py", "")
    put(tmp_path, "config/store/__init__.py", "")
    put(tmp_path, "web/templates/rules.html", "")
    found = [complaint.partition(":")[0] for complaint in shape.names(tmp_path)]
    assert found == ["config/store", "web/rules.py"]


def test_lint_names_what_fails_and_refuses_unknown_checks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lint, "CHECKS", {"good": list, "bad": lambda: ["a/b.py:1: is wrong"]})
    assert lint.main(["good"]) == 0
    assert lint.main([]) == 1
    said = capsys.readouterr().out
    assert "a/b.py:1: is wrong" in said
    assert said.endswith("lint: bad failed.\n")
    assert lint.main(["typos"]) == 2
