"""The choice of an interval, the marks of published figures, and the words for both."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.marks import MARK_EXPLANATIONS, MARK_TEXTS, PublicationMark, publication_marks
from app.analysis.stats.intervals.reasons import REASON_TEXTS, Reason
from app.analysis.stats.intervals.recommended import RecommendedMethod, Situation, recommended_interval
from app.analysis.stats.results import SampleKind

DOSSIERS = {
    "sample_kind": SampleKind.PROBABILITY,
    "n": 60,
    "population": 150,
    "equal_weights": True,
    "clustered": False,
    "psus_of_cell": 60,
    "psus_of_survey": 500,
    "units": 12,
    "reproducible": False,
}
VILLAGES = {
    **DOSSIERS,
    "population": None,
    "equal_weights": False,
    "clustered": True,
    "psus_of_cell": 8,
    "psus_of_survey": 65,
}


def chosen(situation, *, all_=False, none=False, **changes):
    found = recommended_interval(Situation(**{**situation, **changes}), satisfied_all=all_, satisfied_none=none)
    return found.method, found.reason, found.notes


@pytest.mark.parametrize("texts", [REASON_TEXTS, MARK_TEXTS, MARK_EXPLANATIONS])
def test_every_code_has_words_in_both_languages(texts):
    kind = type(next(iter(texts)))
    assert set(texts) == set(kind)
    for text in texts.values():
        assert text.vi.strip() == text.vi != ""
        assert text.en.strip() == text.en != ""
        assert text.vi != text.en
        assert text.en.isascii()


@pytest.mark.parametrize(
    ("situation", "changes", "method", "reason"),
    [
        (DOSSIERS, {}, RecommendedMethod.HYPERGEOMETRIC, Reason.KNOWN_POPULATION),
        (DOSSIERS, {"n": 150}, RecommendedMethod.CENSUS, Reason.CENSUS),
        (DOSSIERS, {"sample_kind": SampleKind.CENSUS}, RecommendedMethod.CENSUS, Reason.CENSUS),
        (DOSSIERS, {"equal_weights": False}, RecommendedMethod.SMOOTHED_WILSON, Reason.SMOOTHED_DESIGN_EFFECT),
        (DOSSIERS, {"population": None}, RecommendedMethod.SMOOTHED_WILSON, Reason.SMOOTHED_DESIGN_EFFECT),
        (VILLAGES, {}, RecommendedMethod.SMOOTHED_WILSON, Reason.SMOOTHED_DESIGN_EFFECT),
        (VILLAGES, {"population": 900}, RecommendedMethod.SMOOTHED_WILSON, Reason.SMOOTHED_DESIGN_EFFECT),
        (VILLAGES, {"psus_of_survey": 1}, RecommendedMethod.PLANNED_WILSON, Reason.PLANNED_DESIGN_EFFECT),
        (VILLAGES, {"reproducible": True}, RecommendedMethod.KORN_GRAUBARD_CUT, Reason.REPRODUCIBLE),
        (DOSSIERS, {"sample_kind": SampleKind.OPEN}, RecommendedMethod.WILSON_OWN_VARIANCE, Reason.OPEN_SAMPLE),
        (VILLAGES, {"n": 0}, None, Reason.NO_ANSWERS),
    ],
)
def test_the_interval_follows_the_situation(situation, changes, method, reason):
    assert chosen(situation, **changes) == (method, reason, ())


def test_the_reader_is_told_about_the_edges():
    assert chosen(VILLAGES, all_=True)[2] == (Reason.ALL_AT_ONE,)
    assert chosen(VILLAGES, none=True)[2] == (Reason.ALL_AT_ZERO,)
    assert chosen(VILLAGES, n=1, psus_of_cell=1, all_=True)[2] == (Reason.ONE_ANSWER, Reason.ALL_AT_ONE)
    assert chosen(VILLAGES, psus_of_cell=1)[2] == (Reason.ONE_PSU,)
    assert chosen(VILLAGES, units=1, psus_of_survey=4)[2] == (Reason.FEW_PSUS,)
    assert chosen(DOSSIERS, n=150, all_=True)[2] == ()


def test_impossible_situations_are_refused():
    with pytest.raises(BadInputError, match="population"):
        chosen(DOSSIERS, n=151)
    with pytest.raises(BadInputError, match="0 %"):
        chosen(DOSSIERS, all_=True, none=True)


@pytest.mark.parametrize(
    ("n", "low", "high", "mark"),
    [
        (30, 0.85, 0.95, PublicationMark.FINE),
        (29, 0.95, 1.0, PublicationMark.CARE),
        (500, 0.7, 0.9, PublicationMark.CARE),
        (500, 0.6, 0.9, PublicationMark.LOW_PRECISION),
        (12, 0.6, 0.85, PublicationMark.LOW_PRECISION),
        (500, 0.6, 0.91, PublicationMark.NOT_RANKED),
        (0, 0.0, 0.0, None),
        (40, np.nan, 1.0, None),
    ],
)
def test_marks_at_their_borders(n, low, high, mark):
    assert publication_marks(n, high - low, census=False).item() is mark


def test_marks_of_a_table_and_of_a_census():
    marks = publication_marks([[40, 12], [12, 0]], [[0.05, 0.25], [0.0, 0.0]], census=[[False], [True]])
    assert marks.tolist() == [["fine", "low_precision"], ["fine", None]]
    for bad in ((-1, 0.1), (5, -0.1), (5, 1.2)):
        with pytest.raises(BadInputError, match="width"):
            publication_marks(*bad, census=False)


@given(st.integers(1, 500), st.floats(0, 0.9), st.floats(0, 0.1), st.integers(0, 100))
def test_more_people_and_a_narrower_range_are_never_marked_worse(n, width, less, more):
    order = list(PublicationMark)
    worse = publication_marks(n, width + less, census=False).item()
    better = publication_marks(n + more, width, census=False).item()
    assert order.index(better) <= order.index(worse)
