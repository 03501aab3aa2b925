"""Encrypted files: any size, any way of cutting the input; order, length and name are protected."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.crypto.errors import NotEncryptedError, TamperedError, UnknownKeyError
from app.crypto.keeper import Keeper
from app.crypto.sources import EnvironmentKeys, environment_text
from app.crypto.streams import HEAD_BYTES, PIECE_BYTES, SEALED_BYTES, decrypt_stream, encrypt_stream

INDEX = "09" * 32
KEYS = Keeper(EnvironmentKeys(environment_text(1, INDEX, {1: "01" * 32})))
NAME = b"files\x00one"


def sealed_pieces(data: bytes) -> list[bytes]:
    whole = b"".join(encrypt_stream(KEYS, [data], NAME))
    body = whole[HEAD_BYTES:]
    return [whole[:HEAD_BYTES], *(body[start : start + SEALED_BYTES] for start in range(0, len(body), SEALED_BYTES))]


def opened(pieces: list[bytes], name: bytes = NAME) -> bytes:
    return b"".join(decrypt_stream(KEYS, pieces, name))


@given(
    size=st.sampled_from([0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES]),
    cut=st.integers(1, 200_000),
    read=st.integers(1, 200_000),
)
@settings(max_examples=40, deadline=None)
def test_what_goes_in_comes_out_however_it_is_cut(size: int, cut: int, read: int) -> None:
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    sealed = b"".join(encrypt_stream(KEYS, (data[at : at + cut] for at in range(0, size, cut)), NAME))
    assert opened([sealed[at : at + read] for at in range(0, len(sealed), read)]) == data


DATA = b"".join(bytes([number]) * PIECE_BYTES for number in range(4)) + b"the end"


@pytest.mark.parametrize(
    "bend",
    [
        lambda pieces: pieces[:-1],
        lambda pieces: pieces[:2],
        lambda pieces: pieces[:1],
        lambda pieces: [pieces[0], *pieces[2:]],
        lambda pieces: [pieces[0], pieces[2], pieces[1], *pieces[3:]],
        lambda pieces: [*pieces[:2], pieces[1], *pieces[2:]],
        lambda pieces: [*pieces, b"more"],
        lambda pieces: [*pieces[:-1], pieces[-1][:-1]],
        lambda pieces: [pieces[0][:-1] + b"?", *pieces[1:]],
        lambda pieces: [pieces[0], *sealed_pieces(DATA)[1:]],
    ],
)
def test_cut_swapped_repeated_and_mixed_pieces_do_not_open(bend) -> None:
    with pytest.raises(TamperedError):
        opened(bend(sealed_pieces(DATA)))


def test_a_file_does_not_open_under_another_name() -> None:
    with pytest.raises(TamperedError):
        opened(sealed_pieces(b"one"), b"files\x00other")


def test_what_is_no_encrypted_file_is_named() -> None:
    for content in (b"", b"plain", b"plain" * 100):
        with pytest.raises(NotEncryptedError):
            opened([content])
    other = Keeper(EnvironmentKeys(environment_text(7, INDEX, {7: "07" * 32})))
    with pytest.raises(UnknownKeyError):
        opened(list(encrypt_stream(other, [b"x"], NAME)))
