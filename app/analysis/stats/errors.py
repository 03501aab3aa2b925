"""Named errors of the statistics rooms: what was wrong and where."""


class StatisticsError(ValueError):
    """Base of every refusal of this package."""


class BadInputError(StatisticsError):
    """Numbers that cannot be what they claim to be: wrong shape, a level outside the scale, n above N."""


class MethodDoesNotFitError(StatisticsError):
    """The method exists, but not for this kind of sample or this scale."""


class NotFromSumsError(StatisticsError):
    """The sums of a cell do not hold what this estimate needs; a survey design has to be given."""


class LonelyPsuError(StatisticsError):
    """A stratum with a single sampled unit has no variance of its own, and no rule was named for it."""


class EmptyCategoryError(BadInputError):
    """A category of a margin or cell that is to be weighted up has nobody in the sample."""


class NotConvergedError(StatisticsError):
    """An iterative weighting did not reach its totals; names the margin and category that stayed apart."""


class TooManyDriversError(MethodDoesNotFitError):
    """More drivers than all subsets of them can be gone through."""
