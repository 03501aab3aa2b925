"""Whether a cell holds its level, whether another method would, and whether the product warns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bench.coverage.surveys import Figure
from bench.coverage.tally import Counts, Held

# Below this a cell is marked.
LOWEST = 0.93
# A setting counts as warned when the warning stands beside at least this share of its figures.
USUALLY = 0.5


class Mark(StrEnum):
    """What stands behind a coverage in the tables."""

    HOLDS = ""
    ANOTHER = "†"
    NONE = "‡"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Coverage of the default, of the best other method, and how often the product warns."""

    default: float
    other: float
    warned: float

    @property
    def mark(self) -> Mark:
        """Marked below 93 %: † when another method holds, ‡ when none does."""
        return mark(self.default, [self.other])

    @property
    def is_warned(self) -> bool:
        """Whether the warning usually stands there."""
        return self.warned >= USUALLY


def mark(default: float, others: Iterable[float]) -> Mark:
    """Mark of a coverage, given those of the other methods."""
    if default >= LOWEST:
        return Mark.HOLDS
    return Mark.ANOTHER if max(others) >= LOWEST else Mark.NONE


def verdict(group: Mapping[str, Held]) -> Verdict:
    """Verdict on the shares of a group of cells."""
    others = (Figure.LOGIT, Figure.KORN_GRAUBARD_DOMAIN, Figure.KORN_GRAUBARD_FULL, Figure.WILSON_FULL)
    return Verdict(
        group[Figure.SMOOTHED].coverage,
        max(group[name].coverage for name in others),
        group[Figure.WARNED].coverage,
    )


def index_verdict(counts: Counts) -> Verdict:
    """Verdict on the index of the respondent."""
    group = counts["index"]
    return Verdict(group[Figure.SMOOTHED_INDEX].coverage, group[Figure.MEAN_T].coverage, group[Figure.WARNED].coverage)
