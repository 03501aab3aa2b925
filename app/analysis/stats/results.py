"""Frozen results: an estimate always carries its n, its method and the kind of sample it came from."""

from dataclasses import dataclass
from enum import StrEnum

from app.analysis.stats.errors import BadInputError


class SampleKind(StrEnum):
    """How people came into the sample; decides words, colours and what may be joined (statistics.md section 7)."""

    PROBABILITY = "probability"
    CENSUS = "census"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper limit, on the scale of the estimate."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            message = f"lower limit {self.low} is above upper limit {self.high}"
            raise BadInputError(message)

    @property
    def width(self) -> float:
        """Length of the interval."""
        return self.high - self.low

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with everything needed to print it honestly.

    Parameters
    ----------
    value : float
        The estimate; shares and indices are fractions 0..1, never percent.
    interval : Interval
        Limits at `confidence_level`.
    n : int
        People the figure rests on.
    method : str
        Name of the interval method.
    confidence_level : float
        For example 0.95.
    se : float or None
        Standard error with the person as sampling unit; None where one person says nothing about spread.
    sample_kind : SampleKind
        Open samples are shown as a model range, never as a margin of error.
    notes : tuple of str
        Short codes of what the reader must be told, for example ``no_variance``.
    n_eff, df : float or None
        Effective size and degrees of freedom used; ``df`` None means the normal quantile.
    deff : float or None
        Design effect of the figure itself: its design variance over that of as many people drawn one by one.
    """

    value: float
    interval: Interval
    n: int
    method: str
    confidence_level: float
    se: float | None
    sample_kind: SampleKind
    notes: tuple[str, ...] = ()
    n_eff: float | None = None
    df: float | None = None
    deff: float | None = None


@dataclass(frozen=True, slots=True)
class NoData:
    """Nobody answered, or the rule of the index leaves nobody: not zero, but nothing."""

    reason: str
