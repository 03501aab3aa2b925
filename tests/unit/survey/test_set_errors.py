"""Every mistake in a set file is reported in Vietnamese with the line where it stands, all of them at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.survey.loading import SETS_FOLDER, SetInvalid, load_file, load_text
from tests.support.sample_sets import FOLDER

BASE = (FOLDER / "skip_rules_1.toml").read_text(encoding="utf-8")
LEVELS = (FOLDER / "other_levels_1.toml").read_text(encoding="utf-8")
OTHER = (FOLDER / "other_text_1.toml").read_text(encoding="utf-8")


def line_of(text: str, words: str, nth: int = 1) -> int:
    """Return the number of the nth line that contains `words`."""
    return [number for number, line in enumerate(text.split("\n"), start=1) if words in line][nth - 1]


def problems_of(text: str) -> tuple[tuple[int, str], ...]:
    with pytest.raises(SetInvalid) as caught:
        load_text(text, name="mẫu")
    assert isinstance(caught.value, Invalid)
    for line, message in caught.value.problems:
        assert f"dòng {line}: {message}" in caught.value.message
    return caught.value.problems


# Base text, words replaced, their replacement, line that must be named (words, nth), part of the message.
MISTAKES = [
    ("duplicate question", BASE, 'id = "papers"', 'id = "reason"', ('id = "reason"', 2), "mã câu hỏi “reason” bị trùng"),
    ("duplicate scale", LEVELS, 'id = "seven"', 'id = "two"', ('id = "two"', 2), "mã thang đo “two” bị trùng"),
    ("bad id", BASE, 'id = "papers"', 'id = "Hồ sơ"', ('id = "Hồ sơ"', 1), "chữ thường không dấu"),
    ("id like an other-field", BASE, 'id = "papers"', 'id = "a_other"', ('id = "a_other"', 1), "_other"),
    ("unknown scale", BASE, 'scale = "three"', 'scale = "four"', ('scale = "four"', 1), "thang đo “four” không có"),
    ("missing scale", BASE, 'scale = "three"\n', "", ("[[question]]", 3), "thiếu khoá “scale”"),
    ("unknown type", BASE, 'type = "yes_no"', 'type = "slider"', ('type = "slider"', 1), "kiểu trả lời “slider”"),
    ("unknown role", BASE, 'role = "comment"', 'role = "remark"', ('role = "remark"', 1), "“remark” không hợp lệ"),
    ("missing role", BASE, 'role = "comment"\n', "", ("[[question]]", 4), "thiếu khoá “role”"),
    ("unknown mode", BASE, '"kiosk"', '"phone"', ("modes", 1), "hình thức “phone”"),
    ("no modes", BASE, 'modes = ["open_qr", "kiosk", "sampled", "paper"]', "modes = []", ("code", 1), "modes"),
    ("unknown wording", BASE, 'wording = "verified"', 'wording = "sure"', ("wording", 1), "“sure” không hợp lệ"),
    ("unknown key", BASE, "max_length = 50", "max_lenght = 50", ("max_lenght", 1), "khoá “max_lenght” không dùng"),
    ("unknown key in a level", BASE, 'en = "Fair" }', 'en = "Fair", emoji = 1 }', ("emoji", 1), "khoá “emoji”"),
    ("unknown top key", BASE, "version = 1", "version = 1\nauthor = 1", ("author", 1), "khoá “author”"),
    ("missing translation", BASE, 'en = "Why?"\n', "", ('vi = "Vì sao?"', 1), "thiếu bản dịch tiếng Anh"),
    ("empty translation", BASE, 'en = "Why?"', 'en = " "', ('en = " "', 1), "thiếu bản dịch tiếng Anh"),
    ("level without translation", BASE, ', en = "Fair"', "", ('vi = "Vừa"', 1), "thiếu bản dịch tiếng Anh"),
    ("empty text", BASE, 'vi = "Vì sao?"', 'vi = ""', ('vi = ""', 1), "để trống"),
    ("wrong kind", BASE, "version = 1", 'version = "1"', ("version", 1), "phải là một số nguyên"),
    ("true is no number", BASE, "version = 1", "version = true", ("version", 1), "phải là một số nguyên"),
    ("list wanted", BASE, 'when = [2]\nskip = ["reason"', 'when = 2\nskip = ["reason"', ("when = 2", 1), "danh sách"),
    ("table wanted", BASE, '  { vi = "Vừa", en = "Fair" },', '  "Vừa",', ('  "Vừa",', 1), "phải là một bảng"),
    ("forward skip", BASE, 'skip = ["reason", "papers"]', 'skip = ["visited"]', ('skip = ["visited"]', 1), "đứng sau"),
    ("skip before", BASE, 'question = "reason"', 'question = "papers"', ('skip = ["papers"]', 1), "đứng sau"),
    ("skip of nothing", BASE, '"reason", "papers"', '"reason", "x"', ('"reason", "x"', 1), "“x” không có"),
    ("skip by nothing", BASE, 'question = "visited"', 'question = "x"', ('question = "x"', 1), "“x” không có"),
    ("skip by a text", BASE, 'question = "visited"', 'question = "note"', ('question = "note"', 1), "không có lựa chọn"),
    ("skip value", BASE, 'when = [2]\nskip = ["reason"', 'when = [9]\nskip = ["reason"', ("when = [9]", 1), "số 9"),
    ("skip without values", BASE, 'when = [2]\nskip = ["papers"]', 'skip = ["papers"]', ("[[skip]]", 2), "“when”"),
    ("factor without criteria", LEVELS, "[[question]]", '[[component.factor]]\nid="f"\nvi="F"\nen="F"\n\n[[question]]',
     ("[[component.factor]]", 2), "yếu tố “f” chưa có tiêu chí"),
    ("component without factors", LEVELS, "[[question]]", '[[component]]\nid="z"\nvi="Z"\nen="Z"\n\n[[question]]',
     ("[[component]]", 2), "chưa có yếu tố"),
    ("criterion outside the index", LEVELS, 'factor = "one"\n', "", ("[[question]]", 2), "nằm ngoài chỉ số"),
    ("unknown factor", LEVELS, 'factor = "one"', 'factor = "two"', ('factor = "two"', 1), "yếu tố “two” không có"),
    ("unknown group", BASE, 'id = "note"', 'id = "note"\ngroup = "g"', ('group = "g"', 1), "nhóm câu hỏi “g”"),
    ("unknown source", BASE, 'id = "note"', 'id = "note"\nsource = "s"', ('source = "s"', 1), "nguồn “s”"),
    ("overall in the index", LEVELS, 'role = "overall"', 'role = "overall"\nin_index = true', ("in_index", 1), "không phải"),
    ("levels differ in the index", LEVELS, 'role = "overall"', 'role = "criterion"\nfactor = "one"',
     ('scale = "seven"', 1), "cùng số mức"),
    ("two comments", BASE, 'role = "perception"\nscale', 'role = "comment"\nscale', ('role = "comment"', 2), "chỉ một câu"),
    ("comment that is no text", BASE, 'role = "perception"\nscale', 'role = "comment"\nscale', ('type = "rating"', 1),
     "phải có kiểu “text”"),
    ("overall that is no rating", BASE, 'type = "yes_no"\nrole = "perception"', 'type = "yes_no"\nrole = "overall"',
     ('type = "yes_no"', 1), "phải có kiểu “rating”"),
    ("one choice", OTHER, '  { vi = "Nghỉ hưu", en = "Retired" },\n', "", ("choices = [", 2), "ít nhất 2"),
    ("two other texts", OTHER, 'en = "Retired"', 'en = "Retired", with_text = true', ("choices = [", 2), "with_text"),
    ("satisfied too high", LEVELS, "satisfied_from = 5", "satisfied_from = 8", ("satisfied_from", 1), "từ 1 đến 7"),
    ("unknown placeholder", BASE, 'vi = "Vì sao?"', 'vi = "Vì sao [quầy]?"', ("[quầy]", 1), "chỗ trống “[quầy]”"),
    ("placeholder lost", BASE, 'vi = "Vì sao?"', 'vi = "Vì sao [đơn vị]?"', ('en = "Why?"', 1), "phải có ở cả"),
    ("sipas at a counter", BASE, 'vi = "Chỉ số mẫu', 'vi = "SIPAS mẫu', ("SIPAS", 1), "không được gọi là SIPAS"),
    ("sensitive at a counter", BASE, 'id = "note"', 'id = "note"\nsensitive = true', ("modes", 1), "nhạy cảm"),
    ("hidden character", BASE, 'en = "Why?"', 'en = "Why\\u0000?"', ('en = "Why', 1), "ký tự ẩn"),
    ("turned direction", BASE, 'en = "Fair"', 'en = "\\u202eriaF"', ('vi = "Vừa"', 1), "ký tự ẩn"),
    ("decomposed letters", BASE, "Vì sao?", "Vi\u0300 sao?", ("sao?", 1), "NFC"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "old", "new", "place", "message"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES]
)
def test_a_mistake_is_reported_at_its_line(text, old, new, place, message):
    assert old in text
    broken = text.replace(old, new, 1)
    expected = line_of(broken, *place)
    found = problems_of(broken)
    assert any(line == expected and message in words for line, words in found), (expected, found)


@given(st.integers(min_value=0, max_value=60))
def test_lines_above_move_the_reported_line(blank_lines):
    broken = "\n" * blank_lines + BASE.replace('id = "papers"', 'id = "reason"')
    assert (line_of(broken, 'id = "reason"', 2), "mã câu hỏi “reason” bị trùng") in problems_of(broken)


@pytest.mark.parametrize("key", ["skip_rules_1", "other_text_1", "numbers_1", "other_levels_1", "nasty_1"])
def test_an_unknown_key_is_found_under_every_table(key):
    text = (FOLDER / f"{key}.toml").read_text(encoding="utf-8")
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if line.startswith("[") and line != "[sources]":
            broken = "\n".join([*lines[: place + 1], "stray = 1", *lines[place + 1 :]])
            assert problems_of(broken) == ((place + 2, "khoá “stray” không dùng ở đây"),)


def test_all_errors_are_reported_at_once():
    broken = BASE.replace('id = "papers"', 'id = "reason"').replace('en = "Why?"\n', "").replace("version = 1", "v = 1")
    messages = " ".join(message for _, message in problems_of(broken))
    for part in ("bị trùng", "thiếu bản dịch", "thiếu khoá “version”", "khoá “v” không dùng"):
        assert part in messages


def test_too_many_choices():
    levels = "".join(f'  {{ vi = "{n}", en = "{n}" }},\n' for n in range(254))
    broken = BASE.replace('  { vi = "Kém", en = "Bad" },\n', levels)
    assert any("nhiều hơn mức tối đa 253" in message for _, message in problems_of(broken))


@pytest.mark.parametrize(
    ("text", "line"),
    [("code = \n", 1), ('code = "a"\n\nversion 1\n', 3), ('code = "a"\ncode = "b"\n', 2), ('x = """\n\n', 3)],
)
def test_broken_toml_names_its_line(text, line):
    found = problems_of(text)
    assert [number for number, _ in found] == [line]
    assert "sai cú pháp TOML" in found[0][1]


def test_an_empty_file_says_what_is_missing():
    messages = " ".join(message for _, message in problems_of(""))
    for part in ("“code”", "“version”", "[title]", "chưa có câu hỏi nào", "“modes”"):
        assert part in messages


def test_a_file_must_have_the_name_of_its_set_and_be_utf8(tmp_path):
    text = (SETS_FOLDER / "nd61_2018.toml").read_bytes()
    wrong_name = tmp_path / "other_2018.toml"
    wrong_name.write_bytes(text)
    with pytest.raises(SetInvalid, match=r"dòng 1: tên tệp phải là “nd61_2018\.toml”"):
        load_file(wrong_name)
    wrong_bytes = tmp_path / "nd61_2018.toml"
    wrong_bytes.write_bytes(b'# one\n# two\ncode = "\xff"\n')
    with pytest.raises(SetInvalid, match="dòng 3: tệp không phải chữ UTF-8"):
        load_file(wrong_bytes)
    wrong_bytes.write_bytes(b"\xef\xbb\xbf" + text)
    assert load_file(wrong_bytes).key == "nd61_2018"


def test_a_huge_file_is_refused():
    assert problems_of("#" * 500_001)[0][0] == 1
