"""The question sets that come with the product: what each holds, and the rules every one of them keeps."""

import re
import unicodedata

import pytest

from app.survey.definitions import SENSITIVE_MODES, UNIT_PLACEHOLDER, Mode, QuestionSet, Role
from app.survey.loading import SETS_FOLDER, load_file, load_text, shipped_sets
from tests.support.sample_sets import sample, sample_sets

SETS = {**shipped_sets(), **sample_sets()}
every_set = pytest.mark.parametrize("question_set", SETS.values(), ids=SETS.keys())
every_shipped = pytest.mark.parametrize("key", shipped_sets())


@pytest.mark.parametrize(
    ("key", "criteria", "in_index", "factors_per_component"),
    [
        ("sipas_2023", 39, [2, 2, 9, 10, 3, 4, 3, 3, 3], [4, 5]),
        ("sipas_counter_2023", 16, [3, 4, 3, 3, 3], [5]),
        ("sipas_2022", 33, [2, 2, 8, 2, 4, 4, 5, 3, 3], [4, 5]),
        ("sipas_2017", 22, [4, 5, 6, 3, 4], [5]),
        ("nd61_2018", 9, [], []),
    ],
)
def test_the_official_structure(key, criteria, in_index, factors_per_component):
    question_set = shipped_sets()[key]
    assert len(list(question_set.with_role(Role.CRITERION))) == criteria
    assert [len(question_set.factor_criteria(factor.id)) for factor in question_set.factors] == in_index
    assert [len(component.factors) for component in question_set.components] == factors_per_component
    assert len(question_set.criteria) == sum(in_index)


@every_shipped
def test_the_file_has_the_name_of_its_set_and_a_line_in_the_policy(key):
    assert load_file(SETS_FOLDER / f"{key}.toml").key == key
    policy = (SETS_FOLDER.parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
    assert f"{key}.toml" in policy


@every_shipped
def test_loading_again_and_rewriting_comments_and_spacing_keep_the_hash(key):
    text = (SETS_FOLDER / f"{key}.toml").read_text(encoding="utf-8")
    loaded = load_text(text)
    rewritten = load_text("# another comment\r\n\r\n" + text.replace("\n", "\r\n").replace(' = "', '   =   "'))
    assert loaded == rewritten == shipped_sets()[key]
    assert hash(loaded) == hash(rewritten)
    assert re.fullmatch(r"[0-9a-f]{64}", loaded.content_hash)


@every_shipped
def test_changing_one_word_changes_the_hash(key):
    text = (SETS_FOLDER / f"{key}.toml").read_text(encoding="utf-8")
    assert load_text(text.replace("Hài lòng", "Hài Lòng").replace("0 điểm", "Không điểm")) != load_text(text)


def test_the_hash_of_a_sample_set_stays_the_same_for_ever():
    # A later release must find the same hash for the same file, or no published set could be recognised.
    assert sample("other_levels_1").content_hash == "63185e8ca3af108d76dcf7e94439b8512ee9d518027ac8e8286a20a29981c745"


def test_the_2023_sets_are_verified_and_the_older_ones_stay_drafts():
    published = {key for key, question_set in shipped_sets().items() if question_set.can_be_published()}
    assert published == {"sipas_2023", "sipas_counter_2023"}
    assert "q10_8" in shipped_sets()["sipas_2022"].unverified()
    assert len(shipped_sets()["sipas_2017"].unverified()) == 15


@every_set
def test_no_set_with_sensitive_questions_attaches_outside_a_sample(question_set: QuestionSet):
    for mode in Mode:
        if mode not in question_set.modes or (question_set.has_sensitive() and mode not in SENSITIVE_MODES):
            assert not question_set.can_attach_to(mode)
        else:
            assert question_set.can_attach_to(mode.value)


def test_ethnicity_is_asked_in_samples_only():
    whole = shipped_sets()["sipas_2023"]
    assert whole.question("ethnicity").sensitive
    assert not any(whole.can_attach_to(mode) for mode in (Mode.OPEN_QR, Mode.KIOSK, Mode.VERIFIED_QR))
    assert whole.can_attach_to(Mode.SAMPLED)
    assert shipped_sets()["sipas_counter_2023"].can_attach_to(Mode.OPEN_QR)


def test_the_counter_set_never_calls_its_index_sipas():
    counter = shipped_sets()["sipas_counter_2023"]
    name = counter.index_title.render(unit_name="UBND phường Hồng Gai")
    assert name == "Chỉ số hài lòng về cung ứng dịch vụ hành chính công tại UBND phường Hồng Gai"
    assert "sipas" not in (counter.title.vi + counter.title.en + counter.index_title.en).casefold()


def test_the_counter_set_asks_the_criteria_of_part_two_word_for_word():
    whole, counter = shipped_sets()["sipas_2023"], shipped_sets()["sipas_counter_2023"]
    assert [question.text for question in counter.criteria] == [question.text for question in whole.criteria[23:]]
    assert [question.number for question in counter.criteria] == [str(number) for number in range(24, 40)]
    assert counter.overall is not None
    assert not counter.overall.in_index
    assert counter.overall.text.vi == "Ông/Bà có hài lòng với lần phục vụ này không?"
    assert counter.respondent_kind is not None
    assert [choice.label.vi for choice in counter.respondent_kind.choices] == ["Cá nhân", "Tổ chức", "Doanh nghiệp"]
    assert counter.comment is not None


@every_set
def test_every_text_is_composed_unicode_in_both_languages(question_set: QuestionSet):
    texts = [question.text for question in question_set.questions]
    texts += [choice.label for question in question_set.questions for choice in question.choices]
    for text in texts:
        for words in (text.vi, text.en):
            assert words.strip()
            assert unicodedata.is_normalized("NFC", words)
            assert UNIT_PLACEHOLDER not in text.render("en", unit_name="X") + text.render(unit_name="X")


@every_set
def test_every_index_criterion_belongs_to_a_factor_of_the_set(question_set: QuestionSet):
    known = {factor.id for factor in question_set.factors}
    assert {question.factor for question in question_set.criteria} == known


@every_set
def test_every_question_names_a_known_source_and_an_unknown_one_is_an_error(question_set: QuestionSet):
    assert {question.source for question in question_set.questions} <= dict(question_set.sources).keys()
    with pytest.raises(KeyError):
        question_set.question("no_such_question")
