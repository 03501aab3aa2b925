"""Password rules and hashing."""

import time

import pytest

from app.accounts import keys, passwords

pytestmark = pytest.mark.usefixtures("real_hashing")
GOOD = "con trâu đi trước cái cày"


def test_a_long_sentence_is_taken() -> None:
    assert passwords.weakness(GOOD, "lan.nguyen", "Nguyễn Thị Lan") is None


@pytest.mark.parametrize("length", [12, 13, 128])
def test_length_counts_in_characters(length: int) -> None:
    assert passwords.weakness(("trời xanh mây" * 10)[:length], "lan.nguyen", "Nguyễn Thị Lan") is None


@pytest.mark.parametrize(
    "password",
    [
        "",
        "mười một ch",
        "ạ" * 200,
        "ababababababab",
        "matkhau12345",
        "Password1234",
        "lan.nguyen.2026",
        "NguyenThiLan.26",
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert passwords.weakness(password, "lan.nguyen", "Nguyễn Thị Lan")


def test_a_hash_fits_its_password_only() -> None:
    hashed = passwords.hash_password(GOOD)
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.verify(hashed, GOOD)
    assert not passwords.verify(hashed, GOOD + " ")
    assert not passwords.verify("no hash at all", GOOD)
    assert not passwords.verify(None, GOOD)


def test_one_time_passwords_differ_and_pass_the_rules() -> None:
    made = {passwords.new_one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(passwords.weakness(one, "lan.nguyen", "Nguyễn Thị Lan") is None for one in made)
    assert not set("".join(made)) & set("01ILO")


@pytest.mark.parametrize("name", ["lan", "lan.nguyen@tinh.gov.vn", "a-b_c", "22admin"])
def test_usernames_taken(name: str) -> None:
    assert keys.is_username(keys.normalise_username(f" {name.upper()} "))


@pytest.mark.parametrize("name", ["", "ab", ".lan", "lan.", "lan nguyen", "lấn", "a" * 61, "lan\n", "ｌａｎ"])
def test_usernames_refused(name: str) -> None:
    assert not keys.is_username(name)


def test_account_keys_tell_nothing_and_ignore_case() -> None:
    one = keys.account_key(b"k" * 32, "Lan.Nguyen")
    assert one == keys.account_key(b"k" * 32, " lan.nguyen ")
    assert one != keys.account_key(b"l" * 32, "lan.nguyen")
    assert one != keys.account_key(b"k" * 32, "lan.nguyem")
    assert keys.is_device_mark(b"k" * 32, one, keys.device_mark(b"k" * 32, one))
    assert not keys.is_device_mark(b"k" * 32, one, "ủ")


def test_b2_an_unknown_user_costs_as_much_as_a_wrong_password() -> None:
    hashed = passwords.hash_password(GOOD)

    def cost(stored: str | None) -> float:
        spent = []
        for _ in range(5):
            began = time.process_time()
            passwords.verify(stored, "sai mật khẩu rồi")
            spent.append(time.process_time() - began)
        return min(spent)

    passwords.verify(None, "")  # the hash of nobody is made once
    assert 0.5 < cost(None) / cost(hashed) < 2


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "P@ssw0rd1234",
        "matkhau123456",
        "MậtKhẩu@2026!",
        "Iloveyou2026!",
        "anhyeuem19901990",
        "Quangninh@2025",
        "QuangNinh-HaLong-2026",
        "adminadmin123",
        "qwertyuiop123",
        "qwerty123456abc",
        "nguyenvan1990",
        "hochiminh1890",
        "uybannhandan2026",
        "123456789012",
        "langnghe2026!!",
        "congchuc.canbo.68",
    ],
)
def test_what_everybody_tries_is_refused(password: str) -> None:
    assert "phổ biến" in (passwords.weakness(password, "lan", "Lan") or "") or len(set(password)) < 5


@pytest.mark.parametrize(
    "password", ["ba cay cầu qua sông", "sáu chiếc thuyền nan", "mưa rơi trên mái tôn cũ", "kẹo lạc cô Tư ngon"]
)
def test_a_short_sentence_is_taken(password: str) -> None:
    assert passwords.weakness(password, "lan.nguyen", "Nguyễn Thị Lan") is None
