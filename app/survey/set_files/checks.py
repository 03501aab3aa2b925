"""Checks across the parts of a question set: ids, references, index membership, skip rules, sensitivity."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from app.survey.definitions import SENSITIVE_MODES, UNIT_PLACEHOLDER, Mode, Question, QuestionSet, Role, SkipRule
from app.survey.set_files.lines import Path
from app.survey.set_files.tables import Problems
from app.survey.set_files.texts import texts_of
from app.web import text_input

_SINGLE_ROLES = (Role.OVERALL, Role.RESPONDENT_KIND, Role.COMMENT)
_COUNTER_MODES = frozenset({Mode.OPEN_QR, Mode.KIOSK, Mode.VERIFIED_QR})
LONGEST_TITLE = 300
LARGEST_VERSION = 999_999
LARGEST_NUMBER = 10**12
PLACEHOLDER_IN_BOTH = f"“{UNIT_PLACEHOLDER}” phải có ở cả tiếng Việt và tiếng Anh"
_PLACEHOLDER = re.compile(r"\[[^\]]*\]")


def check_set(question_set: QuestionSet, problems: Problems) -> None:
    """Report into `problems` everything that is wrong between the parts of a set that was read."""
    for check in (_check_ids, _check_references, _check_roles, _check_index, _check_skip_rules, _check_modes):
        check(question_set, problems)
    _check_numbers(question_set, problems)
    _check_texts(question_set, problems)


def _check_ids(question_set: QuestionSet, problems: Problems) -> None:
    factors = [
        (("component", i, "factor", j, "id"), factor.id)
        for i, component in enumerate(question_set.components)
        for j, factor in enumerate(component.factors)
    ]
    for kind, ids in (
        ("thang đo", [(("scale", i, "id"), scale.id) for i, scale in enumerate(question_set.scales)]),
        ("thành phần", [(("component", i, "id"), part.id) for i, part in enumerate(question_set.components)]),
        ("yếu tố", factors),
        ("nhóm câu hỏi", [(("group", i, "id"), group.id) for i, group in enumerate(question_set.groups)]),
        ("câu hỏi", [(("question", i, "id"), question.id) for i, question in enumerate(question_set.questions)]),
    ):
        _check_unique(kind, ids, problems)
    for i, question in enumerate(question_set.questions):
        if question.id.endswith("_other"):
            problems.add(("question", i, "id"), f"mã câu hỏi “{question.id}” không được kết thúc bằng “_other”")
    if not question_set.questions:
        problems.add((), "bộ câu hỏi chưa có câu hỏi nào")


def _check_unique(kind: str, ids: Iterable[tuple[Path, str]], problems: Problems) -> None:
    seen: set[str] = set()
    for path, identifier in ids:
        if identifier and identifier in seen:
            problems.add(path, f"mã {kind} “{identifier}” bị trùng")
        seen.add(identifier)


def _check_references(question_set: QuestionSet, problems: Problems) -> None:
    factors = {factor.id for factor in question_set.factors}
    groups = {group.id for group in question_set.groups}
    sources = {key for key, _ in question_set.sources}
    for i, question in enumerate(question_set.questions):
        for key, value, known, name in (
            ("factor", question.factor, factors, "yếu tố"),
            ("group", question.group, groups, "nhóm câu hỏi"),
            ("source", question.source or None, sources, "nguồn"),
        ):
            if value is not None and value not in known:
                problems.add(("question", i, key), f"{name} “{value}” không có trong bộ này")


def _check_roles(question_set: QuestionSet, problems: Problems) -> None:
    seen: set[Role] = set()
    for i, question in enumerate(question_set.questions):
        if question.role in _SINGLE_ROLES and question.role in seen:
            problems.add(("question", i, "role"), f"chỉ một câu được có vai trò “{question.role}”")
        seen.add(question.role)
        if question.role is Role.COMMENT and question.type != "text":
            problems.add(("question", i, "type"), "câu ý kiến khác (“comment”) phải có kiểu “text”")
        if question.role in (Role.OVERALL, Role.CRITERION) and question.type != "rating":
            problems.add(("question", i, "type"), f"câu có vai trò “{question.role}” phải có kiểu “rating”")
        if question.role is Role.RESPONDENT_KIND and question.type != "single_choice":
            problems.add(("question", i, "type"), "câu hỏi loại người trả lời phải có kiểu “single_choice”")


def _check_index(question_set: QuestionSet, problems: Problems) -> None:
    levels: set[int] = set()
    for i, question in enumerate(question_set.questions):
        if question.in_index and question.role is not Role.CRITERION:
            problems.add(
                ("question", i, "in_index"), f"câu “{question.id}” không phải tiêu chí nên không được tính vào chỉ số"
            )
        if question.in_index and question.role is Role.CRITERION and question.factor is None:
            message = f"tiêu chí “{question.id}” nằm ngoài chỉ số: thêm “factor”, hoặc ghi “in_index = false”"
            problems.add(("question", i), message)
        if question.in_index and question.choices:
            levels.add(len(question.choices))
            if len(levels) > 1:
                problems.add(("question", i, "scale"), "các tiêu chí trong chỉ số phải có cùng số mức")
                levels = {len(question.choices)}
    used = {question.factor for question in question_set.questions if question.in_index}
    for i, component in enumerate(question_set.components):
        if not component.factors:
            problems.add(("component", i), f"thành phần “{component.id}” chưa có yếu tố nào")
        for j, factor in enumerate(component.factors):
            if factor.id not in used:
                problems.add(("component", i, "factor", j), f"yếu tố “{factor.id}” chưa có tiêu chí nào")


def _check_skip_rules(question_set: QuestionSet, problems: Problems) -> None:
    order = {question.id: place for place, question in enumerate(question_set.questions)}
    for i, rule in enumerate(question_set.skip_rules):
        if rule.question not in order:
            problems.add(("skip", i, "question"), f"câu hỏi “{rule.question}” không có trong bộ này")
            continue
        asked = question_set.questions[order[rule.question]]
        _check_skip_values(i, rule, asked, problems)
        for j, skipped in enumerate(rule.skip):
            if skipped not in order:
                problems.add(("skip", i, "skip", j), f"câu hỏi “{skipped}” không có trong bộ này")
            elif order[skipped] <= order[rule.question]:
                message = (
                    f"câu “{skipped}” đứng trước hoặc chính là câu “{rule.question}”; chỉ được bỏ qua câu đứng sau"
                )
                problems.add(("skip", i, "skip", j), message)


def _check_skip_values(i: int, rule: SkipRule, asked: Question, problems: Problems) -> None:
    if not asked.choices:
        problems.add(
            ("skip", i, "question"), f"câu “{asked.id}” không có lựa chọn nên không điều khiển được việc bỏ qua"
        )
        return
    for j, value in enumerate(rule.when):
        if not 1 <= value <= len(asked.choices):
            problems.add(("skip", i, "when", j), f"câu “{asked.id}” không có lựa chọn số {value}")


def _check_modes(question_set: QuestionSet, problems: Problems) -> None:
    for mode in sorted(question_set.modes - SENSITIVE_MODES):
        if question_set.has_sensitive():
            problems.add(("modes",), f"bộ có câu hỏi nhạy cảm nên không được dùng với hình thức “{mode}”")
    if question_set.modes & _COUNTER_MODES and "sipas" in question_set.index_title.vi.casefold():
        problems.add(("index_title", "vi"), "chỉ số đo tại quầy không được gọi là SIPAS")


def _check_numbers(question_set: QuestionSet, problems: Problems) -> None:
    if not 1 <= question_set.version <= LARGEST_VERSION:
        problems.add(("version",), f"phiên bản phải là số nguyên dương, nhiều nhất {LARGEST_VERSION}")
    for i, scale in enumerate(question_set.scales):
        for j, level in enumerate(scale.levels):
            if abs(level.points or 0) > LARGEST_VERSION:
                problems.add(("scale", i, "levels", j, "points"), "“points” quá lớn")
    for i, question in enumerate(question_set.questions):
        _check_limits(i, question, problems)


def _check_limits(i: int, question: Question, problems: Problems) -> None:
    for key, limit in (("minimum", question.minimum), ("maximum", question.maximum)):
        if abs(limit or 0) > LARGEST_NUMBER:
            problems.add(("question", i, key), f"“{key}” quá lớn")
    if question.minimum is not None and question.maximum is not None and question.minimum > question.maximum:
        problems.add(("question", i, "minimum"), "“minimum” lớn hơn “maximum”")
    if not 0 <= question.decimals <= 6:
        problems.add(("question", i, "decimals"), "“decimals” phải từ 0 đến 6")
    if not 1 <= question.max_length <= 2000:
        problems.add(("question", i, "max_length"), "“max_length” phải từ 1 đến 2000")


def _check_texts(question_set: QuestionSet, problems: Problems) -> None:
    for one in texts_of(question_set):
        for language, words in (("vi", one.text.vi), ("en", one.text.en)):
            for message in text_problems(words):
                problems.add(one.place(language), message)
        if one.text.en and not is_same_placeholder(one.text.vi, one.text.en):
            problems.add(one.place("en"), PLACEHOLDER_IN_BOTH)
    if len(question_set.title.vi) > LONGEST_TITLE:
        problems.add(("title", "vi"), f"tên bộ câu hỏi dài quá {LONGEST_TITLE} ký tự")


def text_problems(words: str) -> Iterator[str]:
    """Yield what is wrong within one text, in either language."""
    for found in _PLACEHOLDER.findall(words):
        if found != UNIT_PLACEHOLDER:
            yield f"chỗ trống “{found[:40]}” không có; chỉ được “{UNIT_PLACEHOLDER}”"
    if text_input.clean(words) != words:
        yield "chữ có ký tự điều khiển hoặc ký tự ẩn"


def is_same_placeholder(vi: str, en: str) -> bool:
    """Whether the unit's name is filled in in both languages or in neither."""
    return (UNIT_PLACEHOLDER in vi) == (UNIT_PLACEHOLDER in en)
