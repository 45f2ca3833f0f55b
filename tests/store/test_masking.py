"""Secrets of inbound addresses are masked wherever they stand, but for their user."""

import pytest

from store.masking import Masks

OWN, OTHER = "anna.abcdefgh23456777", "ben.zyxwvuts76543222"
MASKS = Masks("acme.test", (OWN,))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("nothing here", "nothing here"),
        (f"{OTHER}@acme.test", "ben.…@acme.test"),
        (f"{OTHER.upper()}@ACME.test", "BEN.…@ACME.test"),
        (f"To: {OTHER}+fair@acme.test, x", "To: ben.…+fair@acme.test, x"),
        (f"{OWN}@acme.test", f"{OWN}@acme.test"),
        (f"{OWN.upper()}+x@acme.test {OTHER}@acme.test", f"{OWN.upper()}+x@acme.test ben.…@acme.test"),
        (
            f"{OTHER}@acme.test {OWN}@acme.test {OTHER}@acme.test",
            f"ben.…@acme.test {OWN}@acme.test ben.…@acme.test",
        ),
        (f"{OTHER}@other.test", f"{OTHER}@other.test"),
        ("leads@acme.test bcc@acme.test", "leads@acme.test bcc@acme.test"),
        (f"İ {OWN}@acme.test {OTHER}@acme.test", f"İ {OWN}@acme.test ben.…@acme.test"),
    ],
)
def test_text(text: str, shown: str) -> None:
    assert MASKS.text(text) == shown


KNOWN = Masks("acme.test", (OWN,), secrets=frozenset({OTHER.rpartition(".")[2]}))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f'"{OTHER}"@acme.test', '"ben.…"@acme.test'),
        (f"mailto:{OTHER}%40acme.test", "mailto:ben.…%40acme.test"),
        (f"{OTHER} @ acme.test", "ben.… @ acme.test"),
        (f"{OTHER.upper()} at acme", "BEN.… at acme"),
        (f"crm+{OTHER}@firma.example", "crm+ben.…@firma.example"),
        (OTHER, "ben.…"),
        (f"{OWN} and {OTHER}", f"{OWN} and ben.…"),
        ("lead-12-abcdefgh23456777@acme.test", "lead-12-…@acme.test"),
        ("ben.otherotherothero@kunde.example", "ben.otherotherothero@kunde.example"),
    ],
)
def test_a_secret_that_is_kept_is_masked_wherever_it_stands(text: str, shown: str) -> None:
    assert KNOWN.text(text) == shown
    assert KNOWN.json({"a": [text]}) == {"a": [shown]}
    assert KNOWN.raw(text.encode()) == shown.encode("latin-1", "replace")


def test_behind_a_mailboxes_plus_sign() -> None:
    masks = Masks("acme.test", (OWN,), ("firma.example",))
    text = f"crm+{OTHER}+fair@firma.example, crm+{OWN}@firma.example, {OTHER}@acme.test"
    shown = f"crm+ben.…+fair@firma.example, crm+{OWN}@firma.example, ben.…@acme.test"
    assert masks.text(text) == shown
    assert masks.raw(f"crm+{OTHER}@firma.example".encode()) == b"crm+ben.?@firma.example"


def test_json_and_raw() -> None:
    value = {"a": [f"{OTHER}@acme.test", 1, None, True], f"{OTHER}@acme.test": {"b": "x"}}
    assert MASKS.json(value) == {"a": ["ben.…@acme.test", 1, None, True], "ben.…@acme.test": {"b": "x"}}
    raw = b"\xff\x00To: " + OTHER.encode() + b"@acme.test\r\n\xc3\xa4"
    assert MASKS.raw(raw) == b"\xff\x00To: ben.?@acme.test\r\n\xc3\xa4"
    assert Masks(None, ()).raw(raw) == raw and Masks(None, ()).json(value) is value


def test_long_text_is_masked_in_linear_time() -> None:
    text = f"{OWN}@acme.test {OTHER}@acme.test " * 5_000
    assert OTHER not in MASKS.text(text) and MASKS.text(text).count(OWN) == 5_000
