"""Each benchmark's plumbing with a handful of messages; no speed is asserted anywhere."""

import json
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench import accept, end_to_end, large_mails, profiles, understand
from bench.figures import Figure, against
from bench.hook_receiver import HookReceiver
from bench.sample_mails import NUMBER, SIZE, sample
from bench.smtp_load import mails

pytestmark = [pytest.mark.timeout(170), pytest.mark.takes(30)]


def test_a_figure_is_one_line_with_its_ratio() -> None:
    line = against("accept", "x", 60.0, "messages/s", anchor=100.0, anchor_what="null", goal=">= 0.6").line()
    assert "\n" not in line
    assert json.loads(line)["ratio"] == 0.6
    assert "anchor" not in json.loads(Figure("accept", "x", 1.0, "s").line())


def test_sample_mails_are_numbered_and_never_equal() -> None:
    raw = sample(42, "run", "leads@acme.test")
    assert NUMBER.findall(raw) == [b"00042"]
    assert SIZE <= len(raw) < SIZE + 120
    assert max(map(len, raw.split(b"\r\n"))) < 998
    assert len({mail.raw for _ in range(2) for mail in mails(range(3), "leads@acme.test")}) == 6


def test_a_webhook_is_known_by_its_message_and_not_by_the_title_of_its_lead() -> None:
    receiver = HookReceiver()
    receiver.take({}, b'{"lead":{"title":"An offer #00001#"},"message":{"subject":"An offer #00007#"}}')
    assert set(receiver.first_seen) == {7}


def test_accept_measures_both_databases_and_both_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accept, "ROUNDS", 1)
    figures = list(accept.run(60))
    assert {figure.what.partition(", ")[2] for figure in figures} == set(accept.KINDS)
    assert all(figure.value > 0 and figure.anchor for figure in figures)


def test_understanding_is_measured_beside_mail_parser_by_size_and_by_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.eml").write_bytes(sample(1, "run", "leads@acme.test"))
    (tmp_path / "one.json").write_text("{}")
    monkeypatch.setattr(understand, "SIZES", {"1 KB": 1_000, "10 KB": 10_000})
    monkeypatch.setattr(understand, "LARGEST", 2 * understand.MEBIBYTE)
    figures = list(understand.run(1, tmp_path))
    assert figures[0].what == "the whole understanding, mean of 1 mails"
    assert len(figures) == 1 + 2 * len(large_mails.KINDS)
    assert all(figure.value > 0 and figure.ratio for figure in figures[:5])


@pytest.mark.parametrize("kind", large_mails.KINDS)
def test_large_mails_are_as_large_as_asked(kind: str) -> None:
    assert 20_000 <= len(large_mails.large(kind, 20_000)) < 20_400


@pytest.mark.parametrize("signed", [False, True], ids=["DNS off", "DKIM"])
def test_mails_end_as_signed_webhooks(signed: bool) -> None:
    """The half of `end_to_end` that is ours; the anchor would be installed from PyPI."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leadgate-bench-")))
        rate, delays, cpu = end_to_end.measure_leadgate(stack, place, 20, signed=signed)
    assert rate > 0
    assert len(delays) == 20
    assert cpu["worker"] > 0


def test_profiles_show_each_part() -> None:
    assert [figure.unit for figure in profiles.run(5)] == ["ms CPU", "ms", "ms CPU", "ms CPU"]
