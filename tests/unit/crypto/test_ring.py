"""Encrypt and decrypt: whole round trips, and a named error for everything that is not what was written."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.crypto import keeper as keepers
from app.crypto.blind_index import INDEX_BYTES, blind_index, mail_address, phone_digits, plain_words
from app.crypto.errors import KeysUnreadableError, NotEncryptedError, TamperedError, UnknownKeyError
from app.crypto.keeper import Keeper
from app.crypto.ring import OVERHEAD, KeyRing, key_id_of
from app.crypto.sources import EnvironmentKeys, KeyFolder, environment_text

ONE, TWO, INDEX = bytes([1]) * 32, bytes([2]) * 32, bytes([9]) * 32
OLD = KeyRing(1, {1: ONE}, INDEX)
BOTH = KeyRing(2, {1: ONE, 2: TWO}, INDEX)


@given(data=st.binary(max_size=2000), place=st.binary(max_size=40))
@settings(max_examples=60)
def test_what_goes_in_comes_out(data: bytes, place: bytes) -> None:
    sealed = OLD.encrypt(data, place)
    assert len(sealed) == len(data) + OVERHEAD
    assert BOTH.decrypt(sealed, place) == data
    assert data == b"" or len(data) < 4 or data not in sealed


def test_a_phone_number_takes_41_bytes_and_is_never_stored_the_same_way_twice() -> None:
    first, second = (OLD.encrypt(b"0912345678", b"reporter.phone") for _ in range(2))
    assert len(first) == 41
    assert first != second


@given(data=st.binary(max_size=200), position=st.integers(0, 10**6), change=st.integers(1, 255))
@settings(max_examples=60)
def test_one_changed_byte_anywhere_is_a_named_error(data: bytes, position: int, change: int) -> None:
    sealed = bytearray(OLD.encrypt(data, b"a.b"))
    sealed[position % len(sealed)] ^= change
    with pytest.raises((TamperedError, NotEncryptedError, UnknownKeyError)):
        OLD.decrypt(bytes(sealed), b"a.b")


@given(data=st.binary(max_size=200), cut=st.integers(1, 10**6))
@settings(max_examples=30)
def test_a_cut_value_is_a_named_error(data: bytes, cut: int) -> None:
    sealed = OLD.encrypt(data, b"a.b")
    with pytest.raises((TamperedError, NotEncryptedError)):
        OLD.decrypt(sealed[: -(cut % len(sealed)) - 1], b"a.b")


def test_another_place_another_key_and_a_missing_key_are_told_apart() -> None:
    sealed = BOTH.encrypt(b"x", b"reporter.phone")
    with pytest.raises(TamperedError):
        BOTH.decrypt(sealed, b"reporter.e_mail")
    with pytest.raises(TamperedError):
        KeyRing(2, {2: ONE}, INDEX).decrypt(sealed, b"reporter.phone")
    with pytest.raises(UnknownKeyError, match="key 2") as caught:
        OLD.decrypt(sealed, b"reporter.phone")
    assert caught.value.key_id == 2
    with pytest.raises(NotEncryptedError):
        OLD.decrypt(b"plain text that somebody put there", b"reporter.phone")


def test_a_value_cannot_be_passed_off_as_one_of_another_key() -> None:
    same = KeyRing(2, {1: ONE, 2: TWO}, INDEX)
    sealed = bytearray(OLD.encrypt(b"x", b"a.b"))
    sealed[2] = 2
    assert key_id_of(bytes(sealed)) == 2
    with pytest.raises(TamperedError):
        same.decrypt(bytes(sealed), b"a.b")


@pytest.mark.parametrize(
    ("active", "keys", "index"),
    [
        (2, {1: ONE}, INDEX),
        (0, {0: ONE}, INDEX),
        (70000, {70000: ONE}, INDEX),
        (1, {1: b"short"}, INDEX),
        (1, {1: ONE}, b""),
        (1, {1: ONE, 2: ONE}, INDEX),
        (1, {1: ONE}, ONE),
    ],
)
def test_a_ring_that_makes_no_sense_is_refused(active: int, keys: dict[int, bytes], index: bytes) -> None:
    with pytest.raises(KeysUnreadableError):
        KeyRing(active, keys, index)


def test_nothing_that_is_shown_holds_a_key() -> None:
    text = environment_text(1, INDEX.hex(), {1: ONE.hex()})
    shown = repr(OLD) + repr(Keeper(EnvironmentKeys(text))) + str(vars(EnvironmentKeys)) + repr(KeyFolder(Path("keys")))
    assert ONE.hex() not in shown
    assert repr(ONE) not in shown
    for wrong in (
        "active=1 index=zz 1=" + ONE.hex(),
        f"active=1 index={INDEX.hex()} 1={ONE.hex()[:-1]}",
        "1=" + ONE.hex(),
    ):
        with pytest.raises(KeysUnreadableError) as caught:
            EnvironmentKeys(wrong).load()
        assert ONE.hex()[:16] not in str(caught.value)
    assert ONE not in OLD.check_value(1)


def test_blind_index_finds_equal_values_of_one_purpose_only() -> None:
    keepers.use(Keeper(EnvironmentKeys(environment_text(1, INDEX.hex(), {1: ONE.hex()}))))
    written = ("+84 912 345 678", "0084912345678", "0912.345.678", "０９１２ 345 678")
    found = {blind_index("reporter.phone", one, normalise=phone_digits) for one in written}
    assert len(found) == 1
    assert len(found.copy().pop()) == INDEX_BYTES
    assert blind_index("officer.phone", "0912345678", normalise=phone_digits) not in found
    assert blind_index("reporter.phone", "0912345679", normalise=phone_digits) not in found
    keepers.use(Keeper(EnvironmentKeys(environment_text(1, TWO.hex(), {1: ONE.hex()}))))
    assert blind_index("reporter.phone", "0912345678", normalise=phone_digits) not in found


@given(text=st.text(max_size=60))
@settings(max_examples=40)
def test_normalising_twice_changes_nothing(text: str) -> None:
    for normalise in (plain_words, phone_digits, mail_address):
        assert normalise(normalise(text)) == normalise(text)
