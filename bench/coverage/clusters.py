"""One item of one unit in cluster samples: 360 settings, many samples of each (statistics.md section 9.2)."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.linearised import means
from app.analysis.stats.intervals.basis import ShareBasis
from app.analysis.stats.intervals.limits import Limits
from app.analysis.stats.smoothed import smooth
from bench.coverage.methods import Drawn, Method, own_limits, pooled_limits
from bench.coverage.tally import Held, added

Floats = npt.NDArray[np.float64]

SHARES = (0.5, 0.8, 0.93, 0.98, 0.995)
SHAPES = ((2, 5), (3, 10), (5, 20), (10, 10), (20, 20), (40, 10), (13, 30))
# Shapes that are drawn in pairs as well: two sampled places in each stratum.
PAIRED = ((20, 20), (40, 10))
# Not part of the 360; five degrees of freedom.
PAIRED_FURTHER = ((10, 10),)
LIKENESS = (0.02, 0.05, 0.1, 0.2)
WEIGHTS = (0.0, 0.5)

# Other items and units tell the design effect of the survey up to this relative error.
KNOWN_UP_TO = 0.15
# Steps in which that error is taken, and draws of weights, per setting.
ERRORS, DRAWS = 50, 20


@dataclass(frozen=True, slots=True)
class Setting:
    """A true share, sampled places and people in each, likeness inside places, spread of weights, strata."""

    p: float
    places: int
    people: int
    icc: float
    weight_cv: float
    paired: bool

    @property
    def n(self) -> int:
        """Answers."""
        return self.places * self.people

    @property
    def shape(self) -> str:
        """Such as ``20×20 in pairs``."""
        return f"{self.places}×{self.people}" + (" in pairs" if self.paired else "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What every method did in one setting."""

    setting: Setting
    held: dict[Method, Held]


def grid() -> tuple[Setting, ...]:
    """The 360 settings: seven shapes in one stratum, two of them also in pairs."""
    shapes = [*((*shape, False) for shape in SHAPES), *((*shape, True) for shape in PAIRED)]
    return _settings(shapes)


def further() -> tuple[Setting, ...]:
    """Forty settings more: ten places in five pairs."""
    return _settings([(*shape, True) for shape in PAIRED_FURTHER])


def measure(setting: Setting, *, samples: int, seed: tuple[int, ...]) -> Outcome:
    """Draw samples of a setting and count, method by method, the intervals that hold the true share.

    Parameters
    ----------
    samples : int
        A multiple of 100, so that it divides into draws of weights and steps of error.
    seed : tuple of int
        The same seed gives the same figures.
    """
    rng = np.random.default_rng(seed)
    value, se = _estimates(setting, samples, rng)
    strata = setting.places // 2 if setting.paired else 1
    n, places, groups = (np.full(samples, k) for k in (setting.n, setting.places, strata))
    basis = ShareBasis(value, se, n, places, groups)
    srs = value * (1.0 - value) / (setting.n - 1)
    known = _known_effects(float((se**2).sum() / srs.sum()), samples)
    drawn = Drawn(basis, known)
    blocks = (own_limits(drawn), *_borrowed(drawn, srs))
    joined = added(
        [{"": {str(name): Held.of(limits, setting.p) for name, limits in block.items()}} for block in blocks]
    )
    return Outcome(setting, {method: joined[""][method] for method in Method})


def _borrowed(drawn: Drawn, srs: Floats) -> list[dict[Method, Limits]]:
    """Methods that know the survey's design effect, one step of its error at a time.

    Each sample stands for one unit of a large survey, so the design has degrees of freedom enough.
    """
    basis, found = drawn.basis, []
    for part in np.array_split(np.arange(len(srs)), ERRORS):
        own = ShareBasis(basis.value[part], basis.se[part], basis.n[part], basis.n_psu[part], basis.n_strata[part])
        design = smooth(
            variance=own.se[:, None] ** 2,
            srs=srs[part][:, None],
            fpc_factor=np.ones(len(part)),
            df_unit=own.df.astype(np.float64),
            df_design=float("inf"),
            kappa=1.0,
            deff_all=float(drawn.pooled_deff[part[0]]),
        )
        found.append(pooled_limits(Drawn(own, drawn.pooled_deff[part]), design))
    return found


def _known_effects(true: float, samples: int) -> Floats:
    """Design effect as the survey knows it, the same for the samples of one step: steps of a normal error."""
    from scipy.special import ndtri

    error = ndtri((np.arange(ERRORS) + 0.5) / ERRORS)
    steps = [np.full(len(part), e) for part, e in zip(np.array_split(np.arange(samples), ERRORS), error, strict=True)]
    return true * (1.0 + KNOWN_UP_TO * np.concatenate(steps))


def _estimates(setting: Setting, samples: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Shares and standard errors of all samples, shape (samples,); each draw of weights serves many samples."""
    place = np.repeat(np.arange(setting.places), setting.people)
    spread = np.sqrt(np.log1p(setting.weight_cv**2))
    a, b = (share * (1.0 - setting.icc) / setting.icc for share in (setting.p, 1.0 - setting.p))
    values, errors = [], []
    for part in np.array_split(np.arange(samples), DRAWS):
        rate = rng.beta(a, b, (setting.places, len(part)))
        satisfied = rng.random((setting.n, len(part))) < rate[place]
        design = SurveyDesign.of(
            setting.n,
            lonely=LonelyPsu.FAIL,
            weights=rng.lognormal(0.0, spread, setting.n),
            strata=place // 2 if setting.paired else None,
            clusters=[place],
        )
        found = means(design, satisfied.astype(np.float64))
        # Sums of weights leave 1 - 1e-16 where everybody was satisfied.
        values.append(np.where(satisfied.all(axis=0), 1.0, np.where(satisfied.any(axis=0), found.value, 0.0)))
        errors.append(found.se)
    return np.concatenate(values), np.concatenate(errors)


def _settings(shapes: list[tuple[int, int, bool]]) -> tuple[Setting, ...]:
    return tuple(
        Setting(p, places, people, icc, cv, paired)
        for (places, people, paired), p, icc, cv in product(shapes, SHARES, LIKENESS, WEIGHTS)
    )
