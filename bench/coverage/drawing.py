"""Whole surveys drawn from known truths: units, sampled places, 22 items whose answers hang together."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

ITEMS = 22
# Share of the variance of a person's answers that is the person's own mood (on the normal scale).
MOOD = 0.3


@dataclass(frozen=True, eq=False)
class Survey:
    """One drawn survey and what is true of it.

    Attributes
    ----------
    design : SurveyDesign
    answers : float array, shape (rows, items)
        0 or 1; NaN where an item was not answered.
    unit : int array, shape (rows,)
    truth : float array, shape (units, items)
        Share of satisfied people in the population of each unit.
    """

    design: SurveyDesign
    answers: Floats
    unit: Ints
    truth: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Nested:
    """Units that are strata of their own, with sampled places inside them.

    Parameters
    ----------
    units : int
    places, people : tuple of int
        Fewest and most sampled places of a unit, and people of a place.
    icc : tuple of float
        Smallest and largest likeness inside places; every unit has its own.
    shared : float
        Share of a place's effect that is the same for all items; 1: a bad village is bad in everything.
    shares : tuple of float
        Ends between which the true shares of the items lie.
    weight_cv : float
    items : int
    odd_icc : float, optional
        Likeness inside the places of the first unit, where it is unlike the others.
    """

    units: int
    places: tuple[int, int]
    people: tuple[int, int]
    icc: tuple[float, float]
    shared: float
    shares: tuple[float, float]
    weight_cv: float
    items: int = ITEMS
    odd_icc: float | None = None

    def draw(self, rng: np.random.Generator) -> Survey:
        """One survey with truths of its own."""
        count = rng.integers(self.places[0], self.places[1] + 1, self.units)
        unit = np.repeat(np.arange(self.units), count)
        truth = true_shares(rng, (self.units, self.items), self.shares)
        icc = rng.uniform(*self.icc, (self.units, 1))
        if self.odd_icc is not None:
            icc[0] = self.odd_icc
        people = rng.integers(self.people[0], self.people[1] + 1, len(unit))
        place = np.repeat(np.arange(len(unit)), people)
        answers = answered(rng, truth[unit], icc[unit], place, self.shared)
        design = SurveyDesign.of(
            len(place),
            lonely=LonelyPsu.ADJUST,
            weights=weights(rng, len(place), self.weight_cv),
            strata=unit[place],
            clusters=[place],
        )
        return Survey(design, answers, unit[place], truth)


@dataclass(frozen=True, slots=True, kw_only=True)
class Domains:
    """Units as domains: people of many units live in the sampled villages of every stratum.

    Parameters
    ----------
    units : int
    strata, places, people : tuple of int
        Fewest and most strata, sampled places of a stratum, people of a place.
    icc, shared, shares, weight_cv
        As in `Nested`; weights also differ between strata.
    missing : float
        Share of items left unanswered.
    """

    units: int
    strata: tuple[int, int]
    places: tuple[int, int]
    people: tuple[int, int]
    icc: tuple[float, float]
    shared: float
    shares: tuple[float, float]
    weight_cv: float
    missing: float

    def draw(self, rng: np.random.Generator) -> Survey:
        """One survey with truths of its own.

        A unit has most of its people in few strata, and shares differ between strata: the truth is their mean over
        the people of the unit.
        """
        strata = int(rng.integers(self.strata[0], self.strata[1] + 1))
        stratum = np.repeat(np.arange(strata), rng.integers(self.places[0], self.places[1] + 1, strata))
        people = rng.integers(self.people[0], self.people[1] + 1, len(stratum))
        place = np.repeat(np.arange(len(stratum)), people)
        living = rng.dirichlet(np.full(self.units, 0.15), strata)
        unit = np.array([rng.choice(self.units, p=living[s]) for s in stratum[place]], dtype=np.intp)
        scale = rng.lognormal(0.0, 0.4, strata)
        of_unit = true_shares(rng, (self.units, ITEMS), self.shares)
        step = rng.normal(0.0, 0.3, (strata, 1))
        # Shares of a unit's people in each stratum, in the population that the weights stand for.
        lives = living * (scale * np.bincount(stratum, weights=people, minlength=strata))[:, None]
        by_stratum = _moved(of_unit[None, :, :], step[:, :, None])
        truth = np.einsum("su,sui->ui", lives, by_stratum) / lives.sum(axis=0)[:, None]
        pair, group = np.unique(place * self.units + unit, return_inverse=True)
        at, who = stratum[pair // self.units], pair % self.units
        icc = rng.uniform(*self.icc, (self.units, 1))[who]
        answers = answered(rng, by_stratum[at, who], icc, group, self.shared)
        answers[rng.random(answers.shape) < self.missing] = np.nan
        design = SurveyDesign.of(
            len(place),
            lonely=LonelyPsu.ADJUST,
            weights=weights(rng, len(place), self.weight_cv) * scale[stratum[place]],
            strata=stratum[place],
            clusters=[place],
        )
        return Survey(design, answers, unit, truth)


def true_shares(rng: np.random.Generator, shape: tuple[int, int], ends: tuple[float, float]) -> Floats:
    """True shares between the ends, shape (units, items): easy and hard items, good and bad units."""
    item, unit = rng.random((1, shape[1])), rng.random((shape[0], 1))
    low, high = (np.log(end / (1.0 - end)) for end in ends)
    level = low + (high - low) * (0.7 * item + 0.3 * unit)
    return np.asarray(1.0 / (1.0 + np.exp(-level)))


def answered(rng: np.random.Generator, p: Floats, icc: Floats, group: Ints, shared: float) -> Floats:
    """Answers 0/1 of people in groups, shape (rows, items): beta-binomial in every item, mean p and likeness icc.

    Parameters
    ----------
    p : float array, shape (groups, items)
    icc : float array, shape (groups, 1)
    group : int array, shape (rows,)
    shared : float
        Correlation of a group's effects on two items, on the normal scale.
    """
    from scipy.special import betaincinv, ndtr

    effect = _together(rng, p.shape, shared)
    rate = betaincinv(p * (1.0 - icc) / icc, (1.0 - p) * (1.0 - icc) / icc, ndtr(effect))
    mood = _together(rng, (len(group), p.shape[1]), MOOD)
    return np.asarray(ndtr(mood) < rate[group], dtype=np.float64)


def weights(rng: np.random.Generator, rows: int, cv: float) -> Floats:
    """Weights with a coefficient of variation."""
    return rng.lognormal(0.0, np.sqrt(np.log1p(cv**2)), rows)


def _together(rng: np.random.Generator, shape: tuple[int, ...], correlation: float) -> Floats:
    """Standard normals, each row's correlated with each other."""
    common = rng.standard_normal((shape[0], 1))
    return np.asarray(np.sqrt(correlation) * common + np.sqrt(1.0 - correlation) * rng.standard_normal(shape))


def _moved(p: Floats, step: Floats) -> Floats:
    """Shares moved by a step on the logit scale."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.log(p / (1.0 - p)) - step)))
