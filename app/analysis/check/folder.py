"""Reads a folder of reference cases, format stat-ref-1: case files, their data and their designs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.check.designs import build_design, listed
from app.analysis.check.expressions import ExpressionError, Scope, columns_of, equal_to, evaluate, truth
from app.analysis.check.frames import CaseError, FolderError, Frame, column_of, frame_of, read_csv
from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign

SCHEMA = "stat-ref-1"
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
_REQUIRED = ("id", "what", "expected", "rtol")


@dataclass(frozen=True, eq=False)
class CaseFile:
    """One file of cases with its data sets and designs."""

    root: Path
    id: str
    data: Mapping[str, Mapping[str, Any]]
    designs: Mapping[str, Mapping[str, Any]]
    raw_cases: tuple[Mapping[str, Any], ...] = ()
    _frames: dict[str, Frame] = field(default_factory=dict)
    _designs: dict[tuple[str, str, bool], SurveyDesign] = field(default_factory=dict)

    @cached_property
    def cases(self) -> tuple["Case", ...]:
        """Its cases; each of them can look at the others, as some go on from an earlier one."""
        return tuple(Case(self, raw) for raw in self.raw_cases)

    def frame(self, name: str) -> Frame:
        """Data set of that name, or the CSV at that path inside the folder."""
        if name not in self._frames:
            spec = self.data.get(name)
            if spec is None and not name.endswith(".csv"):
                raise CaseError(f"the file has no data set {name!r}")
            inline = None if spec is None else spec.get("inline")
            if inline is not None:
                columns = {key: column_of(list(values)) for key, values in inline.items()}
                self._frames[name] = frame_of(columns, name)
            else:
                self._frames[name] = read_csv(self.path(name if spec is None else str(spec["file"])))
        return self._frames[name]

    def path(self, name: str) -> Path:
        """A file of the collection; nothing outside its folder is ever opened."""
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise CaseError(f"{name!r} lies outside the folder")
        return path

    def table(self, name: str) -> dict[str, list[object]]:
        """Columns of a CSV of expected values."""
        frame = read_csv(self.path(name))
        return {key: column.tolist() for key, column in frame.columns.items()}

    def design_spec(self, name: str) -> Mapping[str, Any]:
        """Description of a design as it stands in the file."""
        if name not in self.designs:
            raise CaseError(f"the file has no design {name!r}")
        return self.designs[name]

    def design(self, name: str, lonely: str, *, lonely_domains: bool) -> SurveyDesign:
        """The design of that name under the given rules for single units."""
        key = (name, lonely, lonely_domains)
        if key not in self._designs:
            spec = self.design_spec(name)
            frame = self.frame(str(spec["data"]))
            self._designs[key] = build_design(frame, spec, lonely, lonely_domains=lonely_domains)
        return self._designs[key]


@dataclass(frozen=True, eq=False)
class Case:
    """One case: what to compute, from which rows, and what R answered."""

    file: CaseFile
    raw: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Name of the case, unique in its file."""
        return str(self.raw["id"])

    @property
    def what(self) -> str:
        """Kind of computing; chooses the handler."""
        return str(self.raw["what"])

    @property
    def design_name(self) -> str | None:
        """Name of its design, or several joined by commas; None when there is none."""
        return self.raw.get("design")

    @property
    def design_names(self) -> tuple[str, ...]:
        """Names of all its designs."""
        return tuple(name.strip() for name in (self.design_name or "").split(",") if name.strip())

    @property
    def vars(self) -> tuple[str, ...]:
        """Expressions of the variables."""
        return tuple(listed(self.raw.get("vars")))

    @property
    def indicator(self) -> str | None:
        """Expression of the 0/1 variable."""
        return self.raw.get("indicator")

    @property
    def domain(self) -> Mapping[str, Any]:
        """Column and value that the rows must have."""
        return self.raw.get("domain") or {}

    @property
    def domain_rule(self) -> str | None:
        """Rule in words."""
        return self.raw.get("domain_rule")

    @property
    def by(self) -> tuple[str, ...]:
        """Grouping columns."""
        return tuple(listed(self.raw.get("by")))

    @property
    def params(self) -> Mapping[str, Any]:
        """Parameters of the method."""
        return self.raw.get("params") or {}

    @property
    def options(self) -> Mapping[str, Any]:
        """Options of R's survey package that differ from its defaults."""
        return self.raw.get("options") or {}

    @property
    def lonely(self) -> str:
        """Rule for strata with a single sampled unit."""
        return str(self.options.get("survey.lonely.psu", LonelyPsu.FAIL))

    @property
    def lonely_domains(self) -> bool:
        """Whether the rule also holds for units left single by the domain."""
        return bool(self.options.get("survey.adjust.domain.lonely", False))

    @property
    def r(self) -> str:
        """The R call."""
        return str(self.raw.get("r", ""))

    @property
    def expected(self) -> Any:
        """What R answered."""
        return self.raw["expected"]

    @property
    def rtol(self) -> float:
        """Relative tolerance."""
        return float(self.raw["rtol"])

    @property
    def survey_4_5(self) -> Any:
        """The answer of the newer version, "same", or None when nobody asked it."""
        return self.raw.get("survey_4_5")

    @cached_property
    def scope(self) -> Scope:
        """Data and items of the case, for expressions."""
        return self.scope_of_item(None)

    def scope_of_item(self, item: str | None) -> Scope:
        """The same with an item of the loop."""
        frame = self.frame()
        items = self.vars if self.vars and all(name in frame.columns for name in self.vars) else ()
        return Scope(frame.columns, frame.rows, items, item)

    def frame(self) -> Frame:
        """Rows of its design or of its data set."""
        if self.design_names:
            return self.file.frame(str(self.file.design_spec(self.design_names[0])["data"]))
        if self.raw.get("data") is not None:
            return self.file.frame(str(self.raw["data"]))
        raise CaseError("the case names neither a design nor a data set")

    def design(self, name: str | None = None) -> SurveyDesign:
        """Its design (the first one, unless named) under its options."""
        if name is None and not self.design_names:
            raise CaseError("the case names no design")
        return self.file.design(name or self.design_names[0], self.lonely, lonely_domains=self.lonely_domains)

    def mask(self) -> Bools:
        """Rows that are estimated: `domain` and `domain_rule` together."""
        inside = self.rule_mask()
        for column, value in self.domain.items():
            inside = inside & self.rows_where(column, value)
        return inside

    def rule_mask(self) -> Bools:
        """Rows for which `domain_rule` alone holds; all rows without one."""
        return (
            np.ones(self.frame().rows, dtype=bool) if self.domain_rule is None else truth(self.domain_rule, self.scope)
        )

    def rows_where(self, column: str, value: Any) -> Bools:
        """Rows whose column has this value (or one of a list of values)."""
        values = self.frame().column(column)
        wanted = value if isinstance(value, list) else [value]
        return np.asarray(np.any([equal_to(values, each) for each in wanted], axis=0), dtype=bool)

    def values(self, expression: str, *, item: str | None = None) -> Floats:
        """Values of an expression, NaN where missing.

        Raises
        ------
        ExpressionError
            When the expression is not in the grammar or is a column of words.
        """
        found = evaluate(expression, self.scope if item is None else self.scope_of_item(item))
        if found.dtype == object:
            raise ExpressionError(f"{expression!r} is a column of words, not of numbers")
        return found

    def columns_of(self, expression: str) -> tuple[str, ...]:
        """Columns that an expression mentions."""
        return columns_of(expression, self.scope)


def read_folder(folder: Path) -> tuple[CaseFile, ...]:
    """All case files of a folder, by name.

    Raises
    ------
    FolderError
        No folder, no cases, a file that is not JSON or not of the format, data that are declared and missing.
    """
    if not folder.is_dir():
        raise FolderError(f"{folder} is not a folder")
    paths = sorted((folder / "cases").glob("*.json"))
    if not paths:
        raise FolderError(f"{folder} holds no file cases/*.json")
    files = tuple(_read_file(folder, path) for path in paths)
    if not any(file.cases for file in files):
        raise FolderError(f"the files in {folder / 'cases'} hold no case at all")
    return files


def _read_file(folder: Path, path: Path) -> CaseFile:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FolderError(f"{path.name} is not JSON: {error}") from error
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise FolderError(f"{path.name} does not say that it is of the schema {SCHEMA}")
    parts = (content.get("data") or {}, content.get("designs") or {}, content.get("cases") or [])
    for name, part, kind in zip(("data", "designs", "cases"), parts, (dict, dict, list), strict=True):
        if not isinstance(part, kind) or not all(isinstance(x, dict) for x in _members(part)):
            raise FolderError(f"{path.name}: {name!r} is not what the format says")
    data, designs, raw_cases = parts
    for number, case in enumerate(raw_cases, start=1):
        missing = [key for key in _REQUIRED if key not in case]
        if missing:
            raise FolderError(f"{path.name}, case {case.get('id', number)!r}: no {', '.join(missing)}")
    for name, spec in data.items():
        if "inline" not in spec and not (folder / str(spec.get("file"))).is_file():
            raise FolderError(f"{path.name}: data set {name!r} has no file {spec.get('file')!r}")
    return CaseFile(folder, str(content.get("id", path.stem)), data, designs, tuple(raw_cases))


def _members(part: dict[str, Any] | list[Any]) -> list[Any]:
    return list(part.values()) if isinstance(part, dict) else part
