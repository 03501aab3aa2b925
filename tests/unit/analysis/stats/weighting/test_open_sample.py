"""Open samples adjusted to known totals: numbers of a worked example, refusals, merging, and the sensitivity band."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.linearised import means
from app.analysis.stats.errors import BadInputError, EmptyCategoryError, MethodDoesNotFitError
from app.analysis.stats.intervals.limits import wilson_limits
from app.analysis.stats.quantiles import normal_quantile
from app.analysis.stats.results import NoData, SampleKind
from app.analysis.stats.weighting.margins import Margin, crossed
from app.analysis.stats.weighting.merging import MergeRule, merge_small
from app.analysis.stats.weighting.open_answers import KnownMargin, MarginSource, OpenAnswers
from app.analysis.stats.weighting.open_sample import adjusted_share
from app.analysis.stats.weighting.raking import post_stratify, rake
from app.analysis.stats.weighting.sensitivity import DATA_DEFECTS, effective_size, sensitivity

REGISTER = MarginSource.DOSSIER_REGISTER


def adjust(answers, margins, *, least=1, merge=None, kind=SampleKind.OPEN, level=0.95):
    return adjusted_share(answers, margins, sample_kind=kind, confidence_level=level, least_answers=least, merge=merge)


def by_procedure(forms, satisfied, totals, **options):
    names = [f"p{number}" for number in range(len(forms))]
    answers = OpenAnswers.of_cells(
        {"procedure": names}, respondents=forms, answers=forms, total=satisfied, squares=satisfied
    )
    return adjust(answers, [KnownMargin("procedure", dict(zip(names, totals, strict=True)), REGISTER)], **options)


@st.composite
def open_rows(draw):
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    n = draw(st.integers(12, 80))
    sex, month = np.arange(n) % 2, (np.arange(n) // 2) % 3
    y = (rng.random(n) < 0.8).astype(float)
    y[rng.random(n) < draw(st.sampled_from([0, 0.2]))] = np.nan
    y[0] = 1.0
    known = rng.integers(200, 900, (2, 3)).astype(float)
    margins = [
        KnownMargin("sex", dict(zip("01", known.sum(1).tolist(), strict=True)), REGISTER),
        KnownMargin("month", dict(zip("012", known.sum(0).tolist(), strict=True)), REGISTER),
    ]
    order = rng.permutation(n)
    return {"sex": sex[order], "month": month[order]}, y[order], margins


def test_a_worked_example():
    # 80 of 100 and 10 of 20 satisfied; half of the 1000 dossiers each: 0.5 · 0.8 + 0.5 · 0.5.
    found = by_procedure([100, 20], [80, 10], [500, 500])
    assert found.adjusted.value == pytest.approx(0.65)
    assert found.unadjusted.value == pytest.approx(0.75)
    n_eff = 1000**2 / (100 * 5**2 + 20 * 25**2)
    assert found.adjusted.n_eff == pytest.approx(n_eff)
    low, high = wilson_limits(0.65, n_eff, normal_quantile(0.95))
    assert (found.adjusted.interval.low, found.adjusted.interval.high) == pytest.approx((float(low), float(high)))
    spread = (0.5**2 / 100 * 0.16 + 0.5**2 / 20 * 0.25) * 120 / 119
    assert found.adjusted.se == pytest.approx(np.sqrt(spread))
    assert found.adjusted.sample_kind is SampleKind.OPEN
    assert found.adjusted.n == 120
    assert found.weights.kish_deff == pytest.approx(120 / n_eff)
    assert found.weights.largest_over_mean == pytest.approx(25 * 120 / 1000)
    assert found.sources == (("procedure", REGISTER),)
    assert {"self_selected", "model_range", "not_a_sampling_error", "not_for_ranking"} <= set(found.adjusted.notes)
    assert "heavy_weights" not in found.adjusted.notes
    assert found.sensitivity.population == 1000


@settings(max_examples=40)
@given(open_rows())
def test_sums_by_cell_give_what_rows_give(case):
    labels, y, margins = case
    found = adjust(OpenAnswers.of_rows(labels, y), margins)
    weighting = rake(np.ones(len(y)), [Margin.of(m.name, labels[m.name], m.totals) for m in margins])
    design = weighting.applied_to(SurveyDesign.of(len(y), lonely=LonelyPsu.FAIL, weights=np.ones(len(y))))
    rows = means(design, y)
    assert found.adjusted.value == pytest.approx(rows.value[0], rel=1e-8)
    assert found.adjusted.se == pytest.approx(rows.se[0], rel=1e-6, abs=1e-9)
    w = weighting.weights[~np.isnan(y)]
    assert found.adjusted.n_eff == pytest.approx(w.sum() ** 2 / (w**2).sum(), rel=1e-7)
    assert found.adjusted.interval.low <= found.adjusted.value <= found.adjusted.interval.high


@settings(max_examples=30)
@given(open_rows(), st.randoms())
def test_order_of_rows_and_margins_has_no_effect(case, random):
    labels, y, margins = case
    found = adjust(OpenAnswers.of_rows(labels, y), margins)
    order = list(range(len(y)))
    random.shuffle(order)
    again = adjust(OpenAnswers.of_rows({name: each[order] for name, each in labels.items()}, y[order]), margins[::-1])
    assert again.adjusted.value == pytest.approx(found.adjusted.value, rel=1e-8)
    assert again.adjusted.se == pytest.approx(found.adjusted.se, rel=1e-6, abs=1e-9)


def test_scores_have_a_narrower_range_than_shares():
    labels = {"m": list("aabb") * 10}
    scores = np.tile([0.5, 0.75, 0.75, 1.0], 10)
    margins = [KnownMargin("m", {"a": 100, "b": 100}, REGISTER)]
    found, share = (adjust(OpenAnswers.of_rows(labels, y), margins) for y in (scores, np.tile([0.0, 1, 1, 1], 10)))
    assert found.adjusted.value == share.adjusted.value == pytest.approx(0.75)
    assert found.adjusted.interval.width < share.adjusted.interval.width
    assert found.sensitivity.bands[-1].interval.width < share.sensitivity.bands[-1].interval.width


def test_everybody_and_nobody_satisfied_and_nobody_answering():
    best, worst = by_procedure([30, 30], [30, 30], [100, 300]), by_procedure([30, 30], [0, 0], [100, 300])
    assert (best.adjusted.value, best.adjusted.interval.high) == (1.0, 1.0)
    assert best.adjusted.interval.low < 0.95
    assert (worst.adjusted.value, worst.adjusted.interval.low) == (0.0, 0.0)
    assert best.sensitivity.bands[-1].interval.low == pytest.approx(1 / (1 + 0.05**2 * (1 - 0.15 + 0.25) / 0.15))
    silent = OpenAnswers.of_rows({"m": ["a", "b"]}, [np.nan, np.nan])
    assert adjust(silent, [KnownMargin("m", {"a": 5, "b": 5}, REGISTER)]) == NoData("no_answers")
    one = by_procedure([1, 1], [1, 0], [10, 30])
    assert one.adjusted.value == pytest.approx(0.25)


@pytest.mark.parametrize("kind", [SampleKind.PROBABILITY, SampleKind.CENSUS])
def test_other_kinds_of_samples_are_refused(kind):
    with pytest.raises(MethodDoesNotFitError, match=kind.value):
        by_procedure([10, 10], [5, 5], [100, 100], kind=kind)


def test_refused_margins():
    answers = OpenAnswers.of_rows({"m": ["a", "a", "b"]}, [1, 0, 1])
    with pytest.raises(MethodDoesNotFitError, match=r"'m'.*survey itself"):
        adjust(answers, [KnownMargin("m", {"a": 5, "b": 5}, MarginSource.SAME_SURVEY)])
    with pytest.raises(BadInputError, match="more forms than people in 'a'"):
        adjust(answers, [KnownMargin("m", {"a": 1, "b": 5}, REGISTER)])
    with pytest.raises(BadInputError, match="'n'"):
        adjust(answers, [KnownMargin("n", {"a": 5, "b": 5}, REGISTER)])
    with pytest.raises(BadInputError, match="rows in 'b'"):
        adjust(answers, [KnownMargin("m", {"a": 5}, REGISTER)])
    with pytest.raises(BadInputError, match="no margin"):
        adjust(answers, [])
    with pytest.raises(BadInputError, match="confidence level"):
        adjust(answers, [KnownMargin("m", {"a": 5, "b": 5}, REGISTER)], level=95)
    with pytest.raises(EmptyCategoryError, match="fewer than 20 answers in 'p1'"):
        by_procedure([30, 19], [5, 5], [100, 100], least=20)
    with pytest.raises(EmptyCategoryError, match="'c'"):
        adjust(answers, [KnownMargin("m", {"a": 5, "b": 5, "c": 1}, REGISTER)])
    with pytest.raises(MethodDoesNotFitError, match="one category"):
        by_procedure([15, 10], [5, 5], [100, 100], least=20, merge=MergeRule.SMALLEST)


def test_sums_that_do_not_go_together():
    with pytest.raises(BadInputError, match="cell 1"):
        OpenAnswers.of_cells({"m": ["a", "b"]}, respondents=[5, 5], answers=[5, 6], total=[1, 1], squares=[1, 1])
    with pytest.raises(BadInputError, match="length"):
        OpenAnswers.of_cells({"m": ["a"]}, respondents=[5, 5], answers=[5, 5], total=[1, 1], squares=[1, 1])
    with pytest.raises(BadInputError, match=r"0\.\.1"):
        OpenAnswers.of_rows({"m": ["a"]}, [5])
    with pytest.raises(BadInputError, match="labels for"):
        OpenAnswers.of_rows({"m": ["a"]}, [1, 0])
    with pytest.raises(BadInputError, match="labels"):
        OpenAnswers.of_rows({}, [1, 0])


def test_merged_categories_are_told_and_weighted_together():
    found = by_procedure([60, 12, 9], [54, 6, 9], [500, 300, 200], least=20, merge=MergeRule.SMALLEST)
    ((margin, merge),) = found.merges
    assert (margin, merge.name, merge.members, merge.answers, merge.total) == (
        "procedure", "p1 + p2", ("p1", "p2"), 21, 500
    )  # fmt: skip
    assert found.adjusted.value == pytest.approx(0.5 * 54 / 60 + 0.5 * 15 / 21)
    assert "categories_merged" in found.adjusted.notes
    assert found.not_reached == 0


def test_a_category_without_answers_is_merged_only_by_name_and_its_share_is_told():
    answers = OpenAnswers.of_rows({"m": ["a"] * 25 + ["b"] * 25}, np.ones(50))
    known = KnownMargin("m", {"a": 100, "b": 100, "c": 50}, REGISTER)
    with pytest.raises(EmptyCategoryError):
        adjust(answers, [known], least=20)
    found = adjust(answers, [known], least=20, merge=MergeRule.NEIGHBOUR)
    assert found.not_reached == pytest.approx(0.2)
    assert [merge.members for _, merge in found.merges] == [("b", "c")]


def months(counts):
    labels, totals = [], {}
    for (procedure, month), count in counts.items():
        labels += [(procedure, month)] * count
        totals[f"{procedure}|2026-0{month}"] = 100.0
    return Margin.of("pm", crossed([p for p, _ in labels], [f"2026-0{m}" for _, m in labels]), totals)


def test_neighbours_are_months_of_the_same_procedure():
    margin = months({("p1", 1): 30, ("p1", 2): 5, ("p1", 3): 25, ("p2", 1): 1, ("p2", 2): 40, ("p3", 1): 2})
    found = merge_small(margin, least=20, rule=MergeRule.NEIGHBOUR)
    members = [merge.members for merge in found.merges]
    # p3 has a single month, which is joined with the smallest category left.
    assert members == [("p1|2026-02", "p1|2026-03", "p3|2026-01"), ("p2|2026-01", "p2|2026-02")]
    assert found.margin.totals.sum() == margin.totals.sum()
    assert (found.margin.counts >= 20).all()


@settings(max_examples=50)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=9), st.sampled_from(list(MergeRule)))
def test_merging_loses_nobody(counts, rule):
    labels = [f"c{code}" for code, count in enumerate(counts) for _ in range(count)] or ["c0"]
    margin = Margin.of("m", labels, {f"c{code}": 10.0 * (code + 1) for code in range(len(counts))})
    found = merge_small(margin, least=20, rule=rule)
    assert found.margin.totals.sum() == pytest.approx(margin.totals.sum())
    assert len(found.margin.codes) == len(labels)
    assert (found.margin.counts >= 20).all() or len(found.margin.categories) == 1
    merged = sum(len(merge.members) - 1 for merge in found.merges)
    assert len(found.margin.categories) + merged == len(margin.categories)
    post_stratify(np.ones(len(labels)), found.margin)


def test_merging_needs_a_number():
    with pytest.raises(BadInputError):
        merge_small(Margin.of("m", ["a"], {"a": 1}), least=0, rule=MergeRule.SMALLEST)


def test_the_effective_size_of_the_methods_page():
    assert effective_size(n=320, population=10_000, correlation=0.05) == pytest.approx(13.22, abs=0.01)
    assert effective_size(n=100, population=100, correlation=0.05) == np.inf
    assert effective_size(n=100, population=1000, correlation=0) == np.inf


@settings(max_examples=60)
@given(st.integers(1, 200), st.integers(0, 5000), st.floats(0, 1), st.floats(0, 4))
def test_the_band_solves_the_identity_and_grows_with_the_defect(n, others, share, cv2):
    satisfied = round(n * share)
    p, population = satisfied / n, n + others
    found = sensitivity(p, n=n, population=population, satisfied=satisfied, cv2=cv2)
    assert [band.correlation for band in found.bands] == list(DATA_DEFECTS)
    f = n / population
    for band in found.bands:
        assert found.possible.low <= band.interval.low <= p <= band.interval.high <= found.possible.high
        for limit, side in ((band.interval.low, 1), (band.interval.high, -1)):
            if found.possible.low + 1e-9 < limit < found.possible.high - 1e-9:
                shift = side * band.correlation * np.sqrt((1 - f + cv2) / f * limit * (1 - limit))
                assert p - limit == pytest.approx(shift, abs=1e-9)
    widths = [band.interval.width for band in found.bands]
    assert widths == sorted(widths)


def test_a_census_cannot_be_moved_and_impossible_numbers_are_refused():
    whole = sensitivity(0.7, n=10, population=10, satisfied=7)
    assert all(band.interval.width == 0 for band in whole.bands)
    assert whole.possible.width == pytest.approx(0)
    for options in (
        {"n": 10, "population": 9, "satisfied": 7},
        {"n": 0, "population": 9, "satisfied": 0},
        {"n": 10, "population": 20, "satisfied": 11},
        {"n": 10, "population": 20, "satisfied": 7, "cv2": -1},
        {"n": 10, "population": 20, "satisfied": 7, "kappa": 2},
        {"n": 10, "population": 20, "satisfied": 7, "defects": ()},
        {"n": 10, "population": 20, "satisfied": 7, "defects": (0.0,)},
        {"n": 10, "population": 20, "satisfied": 7, "defects": (1.5,)},
    ):
        with pytest.raises(BadInputError):
            sensitivity(0.7, **options)
