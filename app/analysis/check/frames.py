"""Columns of data: CSV files and inline tables, numbers with NaN or words with None."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.check.expressions import Column


class FolderError(Exception):
    """The folder cannot be read as a collection of reference cases; the text says which file and why."""


class CaseError(ValueError):
    """A case asks for something that its own file does not hold: a column, a design, a data set."""


@dataclass(frozen=True)
class Frame:
    """Columns of one data set: float64 with NaN, or object with text and None for what is missing."""

    columns: dict[str, Column]
    rows: int

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the order of the file."""
        return tuple(self.columns)

    def column(self, name: str) -> Column:
        """One column.

        Raises
        ------
        CaseError
            When the data do not have it.
        """
        if name not in self.columns:
            raise CaseError(f"no column {name!r}; there are {', '.join(self.columns)}")
        return self.columns[name]

    def where(self, rows: npt.NDArray[np.bool_]) -> "Frame":
        """Only these rows."""
        return Frame({name: column[rows] for name, column in self.columns.items()}, int(rows.sum()))


def read_csv(path: Path) -> Frame:
    """A CSV with a header; empty fields are missing; a column is numeric when everything in it is a number."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = list(csv.reader(stream, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FolderError(f"{path.name} cannot be read: {error}") from error
    if not lines:
        raise FolderError(f"{path.name} is empty: not even a header")
    # An empty line is a missing answer when there is one column, and nothing otherwise.
    header = lines[0]
    rows = [line or [""] for line in lines[1:] if line or len(header) == 1]
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise FolderError(f"{path.name}, line {number}: {len(row)} fields under {len(header)} columns")
    cells: Iterator[tuple[str, ...]] = zip(*rows, strict=True) if rows else iter([()] * len(header))
    columns = {
        name: column_of([cell if cell != "" else None for cell in column])
        for name, column in zip(header, cells, strict=True)
    }
    return frame_of(columns, path.name)


def frame_of(columns: dict[str, Column], name: str) -> Frame:
    """Columns of one length, or FolderError."""
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise FolderError(f"{name}: columns of {', '.join(map(str, sorted(lengths)))} rows")
    return Frame(columns, lengths.pop() if lengths else 0)


def column_of(values: list[Any]) -> Column:
    """Floats where everything that is there is a number; otherwise words."""
    try:
        return np.array([_as_number(value) for value in values], dtype=np.float64)
    except ValueError:
        words = [None if value is None else _as_word(value) for value in values]
        column = np.empty(len(words), dtype=object)
        column[:] = words
        return column


def _as_number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _as_word(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)
