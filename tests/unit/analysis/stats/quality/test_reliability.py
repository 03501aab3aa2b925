"""Alpha against R, by properties, and at the edges: constant items, reversed items, one PSU, nobody."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.errors import BadInputError, LonelyPsuError
from app.analysis.stats.quality.notes import TEXTS, QualityCode
from app.analysis.stats.quality.products import cross_products
from app.analysis.stats.quality.reliability import (
    Reliability,
    alpha_of,
    feldt_interval,
    reliability,
    reliability_by_psu,
    reliability_from_pairs,
    reliability_of_rows,
    reliability_of_survey,
)
from app.analysis.stats.results import NoData

REFERENCE = Path(__file__).parents[4] / "reference" / "statistics"


def column(rows, name):
    return np.array([float(row[name]) if row[name] else np.nan for row in rows])


def rows_of(file):
    with (REFERENCE / file).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def reference_cases(what):
    data = json.loads((REFERENCE / "cases/10-reliability.json").read_text("utf-8"))
    return [
        pytest.param({**case, "file": data["data"].get(case.get("data"), {}).get("file")}, id=case["id"])
        for case in data["cases"]
        if case["what"] == what
    ]


def codes(result):
    return {note.code: note.items for note in result.notes}


def answers(seed, rows=60, k=4, missing=0.1):
    rng = np.random.default_rng(seed)
    level = rng.normal(size=(rows, 1)) + rng.normal(size=(rows, k))
    x = np.clip(np.rint(level + 4), 1, 5)
    return np.where(rng.random(x.shape) < missing, np.nan, x)


def design_of(rows, psus=12, strata=3, lonely=LonelyPsu.FAIL, seed=0):
    rng = np.random.default_rng(seed)
    psu = np.arange(rows) % psus
    return SurveyDesign.of(rows, lonely=lonely, weights=rng.uniform(1, 3, rows), strata=psu % strata, clusters=[psu])


@pytest.mark.parametrize("case", reference_cases("reliability"))
def test_as_in_r(case):
    rows = rows_of(case["file"] or case["data"])
    table = np.column_stack([column(rows, name) for name in case.get("vars") or rows[0]])
    found, expected = reliability_of_rows(table, confidence_level=0.95), case["expected"]
    assert (found.n, found.items) == (expected["n_complete"], expected["k"])
    assert found.alpha == pytest.approx(expected["alpha"], rel=1e-12)
    assert found.alpha_standardised == pytest.approx(expected["alpha_standardised"], rel=1e-12)
    assert found.mean_r == pytest.approx(expected["mean_r"], rel=1e-12)
    assert [found.interval.low, found.interval.high] == pytest.approx(expected["feldt_ci95"], rel=1e-11)
    assert found.alpha_if_dropped == pytest.approx(expected["alpha_if_dropped"], rel=1e-12)
    assert found.item_rest == pytest.approx(expected["item_rest_correlation"], rel=1e-12)
    assert found.notes == ()


def test_delete_one_psu_as_in_r():
    rows = rows_of("data/sipas_a.csv")
    design = SurveyDesign.of(
        len(rows),
        lonely=LonelyPsu.FAIL,
        weights=column(rows, "weight"),
        strata=np.array([row["commune"] for row in rows]),
        clusters=[np.array([row["village"] for row in rows])],
    )
    table = np.column_stack([column(rows, f"q{number}") for number in range(5, 10)])
    found = reliability_of_survey(table, design=design, confidence_level=0.95, first_stage_fpc=False)
    assert found.alpha == pytest.approx(0.8684395851134032, rel=1e-12)
    assert found.se == pytest.approx(0.01587689806486691, rel=1e-11)
    assert (found.df, found.method, found.n) == (47, "jackknife", 554)
    assert found.alpha in found.interval
    assert found.interval.high < 1


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000))
def test_sums_of_parts_give_what_all_rows_give(seed):
    x = answers(seed)
    design = design_of(len(x), seed=seed)
    cut = seed % len(x)
    parts = [
        cross_products(x[part], weights=design.weights[part], groups=design.psu[part], group_count=12)
        for part in (slice(None, cut), slice(cut, None))
    ]
    from_sums = reliability_by_psu(
        parts[0] + parts[1], psu_stratum=design.psu_stratum, lonely=design.lonely, confidence_level=0.9
    )
    from_rows = reliability_of_survey(x, design=design, confidence_level=0.9, first_stage_fpc=False)
    assert (from_sums.n, from_sums.df) == (from_rows.n, from_rows.df)
    assert from_sums.alpha == pytest.approx(from_rows.alpha, rel=1e-10)
    assert from_sums.se == pytest.approx(from_rows.se, rel=1e-9)
    assert from_sums.item_rest == pytest.approx(from_rows.item_rest, rel=1e-9)


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), factor=st.floats(0.01, 1000))
def test_row_order_and_scales_do_not_matter(seed, factor):
    x = answers(seed)
    base = reliability_of_rows(x, confidence_level=0.95)
    mixed = reliability_of_rows(np.random.default_rng(seed).permutation(x), confidence_level=0.95)
    scaled = reliability_of_rows(x * factor + 1000, confidence_level=0.95)
    design = design_of(len(x), seed=seed)
    weighted = reliability_of_survey(x, design=design, confidence_level=0.95, first_stage_fpc=False)
    heavier = reliability_of_survey(
        x, design=design.reweighted(design.weights * factor), confidence_level=0.95, first_stage_fpc=False
    )
    assert mixed.alpha == pytest.approx(base.alpha, rel=1e-10)
    assert scaled.alpha == pytest.approx(base.alpha, rel=1e-6)
    assert heavier.alpha == pytest.approx(weighted.alpha, rel=1e-10)
    assert heavier.se == pytest.approx(weighted.se, rel=1e-8)
    wider = reliability_of_rows(x, confidence_level=0.99)
    assert wider.interval.low <= base.interval.low <= base.alpha <= base.interval.high <= wider.interval.high <= 1


def test_a_domain_is_its_rows_in_the_whole_design():
    x, inside = answers(5, rows=80), np.arange(80) % 3 != 0
    design = design_of(80)
    found = reliability_of_survey(x, design=design, confidence_level=0.95, first_stage_fpc=False, domain=inside)
    blanked = np.where(inside[:, None], x, np.nan)
    assert found == reliability_of_survey(blanked, design=design, confidence_level=0.95, first_stage_fpc=False)
    alone = reliability_of_rows(x[inside], weights=design.weights[inside], confidence_level=0.95)
    assert found.alpha == pytest.approx(alone.alpha, rel=1e-12)
    assert QualityCode.DESIGN_IGNORED in codes(alone)


def test_pairs_agree_with_complete_rows_when_nothing_is_missing():
    x = answers(1, missing=0)
    rr = np.full((4, 4), len(x))
    yr = np.repeat(x.sum(axis=0)[:, None], 4, axis=1)
    found = reliability_from_pairs(rr, yr, x.T @ x, confidence_level=0.95)
    whole = reliability_of_rows(x, confidence_level=0.95)
    assert found.alpha == pytest.approx(whole.alpha, rel=1e-10)
    assert found.n == whole.n
    assert QualityCode.PAIRWISE in codes(found)
    assert reliability_from_pairs(rr * 0, yr * 0, rr * 0, confidence_level=0.95) == NoData("too_few_complete")


def test_a_reversed_item_is_named():
    x = answers(3, missing=0)
    x[:, 2] = 6 - x[:, 2]
    found = reliability_of_rows(x, confidence_level=0.95)
    assert 2 in codes(found)[QualityCode.REVERSED_ITEM]
    assert found.alpha_if_dropped[2] > found.alpha


def test_items_that_repeat_each_other_and_constant_items():
    x = np.repeat(np.arange(1.0, 6)[:, None], 3, axis=1)
    same = reliability_of_rows(x, confidence_level=0.95)
    assert (same.alpha, same.interval.low, same.interval.high) == (1.0, 1.0, 1.0)
    assert QualityCode.ITEMS_REPEAT in codes(same)
    x[:, 1] = 5
    constant = reliability_of_rows(x, confidence_level=0.95)
    assert codes(constant)[QualityCode.CONSTANT_ITEM] == (1,)
    assert np.isnan(constant.item_rest[1])
    assert np.isnan(constant.mean_r)
    assert np.isfinite(constant.alpha)


def test_nobody_one_person_and_no_variance():
    assert reliability_of_rows(np.full((3, 2), np.nan), confidence_level=0.95) == NoData("too_few_complete")
    assert reliability_of_rows([[1, 2], [3, np.nan]], confidence_level=0.95) == NoData("too_few_complete")
    assert reliability_of_rows([[5, 5], [5, 5]], confidence_level=0.95) == NoData("no_variance")


def test_two_items_have_no_alpha_without_one():
    found = reliability_of_rows([[1, 2], [3, 3], [5, 4]], confidence_level=0.95)
    assert np.isnan(found.alpha_if_dropped).all()
    assert found.item_rest[0] == pytest.approx(found.item_rest[1])


def test_one_psu_and_lonely_strata():
    x = answers(2, rows=20, missing=0)
    weights, one = np.ones(20), np.zeros(20)
    single = SurveyDesign.of(20, lonely=LonelyPsu.REMOVE, weights=weights, clusters=[one])
    found = reliability_of_survey(x, design=single, confidence_level=0.95, first_stage_fpc=False)
    assert found.interval is None
    assert {QualityCode.NO_DF, QualityCode.LONELY_PSU} <= codes(found).keys()
    psu = np.arange(20) % 5
    strict = SurveyDesign.of(20, lonely=LonelyPsu.FAIL, weights=weights, strata=psu == 0, clusters=[psu])
    with pytest.raises(LonelyPsuError):
        reliability_of_survey(x, design=strict, confidence_level=0.95, first_stage_fpc=False)
    removed, averaged, adjusted = (
        reliability_of_survey(
            x,
            design=SurveyDesign.of(20, lonely=lonely, weights=weights, strata=psu == 0, clusters=[psu]),
            confidence_level=0.95,
            first_stage_fpc=False,
        )
        for lonely in (LonelyPsu.REMOVE, LonelyPsu.AVERAGE, LonelyPsu.ADJUST)
    )
    assert averaged.se == pytest.approx(removed.se * np.sqrt(2))
    assert adjusted.se > removed.se


def test_a_sample_of_half_the_villages():
    x, psu = answers(9, rows=60), np.arange(60) % 12
    found = [
        reliability_of_survey(
            x,
            design=SurveyDesign.of(
                60, lonely=LonelyPsu.FAIL, weights=np.ones(60), clusters=[psu], populations=[np.full(60, known)]
            ),
            confidence_level=0.95,
            first_stage_fpc=wanted,
        )
        for known, wanted in ((24, False), (24, True), (12, True))
    ]
    assert found[1].se == pytest.approx(found[0].se * np.sqrt(0.5))
    assert found[2].se == 0
    assert found[2].interval.low == found[2].interval.high == pytest.approx(found[2].alpha)


def test_many_units_at_once():
    stack = np.stack([np.cov(answers(seed, missing=0).T) for seed in range(5)])
    assert alpha_of(stack) == pytest.approx([float(alpha_of(each)) for each in stack])


def test_bad_input_is_named():
    with pytest.raises(BadInputError, match="two items"):
        alpha_of([[1.0]])
    with pytest.raises(BadInputError, match="symmetric"):
        reliability([[1, 0.5], [0.1, 1]], n=10, confidence_level=0.95)
    with pytest.raises(BadInputError, match="negative variance"):
        reliability([[-1, 0], [0, 1]], n=10, confidence_level=0.95)
    with pytest.raises(BadInputError, match="no answers have"):
        reliability([[1, 2], [2, 1]], n=10, confidence_level=0.95)
    with pytest.raises(BadInputError, match="missing or infinite"):
        reliability([[1, np.nan], [np.nan, 1]], n=10, confidence_level=0.95)
    with pytest.raises(BadInputError, match="weight"):
        reliability_of_rows([[1, 2], [2, 3]], weights=[1, 0], confidence_level=0.95)
    with pytest.raises(BadInputError, match="infinite"):
        reliability_of_rows([[1, 2], [np.inf, 3]], confidence_level=0.95)
    with pytest.raises(BadInputError, match="confidence level"):
        feldt_interval(0.5, n=10, items=3, confidence_level=1.5)
    with pytest.raises(BadInputError, match="design of 10 rows"):
        reliability_of_survey(
            np.ones((9, 2)), design=design_of(10, psus=5, strata=1), confidence_level=0.95, first_stage_fpc=False
        )


def test_every_code_has_words_in_both_languages():
    assert TEXTS.keys() == set(QualityCode)
    assert all(vietnamese and english for vietnamese, english in TEXTS.values())
    assert isinstance(reliability_of_rows(answers(0), confidence_level=0.95), Reliability)
