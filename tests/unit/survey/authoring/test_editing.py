"""Translations and numbers are changed sign by sign; hostile texts are refused in words, never with an error."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.survey.authoring.comparing import changes, is_same_measure
from app.survey.authoring.typed import read_typed
from app.survey.loading import SETS_FOLDER, SetInvalid, load_text
from app.survey.set_files.editing import next_version, with_translations, with_version
from app.survey.set_files.texts import texts_of, untranslated
from tests.support.sample_sets import FOLDER

FILES = [*sorted(SETS_FOLDER.glob("*.toml")), *sorted(FOLDER.glob("*.toml"))]
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in FILES}
COUNTER = SOURCES["sipas_counter_2023"]
ENGLISH_LINE = re.compile(r"^(short_)?en = .*\n", re.MULTILINE)
ENGLISH_INSIDE = re.compile(r',\s*(short_)?en = "(?:[^"\\]|\\.)*"')


@pytest.mark.parametrize("name", SOURCES)
def test_translations_taken_out_are_put_back_as_they_were(name: str) -> None:
    source = SOURCES[name]
    found = load_text(source)
    english = {one.key: one.text.en for one in texts_of(found)}
    assert len(english) == len(list(texts_of(found)))
    bare = ENGLISH_INSIDE.sub("", ENGLISH_LINE.sub("", source))
    with pytest.raises(SetInvalid, match="thiếu bản dịch"):
        load_text(bare)
    assert len(untranslated(load_text(bare, translated=False))) == len(english)
    assert load_text(with_translations(bare, english)) == found
    assert with_translations(source, english) == source
    emptied = with_translations(source, dict.fromkeys(english, ""))
    assert load_text(with_translations(emptied, english)) == found
    assert emptied.count("#") == source.count("#")


@given(st.text(max_size=80))
def test_any_text_comes_back_as_typed(words: str) -> None:
    found = load_text(COUNTER)
    typed = read_typed({"t.title": words, "t.nothing": "x"}, found)
    if typed.problems:
        assert set(typed.problems) == {"title"}
        return
    again = load_text(with_translations(COUNTER, typed.english), translated=False)
    assert again.title.en == typed.english["title"]
    assert again.title.vi == found.title.vi
    assert {change.what for change in changes(found, again)} <= {"tiếng Anh"}
    assert is_same_measure(found, again)


@pytest.mark.parametrize("line", ["version = 2023", '"version"  =  2023 # năm', "version = 2_023", "version = 0x7E7"])
def test_the_number_is_changed_however_it_is_written(line: str) -> None:
    source = COUNTER.replace("version = 2023", line)
    assert tomllib.loads(with_version(source, 202301))["version"] == 202301
    assert load_text(with_version(source, 202301)).key == "sipas_counter_202301"


@pytest.mark.parametrize(
    ("taken", "base", "expected"),
    [
        ({2023}, 2023, 202301),
        ({2023, 202301, 202302}, 2023, 202303),
        ({2023, 202301}, 202301, 202302),
        ({2023}, 2027, 2027),
        ({1, 2}, 1, 3),
        (set(), 7, 7),
    ],
)
def test_the_next_number_keeps_the_year(taken: set[int], base: int, expected: int) -> None:
    assert next_version(frozenset(taken), base) == expected


def test_differences_name_every_change() -> None:
    old = load_text(COUNTER)
    new = load_text(
        COUNTER.replace("satisfied_from = 4", "satisfied_from = 5").replace('vi = "Hài lòng"', 'vi = "Ưng"', 1)
    )
    assert {(one.where, one.what, one.before, one.after) for one in changes(old, new)} >= {
        ("Thang đo satisfaction", "hài lòng từ mức", "4", "5"),
    }
    assert any(one.after == "Ưng" for one in changes(old, new))
    assert changes(old, old) == ()


SIGNS = ("[", "]", "{", "}", "=", ".", '"', "'", '"""', "\n", "#", ",", " ", "\\", "\r\n", "\x00", "Ộ", "\\u0000")
WORDS = ("[[question]]", "id", "vi", "en", "version", "0x", "1e9", "nan", "1979-05-27", "true", "title", "x", "levels")
TOKENS = st.sampled_from((*SIGNS, *WORDS))


def faults(text: str) -> tuple[tuple[int, str], ...]:
    """What is wrong with a text; any other error than the reader's own lets the test fail."""
    try:
        load_text(text, translated=False)
    except SetInvalid as error:
        return error.problems
    return ()


@given(st.lists(TOKENS, max_size=60))
def test_no_text_breaks_the_reader(tokens: list[str]) -> None:
    assert faults(" ".join(tokens))


@given(st.integers(0, len(COUNTER)), st.integers(0, 40), st.lists(TOKENS, max_size=4))
def test_no_damage_breaks_the_reader(place: int, length: int, tokens: list[str]) -> None:
    damaged = COUNTER[:place] + "".join(tokens) + COUNTER[place + length :]
    assert all(line >= 1 and message for line, message in faults(damaged))
