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
