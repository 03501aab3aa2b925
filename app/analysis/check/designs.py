"""Builds a survey design out of its description in a case file."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.check.frames import CaseError, Frame
from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign


def build_design(frame: Frame, spec: Mapping[str, Any], lonely: str, *, lonely_domains: bool) -> SurveyDesign:
    """The design that a specification describes, on the rows of a frame.

    Raises
    ------
    CaseError
        When a column is missing or the rule for single units has no such name.
    StatisticsError
        When the rows cannot be such a sample.
    """
    weights, strata, fpc = spec.get("weights"), spec.get("strata"), spec.get("fpc")
    if lonely not in set(LonelyPsu):
        raise CaseError(f"survey.lonely.psu {lonely!r} is none of {', '.join(LonelyPsu)}")
    if weights is None and fpc is None:
        values: npt.ArrayLike | None = np.ones(frame.rows)
    elif weights in frame.columns:
        values = frame.column(str(weights))
    elif fpc is not None:
        values = None  # words in place of a column say that the weight follows from the population counts
    else:
        raise CaseError(f"weights {weights!r} are no column, and there are no population counts they could follow from")
    return SurveyDesign.of(
        frame.rows,
        lonely=LonelyPsu(lonely),
        weights=values,
        strata=None if strata is None else frame.column(listed(strata)[0]),
        clusters=[frame.column(name) for name in listed(spec.get("ids"))],
        populations=None if fpc is None else [frame.column(name) for name in listed(fpc)],
        nested=bool(spec.get("nest", False)),
        lonely_domains=lonely_domains,
    )


def listed(value: Any) -> list[str]:
    """A list of names; a name alone is a list of one, null an empty list."""
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
