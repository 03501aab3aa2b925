"""The root over the answers of a round: of any number of leaves, and of these leaves only."""

import hashlib
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audit.proof.merkle import merkle_root

leaves = st.lists(st.binary(max_size=8), min_size=1, max_size=40)


def by_the_book(items: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, as it is written there."""
    if len(items) == 1:
        return hashlib.sha256(b"\x00" + items[0]).digest()
    half = 1
    while half * 2 < len(items):
        half *= 2
    return hashlib.sha256(b"\x01" + by_the_book(items[:half]) + by_the_book(items[half:])).digest()


@given(leaves)
@settings(max_examples=60)
def test_the_root_is_that_of_rfc_6962(items: list[bytes]) -> None:
    root = merkle_root(items)
    assert (root.leaves, root.digest) == (len(items), by_the_book(items))


@given(leaves, st.data())
@settings(max_examples=60)
def test_every_change_changes_the_root(items: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(items) - 1))
    root = merkle_root(items).digest
    assert merkle_root([*items[:place], items[place] + b"x", *items[place + 1 :]]).digest != root
    assert merkle_root([*items[:place], *items[place + 1 :]]).digest != root
    assert merkle_root([*items, items[place]]).digest != root


@pytest.mark.parametrize(
    ("items", "root"),
    [
        ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ([b""], "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        ([b"", b"\x00"], "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    ],
)
def test_known_roots(items: list[bytes], root: str) -> None:
    """The first test vectors of Certificate Transparency."""
    assert merkle_root(items).digest.hex() == root


def test_memory_stays_flat() -> None:
    tracemalloc.start()
    merkle_root(number.to_bytes(4) for number in range(100_000))
    assert tracemalloc.get_traced_memory()[1] < 100_000
    tracemalloc.stop()
