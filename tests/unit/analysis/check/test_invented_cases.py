"""The checker over an invented survey: every production of the grammar, designs, groups, levels, codes of units."""

import json
import math
import re
import shutil
from itertools import accumulate
from pathlib import Path

import pytest
from scipy.special import stdtrit

from app.analysis.check.compare import Status
from app.analysis.check.families import HANDLERS
from app.analysis.check.folder import read_folder
from app.analysis.check.runner import run
from tests.unit.analysis.check.invented import as_csv, df, mean, people, smoothed, variance, wilson

REFERENCE = Path(__file__).parents[3] / "reference" / "statistics"
ROWS = people()
EVERYBODY = [True] * len(ROWS)
BASE = {"data": "phiếu", "ids": ["làng"], "strata": "huyện", "weights": "ts", "fpc": None, "nest": True}
DESIGNS = {
    "gốc": BASE,
    "một": BASE | {"fpc": ["N1"]},
    "hai": BASE | {"ids": ["làng", "người"], "fpc": ["N1", "M1"]},
    "theo N": BASE | {"ids": ["làng", "người"], "fpc": ["N1", "M1"], "weights": "implied by the counts"},
    "lẻ": {"data": "lẻ", "ids": ["p"], "strata": "s", "weights": "w", "fpc": None},
}
LONELY = {
    "s": ["x", "x", "y", "z", "z"],
    "p": [1, 2, 3, 4, 5],
    "w": [1, 2, 3, 1, 1],
    "v": [2, None, 4, 1, 3],
}


def of(name):
    return [row[name] for row in ROWS]


def where(holds):
    """Rows for which a rule holds; where an answer is missing it does not."""

    def known(row):
        try:
            return bool(holds(row))
        except TypeError:
            return False

    return [known(row) for row in ROWS]


def satisfied(item):
    return [None if row[item] is None else float(row[item] >= 4) for row in ROWS]


def respondent_index(row):
    answers = [row[f"tc{k}"] for k in (1, 2, 3) if row[f"tc{k}"] is not None]
    return 100 * sum(answer >= 4 for answer in answers) / len(answers) if len(answers) >= 2 else None


RULES = {
    "tuổi < 40": lambda r: r["tuổi"] < 40,
    "tuổi <= 4e1": lambda r: r["tuổi"] <= 40,
    "tuổi > 40.5": lambda r: r["tuổi"] > 40.5,
    "tuổi >= 61": lambda r: r["tuổi"] >= 61,
    'giới == "nữ"': lambda r: r["giới"] == "nữ",
    "tc1 == tc2": lambda r: r["tc1"] is not None and r["tc1"] == r["tc2"],
    "tuổi > 12.5 * tc1": lambda r: r["tuổi"] > 12.5 * r["tc1"],
    "tc1 in (1, 2, 5)": lambda r: r["tc1"] in {1, 2, 5},
    "giới in ('nam', khác)": lambda r: r["giới"] == "nam",
    "tc3 is answered": lambda r: r["tc3"] is not None,
    "both tc1 and tuổi are answered": lambda r: r["tc1"] is not None and r["tuổi"] is not None,
    "resp_index(tc1..tc3) >= 50": lambda r: respondent_index(r) >= 50,
    "resp_index(tc1..tc3) is answered": lambda r: respondent_index(r) is not None,
    "người <= làng": lambda r: r["người"] <= r["làng"],
}
VALUES = {
    "resp_index(tc1..tc3)": [respondent_index(row) for row in ROWS],
    "tuổi / 10": [None if age is None else age / 10 for age in of("tuổi")],
    "tc1 >= 4": satisfied("tc1"),
    "tc3 is answered": [float(answer is not None) for answer in of("tc3")],
}


def t(level):
    return lambda degrees: float(stdtrit(degrees, 0.5 + level / 2))


def expected_mean(values, inside, stages=0):
    p, u = mean(ROWS, values, inside)
    return {"estimate": [p], "se": [math.sqrt(variance(ROWS, u, stages))], "df": df(ROWS, inside)}


def case(what, expected, **fields):
    return {"what": what, "design": "gốc", "r": "", "rtol": 1e-9, "expected": expected} | fields


def grammar():
    for rule, holds in RULES.items():
        yield case("mean", expected_mean(of("tiền"), where(holds)), vars=["tiền"], domain_rule=rule)
    inside = where(lambda r: r["giới"] == "nam" and r["tc2"] is not None)
    joined = {"domain": {"giới": "nam"}, "domain_rule": "and tc2 is answered"}
    yield case("mean", expected_mean(of("tiền"), inside), vars="tiền", **joined)
    inside = where(lambda r: None not in (r["tc1"], r["tc3"]))
    both = [expected_mean(of(name), inside) for name in ("tc1", "tc3")]
    yield case(
        "mean", {"estimate": [x["estimate"][0] for x in both]}, vars=["tc1", "tc3"], domain_rule="all items answered"
    )
    for expression, values in VALUES.items():
        whole = expected_mean(values, EVERYBODY)
        yield case("mean", {name: whole[name] for name in ("estimate", "se")}, vars=[expression])


def designs():
    for name, stages in (("gốc", 0), ("một", 1), ("hai", 2), ("theo N", 2)):
        yield case("mean", expected_mean(of("tiền"), EVERYBODY, stages), design=name, vars=["tiền"])
    # Weights 1, 3, 1, 1 of those who answered; stratum y has a single place, with 3 · (4 - 3) / 6.
    p, between = 3.0, [1 * (2 - 3) / 6, 0.0, 3 * (4 - 3) / 6, (1 - 3) / 6, (3 - 3) / 6]
    pairs = (between[0] - between[1]) ** 2 + (between[3] - between[4]) ** 2
    added = {"remove": pairs, "certainty": pairs, "average": pairs * 3 / 2, "adjust": pairs + between[2] ** 2}
    rest = {"design": "lẻ", "vars": ["v"], "domain_rule": "v is answered"}
    for rule, v in added.items():
        yield case("mean", {"estimate": [p], "se": [math.sqrt(v)]}, options={"survey.lonely.psu": rule}, **rest)
    yield case("mean", {"error": "one PSU"}, **rest)


def groups():
    for by in (["giới"], ["đv", "giới"]):
        keys = [tuple(row[name] for name in by) for row in ROWS]
        # Codes of digits are numbers; the last column runs slowest.
        known = sorted(set(keys), key=lambda key: [int(x) if x.isdigit() else x for x in reversed(key)])
        found = [expected_mean(of("tiền"), [key == one for key in keys]) for one in known]
        listed = {name: [key[at] for key in known] for at, name in enumerate(by)}
        tree = {"by": listed, "estimate": [x["estimate"][0] for x in found], "se": [x["se"][0] for x in found]}
        yield case("mean", tree, vars=["tiền"], by=by)
    items = [satisfied(f"tc{k}") for k in (1, 2, 3)]
    # R sorts the codes of units as words: 101, 12, 3.
    units = [[unit == code for unit in of("đv")] for code in ("101", "12", "3")]
    loop = {"by": ["đv", "item"], "vars": ["tc1", "tc2", "tc3"], "indicator": "sat == 1"}
    for call, level, pool in (("smoothed_grid(s, x)", 0.95, 10), ("smoothed_grid(s, x, K = 4, level = 0.9)", 0.9, 4)):
        tree = smoothed(ROWS, units, items, quantile=t(level), pool=pool) | {"domains": ["101", "12", "3"]}
        yield case("prop_ci_smoothed", tree, r=call, **loop)


def calls():
    values = satisfied("tc2")
    p, u = mean(ROWS, values, EVERYBODY)
    n_eff = p * (1 - p) / variance(ROWS, u)
    limits = {"wilson": wilson(p, n_eff, t(0.9)(8))}
    yield case(
        "prop_ci",
        {"estimate": p, "n_eff": n_eff, "ci95": limits},
        indicator="tc2 >= 4",
        domain_rule="tc2 is answered",
        r="ciprop_all(~I(tc2 >= 4), z, level = 0.9)",
    )
    ordered = sorted(zip(of("tiền"), of("ts"), strict=True))
    reached = accumulate(weight for _, weight in ordered)
    value = next(v for (v, _), share in zip(ordered, reached, strict=True) if share >= 0.3 * sum(of("ts")))
    text = 'svyquantile(~tiền, z, 0.3, qrule = "hf1", interval.type = "xlogit", alpha = 0.1)'
    yield case("quantile", {"quantiles": [0.3], "estimate": [value]}, vars=["tiền"], r=text)
    of_rows = {"vars": ["giới", "tc1 >= 4"], "domain_rule": "tc1 is answered"}
    yield case("rao_scott", {"statistic_name": "X-squared"}, r='svychisq(~a + b, z, statistic = "Chisq")', **of_rows)


@pytest.mark.parametrize("make", [grammar, designs, groups, calls])
def test_an_invented_survey_is_computed_as_loops_compute_it(tmp_path, make):
    cases = [{"id": f"{number:02}"} | each for number, each in enumerate(make())]
    (tmp_path / "cases").mkdir()
    (tmp_path / "phiếu.csv").write_text(as_csv(ROWS), "utf-8")
    data = {"phiếu": {"file": "phiếu.csv"}, "lẻ": {"inline": LONELY}}
    content = {"schema": "stat-ref-1", "id": "khác", "data": data, "designs": DESIGNS, "cases": cases}
    (tmp_path / "cases" / "a.json").write_text(json.dumps(content), "utf-8")
    outcomes = list(run(read_folder(tmp_path), HANDLERS))
    assert [outcome.line for outcome in outcomes if outcome.comparison.status is not Status.OK] == []
    assert len(outcomes) == len(cases) > 2


@pytest.mark.parametrize("code", ["{}", "{:03}"])
def test_units_may_have_codes_of_digits(tmp_path, code):
    for folder in ("cases", "data"):
        (tmp_path / folder).mkdir()
    for path in [*REFERENCE.glob("cases/15-*.json"), *REFERENCE.glob("cases/03b-*.json")]:
        shutil.copy(path, tmp_path / "cases")
    for path in REFERENCE.glob("data/sipas_*.csv"):
        shutil.copy(path, tmp_path / "data")
    for path in [*tmp_path.glob("*/*")]:
        text = re.sub(r"\bU(\d\d)\b", lambda found: code.format(int(found[1])), path.read_text("utf-8"))
        path.write_text(text, "utf-8")
    outcomes = [outcome for outcome in run(read_folder(tmp_path), HANDLERS) if outcome.case.design_name]
    assert [outcome.line for outcome in outcomes if outcome.comparison.status is not Status.OK] == []
    assert len(outcomes) > 40
