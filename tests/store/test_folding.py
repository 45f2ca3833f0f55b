"""What a search finds, however it is typed, and what it must not find."""

import pytest

from store.folding import search_term, searchable


@pytest.mark.parametrize("typed", ["Müller", "mueller", "MULLER", "müller  gmbh"])
def test_a_name_is_found_however_it_is_typed(typed: str) -> None:
    assert search_term(typed) in searchable("Angebot für Müller GmbH")


@pytest.mark.parametrize(
    "title",
    [
        "Fwd: anna.abcdefgh23456722@acme.test",
        "crm+anna.abcdefgh23456722@firma.test schrieb",
        "An ANNA.ABCDEFGH23456722+messe@acme.test",
        "partner-abcdefgh23456722%40acme.test",
    ],
)
def test_secrets_of_addresses_are_not_found(title: str) -> None:
    for length in range(3, 17):
        assert search_term("abcdefgh23456722"[:length]) not in searchable(title)


def test_long_words_behind_a_hyphen_are_found() -> None:
    assert "-mobilitaetsamter" in searchable("Die E-Mobilitaetsamter")
