"""The file of breached passwords: found by binary search, refused at the start when it has another form."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import breached, passwords
from app.accounts.breached import BadFileError, BreachedPasswords
from app.config import ConfigError
from app.errors import Conflict

KNOWN = [f"mật khẩu bị lộ {number}" for number in range(300)]


def line(password: str, ending: str = "\r\n") -> str:
    return f"{hashlib.sha1(password.encode()).hexdigest().upper()}:{len(password)}{ending}"


def file_of(folder: Path, lines: list[str]) -> Path:
    path = folder / "breached.txt"
    path.write_text("".join(lines), encoding="ascii", newline="")
    return path


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("count", [1, 2, 3, 300])
def test_every_line_is_found_and_nothing_else(tmp_path: Path, ending: str, count: int) -> None:
    found = BreachedPasswords(file_of(tmp_path, sorted(line(one, ending) for one in KNOWN[:count])))
    found.check()
    assert all(found.knows(one) for one in KNOWN[:count])
    assert not any(found.knows(one) for one in ("", "x", "ba cay cầu qua sông", *KNOWN[count:]))


def test_hashes_without_counts_and_in_small_letters_are_read(tmp_path: Path) -> None:
    lines = sorted(hashlib.sha1(one.encode()).hexdigest() + "\n" for one in KNOWN)
    found = BreachedPasswords(file_of(tmp_path, [*lines[:-1], lines[-1].rstrip()]))
    found.check()
    assert all(found.knows(one) for one in KNOWN)


@given(
    st.sets(st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable()), min_size=1, max_size=40),
    st.text(max_size=20),
)
def test_a_look_up_agrees_with_the_set(words: set[str], other: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        found = BreachedPasswords(file_of(Path(folder), sorted(line(one) for one in words)))
        assert all(found.knows(one) for one in words)
        if other.isprintable():
            assert found.knows(other) == (other in words)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"password\n", b"\x00" * 5000, ("ABC:1\n" * 100).encode(), b"x" * 5_000_000],
    ids=["empty", "blank", "words", "zeros", "short", "one line"],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(content)
    with pytest.raises(BadFileError, match="40 hexadecimal"):
        BreachedPasswords(path).check()


def test_an_unsorted_or_missing_file_stops_the_start(tmp_path: Path) -> None:
    lines = sorted(line(one) for one in KNOWN)
    with pytest.raises(ConfigError, match="sorted"):
        breached.use(file_of(tmp_path, lines[::-1]))
    with pytest.raises(ConfigError, match="cannot be read"):
        breached.use(tmp_path / "nothing.txt")


def test_a_breached_password_is_not_taken_and_none_goes_unchecked(tmp_path: Path) -> None:
    good = "thuyền giấy trên sông"
    path = file_of(tmp_path, sorted(line(one) for one in [*KNOWN, good]))
    assert passwords.weakness(good, "lan", "Lan") is None
    breached.use(path)
    try:
        assert "bị lộ" in (passwords.weakness(good, "lan", "Lan") or "")
        assert passwords.weakness(f"{good} xanh", "lan", "Lan") is None
        path.unlink()
        with pytest.raises(Conflict, match="quản trị"):
            passwords.weakness(good, "lan", "Lan")
    finally:
        breached.use(None)


@pytest.mark.parametrize("password", ["1qazxsw23edc", "SonyEricsson2024", "qazwsxedcrfv!!", "FinalFantasy#7"])
def test_passwords_used_most_are_refused_with_what_people_put_around_them(password: str) -> None:
    assert "phổ biến" in (passwords.weakness(password, "lan", "Lan") or "")
