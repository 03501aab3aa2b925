"""Weighting as a case describes it: method in words, margins or totals, bounds, limits of the weights."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.check.folder import Case
from app.analysis.check.frames import CaseError, Frame
from app.analysis.stats.designs.design import SurveyDesign
from app.analysis.stats.weighting.calibration import Auxiliaries, calibrate
from app.analysis.stats.weighting.distances import Distance
from app.analysis.stats.weighting.margins import Margin, crossed
from app.analysis.stats.weighting.raking import post_stratify, rake
from app.analysis.stats.weighting.trimming import trim
from app.analysis.stats.weighting.weighting import ResidualFit, Weighting

Floats = npt.NDArray[np.float64]
INTERCEPT = "(Intercept)"
# First words of methods that only cut the weights they find.
CUTTING = ("trim", "cut", "weights")
CROSSING = re.compile(r"\s*[:*+,|×]\s*")


@dataclass(frozen=True, eq=False)
class Weighted:
    """What a weighting case comes to: the weights, the design that carries them, the margins that formed cells."""

    design: SurveyDesign
    margins: tuple[str, ...]

    @property
    def weights(self) -> Floats:
        """Final weights, shape (rows,)."""
        return self.design.weights


def weighted(case: Case) -> Weighted:
    """Weights of a `weights` case: those of its design, or as its parameters say."""
    params = case.params
    if not params.keys() & {"method", "margins", "totals", "upper", "lower"}:
        return Weighted(case.design(), ())
    if params.keys() & {"margins", "totals"}:
        margins, design = _calibrated(case, params)
    else:
        before = _before(case)
        margins, design = before.margins, before.design
    if params.keys() & {"upper", "lower"}:
        # The words of the method say whether the cutting is repeated until no weight is outside.
        strict = bool(params.get("strict", re.search("repeat|until|strict", str(params.get("method", "")))))
        limits = {side: float(params[side]) for side in ("upper", "lower") if side in params}
        design = trim(design.weights, upper=limits.pop("upper", np.inf), **limits, strict=strict).applied_to(design)
    return Weighted(design, margins)


def weights_named(case: Case, name: str | None) -> Weighted | None:
    """The weighting of the file that a name stands for; without a name the last one of the case's design before it.

    A name is the column of expected weights, or the end of the id of a `weights` case.
    """
    others = [each for each in case.file.cases if each.what == "weights" and each.design_name == case.design_name]
    if name is None:
        order = {id(each.raw): place for place, each in enumerate(case.file.cases)}
        here = order.get(id(case.raw), len(order))
        before = [each for each in others if each.params and order[id(each.raw)] < here]
        return weighted(before[-1]) if before else None
    for other in others:
        column = other.expected.get("column") if isinstance(other.expected, Mapping) else None
        if name in {column, other.id} or (column is None and other.id.endswith(f"-{name}")):
            return weighted(other)
    message = f"no weights case of design {case.design_name!r} makes the weights {name!r}"
    raise CaseError(message)


def _before(case: Case) -> Weighted:
    """What a case that only cuts weights goes on from: named weights, those of the design, or an earlier weighting.

    A method such as "raking, then ..." goes on from the last weighting of its design that begins with the same word.
    """
    if "weights" in case.params:
        return weights_named(case, str(case.params["weights"])) or Weighted(case.design(), ())
    word = _first_word(case.params)
    if word.startswith(CUTTING):
        return Weighted(case.design(), ())
    found: Case | None = None
    for other in case.file.cases:
        if other.raw is case.raw:
            break
        alike = other.what == case.what and other.design_name == case.design_name
        if alike and other.params.keys() & {"margins", "totals"} and _first_word(other.params) == word:
            found = other
    if found is None:
        message = "neither margins nor totals, and no weighting of this design before that begins alike"
        raise CaseError(message)
    return weighted(found)


def _first_word(params: Mapping[str, Any]) -> str:
    words = re.findall(r"[a-z]+(?:-[a-z]+)*", str(params.get("method", "")).lower())
    return words[0] if words else CUTTING[0]


def _calibrated(case: Case, params: Mapping[str, Any]) -> tuple[tuple[str, ...], SurveyDesign]:
    """Columns of the margins, and the design with the weights brought to the totals."""
    design, frame = case.design(), case.frame()
    method = str(params.get("method", "")).lower()
    if "totals" in params:
        distance = (
            Distance.LOGIT if "logit" in method else Distance.EXPONENTIAL if "raking" in method else Distance.LINEAR
        )
        bounds = params.get("bounds")
        limits = None if bounds is None else (float(bounds[0]), float(bounds[1]))
        totals = _auxiliaries(params["totals"], frame)
        return (), calibrate(design.weights, totals, distance=distance, bounds=limits).applied_to(design)
    margins = [_margin(name, totals, frame) for name, totals in params["margins"].items()]
    columns = tuple(column for name in params["margins"] for column in _crossing(name, frame))
    return columns, _to_margins(design.weights, margins, method, params).applied_to(design)


def _to_margins(start: Floats, margins: list[Margin], method: str, params: Mapping[str, Any]) -> Weighting:
    if len(margins) == 1:
        return post_stratify(start, margins[0], partial=bool(params.get("partial", False)))
    if "post" in method:
        raise CaseError("post-stratification to more than one margin")
    # The cases come from R's rake(), whose residuals are taken without weights.
    return rake(start, margins).fitted_with(ResidualFit.EQUAL)


def _margin(name: str, totals: Mapping[str, float], frame: Frame) -> Margin:
    columns = _crossing(name, frame)
    labels = [frame.column(column) for column in columns]
    joined = labels[0] if len(labels) == 1 else crossed(*labels)
    keys = {"|".join(CROSSING.split(key)) if len(labels) > 1 else key: total for key, total in totals.items()}
    return Margin.of(name, joined, keys)


def _crossing(name: str, frame: Frame) -> list[str]:
    """Columns of a margin: one, or several joined by a sign."""
    return [name] if name in frame.columns else [part for part in CROSSING.split(name) if part]


def _auxiliaries(totals: Mapping[str, float], frame: Frame) -> Auxiliaries:
    columns: dict[str, npt.ArrayLike] = {}
    for name in totals:
        column = np.ones(frame.rows)
        if name != INTERCEPT:
            for part in name.split(":"):
                column = column * _model_column(part, frame)
        columns[name] = column
    return Auxiliaries.of(columns, totals)


def _model_column(name: str, frame: Frame) -> Floats:
    """A column of numbers, or a category written behind the name of its column as R does (``stypeH``)."""
    if name in frame.columns and frame.column(name).dtype != object:
        return frame.column(name).astype(np.float64)
    for column in sorted(frame.names, key=len, reverse=True):
        values = frame.column(column)
        category = name.removeprefix(column)
        if name.startswith(column) and values.dtype == object and category in set(values.tolist()):
            return np.asarray(values == category, dtype=np.float64)
    message = f"total {name!r} is neither a column of numbers nor a column with one of its categories"
    raise CaseError(message)
