import pytest

from store.sealing import CannotOpen, Sealer


def test_what_was_sealed_opens_in_its_place_only() -> None:
    sealer = Sealer(b"k" * 32)
    sealed = sealer.seal(b"whsec_secret", place="endpoints:a:1")
    assert b"secret" not in sealed
    assert sealer.open(sealed, place="endpoints:a:1") == b"whsec_secret"
    with pytest.raises(CannotOpen):
        sealer.open(sealed, place="endpoints:b:1")
    with pytest.raises(CannotOpen):
        Sealer(b"o" * 32).open(sealed, place="endpoints:a:1")


def test_the_same_value_is_never_sealed_alike() -> None:
    sealer = Sealer(b"k" * 32)
    assert sealer.seal(b"x", place="p") != sealer.seal(b"x", place="p")


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x01" + b"x" * 10, b"\x02" + b"x" * 40])
def test_what_was_never_sealed_is_refused(broken: bytes) -> None:
    with pytest.raises(CannotOpen):
        Sealer(b"k" * 32).open(broken, place="p")


def test_a_changed_byte_is_noticed() -> None:
    sealer = Sealer(b"k" * 32)
    sealed = bytearray(sealer.seal(b"whsec_secret", place="p"))
    sealed[-1] ^= 1
    with pytest.raises(CannotOpen):
        sealer.open(bytes(sealed), place="p")


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(b"short")
