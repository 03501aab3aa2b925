"""Signed receipts: whole ones are believed, and every way of tampering is named."""

import base64
import shutil
import subprocess
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audit.proof.keys import PublicKeys, SigningKey, pem
from app.feedback.cases.fingerprints import digest
from app.feedback.following import receipt_keys
from app.feedback.following.receipt_words import HEADINGS, sentence
from app.feedback.following.receipts import LABELS, Finding, check, make, moment_of
from app.rules.kinds import Kind

TEXT = "Quầy mở muộn 30 phút.\nKhông ai giải thích."
MOMENT = datetime(2026, 11, 21, 17, 5, 40, tzinfo=UTC)  # 00:05 of the 22nd in Viet Nam
SALT = bytes(range(16))


@dataclass(frozen=True)
class Opened:
    public_number: str = "PA-7KQ2M-9XF3H"
    salt: bytes = SALT
    digest: bytes = digest(SALT, "PA-7KQ2M-9XF3H", date(2026, 11, 22), Kind.PETITION, TEXT)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def key(folder: Path) -> SigningKey:
    made, is_new = receipt_keys.open_key(folder)
    assert is_new
    return made


@pytest.fixture(scope="module")
def known(folder: Path, key: SigningKey) -> PublicKeys:
    return receipt_keys.public_keys(folder)


@pytest.fixture(scope="module")
def text(key: SigningKey) -> str:
    return make(
        key, Opened(), MOMENT, unit_name="Phường Hồng Gai | A", check_at="https://langnghe.example/receipts"
    ).text


def changed(text: str, label: str, old: str, new: str) -> str:
    lines = [line.replace(old, new, 1) if line.startswith(f"{label}: ") else line for line in text.splitlines()]
    made = "\n".join(lines)
    assert made != text.strip()
    return made


def recomputed(text: str, label: str, old: str, new: str) -> str:
    """Somebody who knows how the check signs are made."""
    from app.feedback.following.receipts import _line

    lines = []
    for line in changed(text, label, old, new).splitlines():
        head, _, value = line.partition(": ")
        lines.append(_line(head, value.rpartition(" | ")[0]) if head in LABELS else line)
    return "\n".join(lines)


def test_a_receipt_is_readable_and_genuine(text: str, known: PublicKeys) -> None:
    assert "Số: PA-7KQ2M-9XF3H | " in text
    assert "Nhận lúc: 00:05 ngày 22/11/2026 (giờ Việt Nam) | " in text
    assert "Nơi nhận: Phường Hồng Gai / A | " in text
    assert TEXT not in text
    verdict = check(text, known)
    assert verdict.is_genuine
    assert not verdict.is_text_checked
    assert moment_of(verdict.values) == datetime(2026, 11, 21, 17, 5, tzinfo=UTC)
    assert "đúng như khi hệ thống ký" in sentence(verdict)


@pytest.mark.parametrize("kind", list(Kind))
def test_the_content_is_recognised_whatever_its_kind_which_the_receipt_does_not_tell(
    key: SigningKey, known: PublicKeys, kind: Kind
) -> None:
    opened = Opened(digest=digest(SALT, "PA-7KQ2M-9XF3H", date(2026, 11, 22), kind, TEXT))
    made = make(key, opened, MOMENT, unit_name="Phường", check_at="https://x/receipts").text
    for typed in (TEXT, f"  {TEXT}\n", TEXT.replace("\n", "\r\n"), unicodedata.normalize("NFD", TEXT)):
        verdict = check(made, known, typed)
        assert (verdict.finding, verdict.is_text_checked) == (Finding.GENUINE, True), typed
    assert kind.value not in made


@pytest.mark.parametrize("typed", ["", "Quầy mở muộn 31 phút.\nKhông ai giải thích.", TEXT + " Thêm.", TEXT[:-2]])
def test_another_text_is_told(text: str, known: PublicKeys, typed: str) -> None:
    verdict = check(text, known, typed)
    assert verdict.finding is Finding.OTHER_TEXT
    assert "khác nội dung đã được nhận" in sentence(verdict)


@pytest.mark.parametrize(
    ("label", "old", "new"),
    [
        ("Số", "7KQ2M", "7KQ2N"),
        ("Nhận lúc", "00:05", "00:06"),
        ("Nhận lúc", "22/11", "21/11"),
        ("Nơi nhận", "Hồng Gai", "Bình Yên"),
        ("Nơi kiểm tra", "langnghe", "khacnghe"),
        ("Muối", "00010203", "00010204"),
        ("Dấu nội dung (SHA-256)", " ", " 0"),
    ],
)
def test_a_changed_line_is_named_and_its_check_signs_do_not_save_it(
    text: str, known: PublicKeys, label: str, old: str, new: str
) -> None:
    if label.startswith("Dấu"):
        old = Opened().digest.hex()[:8]
        new = "00000000"
    verdict = check(changed(text, label, old, new), known)
    assert (verdict.finding, verdict.lines) == (Finding.ALTERED, (label,))
    assert f"“{label}”" in sentence(verdict)
    clever = check(recomputed(text, label, old, new), known)
    assert clever.finding is Finding.BAD_SIGNATURE
    assert "không phải những dòng đã được ký" in sentence(clever)


def test_another_key_is_told(text: str, tmp_path: Path, known: PublicKeys) -> None:
    other, _ = receipt_keys.open_key(tmp_path)
    forged = make(other, Opened(), MOMENT, unit_name="Phường", check_at="https://x/receipts").text
    verdict = check(forged, known)
    assert (verdict.finding, verdict.lines) == (Finding.UNKNOWN_KEY, (other.key_id,))
    assert other.key_id in sentence(verdict)
    assert check(text, receipt_keys.public_keys(tmp_path)).finding is Finding.UNKNOWN_KEY
    posing = recomputed(forged, "Khóa ký", other.key_id, next(iter(known.by_id)))
    assert check(posing, known).finding is Finding.BAD_SIGNATURE


@pytest.mark.parametrize("label", LABELS)
def test_a_cut_receipt_names_what_is_missing(text: str, known: PublicKeys, label: str) -> None:
    verdict = check("\n".join(line for line in text.splitlines() if not line.startswith(f"{label}: ")), known)
    assert (verdict.finding, verdict.lines) == (Finding.CUT, (label,))
    assert f"Thiếu dòng “{label}”" in sentence(verdict)


def test_a_receipt_without_its_first_line_or_its_end_is_cut(text: str, known: PublicKeys) -> None:
    assert check("\n".join(text.splitlines()[1:]), known).finding is Finding.CUT
    assert check(text[:-30], known).finding is Finding.ALTERED
    assert check("\n".join(text.splitlines()[:3]), known).finding is Finding.CUT


@pytest.mark.parametrize("place", [0, 1, 4, 9])
def test_an_added_line_is_told(text: str, known: PublicKeys, place: int) -> None:
    lines = text.splitlines()
    lines.insert(place, "Kết quả: đã giải quyết | 0000")
    verdict = check("\n".join(lines), known)
    assert (verdict.finding, verdict.lines) == (Finding.ADDED, ("Kết quả: đã giải quyết | 0000",))
    assert "không thuộc biên nhận" in sentence(verdict)
    twice = check(text + text.splitlines()[1] + "\n", known)
    assert twice.finding is Finding.ADDED


def test_what_a_mail_program_or_a_typist_does_to_it_harms_nothing(text: str, known: PublicKeys) -> None:
    harmless = (
        text.replace("\n", "\r\n"),
        "\ufeff" + text,
        unicodedata.normalize("NFD", text),
        text.replace("\n", "\n\n"),
        "\n".join(f"  {line}  " for line in text.splitlines()),
        text.replace(" ", "\u00a0"),
        "\n".join(line[start : start + 60] for line in text.splitlines() for start in range(0, len(line), 60)),
    )
    for one in harmless:
        assert check(one, known).is_genuine, one


@pytest.mark.parametrize(
    "rubbish", ["", "xin chào", "\x00" * 50, "Số PA-1", "é" * 100_000, "-----BEGIN PUBLIC KEY-----"]
)
def test_what_is_no_receipt_is_called_so(known: PublicKeys, rubbish: str) -> None:
    verdict = check(rubbish, known)
    assert verdict.finding is Finding.NO_RECEIPT
    assert "Không thấy dòng nào" in sentence(verdict)


@settings(max_examples=60)
@given(data=st.data())
def test_no_single_change_of_a_letter_goes_unseen(data: st.DataObject, text: str, known: PublicKeys) -> None:
    place = data.draw(st.integers(0, len(text.strip()) - 1))
    sign = data.draw(st.characters(codec="utf-8", exclude_categories=("Zs", "Cc", "Cf", "Mn")))
    if text[place].isspace() or unicodedata.normalize("NFC", sign) == text[place]:
        return
    assert not check(text[:place] + sign + text[place + 1 :], known).is_genuine


@settings(max_examples=60)
@given(typed=st.text(max_size=400))
def test_nothing_that_is_pasted_makes_an_error(typed: str, known: PublicKeys) -> None:
    assert check(typed, known, typed).finding in HEADINGS
    assert sentence(check(f"Số: {typed}\nChữ ký: {typed}", known))


def test_published_keys_read_back_from_one_file(folder: Path, tmp_path: Path, key: SigningKey) -> None:
    other, _ = receipt_keys.open_key(tmp_path / "old")
    both = PublicKeys({**receipt_keys.public_keys(folder).by_id, **receipt_keys.public_keys(tmp_path / "old").by_id})
    path = tmp_path / "keys.pem"
    path.write_bytes(receipt_keys.pem_of_all(both))
    assert set(receipt_keys.read_public_keys([path]).by_id) == {key.key_id, other.key_id}


def test_the_key_is_a_file_of_its_own_that_only_its_owner_reads(folder: Path, key: SigningKey) -> None:
    path = folder / "receipt_key"
    assert path.stat().st_mode & 0o077 == 0
    assert not (folder / "audit_key").exists()
    assert receipt_keys.open_key(folder)[0].key_id == key.key_id


def test_openssl_alone_checks_a_receipt(text: str, key: SigningKey, tmp_path: Path) -> None:
    """The recipe of docs/howto/check-a-receipt.md: what is signed is every byte before the line of the signature."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here")
    signed, _, last = text.partition("Chữ ký: ")
    files = {name: tmp_path / name for name in ("signed.txt", "signature.bin", "key.pem")}
    files["signed.txt"].write_text(signed, encoding="utf-8")
    files["signature.bin"].write_bytes(base64.b64decode(last.split(" ", maxsplit=1)[0]))
    files["key.pem"].write_bytes(pem(key.public))
    command = [openssl, "pkeyutl", "-verify", "-pubin", "-inkey", files["key.pem"], "-rawin"]
    done = subprocess.run(
        [*command, "-in", files["signed.txt"], "-sigfile", files["signature.bin"]], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
