"""A rule as the flat texts of a form, and back (pure). Files of a rule go through the same texts.

A limit is two texts (``resolve``, ``resolve_unit``), words are two (``name_vi``, ``name_en``), and every fact has the
document it comes from and how well that is known (``resolve_document``, ``resolve_status``).
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.calendar.days import DayUnit, Limit
from app.calendar.sources import Status
from app.i18n.folding import fold_words
from app.rules.content import CHOICE_WORDS, UNIT_WORDS, Content, KindRule, Words
from app.rules.stored import SOURCES, Fact, Json, facts_of
from app.web.text_input import clean

Texts = dict[str, str]
YES, NO = "yes", "no"
FLAGS = ((YES, "có"), (NO, "không"))
NUMBERS = frozenset("0123456789")


def names_of(fact: Fact) -> tuple[str, ...]:
    """The names of the texts of a fact, without its source."""
    if fact.type is Limit:
        return fact.name, f"{fact.name}_unit"
    if fact.type is Words:
        return f"{fact.name}_vi", f"{fact.name}_en"
    return (fact.name,)


def is_fixed(kind: type[Content], fact: Fact) -> bool:
    """Whether officers cannot change a fact: what kind of case a rule is about."""
    return kind is KindRule and fact.name == "kind"


def options_of(fact: Fact) -> tuple[tuple[str, str], ...]:
    """The choices of a fact; empty when it is written freely."""
    if fact.type is bool:
        return FLAGS
    if isinstance(fact.type, type) and issubclass(fact.type, StrEnum):
        return tuple((one.value, CHOICE_WORDS[one]) for one in fact.type)
    return ()


def texts_of(content: Content) -> Texts:
    """The texts of a rule."""
    texts: Texts = {}
    for fact in facts_of(type(content)):
        texts |= _texts(fact, getattr(content, fact.name))
        source = content.sources.get(fact.name)
        texts[f"{fact.name}_document"] = source.document if source else ""
        texts[f"{fact.name}_status"] = source.status.value if source else ""
    return texts


def read_texts(kind: type[Content], texts: Mapping[str, str]) -> Json:
    """The texts as JSON of a rule, still unchecked: what cannot be right stays as it was typed."""
    made: Json = {fact.name: _value(fact, texts) for fact in facts_of(kind)}
    made = {name: value for name, value in made.items() if value is not None}
    return {**made, SOURCES: dict(_sources(kind, texts))}


def typed(kind: type[Content], given: Mapping[str, str]) -> Texts:
    """What was typed, cleaned; texts nobody asked for are left out."""
    return {name: clean(given.get(name, "")).strip() for fact in facts_of(kind) for name in _all_names(fact)}


def with_codes(kind: type[Content], texts: Mapping[str, str]) -> Texts:
    """The same with the codes of choices and units in place of their words, as a form holds them."""
    made = dict(texts)
    for fact in facts_of(kind):
        if fact.name in made and options_of(fact):
            made[fact.name] = _chosen(fact, made[fact.name])
        if fact.type is Limit:
            unit = made.get(f"{fact.name}_unit", "")
            made[f"{fact.name}_unit"] = _UNITS.get(fold_words(unit), unit)
    return made


def _all_names(fact: Fact) -> tuple[str, ...]:
    return (*names_of(fact), f"{fact.name}_document", f"{fact.name}_status")


def _texts(fact: Fact, value: object) -> Texts:
    if fact.type is Limit:
        limit = value if isinstance(value, Limit) else None
        unit = limit.unit if limit else DayUnit.CALENDAR
        return {fact.name: str(limit.value) if limit else "", f"{fact.name}_unit": unit.value}
    if isinstance(value, Words):
        return {f"{fact.name}_vi": value.vi, f"{fact.name}_en": value.en}
    if isinstance(value, bool):
        return {fact.name: YES if value else NO}
    return {fact.name: value.value if isinstance(value, StrEnum) else str(value)}


def _value(fact: Fact, texts: Mapping[str, str]) -> Any:
    text = texts.get(fact.name, "")
    if fact.type is Words:
        return {"vi": texts.get(f"{fact.name}_vi", ""), "en": texts.get(f"{fact.name}_en", "")}
    if fact.type is Limit:
        unit = texts.get(f"{fact.name}_unit", "")
        return {"value": _number(text), "unit": _UNITS.get(fold_words(unit), unit)} if text else None
    if fact.type is bool:
        return _FLAGS.get(fold_words(text), text or None)
    if fact.type is int:
        return _number(text) if text else None
    return _chosen(fact, text) or None


def _number(text: str) -> object:
    """The number written, or the text itself, which the checks then refuse."""
    return int(text) if text and set(text) <= NUMBERS and len(text) <= 6 else text


def _chosen(fact: Fact, text: str) -> str:
    """The value of a choice from its code or its words."""
    codes = {fold_words(words): code for code, words in options_of(fact)}
    return codes.get(fold_words(text), text)


def _sources(kind: type[Content], texts: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    for fact in facts_of(kind):
        document, status = texts.get(f"{fact.name}_document", ""), texts.get(f"{fact.name}_status", "")
        if document or status:
            yield fact.name, {"document": document, "status": status or Status.UNVERIFIED.value}


_UNITS = {unit.value: unit.value for unit in DayUnit} | {fold_words(words): unit for unit, words in UNIT_WORDS.items()}
_FLAGS: Mapping[str, bool] = {"yes": True, "no": False, "co": True, "khong": False, "true": True, "false": False}
