"""Strata with a single sampled unit, in the design or left so by a domain; the sums are written out by hand."""

import numpy as np
import pytest

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.linearised import means, totals
from app.analysis.stats.errors import LonelyPsuError

# Strata A and B of two units, C of one, D of two. The domain has both units of A, one of B, the one of C, none of D.
STRATA = np.array(["A", "A", "B", "B", "C", "D", "D"])
UNITS = np.arange(7)
Y = np.array([4.0, 2.0, 9.0, 5.0, 6.0, 1.0, 3.0])
DOMAIN = np.array([True, True, True, False, True, False, False])


def design(lonely, *, domains=False, **options):
    return SurveyDesign.of(
        7, lonely=lonely, lonely_domains=domains, weights=np.ones(7), strata=STRATA, clusters=[UNITS], **options
    )


def variance(lonely, *, domains=False, domain=DOMAIN):
    return float(totals(design(lonely, domains=domains), Y, domain=domain).variance[0])


A = 2 * (1.0**2 + 1.0**2)
B = 2 * (4.5**2 + 4.5**2)


def test_the_whole_sample():
    b, d, mean = 2 * (2.0**2 + 2.0**2), 2 * (1.0**2 + 1.0**2), 30 / 7
    everybody = np.ones(7, dtype=bool)
    assert variance(LonelyPsu.REMOVE, domain=everybody) == pytest.approx(A + b + d)
    assert variance(LonelyPsu.CERTAINTY, domain=everybody) == pytest.approx(A + b + d)
    assert variance(LonelyPsu.ADJUST, domain=everybody) == pytest.approx(A + b + d + (6 - mean) ** 2)
    assert variance(LonelyPsu.AVERAGE, domain=everybody) == pytest.approx((A + b + d) * 4 / 3)


def test_a_domain_that_leaves_one_unit_in_a_stratum():
    """The centre is the mean of the five units of A, B and C: D has nobody of the domain and takes no part."""
    centre = (4 + 2 + 9 + 6) / 5
    moved = 2 * ((9 - centre) ** 2 + centre**2)
    assert variance(LonelyPsu.REMOVE) == pytest.approx(A + B)
    assert variance(LonelyPsu.ADJUST) == pytest.approx(A + B + (6 - centre) ** 2)
    assert variance(LonelyPsu.ADJUST, domains=True) == pytest.approx(A + moved + (6 - centre) ** 2)
    assert variance(LonelyPsu.AVERAGE) == pytest.approx((A + B) * 3 / 2)
    assert variance(LonelyPsu.AVERAGE, domains=True) == pytest.approx(A * 3 / 1)


def test_nothing_can_be_lent_when_every_stratum_is_single():
    lonely = np.isin(UNITS, [2, 4])
    assert np.isnan(variance(LonelyPsu.AVERAGE, domains=True, domain=lonely))
    assert np.isnan(variance(LonelyPsu.AVERAGE, domain=UNITS == 4))


def test_fail_refuses_only_where_the_domain_has_somebody():
    with pytest.raises(LonelyPsuError):
        variance(LonelyPsu.FAIL)
    assert variance(LonelyPsu.FAIL, domain=UNITS < 4) == pytest.approx(A + 2 * (2.0**2 + 2.0**2))


def test_a_stratum_taken_whole_is_never_single():
    counts = np.array([4.0, 4.0, 4.0, 4.0, 1.0, 4.0, 4.0])
    whole = design(LonelyPsu.FAIL, populations=[counts])
    d = 2 * (1.0**2 + 1.0**2)
    assert totals(whole, Y).variance[0] == pytest.approx((A + 2 * (2.0**2 + 2.0**2) + d) / 2)


@pytest.mark.parametrize("lonely", list(LonelyPsu))
@pytest.mark.parametrize("domains", [False, True])
def test_nobody_has_no_mean_and_no_variance_by_chance(lonely, domains):
    found = means(design(lonely, domains=domains), Y, domain=np.zeros(7, dtype=bool))
    assert np.isnan(found.value[0])
    assert np.isnan(found.se[0])
