"""Replicates made from a design: jackknife, balanced half samples and their Fay form, rescaled bootstrap."""

from dataclasses import dataclass
from numbers import Integral

import numpy as np
import numpy.typing as npt

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.errors import BadInputError, LonelyPsuError, MethodDoesNotFitError
from app.analysis.stats.replication.hadamard import hadamard
from app.analysis.stats.replication.notes import ReplicateNote
from app.analysis.stats.replication.replicates import (
    ReplicateKind,
    Replicates,
    check_factors,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Units:
    """Primary units in the order of their first row."""

    unit: Ints  # (rows,) unit of each row
    stratum: Ints  # (units,) stratum of each unit
    sampled: Floats  # (strata,) units drawn
    left: Floats  # (strata,) 1 - f
    lonely: Bools  # (strata,) one unit drawn of several
    notes: tuple[ReplicateNote, ...]

    @property
    def count(self) -> int:
        return len(self.stratum)


def jackknife(design: SurveyDesign, *, kind: ReplicateKind) -> Replicates:
    """Delete one primary unit at a time (R: ``as.svrepdesign``, types JK1 and JKn).

    In the replicate without unit i of stratum h the other units of h weigh n_h/(n_h - 1) times as much. JK1, for
    designs without strata, has one scale (1 - f)(n - 1)/n; JKn a scale (1 - f_h)(n_h - 1)/n_h for each replicate.
    Strata taken whole get no replicates under JKn. Later stages are inside the primary units: with a first-stage
    correction their part is lost (note ``later_stages_not_used``).

    A stratum of one unit follows the rule of the design. Remove, certainty: no replicate. Average: no replicate,
    and the variance of the others times 1 + such units / units with a replicate. Adjust: the stratum is deleted
    whole and all others weigh H/(H - 1) times as much, scale (H - 1)/H with H the number of strata.

    Parameters
    ----------
    design : SurveyDesign
    kind : ReplicateKind
        ``JK1`` or ``JKN``.

    Returns
    -------
    Replicates
        One per primary unit, by stratum and in it by unit, each in the order of their first rows.

    Raises
    ------
    LonelyPsuError
        A stratum of one unit under ``LonelyPsu.FAIL``.
    MethodDoesNotFitError
        Another kind, JK1 with strata, a single primary unit, a population taken whole (JKn), a calibrated design
        (see `Replicates.adjusted`).
    BadInputError
        Too many units to delete one by one.
    """
    if kind not in {ReplicateKind.JK1, ReplicateKind.JKN}:
        message = f"{kind.value!r} is no jackknife"
        raise MethodDoesNotFitError(message)
    units = _units_of(design)
    if kind is ReplicateKind.JK1 and len(units.sampled) > 1:
        message = f"JK1 is for designs without strata, this one has {len(units.sampled)}; take JKn"
        raise MethodDoesNotFitError(message)
    check_factors(units.count, units.count)
    own = units.sampled[units.stratum]
    raised = own / np.maximum(own - 1.0, 1.0)
    factors = np.where(units.stratum[:, None] == units.stratum[None, :], raised[None, :], 1.0)
    np.fill_diagonal(factors, 0.0)
    if kind is ReplicateKind.JK1:
        scale = (1.0 - 1.0 / own[0]) * float(units.left[0])
        return Replicates(
            design.weights, units.unit, factors, scale, np.ones(units.count), units.count - 1, kind, units.notes
        )
    return _stratified(design, units, factors, (1.0 - 1.0 / own) * units.left[units.stratum])


def _stratified(design: SurveyDesign, units: _Units, factors: Floats, rscales: Floats) -> Replicates:
    """JKn from the factors and scales of all units: strata of one unit by their rule, strata taken whole left out."""
    strata, lonely = len(units.sampled), units.lonely[units.stratum]
    kept = (units.left[units.stratum] > 0.0) & ~lonely
    df = int((units.sampled[(units.left > 0.0) & ~units.lonely] - 1.0).sum())
    if design.lonely is LonelyPsu.ADJUST and lonely.any() and strata > 1:
        raised = strata / (strata - 1.0)
        factors = np.where(lonely[None, :] & (factors > 0.0), raised, factors)
        rscales = np.where(lonely, 1.0 / raised, rscales)
        kept = kept | lonely
        df = min(df + int(lonely.sum()), units.count - 1)
    if not kept.any():
        message = "no stratum leaves anything to chance: every unit there is was asked"
        raise MethodDoesNotFitError(message)
    scale = 1.0 + lonely.sum() / kept.sum() if design.lonely is LonelyPsu.AVERAGE else 1.0
    first = np.unique(units.stratum, return_index=True)[1]
    order = np.argsort(first[units.stratum], kind="stable")
    order = order[kept[order]]
    return Replicates(
        design.weights, units.unit, factors[:, order], float(scale), rscales[order], df, ReplicateKind.JKN, units.notes
    )


def balanced_half_samples(design: SurveyDesign, *, fay_rho: float, split: bool) -> Replicates:
    """Balanced repeated replication: in each replicate one unit of every pair counts for both.

    Which one is told by the columns of a Hadamard matrix of an order above the number of pairs, so that half
    samples are orthogonal and balanced. With `fay_rho` above 0 the other unit keeps the factor rho (Fay) and no
    domain can vanish. Scale 1/(R (1 - rho)²). A finite population correction is not used (note); strata taken whole
    are not halved. For ratios and means the answer depends a little on which units are paired with which signs.

    Parameters
    ----------
    design : SurveyDesign
        Exactly two primary units in every stratum.
    fay_rho : float
        0 for half samples, below 1.
    split : bool
        Whether strata of 4, 6, … units are split into pairs of neighbours, in the order of their first rows.

    Raises
    ------
    BadInputError
        A rho outside 0..1.
    MethodDoesNotFitError
        A stratum with a number of units that cannot be paired, or a calibrated design.
    LonelyPsuError
        A stratum of one unit under ``LonelyPsu.FAIL``.

    References
    ----------
    McCarthy (1969), Rev. Int. Stat. Inst. 37:239; Judkins (1990), J. Off. Stat. 6:223.
    """
    if not 0.0 <= fay_rho < 1.0:
        message = f"rho {fay_rho!r} must be at least 0 and below 1"
        raise BadInputError(message)
    units = _units_of(design)
    halved = units.left > 0.0
    paired = (units.sampled % 2.0 == 0.0) if split else (units.sampled == 2.0)
    if np.any(halved & ~paired) or not halved.any():
        odd = int(np.argmax(halved & ~paired))
        message = f"half samples need pairs of primary units; stratum {odd} has {units.sampled[odd]:.0f}"
        raise MethodDoesNotFitError(message)
    pair, second = _pairs(units, halved)
    pairs = int(pair.max()) + 1
    signs = hadamard(pairs + 1)[1 : pairs + 1]
    check_factors(units.count, signs.shape[1])
    chosen = np.where(second[:, None], -1.0, 1.0) * signs[pair]
    factors = np.where((pair >= 0)[:, None], 1.0 + (1.0 - fay_rho) * chosen, 1.0)
    scale = 1.0 / (signs.shape[1] * (1.0 - fay_rho) ** 2)
    kind = ReplicateKind.FAY if fay_rho > 0.0 else ReplicateKind.BRR
    partly = bool(np.any((units.left > 0.0) & (units.left < 1.0)))
    notes = (*units.notes, ReplicateNote.FPC_DROPPED) if partly else units.notes
    return Replicates(design.weights, units.unit, factors, scale, np.ones(signs.shape[1]), pairs, kind, notes)


def _pairs(units: _Units, halved: Bools) -> tuple[Ints, Bools]:
    """Pair of each unit (-1: none), and whether it is the second of it; split strata first, then strata of two."""
    order = np.lexsort((np.arange(units.count), units.stratum, units.sampled[units.stratum] == 2.0))
    order = order[halved[units.stratum[order]]]
    pair = np.full(units.count, -1, dtype=np.intp)
    second = np.zeros(units.count, dtype=bool)
    # Every stratum has an even number of units: two by two never joins units of different strata.
    pair[order] = np.arange(len(order)) // 2
    second[order[1::2]] = True
    return pair, second


def rescaled_bootstrap(design: SurveyDesign, *, replicates: int, generator: np.random.Generator) -> Replicates:
    """Rao and Wu's bootstrap: n_h - 1 of the n_h primary units of each stratum drawn with replacement.

    A unit drawn r times gets the factor 1 - λ + λ r n_h/(n_h - 1) with λ = √(1 - f_h), so that the variance carries
    the finite population correction of the first stage. Scale 1/(R - 1).

    Parameters
    ----------
    design : SurveyDesign
    replicates : int
        At least 2; hundreds for a standard error.
    generator : numpy.random.Generator
        Named by the caller: the same seed gives the same replicates.

    Raises
    ------
    BadInputError
        Fewer than 2 replicates, or too many factors.
    LonelyPsuError
        A stratum of one unit under ``LonelyPsu.FAIL``.
    MethodDoesNotFitError
        A stratum of one unit under ``ADJUST`` or ``AVERAGE``, or a calibrated design.

    References
    ----------
    Rao, Wu (1988), JASA 83:231; Rao, Wu, Yue (1992), Surv. Methodol. 18:209.
    """
    if not isinstance(replicates, Integral) or replicates < 2:
        message = f"{replicates!r} replicates are no bootstrap"
        raise BadInputError(message)
    units = _units_of(design)
    check_factors(units.count, replicates)
    if units.lonely.any() and design.lonely in {LonelyPsu.ADJUST, LonelyPsu.AVERAGE}:
        message = f"a bootstrap cannot follow the rule {design.lonely.value!r} for strata of one unit; merge them"
        raise MethodDoesNotFitError(message)
    factors = np.ones((units.count, replicates))
    for stratum in np.flatnonzero((units.sampled > 1.0) & (units.left > 0.0)):
        members = np.flatnonzero(units.stratum == stratum)
        n, weight = len(members), np.sqrt(units.left[stratum])
        drawn = generator.multinomial(n - 1, np.full(n, 1.0 / n), size=replicates).T
        factors[members] = 1.0 - weight + weight * drawn * (n / (n - 1.0))
    scale, df = 1.0 / (replicates - 1.0), min(design.degrees_of_freedom, replicates - 1)
    return Replicates(
        design.weights, units.unit, factors, scale, np.ones(replicates), df, ReplicateKind.BOOTSTRAP, units.notes
    )


def _units_of(design: SurveyDesign) -> _Units:
    if design.residualise is not None:
        message = "make replicates from the design before calibration, then calibrate each: Replicates.adjusted"
        raise MethodDoesNotFitError(message)
    stage = design.stages[0]
    first = np.unique(design.psu, return_index=True)[1]
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    left = 1.0 - stage.fraction
    lonely = (stage.sampled == 1.0) & (left > 0.0)
    if len(order) == 1 and left[0] > 0.0:
        message = "a sample of a single primary unit has no replicates"
        raise MethodDoesNotFitError(message)
    if lonely.any() and design.lonely is LonelyPsu.FAIL:
        message = f"stratum {int(np.argmax(lonely))} has a single sampled unit; merge it or name a rule"
        raise LonelyPsuError(message)
    later = len(design.stages) > 1 and design.stages[1].population is not None
    notes = (ReplicateNote.FIRST_STAGE_ONLY,) if later and stage.population is not None else ()
    return _Units(rank[design.psu], stage.group[order], stage.sampled, left, lonely, notes)
