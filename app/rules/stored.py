"""Rules as JSON and back (pure). Files and forms are read strictly, stored rows as they are."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from app.calendar.days import DayUnit, Limit
from app.calendar.sources import Source, Status
from app.errors import Invalid
from app.rules.content import MATTERS, Content, Words
from app.rules.errors import BadRule

LONGEST_TEXT = 1000
LONGEST_DOCUMENT = 300
SOURCES = "sources"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a kind of rule: its field, its words for officers, its type, whether it may be left out or None."""

    name: str
    label: str
    type: Any
    may_be_none: bool
    has_default: bool


def facts_of(kind: type[Content]) -> tuple[Fact, ...]:
    """The facts of a kind of rule, in order."""
    return _FACTS[kind.__name__]


def _facts(kind: type[Content]) -> tuple[Fact, ...]:
    hints = get_type_hints(kind, include_extras=True)
    return tuple(_fact(one, hints[one.name]) for one in fields(kind) if one.name != SOURCES)


def _fact(one: Field[Any], hint: Any) -> Fact:
    plain, label = get_args(hint)
    may_be_none = get_origin(plain) is UnionType
    if may_be_none:
        plain = next(part for part in get_args(plain) if part is not NoneType)
    return Fact(one.name, label, plain, may_be_none, one.default is not MISSING)


_FACTS: Mapping[str, tuple[Fact, ...]] = {matter.content.__name__: _facts(matter.content) for matter in MATTERS}


def to_json(content: Content) -> Json:
    """The rule as JSON takes it; facts that are left out stay out."""
    made = {one.name: _plain(getattr(content, one.name)) for one in facts_of(type(content))}
    sources = {
        name: {"document": source.document, "status": source.status.value}
        for name, source in sorted(content.sources.items())
    }
    return {**{name: value for name, value in made.items() if value is not None}, SOURCES: sources}


def from_json(kind: type[Content], data: Mapping[str, Any], *, is_strict: bool = True) -> Content:
    """The typed rule.

    Raises
    ------
    BadRule
        With every fault found, by field. Names nobody knows are a fault only when reading strictly.
    """
    problems: dict[str, str] = {}
    values: Json = {}
    for one in facts_of(kind):
        given = data.get(one.name)
        if given is None:
            if not one.has_default:
                problems[one.name] = f"Thiếu mục “{one.label}”."
            continue
        try:
            values[one.name] = _READERS.get(one.type, _enum_reader(one.type))(given)
        except Invalid as error:
            problems[one.name] = f"{one.label}: {error.message}"
    values[SOURCES] = _sources(kind, data.get(SOURCES) or {}, problems, is_strict=is_strict)
    if is_strict:
        problems |= dict(_strangers(kind, data))
    if problems:
        raise BadRule(problems)
    return kind(**values)


def _plain(value: object) -> Any:
    if isinstance(value, Limit):
        return {"value": value.value, "unit": value.unit.value}
    if isinstance(value, Words):
        return {"vi": value.vi, "en": value.en}
    return value.value if isinstance(value, StrEnum) else value


def _limit(given: object) -> Limit:
    if not isinstance(given, Mapping) or type(given.get("value")) is not int:
        raise Invalid("xin ghi số ngày là số nguyên.")
    try:
        unit = DayUnit(str(given.get("unit")))
    except ValueError as error:
        raise Invalid("đơn vị phải là “ngày” hoặc “ngày làm việc”.") from error
    return Limit(given["value"], unit)


def _words(given: object) -> Words:
    if not isinstance(given, Mapping) or not all(isinstance(given.get(name), str) for name in ("vi", "en")):
        raise Invalid("xin ghi cả tiếng Việt và tiếng Anh.")
    texts = [given[name].strip() for name in ("vi", "en")]
    if not all(texts):
        raise Invalid("xin ghi cả tiếng Việt và tiếng Anh.")
    if max(map(len, texts)) > LONGEST_TEXT:
        raise Invalid(f"nội dung dài quá {LONGEST_TEXT} ký tự.")
    return Words(*texts)


def _flag(given: object) -> bool:
    if not isinstance(given, bool):
        raise Invalid("xin chọn có hoặc không.")
    return given


def _count(given: object) -> int:
    if type(given) is not int or not 0 <= given <= 1000:
        raise Invalid("xin ghi một số nguyên từ 0 đến 1000.")
    return given


def _enum_reader(wanted: type[StrEnum]) -> Callable[[object], StrEnum]:
    def read(given: object) -> StrEnum:
        try:
            return wanted(str(given))
        except ValueError as error:
            raise Invalid("xin chọn một mục trong danh sách.") from error

    return read


_READERS: Mapping[Any, Callable[[object], Any]] = {Limit: _limit, Words: _words, bool: _flag, int: _count}


def _sources(kind: type[Content], given: object, problems: dict[str, str], *, is_strict: bool) -> dict[str, Source]:
    if not isinstance(given, Mapping):
        problems[SOURCES] = "Phần căn cứ của từng mục không đọc được."
        return {}
    names = {one.name for one in facts_of(kind)}
    made: dict[str, Source] = {}
    for name, one in given.items():
        if name not in names:
            if is_strict:
                problems[SOURCES] = f"Căn cứ ghi cho mục không có: “{str(name)[:40]}”."
            continue
        document = one.get("document") if isinstance(one, Mapping) else None
        status = one.get("status") if isinstance(one, Mapping) else None
        if not isinstance(document, str) or status not in set(Status) or len(document) > LONGEST_DOCUMENT:
            problems.setdefault(name, "Căn cứ của mục này không đọc được (văn bản và mức kiểm chứng).")
            continue
        made[name] = Source(document.strip(), Status(status))
    return made


def _strangers(kind: type[Content], data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    known = {one.name for one in facts_of(kind)} | {SOURCES}
    for name in data:
        if name not in known:
            yield str(name)[:40], f"Không có mục “{str(name)[:40]}”."
