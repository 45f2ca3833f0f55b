"""Partners as they are: `tests/mail/template/<partner>/`, an example with its marks, and the mails that came next.

`example.json` names the marked values and by what each was found; beside each next mail stand its rows, or the
reasons why it doesn't fit.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parsers.template.apply import apply
from parsers.template.marks import Mark
from parsers.template.propose import Proposal, propose
from parsers.template.template import Template
from parsers.understand import understand

PARTNERS = Path(__file__).resolve().parents[2] / "mail" / "template"
EXAMPLES = sorted(PARTNERS.glob("*/example.eml"))
NEXT = sorted(PARTNERS.glob("*/next-*.eml"))


def proposal(folder: Path) -> tuple[Proposal, dict[str, Any]]:
    want = json.loads((folder / "example.json").read_text(encoding="utf-8"))
    marks = [Mark(field, text) for field, text in want["marks"].items()]
    marks += [Mark(field, text, row=2) for field, text in want.get("second", {}).items()]
    return propose(understand((folder / "example.eml").read_bytes()), marks), want


def test_there_are_samples() -> None:
    assert len(EXAMPLES) >= 12
    assert len(NEXT) >= 24


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_an_example_is_learnt_and_explained(path: Path) -> None:
    found, want = proposal(path.parent)
    assert found.template is not None
    assert {rule.field for rule in found.template.fields} == set(want["marks"])
    reasons: dict[str, str] = {}
    for reason in found.reasons:
        assert reason.sentence()
        reasons.setdefault(reason.data.get("field", ""), str(reason.code))
    assert {field: reasons[field] for field in want["reasons"]} == want["reasons"]
    assert Template.from_json(json.loads(json.dumps(found.template.to_json()))) == found.template
    applied = apply(found.template, understand(path.read_bytes()))
    assert applied.fits
    written = {value.field: value.written.split() for value in applied.rows[0].values}
    assert written == {field: text.split() for field, text in want["marks"].items()}


@pytest.mark.parametrize("path", NEXT, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_next_mail(path: Path) -> None:
    template = proposal(path.parent)[0].template
    assert template is not None
    want = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    applied = apply(template, understand(path.read_bytes()))
    assert applied.fits is want["fits"], [reason.sentence() for reason in applied.reasons]
    if want["fits"]:
        assert [row.fields for row in applied.rows] == want["rows"]
        assert len({row.key for row in applied.rows}) == len(applied.rows)
        for field, by in want.get("by", {}).items():
            assert {value.by for row in applied.rows for value in row.values if value.field == field} == {by}
    else:
        assert [str(reason.code) for reason in applied.reasons] == want["reasons"]
        assert applied.confidence == 0.0
