"""A made-up cluster sample for tests of association and means."""

import numpy as np

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign


def sample(seed, *, strata=4, villages=4, people=8):
    """Design, sex 0/1, channel 0..2, score; villages differ from each other."""
    random = np.random.default_rng(seed)
    rows = strata * villages * people
    stratum = np.repeat(np.arange(strata), villages * people)
    village = np.repeat(np.arange(strata * villages), people)
    weights = random.uniform(1, 4, strata * villages)[village]
    effect = random.normal(0, 0.5, strata * villages)[village]
    sex, channel = random.integers(0, 2, rows), random.integers(0, 3, rows)
    score = 3 + effect + 0.3 * sex + random.normal(0, 1, rows)
    design = SurveyDesign.of(rows, lonely=LonelyPsu.FAIL, weights=weights, strata=stratum, clusters=[village])
    return design, sex, channel, score


def reordered(design, order):
    """The same design with its rows in another order."""
    return SurveyDesign.of(
        design.rows,
        lonely=LonelyPsu.FAIL,
        weights=design.weights[order],
        strata=design.stratum[order],
        clusters=[design.psu[order]],
    )
