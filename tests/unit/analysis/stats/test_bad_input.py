"""Whatever stands in an array, an estimator answers or refuses with a named error: nothing of numpy comes through."""

from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pytest

from app.analysis.stats.comparisons.mover import correlations, mover_limits
from app.analysis.stats.comparisons.pairwise import pairwise_t, pairwise_z, versus_mean_z
from app.analysis.stats.comparisons.singles import WilsonUnits
from app.analysis.stats.comparisons.t_test import two_sample_t
from app.analysis.stats.comparisons.two_shares import two_shares
from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.distribution import level_shares
from app.analysis.stats.designs.effects import SrsReference, mean_design_effects, population_covariance
from app.analysis.stats.designs.linearised import means, ratios, totals
from app.analysis.stats.designs.quantile import QuantileRule, ShareLimits, quantiles
from app.analysis.stats.errors import BadInputError, StatisticsError
from app.analysis.stats.intervals.basis import share_basis
from app.analysis.stats.intervals.binomial import BinomialMethod, binomial_limits
from app.analysis.stats.intervals.hypergeometric import hypergeometric_limits
from app.analysis.stats.intervals.marks import publication_marks
from app.analysis.stats.planning.allocation import neyman, proportional
from app.analysis.stats.planning.widths import WidthMethod, expected_half_width
from app.analysis.stats.quality.reliability import reliability_from_pairs, reliability_of_survey
from app.analysis.stats.quantiles import check_level
from app.analysis.stats.ranks.funnel import exact_funnel_limits
from app.analysis.stats.ranks.intervals import RankMethod, rank_intervals
from app.analysis.stats.replication.estimates import Centre, replicate_means
from app.analysis.stats.replication.making import jackknife
from app.analysis.stats.replication.replicates import ReplicateKind
from app.analysis.stats.results import Interval, SampleKind
from app.analysis.stats.smoothed_units import smoothed_shares
from app.analysis.stats.weighting.base import adjust_for_nonresponse, design_weights, inclusion
from app.analysis.stats.weighting.margins import Margin
from app.analysis.stats.weighting.raking import rake
from app.analysis.stats.weighting.trimming import trim

ROWS, LEVEL, RANDOM = 12, 0.95, SampleKind.PROBABILITY
STRATA, PSUS = np.repeat([0, 1], 6), np.repeat(np.arange(6), 2)
WEIGHTS = np.linspace(1.0, 2.0, ROWS)
ANSWERS = np.tile([1.0, 0.0, 1.0], 4)
TABLE = np.column_stack([np.arange(ROWS) % 5 + 1.0, np.arange(ROWS) % 4 + 1.0, np.arange(ROWS) % 3 + 1.0])
THREE, ERRORS = np.array([0.8, 0.7, 0.9]), np.array([0.05, 0.04, 0.03])
SOME = np.arange(ROWS) % 2 == 0
LABELS = np.array(["a", "b"] * 6)


def design(weights: object = WEIGHTS, **more: object) -> SurveyDesign:
    given = {"strata": STRATA, "clusters": [PSUS], **more}
    return SurveyDesign.of(ROWS, lonely=LonelyPsu.ADJUST, weights=weights, **given)


D, R = design(), jackknife(design(), kind=ReplicateKind.JKN)
UNITS = {"confidence_level": LEVEL, "sample_kind": RANDOM}
CALLS: dict[str, tuple[Callable[..., object], np.ndarray]] = {
    "design": (design, WEIGHTS),
    "strata": (lambda x: design(strata=x), STRATA),
    "clusters": (lambda x: design(clusters=[x]), PSUS),
    "populations": (lambda x: design(populations=[x]).variances(WEIGHTS[:, None]), np.full(ROWS, 20.0)),
    "reweighted": (lambda x: means(D.reweighted(x), ANSWERS).se, WEIGHTS),
    "means": (lambda x: means(D, x).se, ANSWERS),
    "totals": (lambda x: totals(D, x).se, ANSWERS),
    "ratios": (lambda x: ratios(D, ANSWERS, x).se, WEIGHTS),
    "contrast": (lambda x: means(D, TABLE).contrast(x).se, THREE),
    "level_shares": (lambda x: level_shares(D, x, levels=[1, 2, 3, 4, 5]).se, TABLE[:, 0]),
    "effects": (lambda x: mean_design_effects(D, x, reference=SrsReference.WITH_REPLACEMENT), ANSWERS),
    "population_covariance": (lambda x: population_covariance(D, x).se, TABLE),
    "quantiles": (
        lambda x: quantiles(
            D, x, probabilities=[0.5], rule=QuantileRule.MATH, limits=ShareLimits.MEAN, confidence_level=LEVEL
        ),
        TABLE[:, 0],
    ),
    "share_basis": (lambda x: share_basis(D, x), ANSWERS),
    "smoothed": (
        lambda x: smoothed_shares(D, x, STRATA, confidence_level=LEVEL, sample_kind=SampleKind.PROBABILITY),
        ANSWERS[:, None],
    ),
    "smoothed_units": (
        lambda x: smoothed_shares(D, ANSWERS[:, None], x, confidence_level=LEVEL, sample_kind=SampleKind.PROBABILITY),
        STRATA,
    ),
    "binomial": (
        lambda x: binomial_limits(1.0, x, method=BinomialMethod.WILSON, confidence_level=LEVEL, cut=True),
        np.array([5.0, 9.0, 7.0]),
    ),
    "hypergeometric": (
        lambda x: hypergeometric_limits([3, 4, 2], [5, 9, 4], x, confidence_level=LEVEL),
        np.array([50.0, 20.0, 30.0]),
    ),
    "marks": (lambda x: publication_marks(x, [0.1, 0.2, 0.3], census=False), np.array([5.0, 40.0, 30.0])),
    "pairwise_z": (lambda x: pairwise_z(THREE, x, **UNITS), ERRORS),
    "pairwise_t": (lambda x: pairwise_t(THREE, x, df=9.0, **UNITS), np.diag(ERRORS**2)),
    "versus_mean": (lambda x: versus_mean_z(THREE, x, **UNITS), ERRORS),
    "correlations": (correlations, np.diag(ERRORS**2)),
    "mover_limits": (lambda x: mover_limits((THREE, x, THREE), (THREE, THREE, THREE), correlation=0.0), ERRORS),
    "wilson_units": (lambda x: WilsonUnits.of(THREE, [50.0, 60.0, 70.0], x), np.array([5.0, 6.0, 7.0])),
    "two_shares": (lambda x: two_shares(x, 9, 3, 9, confidence_level=LEVEL), np.array([3.0, 4.0, 5.0])),
    "ranks": (
        lambda x: rank_intervals(THREE, x, df=9.0, method=RankMethod.TUKEY, **UNITS),
        ERRORS,
    ),
    "funnel": (lambda x: exact_funnel_limits(x, target=0.8, **UNITS), np.array([5.0, 9.0, 7.0])),
    "inclusion": (lambda x: inclusion(x, [50.0, 60.0, 70.0]), np.array([5.0, 6.0, 7.0])),
    "design_weights": (lambda x: design_weights([x, [0.5, 0.2, 0.1]]), np.array([0.5, 0.6, 0.7])),
    "nonresponse": (lambda x: adjust_for_nonresponse(x, LABELS, np.ones(ROWS, dtype=bool)), WEIGHTS),
    "margin": (lambda x: Margin.of("m", x, {"a": 60.0, "b": 40.0}), LABELS),
    "rake": (lambda x: rake(x, [Margin.of("m", LABELS, {"a": 60.0, "b": 40.0})]), WEIGHTS),
    "trim": (lambda x: trim(x, upper=1.8, strict=True), WEIGHTS),
    "replicate_means": (lambda x: replicate_means(R, x, domain=None, centre=Centre.REPLICATES), ANSWERS),
    "reliability_from_pairs": (
        lambda x: reliability_from_pairs(np.full((3, 3), 12.0), x, TABLE.T @ TABLE, confidence_level=LEVEL),
        np.repeat(TABLE.sum(axis=0)[:, None], 3, axis=1),
    ),
    "reliability": (
        lambda x: reliability_of_survey(x, design=D, confidence_level=LEVEL, first_stage_fpc=False),
        TABLE,
    ),
    "proportional": (lambda x: proportional(x, 30, minimum=2), np.array([100.0, 200.0, 50.0])),
    "neyman": (lambda x: neyman([100, 200, 50], x, 30, minimum=2), np.array([0.2, 0.3, 0.4])),
    "half_width": (
        lambda x: expected_half_width(
            share=0.8, n=x, deff=1.5, population=None, confidence_level=LEVEL, method=WidthMethod.WILSON
        ),
        np.array([100.0, 200.0, 50.0]),
    ),
}
NUMBERS = (np.nan, np.inf, -np.inf, -1.0, 0.0, 7.0, 1e300, 1e-320)
SHAPES = {
    "cut": lambda x: x[:-1],
    "nobody": lambda x: x[:0],
    "one": lambda x: x.flat[0],
    "deep": lambda x: x[None, None],
    "turned": lambda x: x[:, None] if x.ndim == 1 else x[:, 0],
    "uneven": lambda _: [[1.0, 2.0], [3.0]],
    "words": lambda x: np.array(["x", *x.astype(str).ravel()[1:]]).reshape(x.shape),
    "objects": lambda x: np.array([object(), *x.ravel()[1:]], dtype=object).reshape(x.shape),
}


def answered_or_refused(call: Callable[..., object], argument: object) -> None:
    with suppress(StatisticsError):
        call(argument)


@pytest.mark.parametrize("name", CALLS)
def test_the_good_argument_is_taken(name: str) -> None:
    call, good = CALLS[name]
    call(good)


@pytest.mark.parametrize("name", [name for name, (_, good) in CALLS.items() if good.dtype.kind == "f"])
@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_that_cannot_be(name: str, number: float) -> None:
    call, good = CALLS[name]
    first, everywhere = good.copy(), np.full_like(good, number)
    first.flat[0] = number
    answered_or_refused(call, first)
    answered_or_refused(call, everywhere)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_or_type_that_cannot_be(name: str, shape: str) -> None:
    call, good = CALLS[name]
    answered_or_refused(call, SHAPES[shape](good))


@pytest.mark.parametrize("domain", [SOME[:-1], SOME.astype(int), SOME[:, None], np.array([])])
def test_a_domain_is_one_truth_value_for_each_row(domain: np.ndarray) -> None:
    for call in (
        lambda: means(D, ANSWERS, domain=domain),
        lambda: share_basis(D, ANSWERS, domain=domain),
        lambda: population_covariance(D, TABLE, domain=domain),
        lambda: two_sample_t(D, ANSWERS, first=domain, second=~SOME, **UNITS),
        lambda: reliability_of_survey(TABLE, design=D, confidence_level=LEVEL, first_stage_fpc=False, domain=domain),
    ):
        with pytest.raises(BadInputError, match=r"(domain|first): 12 truth values"):
            call()
    assert np.array_equal(means(D, ANSWERS, domain=SOME.tolist()).value, means(D, ANSWERS, domain=SOME).value)


def test_an_empty_domain_has_no_value_and_no_error() -> None:
    nobody = np.zeros(ROWS, dtype=bool)
    found = means(D, ANSWERS, domain=nobody)
    assert np.isnan(found.value).all()
    assert found.n.tolist() == [0]
    with pytest.raises(BadInputError, match="nobody"):
        quantiles(
            D,
            ANSWERS,
            probabilities=[0.5],
            rule=QuantileRule.MATH,
            limits=ShareLimits.MEAN,
            confidence_level=LEVEL,
            domain=nobody,
        )


@pytest.mark.parametrize("level", [0.0, 1.0, -0.5, 95.0, float("nan"), float("inf"), "0.95", None])
def test_a_level_lies_between_0_and_1(level: float) -> None:
    with pytest.raises(BadInputError, match="confidence level"):
        check_level(level)


def test_limits_the_wrong_way_round_are_refused_by_name() -> None:
    with pytest.raises(BadInputError, match="above upper limit"):
        Interval(0.6, 0.5)
