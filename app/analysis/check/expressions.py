"""The closed grammar of `domain_rule`, `indicator` and `vars` in case files of the format stat-ref-1.

Nothing is ever handed to an interpreter: a text is one of the sentences below or it is refused.

* comparison: ``X op V``, op one of ``== < > <= >=``, V a number, a quoted word, a column or ``number * column``
* membership: ``X in (a, b, ...)``
* answered: ``X is answered``; ``both X and Y are answered``; ``all items answered``; ``all five items answered``
* values: ``X``; ``X / number``; ``(mean of the answered items - 1) / 4``

X is a column, ``resp_index(q1..q22)``, ``item`` (the item of the loop) or ``sat`` (its 0/1 form, unless the data have
a column of that name). A leading ``and`` only joins a rule to the domain that stands beside it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Column = npt.NDArray[Any]  # float64 with NaN, or object with text and None

NUMBER = r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
QUOTED = r"'[^']*'|\"[^\"]*\""
NAME = r"[^\W\d]\w*(?:\.\w+)*"  # a single dot may stand inside, two make a range
TERM = rf"{NAME}(?:\(\s*{NAME}\s*\.\.\s*{NAME}\s*\))?"
ITEM_COUNT = 22
SATISFIED_FROM = 4.0

_AND = re.compile(r"and\s+")
_ALL = re.compile(r"all (?:five )?items answered")
_BOTH = re.compile(rf"both ({TERM}) and ({TERM}) are answered")
_ANSWERED = re.compile(rf"({TERM}) is answered")
_MEMBER = re.compile(rf"({TERM}) in \((.*)\)")
_COMPARISON = re.compile(rf"({TERM})\s*(==|<=|>=|<|>)\s*(?:({NUMBER})|({QUOTED})|({NUMBER})\s*\*\s*({NAME})|({NAME}))")
_MEAN = re.compile(rf"\(\s*mean of the answered items\s*-\s*({NUMBER})\s*\)\s*/\s*({NUMBER})")
_VALUE = re.compile(rf"({TERM})(?:\s*/\s*({NUMBER}))?")
_RANGE = re.compile(rf"resp_index\(\s*({NAME})\s*\.\.\s*({NAME})\s*\)")
_NUMBERED = re.compile(r"(.*?)(\d+)")
_LITERAL = re.compile(rf"({NUMBER})|({QUOTED})|({NAME})")
_LIST = re.compile(rf"\s*(?:{_LITERAL.pattern})\s*(?:,\s*(?:{_LITERAL.pattern})\s*)*")

_OPERATORS: dict[str, Callable[[Column, Any], Any]] = {
    "==": lambda x, v: x == v,
    "<": lambda x, v: x < v,
    ">": lambda x, v: x > v,
    "<=": lambda x, v: x <= v,
    ">=": lambda x, v: x >= v,
}


class ExpressionError(ValueError):
    """The text is no sentence of the grammar, or it names a column that the data do not have."""


@dataclass(frozen=True)
class Scope:
    """Where names find their meaning.

    Parameters
    ----------
    columns : dict of str to array
        Float columns hold NaN, text columns None where nothing was answered.
    rows : int
        Length of every column.
    items : tuple of str
        The items of the case, for ``all items`` and the mean of the answered items.
    item : str or None
        The item of the loop, for ``item`` and ``sat``.
    """

    columns: dict[str, Column]
    rows: int
    items: tuple[str, ...] = ()
    item: str | None = None

    def column(self, name: str) -> Column:
        """Column, loop item or its 0/1 form.

        Raises
        ------
        ExpressionError
            When there is nothing of that name.
        """
        if name in self.columns:
            return self.columns[name]
        if name in {"item", "sat"} and self.item is not None:
            values = self.column(self.item)
            return values if name == "item" else _indicator(values >= SATISFIED_FROM, _answered(values))
        raise ExpressionError(f"no column {name!r}; there are {', '.join(self.columns)}")


def evaluate(text: str, scope: Scope) -> Column:
    """Values of an expression: conditions as 0/1, NaN where an answer it needs is missing.

    Parameters
    ----------
    text : str
        A sentence of the grammar.
    scope : Scope
        The data.

    Returns
    -------
    ndarray, shape (rows,)
        Floats; a bare text column comes back as it is.

    Raises
    ------
    ExpressionError
        When the text is no sentence of the grammar or names an unknown column.
    """
    sentence = _AND.sub("", " ".join(text.split()), count=1) if text.lstrip().startswith("and ") else text.strip()
    for pattern, meaning in _SENTENCES:
        if found := pattern.fullmatch(sentence):
            return meaning(found, scope)
    raise ExpressionError(f"{text!r} is no sentence of the grammar")


def truth(text: str, scope: Scope) -> npt.NDArray[np.bool_]:
    """Rows for which a condition holds; where an answer is missing it does not."""
    values = evaluate(text, scope)
    if values.dtype == object:
        raise ExpressionError(f"{text!r} is a column of words, not a condition")
    return np.asarray((values != 0) & ~np.isnan(values))


def columns_of(text: str, scope: Scope) -> tuple[str, ...]:
    """Names of the columns that an expression mentions, in order."""
    return tuple(dict.fromkeys(word for word in re.findall(NAME, text) if word in scope.columns))


def _answered(values: Column) -> npt.NDArray[np.bool_]:
    if values.dtype == object:
        return np.array([value is not None for value in values], dtype=bool)
    return ~np.isnan(values)


def _indicator(holds: Any, answered: npt.NDArray[np.bool_]) -> Floats:
    return np.where(answered, np.asarray(holds, dtype=np.float64), np.nan)


def _term(text: str, scope: Scope) -> Column:
    if found := _RANGE.fullmatch(text):
        return _respondent_index(_range(found[1], found[2]), scope)
    if "(" in text:
        raise ExpressionError(f"{text!r}: the only function of the grammar is resp_index(first..last)")
    return scope.column(text)


def _range(first: str, last: str) -> tuple[str, ...]:
    start, end = _NUMBERED.fullmatch(first), _NUMBERED.fullmatch(last)
    if start is None or end is None or start[1] != end[1] or int(start[2]) > int(end[2]):
        raise ExpressionError(f"{first}..{last} is no range of numbered columns")
    return tuple(f"{start[1]}{number}" for number in range(int(start[2]), int(end[2]) + 1))


def _matrix(names: tuple[str, ...], scope: Scope) -> Floats:
    columns = [scope.column(name) for name in names]
    if any(column.dtype == object for column in columns):
        raise ExpressionError(f"one of {', '.join(names)} holds words, not answers of a scale")
    return np.column_stack(columns) if columns else np.empty((scope.rows, 0))


def _respondent_index(names: tuple[str, ...], scope: Scope) -> Floats:
    """100 x the share of a respondent's answered items that are 4 or 5; half of the items must be answered."""
    answers = _matrix(names, scope)
    answered = (~np.isnan(answers)).sum(axis=1)
    satisfied = (answers >= SATISFIED_FROM).sum(axis=1)
    index = 100.0 * satisfied / np.maximum(answered, 1)
    return np.where((2 * answered >= len(names)) & (answered > 0), index, np.nan)


def _items(scope: Scope) -> tuple[str, ...]:
    names = scope.items or tuple(name for k in range(ITEM_COUNT) if (name := f"q{k + 1}") in scope.columns)
    if not names:
        raise ExpressionError("the case names no items and the data have no column q1..q22")
    return names


def _all_answered(_: re.Match[str], scope: Scope) -> Floats:
    return np.asarray(np.all([_answered(scope.column(name)) for name in _items(scope)], axis=0), dtype=np.float64)


def _terms_answered(found: re.Match[str], scope: Scope) -> Floats:
    return np.asarray(np.all([_answered(_term(term, scope)) for term in found.groups()], axis=0), dtype=np.float64)


def _member(found: re.Match[str], scope: Scope) -> Floats:
    values = _term(found[1], scope)
    if _LIST.fullmatch(found[2]) is None:
        raise ExpressionError(f"({found[2]}) is no list of numbers and words")
    wanted: list[float | str] = [
        float(number) if number else word[1:-1] if word else bare for number, word, bare in _LITERAL.findall(found[2])
    ]
    return _indicator(np.any([equal_to(values, value) for value in wanted], axis=0), _answered(values))


def _comparison(found: re.Match[str], scope: Scope) -> Floats:
    values, operator = _term(found[1], scope), found[2]
    number, word, factor, scaled, column = found.group(3, 4, 5, 6, 7)
    if number is not None or word is not None:
        other: float | str = float(number) if number is not None else word[1:-1]
        if operator == "==":
            return _indicator(equal_to(values, other), _answered(values))
        return _ordered(found[0], operator, values, np.full(scope.rows, other, object if word else np.float64))
    against = scope.column(scaled or column)
    if scaled:
        if against.dtype == object:
            raise ExpressionError(f"{scaled!r} holds words and cannot be multiplied")
        against = float(factor) * against
    return _ordered(found[0], operator, values, against)


def _ordered(text: str, operator: str, values: Column, other: Column) -> Floats:
    if (values.dtype == object) != (other.dtype == object):
        raise ExpressionError(f"{text!r} compares words with numbers")
    answered = _answered(values) & _answered(other)
    holds = np.zeros(len(values), dtype=bool)
    holds[answered] = _OPERATORS[operator](values[answered], other[answered])
    return _indicator(holds, answered)


def equal_to(values: Column, wanted: float | str) -> npt.NDArray[np.bool_]:
    """Where a column has a value; a number in quotes is that number, as in R, and nothing missing equals anything."""
    if values.dtype != object and isinstance(wanted, str):
        if not re.fullmatch(NUMBER, wanted):
            return np.zeros(len(values), dtype=bool)
        wanted = float(wanted)
    if values.dtype == object and not isinstance(wanted, str):
        wanted = f"{wanted:.15g}"
    return np.asarray(values == wanted, dtype=bool)


def _mean_of_items(found: re.Match[str], scope: Scope) -> Floats:
    answers = _matrix(_items(scope), scope)
    answered = (~np.isnan(answers)).sum(axis=1)
    mean = np.nansum(answers, axis=1) / np.maximum(answered, 1)
    return np.where(answered > 0, (mean - float(found[1])) / float(found[2]), np.nan)


def _value(found: re.Match[str], scope: Scope) -> Column:
    values = _term(found[1], scope)
    if found[2] is None:
        return values
    if values.dtype == object:
        raise ExpressionError(f"{found[1]!r} holds words and cannot be divided")
    return np.asarray(values / float(found[2]))


_SENTENCES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Scope], Column]], ...] = (
    (_ALL, _all_answered),
    (_BOTH, _terms_answered),
    (_ANSWERED, _terms_answered),
    (_MEMBER, _member),
    (_COMPARISON, _comparison),
    (_MEAN, _mean_of_items),
    (_VALUE, _value),
)
