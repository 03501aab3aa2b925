"""Compares what a handler computed with what a case expects, number by number."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

FLOOR = 1e-9
SMALLEST_RTOL = 1e-15
ITERATIVE = 1e-4
# R fits these two limits by iteration (README of the format).
ITERATIVE_PATHS = frozenset({("ci95", "logit"), ("ci95", "likelihood")})
# The gap between a z value and R's Tukey quantile, which R searches step by step to six or seven digits.
STEPPED, STEPPED_KEYS = 1e-6, frozenset({"margin_tukey"})
EXACT_KEYS = frozenset({"n", "n_psu", "n_strata", "df", "df_full_design", "df_domain", "rows", "lower", "upper"})
# The words by which R calls its columns follow the text of the call; only how many there are can be compared.
LABEL_KEYS = frozenset({"names"})
# What stands under these keys are values of grouping columns.
LABELLED_KEYS = frozenset({"by", "domains", "cells"})
# Codes of units that are written with digits.
CODE = re.compile(r"\d+(?:\.\d+)?")
Columns = Mapping[str, list[object]]
Table = Callable[[str], Columns]
Path = tuple[str | int, ...]


class Status(StrEnum):
    """Verdict on one case."""

    OK = "ok"
    DIFFERS = "differs"
    NOT_COVERED = "not covered"


@dataclass(frozen=True)
class Comparison:
    """Verdict, the largest relative difference met (None when no number was compared) and what is wrong."""

    status: Status
    difference: float | None
    reason: str = ""


@dataclass(frozen=True)
class _Finding:
    """One leaf: its relative difference, or why it cannot be compared."""

    path: Path
    difference: float | None = None
    problem: str = ""
    missing: bool = False


def compare(expected: object, got: object, *, rtol: float, table: Table) -> Comparison:
    """Walk the expected tree through the computed one.

    A leaf agrees when ``|got - expected| <= max(rtol * |expected|, 1e-9)``. The relative difference reported is
    ``|got - expected| / max(|expected|, 1e-9 / rtol)``, so that it can be read against `rtol` directly.

    Parameters
    ----------
    expected, got : tree of dict, list, number, str, bool, None
        ``None`` and NaN mean the same; a list of one and its only element too. Under the key ``file`` the expected
        tree names a CSV and the computed one holds its columns.
    rtol : float
        Relative tolerance of the case.
    table : callable
        Reads the columns of a CSV named in the case.

    Returns
    -------
    Comparison
        "differs" outweighs "not covered".
    """
    findings = list(_walk(expected, _plain(got), (), rtol, table))
    wrong = [finding for finding in findings if finding.problem and not finding.missing]
    missing = [finding for finding in findings if finding.missing]
    differences = [finding.difference for finding in findings if finding.difference is not None]
    largest = max(differences, default=None)
    if wrong:
        worst = max(wrong, key=lambda finding: finding.difference if finding.difference is not None else math.inf)
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        return Comparison(Status.DIFFERS, largest, f"{_named(worst.path)}: {worst.problem}{more}")
    if missing:
        names = ", ".join(dict.fromkeys(_named(finding.path) for finding in missing))
        return Comparison(Status.NOT_COVERED, largest, f"nothing computed for {names}")
    return Comparison(Status.OK, largest)


def _walk(expected: object, got: object, path: Path, rtol: float, table: Table) -> Iterator[_Finding]:
    if isinstance(expected, Mapping):
        yield from _walk_mapping(expected, got, path, rtol, table)
        return
    if path and path[-1] in LABEL_KEYS and isinstance(expected, list):
        yield from _count(expected, got, path)
        return
    if isinstance(expected, list):
        yield from _walk_list(expected, got, path, rtol, table)
        return
    if isinstance(got, list) and len(got) == 1:
        got = _plain(got[0])
    yield _leaf(expected, got, path, rtol)


def _walk_mapping(
    expected: Mapping[str, object], got: object, path: Path, rtol: float, table: Table
) -> Iterator[_Finding]:
    if not isinstance(got, Mapping):
        yield _Finding(path, problem=f"{_shown(got)} instead of named values")
        return
    for key, value in expected.items():
        if key not in got:
            yield _Finding((*path, key), problem="absent", missing=True)
        elif key == "file" and isinstance(value, str) and isinstance(got[key], Mapping):
            yield from _walk_table(_chosen(table(value), expected.get("column")), got[key], (*path, key), rtol)
        else:
            yield from _walk(value, _plain(got[key]), (*path, key), rtol, table)


def _chosen(columns: Columns, column: object) -> Columns:
    """All columns of a table, or the one that stands beside the name of its file, row by row."""
    return {column: columns[column]} if isinstance(column, str) else columns


def _walk_list(expected: list[object], got: object, path: Path, rtol: float, table: Table) -> Iterator[_Finding]:
    if isinstance(got, Mapping) and len(got) == 1:
        got = _plain(next(iter(got.values())))
    if len(expected) == 1 and not isinstance(got, list):
        got = [got]
    if not isinstance(got, list) or len(got) != len(expected):
        yield _Finding(path, problem=f"{_shown(got)} instead of {len(expected)} values")
        return
    for position, (wanted, value) in enumerate(zip(expected, got, strict=True)):
        yield from _walk(wanted, _plain(value), (*path, position), rtol, table)


def _walk_table(expected: Columns, got: Mapping[str, object], path: Path, rtol: float) -> Iterator[_Finding]:
    """Rows are matched by their labels (unit, item), so that their order does not matter."""
    columns = {name: _plain(values) for name, values in got.items()}
    lists = {name: values for name, values in columns.items() if isinstance(values, list) and name in expected}
    for name in expected.keys() - lists.keys():
        yield _Finding((*path, name), problem="absent", missing=True)
    keys = _keys(expected, lists)
    wanted, have = _rows_by(keys, expected), _rows_by(keys, lists)
    if wanted.keys() != have.keys():
        odd = sorted(map(str, wanted.keys() ^ have.keys()))
        yield _Finding(path, problem=f"{len(have)} rows instead of {len(wanted)}, first odd one {odd[0]}")
        return
    for key, row in wanted.items():
        place = ",".join(map(str, key))
        for name in lists.keys() - set(keys):
            yield _leaf(expected[name][row], _plain(lists[name][have[key]]), (*path, place, name), rtol)


def _keys(expected: Columns, got: Mapping[str, list[object]]) -> list[str]:
    """Columns of words, and where these do not tell the rows apart, as many of the first others as do (unit codes)."""
    shared = [name for name in expected if name in got]
    keys = [name for name in shared if any(isinstance(value, str) for value in (*expected[name], *got[name]))]
    length = max((len(values) for values in expected.values()), default=0)
    for name in [name for name in shared if name not in keys]:
        if not keys or len(_rows_by(keys, expected)) == length:
            break
        keys.append(name)
    return keys


def _rows_by(keys: list[str], columns: Columns) -> dict[tuple[object, ...], int]:
    length = max((len(values) for values in columns.values()), default=0)
    if not keys:
        return {(row,): row for row in range(length)}
    return {tuple(label(columns[name][row]) for name in keys): row for row in range(len(columns[keys[0]]))}


def label(value: object) -> object:
    """Value of a grouping column in one form, as a code may be a number or words: 7, 7.0, "7", "07"."""
    number = isinstance(value, str) and CODE.fullmatch(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{float(value):.15g}" if number or is_number else value  # type: ignore[arg-type]


def _count(expected: list[object], got: object, path: Path) -> Iterator[_Finding]:
    count = len(got) if isinstance(got, list) else 1
    if count == len(expected):
        yield _Finding(path)
    else:
        yield _Finding(path, problem=f"{count} names instead of {len(expected)}")


def _leaf(expected: object, got: object, path: Path, rtol: float) -> _Finding:
    wanted, value = _number(expected), _number(got)
    if wanted is None or value is None:
        codes = LABELLED_KEYS.intersection(step for step in path if isinstance(step, str))
        same = label(expected) == label(got) if codes else expected == got
        same = same and isinstance(expected, bool) == isinstance(got, bool)
        return _Finding(path, problem="" if same else f"{_shown(got)} instead of {_shown(expected)}")
    if math.isnan(wanted) or math.isnan(value) or math.isinf(wanted) or math.isinf(value):
        same = wanted == value or (math.isnan(wanted) and math.isnan(value))
        return _Finding(path, problem="" if same else f"{_shown(got)} instead of {_shown(expected)}")
    tolerance = _tolerance(path, wanted, rtol)
    gap = abs(value - wanted)
    difference = gap / max(abs(wanted), FLOOR / max(rtol, SMALLEST_RTOL))
    agrees = gap <= tolerance
    return _Finding(path, difference, "" if agrees else f"{value!r} instead of {wanted!r}")


def _tolerance(path: Path, wanted: float, rtol: float) -> float:
    words = [step for step in path if isinstance(step, str)]
    if words and words[-1] in EXACT_KEYS and wanted == round(wanted):
        return FLOOR
    if words and words[-1] in STEPPED_KEYS:
        return max(rtol * abs(wanted), STEPPED)
    if any(pair in ITERATIVE_PATHS for pair in pairwise(words)):
        rtol = max(rtol, ITERATIVE)
    return max(rtol * abs(wanted), FLOOR)


def _number(value: object) -> float | None:
    """Numeric meaning of a leaf: None is NaN, "Inf" infinity; words and truth values have none."""
    if value is None:
        return math.nan
    if isinstance(value, str):
        return {"Inf": math.inf, "-Inf": -math.inf}.get(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def _plain(value: object) -> object:
    """Arrays and tuples as lists, numpy scalars as Python numbers."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return list(value) if isinstance(value, tuple) else value


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _named(path: Path) -> str:
    return ".".join(map(str, path)) or "the whole result"
