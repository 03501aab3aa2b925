"""Columns made from others, as a design says in words: a second small closed grammar of the format.

Sentences are joined by ``;``:

* ``f1..f4: row means of the answered items q1-q4, q5-q9, q10, q12 and q14-q17`` – as many sets of columns as names,
  or one name for all of them; a set is a column, a range ``q1-q4`` or ``q1..q4``, or several in parentheses. ``means``
  or ``sums``; without ``answered`` a row with a missing item has no value.
* ``rows with q18 and all four present`` – the rows that count: columns, ranges, ``all`` (with or without their number)
  or ``both`` for the columns made before; ``present``, ``answered`` or ``complete``.
"""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.check.expressions import NAME, Column, ExpressionError

Floats = npt.NDArray[np.float64]

NUMBER_WORDS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_DEFINITION = re.compile(r"(?P<names>[^:]+):\s*(?:row\s+)?(?P<how>mean|sum)s?\s+of\s+(?:the\s+)?(?P<sets>.+)")
_SETS = re.compile(r"(?P<answered>answered\s+)?(?:items\s+|columns\s+)?(?P<list>.+)")
_ROWS = re.compile(r"(?:only\s+)?rows\s+with\s+(?P<list>.+?)\s+(?:present|answered|complete)")
_RANGE = re.compile(rf"({NAME})\s*(?:-|\.\.|–|to\s)\s*({NAME})")
_NUMBERED = re.compile(r"(.*?)(\d+)")
_PART = re.compile(r"\s*(\([^()]*\)|[^,()]+?)\s*(?:,\s*(?:and\s+)?|\s+and\s+|$)")
_EVERY = re.compile(rf"(?:all|both)(?:\s+(?:of\s+them|{'|'.join(NUMBER_WORDS)}|\d+))?(?:\s+of\s+them)?")


@dataclass(frozen=True, eq=False)
class Derived:
    """Made columns in the order of their names, the other columns the rows must have, and the rows that count."""

    columns: dict[str, Floats]
    beside: tuple[str, ...]
    rows: npt.NDArray[np.bool_]


def derive(text: str, columns: dict[str, Column], rows: int) -> Derived:
    """Read the sentences and make the columns.

    Parameters
    ----------
    text : str
    columns : dict of str to array, shape (rows,)
        What is there already; NaN or None is missing.
    rows : int

    Raises
    ------
    ExpressionError
        A sentence outside the grammar, an unknown column, or numbers of names and sets that do not fit.
    """
    made: dict[str, Floats] = {}
    beside: list[str] = []
    present = np.ones(rows, dtype=bool)
    for sentence in filter(None, (" ".join(part.split()).rstrip(".") for part in text.split(";"))):
        if found := _DEFINITION.fullmatch(sentence):
            made |= _defined(found, {**columns, **made})
        elif found := _ROWS.fullmatch(sentence):
            names = _row_names(found["list"], tuple(made))
            beside += [name for name in names if name not in made]
            for name in names:
                present &= _present(_column(name, {**columns, **made}))
        else:
            message = f"{sentence!r} is no sentence that makes columns or names rows"
            raise ExpressionError(message)
    return Derived(made, tuple(dict.fromkeys(beside)), present)


def _defined(found: re.Match[str], known: dict[str, Column]) -> dict[str, Floats]:
    names = [name for part in _parts(found["names"]) for name in _expanded(part)]
    tail = _SETS.fullmatch(found["sets"])
    parts = _parts(tail["list"]) if tail else []
    sets = [[name for inner in _inner(part) for name in _expanded(inner)] for part in parts]
    if tail is None or (len(sets) != len(names) and len(names) != 1):
        message = f"{len(names)} names for {len(sets)} sets of columns in {found[0]!r}"
        raise ExpressionError(message)
    if len(names) == 1:
        sets = [[name for each in sets for name in each]]
    answered_only = tail["answered"] is not None
    return {
        name: _row_figure(members, known, mean=found["how"] == "mean", answered_only=answered_only)
        for name, members in zip(names, sets, strict=True)
    }


def _row_figure(members: list[str], known: dict[str, Column], *, mean: bool, answered_only: bool) -> Floats:
    table = np.column_stack([_numbers(name, known) for name in members])
    answered = (~np.isnan(table)).sum(axis=1)
    enough = answered > 0 if answered_only else answered == len(members)
    figure = np.nansum(table, axis=1)
    if mean:
        figure = figure / np.maximum(answered, 1)
    return np.where(enough, figure, np.nan)


def _row_names(text: str, made: tuple[str, ...]) -> list[str]:
    names: list[str] = []
    for part in _parts(text):
        if not _EVERY.fullmatch(part):
            names += _expanded(part)
            continue
        said = [_count(word) for word in part.split()[1:] if word in NUMBER_WORDS or word.isdigit()]
        if not made or (said and said[0] != len(made)) or (part.startswith("both") and len(made) != 2):
            message = f"{part!r} does not fit the {len(made)} columns made before"
            raise ExpressionError(message)
        names += made
    return names


def _count(word: str) -> int:
    return int(word) if word.isdigit() else NUMBER_WORDS.index(word)


def _parts(text: str) -> list[str]:
    """Members of a list with commas and ``and``; parentheses hold together."""
    parts, position = [], 0
    while position < len(text):
        found = _PART.match(text, position)
        if found is None or found.end() == position:
            message = f"{text!r} is no list of columns"
            raise ExpressionError(message)
        parts.append(found[1])
        position = found.end()
    return parts


def _inner(part: str) -> list[str]:
    return _parts(part[1:-1]) if part.startswith("(") else [part]


def _expanded(part: str) -> list[str]:
    """A column, or the columns of a range."""
    if re.fullmatch(NAME, part):
        return [part]
    found = _RANGE.fullmatch(part)
    start, end = (_NUMBERED.fullmatch(found[side]) for side in (1, 2)) if found else (None, None)
    if start is None or end is None or start[1] != end[1] or int(start[2]) > int(end[2]):
        message = f"{part!r} is neither a column nor a range of numbered columns"
        raise ExpressionError(message)
    return [f"{start[1]}{number}" for number in range(int(start[2]), int(end[2]) + 1)]


def _column(name: str, known: dict[str, Column]) -> Column:
    if name not in known:
        message = f"no column {name!r}; there are {', '.join(known)}"
        raise ExpressionError(message)
    return known[name]


def _numbers(name: str, known: dict[str, Column]) -> Floats:
    column = _column(name, known)
    if column.dtype == object:
        message = f"{name!r} holds words, not numbers"
        raise ExpressionError(message)
    return np.asarray(column, dtype=np.float64)


def _present(column: Column) -> npt.NDArray[np.bool_]:
    if column.dtype == object:
        return np.array([value is not None for value in column], dtype=bool)
    return ~np.isnan(column)
