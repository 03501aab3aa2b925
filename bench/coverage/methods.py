"""Every interval of one cell that the study compares, by name, made by the functions of the statistics library."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.intervals.basis import ShareBasis
from app.analysis.stats.intervals.limits import (
    Limits,
    agresti_coull_limits,
    clopper_pearson_limits,
    prior_limits,
    wald_limits,
    wilson_limits,
)
from app.analysis.stats.intervals.shares import ShareMethod, share_limits
from app.analysis.stats.quantiles import normal_quantile, t_quantile
from app.analysis.stats.smoothed import SmoothedDesign, smoothed_limits

Floats = npt.NDArray[np.float64]
LEVEL = 0.95


class Method(StrEnum):
    """Names as the tables print them."""

    WALD_Z = "Wald z"
    WALD_T = "Wald t"
    WILSON_OWN = "Wilson, own n_eff, t"
    LOGIT = "logit t (0/1: pooled beta)"
    JEFFREYS = "Jeffreys, own n_eff cut"
    AGRESTI_COULL = "Agresti–Coull, own n_eff cut"
    KORN_GRAUBARD = "Korn–Graubard as in R"
    KORN_GRAUBARD_CUT = "Korn–Graubard cut at n"
    WILSON_POOLED = "Wilson, pooled deff only, z"
    SMOOTHED = "smoothed Wilson"
    KORN_GRAUBARD_SMOOTHED = "Korn–Graubard with smoothed deff"
    KORN_GRAUBARD_SMALLER = "Korn–Graubard, smaller of own and pooled size"


@dataclass(frozen=True, eq=False)
class Drawn:
    """Cells of many samples, shape (k,): what each says by itself, and the pooled design effect beside it."""

    basis: ShareBasis
    pooled_deff: Floats

    @property
    def pooled_size(self) -> Floats:
        """People over the pooled design effect."""
        return self.basis.n / np.maximum(self.pooled_deff, 1.0)

    @property
    def own_size(self) -> Floats:
        """Own effective size, at most n; the pooled one where there is no variance to make it of."""
        own = self.basis.n_eff
        return np.where(np.isfinite(own), np.minimum(own, self.basis.n), self.pooled_size)


def own_limits(drawn: Drawn) -> dict[Method, Limits]:
    """Limits from each cell's own variance, as single cells have been given since Wald."""
    basis, n = drawn.basis, drawn.basis.n.astype(np.float64)
    p, z = basis.value, normal_quantile(LEVEL)
    size = drawn.own_size
    fallback = clopper_pearson_limits(p * drawn.pooled_size, drawn.pooled_size, confidence_level=LEVEL)
    at_n = clopper_pearson_limits(np.rint(p * n), n, confidence_level=LEVEL)
    return {
        Method.WALD_Z: wald_limits(p, basis.se, z, cut=True),
        Method.WALD_T: wald_limits(p, basis.se, t_quantile(LEVEL, basis.df), cut=True),
        Method.WILSON_OWN: _named(basis, ShareMethod.WILSON, fallback),
        Method.LOGIT: _named(basis, ShareMethod.XLOGIT, fallback),
        Method.JEFFREYS: prior_limits(p * size, size, prior=0.5, confidence_level=LEVEL),
        Method.AGRESTI_COULL: agresti_coull_limits(p, size, t_quantile(LEVEL, basis.df), cut=True),
        Method.KORN_GRAUBARD: _named(basis, ShareMethod.BETA, at_n),
        Method.KORN_GRAUBARD_CUT: _named(basis, ShareMethod.BETA_TRUNC, at_n),
    }


def pooled_limits(drawn: Drawn, design: SmoothedDesign) -> dict[Method, Limits]:
    """Limits that borrow the design effect of the whole survey; the cells are units of that survey."""
    basis, n = drawn.basis, drawn.basis.n.astype(np.float64)
    p = basis.value
    low, high, n_eff = (x[:, 0] for x in smoothed_limits(p[:, None], n[:, None], design, confidence_level=LEVEL))
    adjusted = n_eff * (t_quantile(LEVEL, n - 1.0) / t_quantile(LEVEL, design.df_star)) ** 2
    own = basis.n_eff_df(confidence_level=LEVEL)
    smaller = np.minimum(np.where(np.isfinite(own), own, n), drawn.pooled_size)
    return {
        Method.WILSON_POOLED: wilson_limits(p, drawn.pooled_size, normal_quantile(LEVEL)),
        Method.SMOOTHED: (low, high),
        Method.KORN_GRAUBARD_SMOOTHED: clopper_pearson_limits(p * adjusted, adjusted, confidence_level=LEVEL),
        Method.KORN_GRAUBARD_SMALLER: clopper_pearson_limits(p * smaller, smaller, confidence_level=LEVEL),
    }


def _named(basis: ShareBasis, method: ShareMethod, fallback: Limits) -> Limits:
    """A method by name, and another one where it does not exist."""
    found = share_limits(basis, method=method, confidence_level=LEVEL, cut=True)
    missing = np.isnan(found.low) | np.isnan(found.high)
    return np.where(missing, fallback[0], found.low), np.where(missing, fallback[1], found.high)
