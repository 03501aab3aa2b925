"""Figures from sums equal the same figures from the rows of the whole design, to 1e-10."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.cells.drawing import Drawing, stages_of
from app.analysis.stats.cells.figures import criteria, distribution, index
from app.analysis.stats.cells.plan import Drawn, Within
from app.analysis.stats.cells.view import View
from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.linearised import Linearised, item_mean_index, means, ratios, stacked
from app.analysis.stats.errors import BadInputError, LonelyPsuError, NotFromSumsError
from app.analysis.stats.layout import Scoring
from app.analysis.stats.spread import Aggregation
from tests.unit.analysis.stats.cells.surveys import LAYOUT, Survey, survey, surveys

LONELY = st.sampled_from([LonelyPsu.REMOVE, LonelyPsu.CERTAINTY, LonelyPsu.ADJUST, LonelyPsu.AVERAGE])


def drawn_weights(asked: Survey) -> np.ndarray:
    """The weights as the sums keep them."""
    return np.rint(asked.weights * 10**asked.digits) / 10**asked.digits


def populations(asked: Survey, drawn: Drawn) -> dict[str, float]:
    """Three times as many as were drawn in the first stratum, four times in the next, …."""
    found = {}
    for number, stratum in enumerate(sorted(set(asked.stratum.tolist())), start=3):
        rows = asked.stratum == stratum
        units = rows.sum() if drawn is Drawn.PEOPLE else len(set(asked.psu[rows].tolist()))
        found[stratum] = float(units * number)
    return found


def people_there(asked: Survey) -> dict[tuple[str, str], float]:
    keys = list(zip(asked.stratum.tolist(), asked.psu.tolist(), strict=True))
    return {key: float(keys.count(key) * 5) for key in sorted(set(keys))}


def raw_design(asked: Survey, drawn: Drawn, drawing: Drawing) -> SurveyDesign:
    clusters, sizes = [] if drawn is Drawn.PEOPLE else [asked.psu], None
    if drawing.populations is not None:
        sizes = [np.array([drawing.populations[s] for s in asked.stratum.tolist()])]
    if drawing.people is not None:
        clusters.append(np.arange(len(asked.psu)))
        sizes.append(
            np.array([drawing.people[key] for key in zip(asked.stratum.tolist(), asked.psu.tolist(), strict=True)])
        )
    return SurveyDesign.of(
        len(asked.answers),
        lonely=drawing.lonely,
        weights=drawn_weights(asked),
        strata=asked.stratum,
        clusters=clusters,
        populations=sizes,
        nested=True,
    )


def answers_and_scores(asked: Survey, scoring: Scoring) -> tuple[np.ndarray, np.ndarray]:
    body = asked.answers[:, [c.column for c in LAYOUT.criteria]].astype(float)
    answered = (body >= 1) & (body <= 5)
    scores = (body >= 4).astype(float) if scoring is Scoring.TOP2 else body
    return answered, np.where(answered, scores, np.nan)


def raw_group(design: SurveyDesign, asked: Survey, members, scoring, aggregation, domain) -> Linearised:
    answered, y = answers_and_scores(asked, scoring)
    answered, y = answered[:, members], y[:, members]
    if aggregation is Aggregation.MEAN_OF_CRITERIA:
        return item_mean_index(design, y, domain=domain)
    m, total = answered.sum(axis=1), np.nansum(y, axis=1)
    if aggregation is Aggregation.POOLED:
        return ratios(design, total, m.astype(float), domain=domain & (m > 0))
    score = np.where(2 * m >= len(members), total / np.maximum(m, 1), np.nan)
    return means(design, score, domain=domain)


def close(found, expected, scale=1.0) -> bool:
    return np.allclose(found, expected, rtol=1e-10, atol=1e-12 * scale, equal_nan=True)


def drawings(asked: Survey, drawn: Drawn, lonely: LonelyPsu, stages: int) -> Drawing:
    first = populations(asked, drawn) if stages > 0 else None
    second = people_there(asked) if stages > 1 and drawn is Drawn.CLUSTERS else None
    return Drawing(lonely, first, second)


@settings(max_examples=60)
@given(surveys(min_rows=2), st.sampled_from(list(Drawn)), LONELY, st.integers(0, 2), st.sampled_from(list(Scoring)))
def test_criteria_equal_the_means_of_the_rows(asked, drawn, lonely, stages, scoring):
    drawing = drawings(asked, drawn, lonely, stages)
    sums = asked.sums(asked.plan(drawn))
    laid, design = stages_of(sums, drawing), raw_design(asked, drawn, drawing)
    view = View.of(sums, by=("unit",))
    figures = criteria(view, scoring, squares=True)
    variance, df = figures.variance(laid), figures.df
    _, y = answers_and_scores(asked, scoring)
    assert laid.degrees_of_freedom == design.degrees_of_freedom
    for unit, (label,) in enumerate(view.units):
        domain = asked.unit == label
        raw = means(design, y, domain=domain)
        assert close(figures.value[:, unit], raw.value)
        assert figures.n[:, unit].tolist() == raw.n.tolist()
        assert df[unit] == design.domain_degrees_of_freedom(domain)
        seen = raw.n > 0
        for j in np.flatnonzero(seen):
            # AVERAGE looks at the strata of the unit; the rows look at those of who answered.
            own = design.variances(raw.influence[:, [j]], within=domain)[0]
            assert close(variance[j, unit], own)
        weights = drawn_weights(asked)
        for j in np.flatnonzero(seen):
            rows = domain & ~np.isnan(y[:, j])
            s2 = np.average((y[rows, j] - raw.value[j]) ** 2, weights=weights[rows])
            assert close(figures.s2[j, unit], s2)


@settings(max_examples=60)
@given(
    surveys(min_rows=2),
    st.sampled_from(list(Drawn)),
    LONELY,
    st.integers(0, 2),
    st.sampled_from(list(Scoring)),
    st.sampled_from(list(Aggregation)),
)
def test_indices_equal_those_of_the_rows(asked, drawn, lonely, stages, scoring, aggregation):
    drawing = drawings(asked, drawn, lonely, stages)
    sums = asked.sums(asked.plan(drawn))
    laid, design = stages_of(sums, drawing), raw_design(asked, drawn, drawing)
    view = View.of(sums, by=("channel",))
    figures = index(view, scoring, aggregation, squares=True)
    variance = figures.variance(laid)
    answered, _ = answers_and_scores(asked, scoring)
    weights = drawn_weights(asked)
    for unit, (label,) in enumerate(view.units):
        domain = asked.channel == label
        for place, group in enumerate(LAYOUT.groups, start=len(LAYOUT.criteria)):
            members = list(group.members)
            m = answered[:, members].sum(axis=1)
            if not (domain & (m > 0)).any():
                assert np.isnan(figures.value[place, unit])
                continue
            raw = raw_group(design, asked, members, scoring, aggregation, domain)
            assert close(figures.value[place, unit], raw.value[0])
            if raw.n[0] == 0:
                continue
            assert figures.n[place, unit] == raw.n[0]
            assert close(variance[place, unit], design.variances(raw.influence, within=domain)[0])
            rows = domain & ((2 * m >= len(members)) if aggregation is Aggregation.RESPONDENT else m > 0)
            e = weights[rows].sum() * raw.influence[rows, 0] / weights[rows]
            assert close(figures.s2[place, unit], np.average(e**2, weights=weights[rows]))


@settings(max_examples=30)
@given(surveys(min_rows=4), LONELY, st.booleans())
def test_covariances_of_units_and_criteria_equal_those_of_the_rows(asked, lonely, corrected):
    drawing = drawings(asked, Drawn.CLUSTERS, lonely, int(corrected))
    sums = asked.sums(asked.plan())
    laid, design = stages_of(sums, drawing), raw_design(asked, Drawn.CLUSTERS, drawing)
    view = View.of(sums, by=("unit",))
    figures = criteria(view, Scoring.TOP2, squares=False)
    chosen = [(j, g) for g in range(len(view.units)) for j in (0, 3) if figures.n[j, g] > 0]
    if not chosen:
        return
    _, y = answers_and_scores(asked, Scoring.TOP2)
    parts = [means(design, y[:, [j]], domain=asked.unit == view.units[g][0]) for j, g in chosen]
    together = stacked(parts)
    within = np.isin(asked.unit, [view.units[g][0] for _, g in chosen])
    expected = design.covariance(together.influence, within=within)
    assert close(figures.covariance(laid, chosen), expected)
    step = np.eye(len(chosen))[:1] - np.eye(len(chosen))[-1:]
    value, covariance = figures.contrast(laid, chosen, step)
    difference = together.contrast(step)
    assert close(value, difference.value)
    assert close(covariance, design.covariance(difference.influence, within=within))
    with pytest.raises(BadInputError, match="coefficients"):
        figures.contrast(laid, chosen, np.ones(len(chosen) + 1))


@settings(max_examples=40)
@given(surveys(min_rows=4), st.sampled_from(list(Drawn)), st.sampled_from(list(Aggregation)))
def test_covariances_between_units_hold_what_people_add(asked, drawn, aggregation):
    drawing = drawings(asked, drawn, LonelyPsu.REMOVE, 2)
    sums = asked.sums(asked.plan(drawn))
    laid, design = stages_of(sums, drawing), raw_design(asked, drawn, drawing)
    view = View.of(sums, by=("unit",))
    figures = index(view, Scoring.TOP2, aggregation, squares=True)
    place = len(figures.value) - 1
    units = [unit for unit in range(len(view.units)) if figures.n[place, unit] > 0]
    if not units:
        return
    members = list(LAYOUT.groups[-1].members)
    parts = [
        raw_group(design, asked, members, Scoring.TOP2, aggregation, asked.unit == view.units[unit][0])
        for unit in units
    ]
    expected = design.covariance(stacked(parts).influence)
    assert close(figures.covariance(laid, [(place, unit) for unit in units]), expected)


@settings(max_examples=30)
@given(surveys(min_rows=2))
def test_levels_of_an_item_and_parts_of_the_survey(asked):
    drawing = Drawing(LonelyPsu.ADJUST)
    sums = asked.sums(asked.plan())
    design = raw_design(asked, Drawn.CLUSTERS, drawing)
    view = View.of(sums, by=(), where={"channel": ["online"]})
    if not view.units:
        assert not (asked.channel == "online").any()
        return
    figures = distribution(view, "kind", squares=False)
    kind = asked.answers[:, 7].astype(float)
    y = np.where((kind >= 1) & (kind <= 3), kind, np.nan)
    shares = np.stack([np.where(np.isnan(y), np.nan, y == level) for level in (1, 2, 3)], axis=1)
    raw = means(design, shares, domain=asked.channel == "online")
    assert close(figures.value[:, 0], raw.value)
    if raw.n[0]:
        within = asked.channel == "online"
        assert close(figures.variance(stages_of(sums, drawing))[:, 0], design.variances(raw.influence, within=within))


@settings(max_examples=30)
@given(surveys(min_rows=2), st.sampled_from(list(Aggregation)), st.sampled_from(list(Within)))
def test_one_unit_reads_what_all_units_give(asked, aggregation, within):
    sums = asked.sums(asked.plan(within=within))
    laid = stages_of(sums, Drawing(LonelyPsu.REMOVE))
    for by in (("unit",), ("unit", "channel")):
        view = View.of(sums, by=by)
        whole = index(view, Scoring.TOP2, aggregation, squares=False)
        variance = whole.variance(laid)
        for unit in range(len(view.units)):
            single = index(view.one(unit), Scoring.TOP2, aggregation, squares=False)
            assert close(single.value[:, 0], whole.value[:, unit])
            assert close(single.s2[:, 0], whole.s2[:, unit])
            assert close(single.variance(laid)[:, 0], variance[:, unit])
            assert single.df[0] == whole.df[unit]


def test_a_lonely_stratum_is_refused_by_name():
    asked = survey(1, 20, strata=2, psus=1)
    sums = asked.sums(asked.plan())
    figures = criteria(View.of(sums, by=("unit",)), Scoring.TOP2, squares=False)
    with pytest.raises(LonelyPsuError, match="S0"):
        figures.variance(stages_of(sums, Drawing(LonelyPsu.FAIL)))
    with pytest.raises(LonelyPsuError):
        figures.covariance(stages_of(sums, Drawing(LonelyPsu.FAIL)), [(0, 0)])


def test_what_the_sums_do_not_hold_is_refused():
    asked = survey(2, 40)
    two = Drawing(LonelyPsu.FAIL, populations(asked, Drawn.CLUSTERS), people_there(asked))
    plain = asked.sums(asked.plan(within=Within.DOMAIN))
    with pytest.raises(NotFromSumsError, match="per domain"):
        stages_of(plain, two)
    with pytest.raises(NotFromSumsError, match="per cell"):
        index(View.of(plain, by=()), Scoring.TOP2, Aggregation.POOLED, squares=True)
    whole = asked.sums(asked.plan())
    figures = criteria(View.of(whole, by=()), Scoring.TOP2, squares=False)
    with pytest.raises(NotFromSumsError, match="squares"):
        figures.variance(stages_of(whole, two))
    figures = criteria(View.of(whole, by=()), Scoring.TOP2, squares=True)
    with pytest.raises(NotFromSumsError, match="share people"):
        figures.covariance(stages_of(whole, two), [(0, 0), (1, 0)])


@pytest.mark.parametrize(
    "drawing",
    [
        Drawing(LonelyPsu.FAIL, {"S0": 9.0}),
        Drawing(LonelyPsu.FAIL, {"S0": 9.0, "S1": 1.0, "S2": 9.0}),
        Drawing(LonelyPsu.FAIL, {"S0": 9.0, "S1": float("nan"), "S2": 9.0}),
        Drawing(LonelyPsu.FAIL, None, {}),
    ],
)
def test_impossible_populations_are_refused(drawing):
    with pytest.raises(BadInputError):
        stages_of(survey(3, 40).sums(survey(3, 40).plan()), drawing)


def test_an_unknown_key_is_refused():
    asked = survey(4, 10)
    with pytest.raises(BadInputError, match="district"):
        View.of(asked.sums(asked.plan()), by=("district",))
