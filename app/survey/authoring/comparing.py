"""What two versions of a question set have in common and what not (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.survey.authoring.words import MODE_WORDS, ROLE_WORDS, TYPE_WORDS, WORDING_WORDS
from app.survey.definitions import Question, QuestionSet
from app.survey.set_files.texts import SetText, question_words, texts_of

LANGUAGES = (("vi", "tiếng Việt"), ("en", "tiếng Anh"))


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, what kind of thing, and both states in words; an empty state means that there is none."""

    where: str
    what: str
    before: str
    after: str


def changes(old: QuestionSet, new: QuestionSet) -> tuple[Change, ...]:
    """Return every difference but the number of the version: method first, then questions, then words."""
    return (*_method(old, new), *_questions(old, new), *_texts(old, new))


def is_same_measure(old: QuestionSet, new: QuestionSet) -> bool:
    """Whether the index of both is made of the same criteria, in the same factors, on scales of the same length."""
    return _measure(old) == _measure(new)


def _measure(one: QuestionSet) -> set[tuple[str, str | None, int]]:
    return {(question.id, question.factor, len(question.choices)) for question in one.criteria}


def _method(old: QuestionSet, new: QuestionSet) -> Iterator[Change]:
    for what, before, after in (
        ("văn bản", old.decision, new.decision),
        ("kiểm chứng lời văn", WORDING_WORDS[old.wording], WORDING_WORDS[new.wording]),
        ("được dùng với", _modes(old), _modes(new)),
        ("nguồn", _sources(old), _sources(new)),
        ("quy tắc bỏ qua", _skips(old), _skips(new)),
    ):
        if before != after:
            yield Change("Cả bộ", what, before, after)
    satisfied = {one.id: one.satisfied_from for one in old.scales}
    for scale in new.scales:
        if scale.id in satisfied and satisfied[scale.id] != scale.satisfied_from:
            before, after = str(satisfied[scale.id] or ""), str(scale.satisfied_from or "")
            yield Change(f"Thang đo {scale.id}", "hài lòng từ mức", before, after)


def _questions(old: QuestionSet, new: QuestionSet) -> Iterator[Change]:
    before = {one.id: one for one in old.questions}
    after = {one.id: one for one in new.questions}
    for key, one in before.items():
        if key not in after:
            yield Change(question_words(one), "bỏ câu", one.text.vi, "")
    for key, one in after.items():
        if key not in before:
            yield Change(question_words(one), "thêm câu", "", one.text.vi)
            continue
        was, now = _facts(before[key]), _facts(one)
        for what in now:
            if was[what] != now[what]:
                yield Change(question_words(one), what, was[what], now[what])
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield Change("Cả bộ", "thứ tự câu", ", ".join(kept), ", ".join(key for key in after if key in before))


def _facts(one: Question) -> dict[str, str]:
    return {
        "số": one.number,
        "kiểu trả lời": TYPE_WORDS.get(one.type, one.type),
        "vai trò": ROLE_WORDS[one.role],
        "yếu tố": one.factor or "",
        "nhóm câu": one.group or "",
        "thang đo": one.scale or "",
        "số lựa chọn": str(len(one.choices)),
        "điểm": ", ".join(str(choice.points) for choice in one.choices if choice.points is not None),
        "ghi thêm": ", ".join(str(choice.value) for choice in one.choices if choice.with_text),
        "tính vào chỉ số": _yes(is_so=one.in_index),
        "có “không áp dụng”": _yes(is_so=one.allows_na),
        "nhạy cảm": _yes(is_so=one.sensitive),
        "kiểm chứng lời văn": WORDING_WORDS[one.wording],
        "nguồn": one.source,
        "giới hạn": f"{one.minimum}…{one.maximum}, {one.decimals} chữ số lẻ, {one.max_length} ký tự",
    }


def _texts(old: QuestionSet, new: QuestionSet) -> Iterator[Change]:
    before, after = _by_key(old), _by_key(new)
    kept = {one.id for one in old.questions} & {one.id for one in new.questions}
    for key in (*before, *(key for key in after if key not in before)):
        one = after.get(key) or before[key]
        for language, words in LANGUAGES:
            was, now = _words(before.get(key), language), _words(after.get(key), language)
            if was != now and _is_of_both(key, kept):
                yield Change(one.where, words, was, now)


def _is_of_both(key: str, kept: set[str]) -> bool:
    """Whether a text is not of a question that was added or dropped as a whole."""
    kind, _, rest = key.partition(".")
    return kind != "question" or rest.partition(".")[0] in kept


def _by_key(one: QuestionSet) -> Mapping[str, SetText]:
    return {text.key: text for text in texts_of(one)}


def _words(one: SetText | None, language: str) -> str:
    if one is None:
        return ""
    return one.text.vi if language == "vi" else one.text.en


def _modes(one: QuestionSet) -> str:
    return ", ".join(words for mode, words in MODE_WORDS.items() if mode in one.modes)


def _sources(one: QuestionSet) -> str:
    return "; ".join(f"{key}: {words}" for key, words in one.sources)


def _skips(one: QuestionSet) -> str:
    return "; ".join(
        f"{rule.question} = {'/'.join(map(str, rule.when))}: {', '.join(rule.skip)}" for rule in one.skip_rules
    )


def _yes(*, is_so: bool) -> str:
    return "có" if is_so else "không"
