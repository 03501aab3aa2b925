"""Cell sums: what the answers say, exactly; the same bits for any division, order and storage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.cells.counting import from_answers
from app.analysis.stats.cells.keys import Labelled
from app.analysis.stats.cells.plan import CellPlan, Drawn, Within
from app.analysis.stats.cells.stored import from_bytes, to_bytes
from app.analysis.stats.cells.sums import NAMES, add
from app.analysis.stats.cells.whole import CHUNK, Tally, Whole, digits_for, whole_weights
from app.analysis.stats.errors import BadInputError, NotFromSumsError
from app.analysis.stats.layout import Scoring
from tests.unit.analysis.stats.cells.surveys import LAYOUT, survey, surveys

PLANS = st.sampled_from([(Drawn.CLUSTERS, Within.DOMAIN), (Drawn.CLUSTERS, Within.CELL), (Drawn.PEOPLE, Within.CELL)])


def exact(block: Whole) -> list[list[int]]:
    low = block.low.astype(object)
    return (low if block.high is None else low + block.high.astype(object) * 2**48).tolist()


def same_bits(one, other) -> bool:
    same_keys = all(
        getattr(one.keys, name) == getattr(other.keys, name) for name in ("strata", "psus", "domains")
    ) and all(np.array_equal(getattr(one.keys, name), getattr(other.keys, name)) for name in ("domain", "psu"))

    def equal(a, b):
        if a is None or b is None:
            return a is b
        return a.dtype == b.dtype and np.array_equal(a, b)

    pairs = ((getattr(one.blocks, name), getattr(other.blocks, name)) for name in NAMES)
    return same_keys and all(
        a is b if a is None or b is None else equal(a.low, b.low) and equal(a.high, b.high) for a, b in pairs
    )


@settings(max_examples=50)
@given(surveys(), PLANS, st.data())
def test_merging_any_parts_in_any_order_gives_the_same_bits(asked, kind, data):
    plan = asked.plan(*kind)
    whole = asked.sums(plan)
    rows = len(asked.answers)
    owner = np.array(data.draw(st.lists(st.integers(0, 3), min_size=rows, max_size=rows)), dtype=int)
    order = data.draw(st.permutations(range(4)))
    shuffled = np.random.default_rng(rows).permutation(rows)
    parts = [asked.sums(plan, shuffled[owner == i]) for i in range(4)]
    merged = add(plan, [parts[i] for i in order])
    assert same_bits(merged, whole)
    nested = add(plan, [add(plan, parts[:2]), add(plan, []), add(plan, parts[2:])])
    assert same_bits(nested, whole)
    assert to_bytes(merged) == to_bytes(whole)


@settings(max_examples=30)
@given(surveys(), PLANS)
def test_stored_form_gives_back_the_same_bits(asked, kind):
    plan = asked.plan(*kind)
    sums = asked.sums(plan)
    assert same_bits(from_bytes(plan, to_bytes(sums)), sums)


@settings(max_examples=40)
@given(surveys(min_rows=1), PLANS)
def test_sums_are_what_the_answers_say(asked, kind):
    plan = asked.plan(*kind)
    sums = asked.sums(plan)
    w = [int(x) for x in whole_weights(asked.weights, digits=plan.digits)]
    clusters = plan.drawn is Drawn.CLUSTERS
    key = list(
        zip(
            zip(asked.unit.tolist(), asked.channel.tolist(), strict=True),
            asked.stratum.tolist(),
            asked.psu.tolist() if clusters else [""] * len(w),
            strict=True,
        )
    )
    cells = sorted(set(key))
    found = [
        (sums.keys.domains[d], sums.keys.strata[sums.keys.psus[p][0]], sums.keys.psus[p][1])
        for d, p in zip(sums.keys.domain, sums.keys.psu, strict=True)
    ]
    assert found == cells
    blocks = {
        name: exact(getattr(sums.blocks, name)) for name in ("people", "n", "a", "b", "table_n", "table_a", "table_y")
    }
    body = asked.answers[:, [c.column for c in LAYOUT.criteria]].astype(int)
    r = (body >= 1) & (body <= 5)
    for number, cell in enumerate(cells):
        rows = [i for i, k in enumerate(key) if k == cell]
        assert [line[number] for line in blocks["people"]] == [
            len(rows),
            sum(w[i] for i in rows),
            sum(w[i] ** 2 for i in rows),
        ]
        for position, item in enumerate(LAYOUT.items):
            for level in range(1, item.levels + 1):
                at = [i for i in rows if asked.answers[i, item.column] == level]
                place = plan.level_starts[position] + level - 1
                assert blocks["n"][place][number] == len(at)
                assert blocks["a"][place][number] == sum(w[i] for i in at)
                assert blocks["b"][place][number] == sum(w[i] ** 2 for i in at)
        for table, members in enumerate(LAYOUT.tables):
            m = r[:, members].sum(axis=1)
            level = (body * r)[:, members].sum(axis=1)
            for bucket, wanted in enumerate([range(1, plan.buckets[table][0]), *([x] for x in plan.buckets[table])]):
                at = [i for i in rows if m[i] in wanted]
                place = plan.bucket_starts[table] + bucket
                assert blocks["table_n"][place][number] == len(at)
                assert blocks["table_a"][place][number] == sum(w[i] for i in at)
                assert blocks["table_y"][plan.bucket_starts[-1] + place][number] == sum(
                    w[i] * int(level[i]) for i in at
                )


@settings(max_examples=40)
@given(surveys(min_rows=1), st.sampled_from(list(Within)))
def test_products_inside_a_person_are_exact(asked, within):
    plan = asked.plan(within=within)
    sums = asked.sums(plan)
    w = whole_weights(asked.weights, digits=plan.digits).astype(object)
    body = asked.answers[:, [c.column for c in LAYOUT.criteria]].astype(int)
    r = ((body >= 1) & (body <= 5)).astype(int)
    scores = {Scoring.TOP2: (body >= 4) * r, Scoring.LEVEL: body * r}
    blocks = [("products", w)] + ([("products2", w * w)] if within is Within.CELL else [])
    for name, weight in blocks:
        total = np.array(exact(getattr(sums.blocks, name)), dtype=object).sum(axis=1)
        for scoring, y in scores.items():
            for kind, (a, b) in {"rr": (r, r), "yr": (y, r), "yy": (y, y)}.items():
                expected = (a.T.astype(object) * weight) @ b.astype(object)
                assert (total[plan.product_rows(kind, scoring)] == expected).all()


def test_many_rows_with_the_largest_weights_outgrow_64_bits_and_stay_exact():
    rows = CHUNK + 11
    plan = CellPlan(LAYOUT, ("unit",), 0, tuple(Scoring), Drawn.CLUSTERS, Within.CELL)
    answers = np.full((rows, 8), 5, dtype=np.uint8)
    answers[:, 7] = 1
    one = Labelled(np.zeros(rows, dtype=np.intp), ("x",))
    w = 2**40 - 1
    sums = from_answers(plan, answers, weights=np.full(rows, w, dtype=np.int64), stratum=one, psu=one, domains=[one])
    assert exact(sums.blocks.people) == [[rows], [rows * w], [rows * w * w]]
    assert exact(sums.blocks.products2)[-1] == [25 * rows * w * w]
    assert max(exact(sums.blocks.table2))[0] == 900 * rows * w * w
    assert sums.blocks.people.floats()[2, 0] == pytest.approx(float(rows * w * w), rel=1e-15)
    parts = [
        from_answers(
            plan,
            answers[:n],
            weights=np.full(n, w, dtype=np.int64),
            stratum=Labelled(one.codes[:n], ("x",)),
            psu=Labelled(one.codes[:n], ("x",)),
            domains=[Labelled(one.codes[:n], ("x",))],
        )
        for n in (1, CHUNK, 10)
    ]
    assert same_bits(add(plan, parts), sums)
    assert same_bits(from_bytes(plan, to_bytes(sums)), sums)


def test_sums_that_would_outgrow_two_limbs_are_refused():
    plan = CellPlan(LAYOUT, ("unit",), 0, tuple(Scoring), Drawn.CLUSTERS, Within.CELL)
    one = Labelled(np.zeros(CHUNK, dtype=np.intp), ("x",))
    heavy = np.full(CHUNK, 2**44 - 1, dtype=np.int64)
    with pytest.raises(BadInputError, match="fewer digits"):
        from_answers(plan, np.ones((CHUNK, 8), np.uint8), weights=heavy, stratum=one, psu=one, domains=[one])


@settings(max_examples=50)
@given(st.lists(st.integers(0, 2**90), min_size=1, max_size=30))
def test_a_tally_adds_beyond_64_bits(numbers):
    tally = Tally((1,), sum(numbers))
    for number in numbers:
        tally.add(0, [np.int64((number >> (38 * i)) & (2**38 - 1)) for i in range(3)], 38)
    assert exact(tally.whole()) == [sum(numbers)]
    assert tally.whole().largest() == sum(numbers)


def test_digits_are_the_fewest_that_keep_every_weight():
    assert digits_for([57.0, 1.0]) == 0
    assert digits_for([12.25, 3.5]) == 2
    weights = np.array([100 / 3, 7.123456789])
    digits = digits_for(weights)
    whole = whole_weights(weights, digits=digits)
    assert np.abs(whole / 10.0**digits / weights - 1).max() <= 1e-10
    with pytest.raises(BadInputError, match="cannot be kept"):
        whole_weights(weights, digits=digits - 5)


@pytest.mark.parametrize("weights", [[1.0, 0.0], [1.0, -2.0], [np.nan, 1.0], [np.inf], [[1.0]]])
def test_wrong_weights_are_refused_with_their_row(weights):
    with pytest.raises(BadInputError, match="weight"):
        digits_for(weights)
    with pytest.raises(BadInputError, match="weight"):
        whole_weights(weights, digits=2)


def test_weights_too_unequal_for_any_scale_are_refused():
    with pytest.raises(BadInputError, match="no power of ten"):
        digits_for([np.pi * 1e-9, 1.0])
    with pytest.raises(BadInputError, match="cannot be kept"):
        whole_weights([1e9, 0.12345], digits=5)


def test_labels_may_come_in_any_order_and_codes_in_any_type():
    asked = survey(4, 50)
    plan, whole = asked.plan(), asked.sums(asked.plan())

    def turned(values):
        labels = tuple(sorted(set(values.tolist()), reverse=True))
        return Labelled(np.array([labels.index(v) for v in values.tolist()], dtype=np.uint8), (*labels, "nobody"))

    parts = [turned(values) for values in (asked.stratum, asked.psu, asked.unit, asked.channel)]
    sums = from_answers(
        plan,
        asked.answers,
        weights=whole_weights(asked.weights, digits=plan.digits),
        stratum=parts[0],
        psu=parts[1],
        domains=parts[2:],
    )
    assert same_bits(sums, whole)


def test_size_follows_the_cells_and_not_the_answers():
    few, many = survey(1, 900), survey(2, 9000)
    plan = few.plan()
    one, other = few.sums(plan), many.sums(plan)
    assert one.keys.cells == other.keys.cells == 3 * 3 * 3 * 2
    assert all(getattr(one.blocks, name).shape == getattr(other.blocks, name).shape for name in NAMES)


def test_damaged_or_foreign_stored_sums_are_refused():
    asked = survey(3, 30)
    plan = asked.plan()
    stored = to_bytes(asked.sums(plan))
    other = asked.plan(within=Within.DOMAIN)
    damaged = bytearray(stored)
    damaged[len(stored) // 2] ^= 0xFF
    for given_plan, data in (
        (plan, b""),
        (plan, b"\x63" + stored[1:]),
        (plan, stored[:-5]),
        (plan, stored[:9]),
        (plan, stored[:1] + b"\xff" * 8 + stored[9:]),
        (plan, stored + b"x"),
        (plan, bytes(damaged)),
        (plan, b"\x01zz"),
        (other, stored),
    ):
        with pytest.raises(BadInputError):
            from_bytes(given_plan, data)
    with pytest.raises(BadInputError, match="another plan"):
        add(other, [asked.sums(plan)])


@pytest.mark.parametrize(
    "change",
    [
        {"answers": np.zeros((2, 7), np.uint8)},
        {"answers": np.full((2, 8), 9, np.uint8)},
        {"weights": np.array([1, 0])},
        {"weights": np.array([1, 2**44])},
        {"weights": np.array([1.0, 1.0])},
        {"stratum": Labelled(np.array([0, 1]), ("a",))},
        {"stratum": Labelled(np.array([0, 1]), ("a", "a"))},
        {"stratum": Labelled(np.array([0]), ("a",))},
        {"psu": None},
        {"domains": []},
    ],
)
def test_rows_that_cannot_be_are_refused(change):
    plan = CellPlan(LAYOUT, ("unit",), 0, tuple(Scoring), Drawn.CLUSTERS, Within.DOMAIN)
    one = Labelled(np.zeros(2, dtype=np.intp), ("x",))
    given_rows = {"answers": np.ones((2, 8), np.uint8), "weights": np.array([1, 1]), "stratum": one, "psu": one}
    with pytest.raises(BadInputError):
        from_answers(plan, **{**given_rows, "domains": [one], **change})


def test_a_plan_that_cannot_be_is_refused_and_missing_scores_are_named():
    top2 = CellPlan(LAYOUT, ("unit",), 0, (Scoring.TOP2,), Drawn.CLUSTERS, Within.DOMAIN)
    with pytest.raises(NotFromSumsError, match="level"):
        top2.score(Scoring.LEVEL)
    for change in ({"keys": ()}, {"keys": ("a", "a")}, {"digits": -1}, {"scorings": (Scoring.LEVEL, Scoring.TOP2)}):
        with pytest.raises(BadInputError):
            CellPlan(
                **{
                    "layout": LAYOUT,
                    "keys": ("u",),
                    "digits": 0,
                    "scorings": (),
                    "drawn": Drawn.CLUSTERS,
                    "within": Within.DOMAIN,
                    **change,
                }
            )
    with pytest.raises(BadInputError, match="one by one"):
        CellPlan(LAYOUT, ("u",), 0, (), Drawn.PEOPLE, Within.DOMAIN)
