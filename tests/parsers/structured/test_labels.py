"""Whose value a label or a path names."""

from __future__ import annotations

import pytest

from parsers.structured.labels import key_of, known


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("E-Mail", "email"),
        ("E-Mail-Adresse (privat)", "email"),
        ("Kunde E-Mail", "email"),
        ("contact_email", "email"),
        ("firstName", "first_name"),
        ("Téléphone portable", "mobile"),
        ("Telefon 2", "phone"),
        ("Straße", "street"),
        ("Objekt-Nr.", "object_id"),
        ("Eingangsdatum", "requested_at"),
        ("Agent Email", None),
        ("Nr.", None),
        ("Farbe", None),
        ("", None),
        ("x" * 5_000, None),
    ],
)
def test_labels(label: str, key: str | None) -> None:
    assert known(label) == key


@pytest.mark.parametrize(
    ("path", "key", "sure"),
    [
        (("customer", "name"), "name", True),
        (("kunde", "adresse", "plz"), "postcode", True),
        (("email", "value"), "email", True),
        (("company", "name"), "company", True),
        (("name", "first"), "first_name", True),
        (("agent", "email"), None, True),
        (("vendor", "contact", "phone"), None, True),
        (("vehicle", "make"), "vehicle_make", True),
        (("property", "city"), None, True),
        (("property", "id"), "object_id", True),
        (("whatever", "name"), None, False),
        (("whatever", "email"), "email", False),
        (("sender", "name"), "name", False),
        (("objekt", "interessent", "ort"), "city", True),
        (("vendor", "contact", "name"), None, True),
        (("properties", "firstname", "value"), "first_name", True),
        (("", "email"), "email", True),
        ((), None, True),
    ],
)
def test_paths(path: tuple[str, ...], key: str | None, sure: bool) -> None:
    assert key_of(path) == (key, sure)
