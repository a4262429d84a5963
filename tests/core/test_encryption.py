"""What is sealed can be read with the same key in the same place, and in no other way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.core.encryption import CannotUnseal, Sealer

KEY = "a-key-for-tests-0123456789-abcdefghij"
sealer = Sealer(KEY)


@given(plain=st.binary(max_size=200), place=st.text(st.characters(codec="utf-8"), max_size=30))
def test_what_was_sealed_comes_back(plain: bytes, place: str) -> None:
    assert sealer.unseal(sealer.seal(plain, belongs_to=place), belongs_to=place) == plain


def test_a_seal_shows_nothing_and_is_different_each_time() -> None:
    seals = {sealer.seal(b"a secret of twenty by", belongs_to="ada") for _ in range(100)}

    assert len(seals) == 100
    assert not any(b"secret" in seal for seal in seals)


@settings(max_examples=50)
@given(at=st.integers(0, 48), bit=st.integers(0, 7))
def test_a_single_altered_bit_is_noticed(at: int, bit: int) -> None:
    altered = bytearray(sealer.seal(b"twenty bytes of chance", belongs_to="ada"))
    altered[at] ^= 1 << bit

    with pytest.raises(CannotUnseal):
        sealer.unseal(bytes(altered), belongs_to="ada")


def test_another_key_or_another_place_opens_nothing() -> None:
    seal = sealer.seal(b"secret", belongs_to="ada")

    with pytest.raises(CannotUnseal, match="TRADEWIND_SECRET_KEY is not the one it was sealed with"):
        Sealer(KEY + "x").unseal(seal, belongs_to="ada")
    with pytest.raises(CannotUnseal):
        sealer.unseal(seal, belongs_to="bob")


@pytest.mark.parametrize("noise", [b"", b"\x01", b"\x01" + b"x" * 12, b"x" * 50])
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(CannotUnseal):
        sealer.unseal(noise, belongs_to="ada")


def test_proofs_are_the_same_under_one_key_and_tell_texts_apart() -> None:
    assert sealer.proof("k3m9p") == Sealer(KEY).proof("k3m9p")
    assert len({sealer.proof("k3m9p"), sealer.proof("k3m9q"), Sealer(KEY + "x").proof("k3m9p")}) == 3
