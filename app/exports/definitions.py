"""What an export is (pure): a table with typed columns, its notes, and who may have it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.survey.definitions import QuestionSet
from app.web.permissions import Permission

Cell = str | int | float | date | None
Row = Sequence[Cell]
Notes = tuple[tuple[str, str], ...]
SIMULATED_MARK = "DỮ LIỆU MÔ PHỎNG"


class Kind(StrEnum):
    """What the cells of a column are. A text may stand in any column where there is no number to give."""

    TEXT = "text"
    CODE = "code"  # a small number that stands for a choice: typed, without a number format
    WHOLE = "whole"
    DECIMAL = "decimal"
    PERCENT = "percent"  # the cell is a fraction 0..1; files show it as a number of percent
    DATE = "date"


class FileFormat(StrEnum):
    """The kinds of file an officer may ask for."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``code`` for programs, ``title`` for people, ``places`` after the decimal sign."""

    code: str
    title: str
    kind: Kind = Kind.TEXT
    places: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """What a writer takes: columns, rows in the order of the columns (read once), and notes as (heading, text).

    ``others`` are further tables of a workbook, each a sheet named by ``sheet``; a CSV file holds the first table only.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    notes: Notes
    sheet: str = ""
    others: tuple["Table", ...] = ()

    def with_note(self, heading: str, words: str) -> "Table":
        """The same with one more note at the end."""
        return replace(self, notes=(*self.notes, (heading, words)))

    def marked_simulated(self) -> "Table":
        """The same with the mark of simulated data in a last column of every row, and first among the notes."""
        mark: Notes = (("Lưu ý", f"{SIMULATED_MARK} – không phải kết quả thật"),)
        return replace(
            self,
            columns=(*self.columns, Column("simulated", "Loại dữ liệu")),
            rows=([*row, SIMULATED_MARK] for row in self.rows),
            notes=mark + self.notes,
            others=tuple(other.marked_simulated() for other in self.others),
        )


@dataclass(frozen=True, slots=True)
class Export:
    """One kind of file. ``columns`` gives the ordered columns for a question set; a change of them is a new version."""

    code: str
    version: int
    title: str
    description: str
    permission: Permission
    columns: Callable[[QuestionSet], tuple[Column, ...]]
