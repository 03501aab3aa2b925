"""Reads the tables of a set file into a QuestionSet; errors go into the tables' shared list of problems."""

from __future__ import annotations

from app.survey.answer_types import BY_CODE, AnswerType, ChoiceSource
from app.survey.codes import MAX_CHOICES
from app.survey.definitions import (
    Choice,
    Component,
    Factor,
    Group,
    Mode,
    Question,
    QuestionSet,
    Role,
    Scale,
    SkipRule,
    Wording,
)
from app.survey.set_files.tables import Table


def read_set(top: Table, digest: str) -> QuestionSet:
    """Read the whole file under `top`; `digest` is its content hash."""
    scales = tuple(_read_scale(table) for table in top.tables("scale"))
    title, index_title, sources = top.table("title"), top.table("index_title"), top.table("sources")
    default_source = top.required("default_source", str)
    question_set = QuestionSet(
        code=top.identifier("code"),
        version=top.required("version", int),
        content_hash=digest,
        title=title.translated(),
        index_title=index_title.translated(),
        decision=top.required("decision", str),
        wording=top.member("wording", Wording, Wording.UNVERIFIED),
        sources=sources.plain_pairs(),
        modes=_read_modes(top),
        scales=scales,
        components=tuple(_read_component(table) for table in top.tables("component")),
        groups=tuple(_read_group(table) for table in top.tables("group")),
        questions=tuple(_read_question(table, scales, default_source) for table in top.tables("question")),
        skip_rules=tuple(_read_skip_rule(table) for table in top.tables("skip")),
    )
    if not top.has("wording"):
        top.problem("thiếu khoá “wording”")
    for table in (title, index_title, top):
        table.close()
    return question_set


def _read_modes(top: Table) -> frozenset[Mode]:
    names = top.values("modes", str)
    for name in names:
        if name not in list(Mode):
            top.problem(f"hình thức “{name}” không có; chỉ được: {', '.join(Mode)}", "modes")
    if not names:
        top.problem("thiếu danh sách “modes” (các hình thức được phép dùng)")
    return frozenset(Mode(name) for name in names if name in list(Mode))


def _read_scale(table: Table) -> Scale:
    levels = tuple(_read_choice(item, value) for value, item in enumerate(table.tables("levels"), start=1))
    scale = Scale(id=table.identifier(), levels=levels, satisfied_from=table.optional("satisfied_from", int))
    table.close()
    _check_count(table, "levels", len(levels))
    if scale.satisfied_from is not None and not 1 <= scale.satisfied_from <= len(levels):
        table.problem(f"“satisfied_from” phải từ 1 đến {len(levels)}", "satisfied_from")
    return scale


def _read_choice(table: Table, value: int) -> Choice:
    label = table.translated()
    choice = Choice(
        value=value,
        label=label,
        short=table.optional_translated("short_", label),
        points=table.optional("points", int),
        with_text=table.flag("with_text", default=False),
    )
    table.close()
    return choice


def _read_component(table: Table) -> Component:
    component = Component(
        id=table.identifier(),
        number=table.optional("number", str) or "",
        name=table.translated(),
        factors=tuple(_read_factor(item) for item in table.tables("factor")),
    )
    table.close()
    return component


def _read_factor(table: Table) -> Factor:
    factor = Factor(id=table.identifier(), number=table.optional("number", str) or "", name=table.translated())
    table.close()
    return factor


def _read_group(table: Table) -> Group:
    group = Group(id=table.identifier(), number=table.optional("number", str) or "", text=table.translated())
    table.close()
    return group


def _read_question(table: Table, scales: tuple[Scale, ...], default_source: str) -> Question:
    type_code = table.required("type", str)
    answer_type = BY_CODE.get(type_code)
    if type_code and answer_type is None:
        table.problem(f"kiểu trả lời “{type_code}” không có; chỉ được: {', '.join(BY_CODE)}", "type")
    role = table.member("role", Role, Role.PERCEPTION)
    if not table.has("role"):
        table.problem("thiếu khoá “role”")
    extra = answer_type.keys if answer_type else frozenset({"scale", "choices"})
    question = Question(
        id=table.identifier(),
        type=type_code,
        role=role,
        number=table.optional("number", str) or "",
        text=table.translated(),
        choices=_read_choices(table, answer_type, scales),
        scale=table.optional("scale", str) if "scale" in extra else None,
        factor=table.optional("factor", str),
        group=table.optional("group", str),
        in_index=table.flag("in_index", default=role is Role.CRITERION),
        allows_na=table.flag("allows_na", default=role is Role.CRITERION),
        sensitive=table.flag("sensitive", default=False),
        wording=table.member("wording", Wording, Wording.VERIFIED),
        source=table.optional("source", str) or default_source,
        minimum=table.optional("minimum", int) if "minimum" in extra else None,
        maximum=table.optional("maximum", int) if "maximum" in extra else None,
        decimals=(table.optional("decimals", int) or 0) if "decimals" in extra else 0,
        max_length=(table.optional("max_length", int) or 2000) if "max_length" in extra else 2000,
    )
    table.close()
    return question


def _read_choices(table: Table, answer_type: AnswerType | None, scales: tuple[Scale, ...]) -> tuple[Choice, ...]:
    if answer_type is None or answer_type.choices is ChoiceSource.NONE:
        return ()
    if answer_type.choices is ChoiceSource.FIXED:
        return answer_type.fixed
    if answer_type.choices is ChoiceSource.OWN:
        choices = tuple(_read_choice(item, value) for value, item in enumerate(table.tables("choices"), start=1))
        _check_count(table, "choices", len(choices))
        if sum(choice.with_text for choice in choices) > 1:
            table.problem("chỉ một lựa chọn được kèm ô ghi thêm (“with_text”)", "choices")
        return choices
    wanted = table.required("scale", str)
    for scale in scales:
        if scale.id == wanted:
            return scale.levels
    if wanted:
        table.problem(f"thang đo “{wanted}” không có trong bộ này", "scale")
    return ()


def _check_count(table: Table, key: str, count: int) -> None:
    if count < 2:
        table.problem(f"“{key}” phải có ít nhất 2 mục", key)
    elif count > MAX_CHOICES:
        table.problem(f"“{key}” có {count} mục, nhiều hơn mức tối đa {MAX_CHOICES}", key)


def _read_skip_rule(table: Table) -> SkipRule:
    rule = SkipRule(
        question=table.required("question", str), when=table.values("when", int), skip=table.values("skip", str)
    )
    for key, values in (("when", rule.when), ("skip", rule.skip)):
        if not values:
            table.problem(f"thiếu danh sách “{key}”")
    table.close()
    return rule
