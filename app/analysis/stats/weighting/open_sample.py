"""Shares of an open (QR) sample adjusted to known totals: a model's statement, never a design-based estimate.

People chose to answer. Adjusting to finished dossiers by procedure and month takes away what these explain of who
answers; the rest stays, and the sensitivity band says how much of it would move the figure (statistics.md section 7).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError, EmptyCategoryError, MethodDoesNotFitError
from app.analysis.stats.intervals.limits import wilson_limits
from app.analysis.stats.quantiles import check_level, normal_quantile
from app.analysis.stats.results import Estimate, Interval, NoData, SampleKind
from app.analysis.stats.weighting.margins import Margin
from app.analysis.stats.weighting.merging import Merge, MergeRule, merge_small
from app.analysis.stats.weighting.notes import OPEN_SAMPLE_NOTES, WeightingNote
from app.analysis.stats.weighting.open_answers import KnownMargin, MarginSource, OpenAnswers
from app.analysis.stats.weighting.raking import post_stratify, rake
from app.analysis.stats.weighting.sensitivity import DATA_DEFECTS, Sensitivity, sensitivity
from app.analysis.stats.weighting.weighting import Weighting

Floats = npt.NDArray[np.float64]

METHOD = "model_range_wilson_kish"
UNADJUSTED_METHOD = "model_range_wilson"
# From this Kish design effect on the reader is told that a few answers carry much of the figure.
HEAVY = 2.0
# A variance below this is rounding: everybody gave the same score.
NO_SPREAD = 1e-12


@dataclass(frozen=True, slots=True)
class CarriedWeights:
    """How unequally the forms carry an adjusted figure: Kish's design effect, largest weight over the mean weight."""

    kish_deff: float
    largest_over_mean: float


@dataclass(frozen=True, eq=False)
class AdjustedShare:
    """An open sample's share, adjusted and not, with everything that has to be told with it.

    Attributes
    ----------
    adjusted : Estimate
        Interval: Wilson with Kish's effective size, a model range. `se` knows about the weighting (residuals) and
        measures stability among the same kind of people only.
    unadjusted : Estimate
    sources : tuple of (str, MarginSource)
        Margins used.
    merges : tuple of (str, Merge)
        Margin and what was joined in it.
    not_reached : float
        Largest share of the known population, over the margins, in categories nobody answered from.
    weights : CarriedWeights
    sensitivity : Sensitivity
        Of the adjusted share.
    """

    adjusted: Estimate
    unadjusted: Estimate
    sources: tuple[tuple[str, MarginSource], ...]
    merges: tuple[tuple[str, Merge], ...]
    not_reached: float
    weights: CarriedWeights
    sensitivity: Sensitivity


def adjusted_share(
    answers: OpenAnswers,
    margins: Sequence[KnownMargin],
    *,
    sample_kind: SampleKind,
    confidence_level: float,
    least_answers: int,
    merge: MergeRule | None,
    defects: Sequence[float] = DATA_DEFECTS,
) -> AdjustedShare | NoData:
    """Adjust a share to known totals: post-stratified to one margin, raked to several.

    Parameters
    ----------
    answers : OpenAnswers
        With labels for every margin.
    margins : sequence of KnownMargin
        From outside the survey.
    sample_kind : SampleKind
        Only OPEN: a random sample is calibrated on its design, a census needs no adjustment.
    confidence_level : float
    least_answers : int
        Forms every category needs (`LEAST_ANSWERS`).
    merge : MergeRule or None
        How smaller categories are joined; None refuses them.
    defects : sequence of float
        Data defect correlations of the sensitivity band.

    Returns
    -------
    AdjustedShare or NoData
        NoData when nobody answered the question.

    Raises
    ------
    MethodDoesNotFitError
        Another kind of sample; totals taken from the same survey; a margin left with a single category.
    BadInputError
        No margin, labels and totals that do not go together, more forms in a category than it has people.
    EmptyCategoryError
        A category below `least_answers` without a merge rule.
    NotConvergedError
        Margins that contradict the answers.
    """
    check_level(confidence_level)
    if sample_kind is not SampleKind.OPEN:
        message = f"adjusting to outside totals is for open samples, not for a {sample_kind.value} one"
        raise MethodDoesNotFitError(message)
    matched = [_matched(answers, margin) for margin in margins]
    if not matched:
        raise BadInputError("no margin to adjust to")
    not_reached = max(_share_not_reached(margin) for margin in matched)
    used, merges = _large_enough(matched, answers, least_answers, merge)
    if not answers.answers.sum():
        return NoData("no_answers")
    weighting = post_stratify(answers.respondents, used[0]) if len(used) == 1 else rake(answers.respondents, used)
    figures = _weighted(answers, weighting.factors)
    weights = _carried(answers.respondents, weighting.factors)
    notes = [*OPEN_SAMPLE_NOTES]
    notes += [WeightingNote.CATEGORIES_MERGED] * bool(merges)
    notes += [WeightingNote.HEAVY_WEIGHTS] * (weights.kish_deff >= HEAVY)
    return AdjustedShare(
        adjusted=_estimate(
            figures, METHOD, confidence_level, _residual_error(answers, weighting, figures.value), tuple(notes)
        ),
        unadjusted=_unadjusted(answers, confidence_level),
        sources=tuple((margin.name, margin.source) for margin in margins),
        merges=merges,
        not_reached=not_reached,
        weights=weights,
        sensitivity=sensitivity(
            figures.value,
            n=figures.n,
            population=max(figures.n, round(float(weighting.weights.sum()))),
            satisfied=float(answers.total.sum()),
            cv2=figures.cv2,
            kappa=figures.kappa,
            defects=defects,
        ),
    )


def _matched(answers: OpenAnswers, known: KnownMargin) -> Margin:
    if known.source is MarginSource.SAME_SURVEY:
        message = f"margin {known.name!r}: totals taken from the survey itself adjust nothing"
        raise MethodDoesNotFitError(message)
    if known.name not in answers.labels:
        message = f"margin {known.name!r}: the answers have no such label, only {sorted(answers.labels)}"
        raise BadInputError(message)
    margin = Margin.of(known.name, answers.labels[known.name], known.totals)
    excess = margin.sums(answers.respondents) > margin.totals
    if excess.any():
        told = ", ".join(repr(margin.categories[at]) for at in np.nonzero(excess)[0])
        message = f"margin {known.name!r}: more forms than people in {told}; wrong period, or one person several times"
        raise BadInputError(message)
    return margin


def _share_not_reached(margin: Margin) -> float:
    return float(margin.totals[margin.counts == 0].sum() / margin.totals.sum())


def _large_enough(
    margins: Sequence[Margin], answers: OpenAnswers, least: int, rule: MergeRule | None
) -> tuple[list[Margin], tuple[tuple[str, Merge], ...]]:
    used, merges = [], []
    for margin in margins:
        small = np.nonzero(margin.sums(answers.respondents) < least)[0]
        if small.size and rule is None:
            told = ", ".join(repr(margin.categories[at]) for at in small)
            message = f"margin {margin.name!r}: fewer than {least} answers in {told}; name a rule for merging"
            raise EmptyCategoryError(message)
        kept = margin
        if rule is not None:
            merged = merge_small(margin, least=least, rule=rule, answers=answers.respondents)
            kept = merged.margin
            merges += [(margin.name, each) for each in merged.merges]
        if len(kept.categories) == 1:
            message = f"margin {margin.name!r} is left with one category of at least {least} answers: nothing to adjust"
            raise MethodDoesNotFitError(message)
        used.append(kept)
    return used, tuple(merges)


@dataclass(frozen=True, slots=True)
class _Figures:
    """Share, answers, CV² of their weights, effective size for Wilson, variance of the answers over p(1 - p)."""

    value: float
    n: int
    cv2: float
    n_eff: float
    kappa: float


def _weighted(answers: OpenAnswers, weight: Floats) -> _Figures:
    total = float(answers.answers @ weight)
    value = min(1.0, float(answers.total @ weight) / total)
    n_kish = total**2 / float(answers.answers @ weight**2)
    n = round(float(answers.answers.sum()))
    # For 0/1 answers kappa is 1 but for rounding; scores between them spread less than a share of the same mean.
    spread = float(answers.squares @ weight) / total - value**2
    widest = value * (1.0 - value)
    kappa = min(1.0, spread / widest) if spread > NO_SPREAD and widest > 0 else 1.0
    return _Figures(value, n, max(0.0, n / n_kish - 1.0), n_kish / kappa, kappa)


def _carried(people: Floats, weight: Floats) -> CarriedWeights:
    total = float(people @ weight)
    return CarriedWeights(
        kish_deff=float(people.sum() * (people @ weight**2)) / total**2,
        largest_over_mean=float(weight.max() * people.sum()) / total,
    )


def _estimate(
    figures: _Figures, method: str, confidence_level: float, se: float | None, notes: tuple[str, ...]
) -> Estimate:
    low, high = wilson_limits(figures.value, figures.n_eff, normal_quantile(confidence_level))
    return Estimate(
        value=figures.value,
        interval=Interval(float(low), float(high)),
        n=figures.n,
        method=method,
        confidence_level=confidence_level,
        se=se,
        sample_kind=SampleKind.OPEN,
        notes=notes,
        n_eff=figures.n_eff,
    )


def _unadjusted(answers: OpenAnswers, confidence_level: float) -> Estimate:
    figures = _weighted(answers, np.ones_like(answers.answers))
    variance = figures.kappa * figures.value * (1.0 - figures.value)
    se = float(np.sqrt(variance / (figures.n - 1))) if figures.n > 1 else None
    return _estimate(figures, UNADJUSTED_METHOD, confidence_level, se, OPEN_SAMPLE_NOTES)


def _residual_error(answers: OpenAnswers, weighting: Weighting, value: float) -> float | None:
    """Standard error with the form as unit, of w (z - x'B), z = (y - value)/sum of w: from sums by cell."""
    forms = answers.respondents
    n = float(forms.sum())
    if n <= 1:
        return None
    weight = weighting.factors
    scale = float(answers.answers @ weight)
    z = (answers.total - value * answers.answers) / scale
    z2 = (answers.squares - 2.0 * value * answers.total + value**2 * answers.answers) / scale**2
    fitted = z / forms - weighting.projection.residuals((z / forms)[:, None])[:, 0]
    squares = z2 - 2.0 * fitted * z + forms * fitted**2
    variance = float(weight**2 @ squares) - float(weight @ (z - forms * fitted)) ** 2 / n
    return float(np.sqrt(max(0.0, n / (n - 1.0) * variance)))
