"""The checker over an invented folder with names of its own, and over folders that are none."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.analysis.check.__main__ import main
from app.analysis.check.compare import Status
from app.analysis.check.families import HANDLERS
from app.analysis.check.folder import read_folder
from app.analysis.check.frames import CaseError, FolderError
from app.analysis.check.runner import check_case, run
from app.analysis.stats.errors import BadInputError

# Two communes, two villages each; the second commune's second village has nobody who went online.
ROWS = """xa,thon,w,nhom,kenh,diem,q1,q2
Tân Hoà,1,10,"A, B",online,4,5,4
Tân Hoà,1,10,C,quầy,2,3,
Tân Hoà,2,20,"A, B",online,5,4,2
Yên,1,5,C,online,3,5,5
Yên,2,15,C,quầy,,1,4
"""


def case(what, expected, **fields):
    return {"id": what, "what": what, "design": "mau", "r": "", "expected": expected, "rtol": 1e-9} | fields


def written(folder, cases, **changes):
    (folder / "cases").mkdir()
    (folder / "data").mkdir()
    (folder / "data" / "phieu.csv").write_text(ROWS, "utf-8")
    design = {"data": "phieu", "ids": ["thon"], "strata": "xa", "weights": "w", "fpc": None, "nest": True}
    lonely = {"inline": {"s": ["a", "a", "b"], "y": [1, None, 3], "N": [10, 10, 4]}}
    srs = {"data": "nho", "ids": None, "strata": "s", "weights": "implied by fpc", "fpc": ["N"]}
    content = {
        "schema": "stat-ref-1",
        "id": "khác",
        "data": {"phieu": {"file": "data/phieu.csv"}, "nho": lonely},
        "designs": {"mau": design, "don": srs},
        "cases": cases,
    }
    (folder / "cases" / "a.json").write_text(json.dumps(content | changes), "utf-8")
    return folder


def verdicts(folder):
    return {outcome.case.id: outcome.comparison for outcome in run(read_folder(folder), HANDLERS)}


def test_another_folder_is_computed_from_its_own_fields(tmp_path):
    # Online: villages 10*4 + 20*5 and 5*3 over 35 people, so the mean is 155/35 = 31/7.
    u = [10 * (4 - 31 / 7) / 35, 20 * (5 - 31 / 7) / 35, 5 * (3 - 31 / 7) / 35, 0.0]
    variance = (u[0] - u[1]) ** 2 + (u[2] - u[3]) ** 2
    total = {"estimate": [175.0], "df": 2, "vcov": [[(60 - 100) ** 2 + (15 - 0) ** 2]]}
    cases = [
        case("mean", {"estimate": [31 / 7], "se": [variance**0.5], "df": 1}, vars=["diem"], domain={"kenh": "online"}),
        case("total", total, vars=["diem"]),
        case("ratio", {"estimate": [80 / 130]}, vars=["q2", "q1"], domain={"nhom": "A, B"}, id="ratio"),
        case("difference", {"estimate": 14 / 3 - 35 / 15}, vars=["diem"], domain={"nhom": "A, B minus C"}, id="d"),
        case("quantile", {"quantiles": [0.5], "estimate": [4]}, vars=["q1"], r="svyquantile(~q1, d, 0.5)"),
        case("mean", {"by": {"kenh": ["online", "quầy"]}, "estimate": [31 / 7, 2]}, vars=["diem"], by=["kenh"], id="b"),
        case("item_mean_index", {"estimate": 100 * (35 / 60 + 30 / 50) / 2}, vars=["q1", "q2"], id="i"),
    ]
    found = verdicts(written(tmp_path, cases))
    assert {name: (each.status, each.reason) for name, each in found.items()} == dict.fromkeys(found, (Status.OK, ""))
    assert len(found) == len(cases)


def test_contrasts_by_place_and_by_name(tmp_path):
    groups = {"vars": ["q1"], "by": ["thon"]}
    first, second = (10 * 5 + 10 * 3 + 5 * 5) / 25, (20 * 4 + 15 * 1) / 35
    cases = [
        case("difference", {"estimate": first - second, "df": 2}, r="svycontrast(b, c(1, -1))", id="place", **groups),
        case("difference", {"estimate": second - first}, r="svyby(~q1, ~thon)", id="none", **groups),
        case("difference", {"estimate": 2 * first}, r="svycontrast(b, contrasts = c('1' = 2))", id="name", **groups),
        case("difference", {"estimate": 0}, vars=["q1"], by=["nhom", "kenh"], id="too-many"),
        case("difference", {"estimate": 0}, vars=["q1"], id="nothing"),
    ]
    found = verdicts(written(tmp_path, cases))
    assert [found[name].status for name in ("place", "none", "name")] == [Status.OK] * 3
    assert "no coefficients" in found["too-many"].reason
    assert "two domains, two groups or two variables" in found["nothing"].reason


def test_a_design_without_weights_counts_everybody_once(tmp_path):
    spec = {"data": "phieu", "ids": None, "strata": None, "weights": None, "fpc": None}
    words = spec | {"weights": "N over n"}
    cases = [
        case("total", {"estimate": 14, "df": 4}, vars=["diem"], design="a"),
        case("total", {"estimate": 14}, vars=["diem"], design="b", id="words"),
    ]
    found = verdicts(written(tmp_path, cases, designs={"a": spec, "b": words}))
    assert found["total"].status is Status.OK
    assert "could follow from" in found["words"].reason


def test_refusals_and_single_units(tmp_path):
    mean = {"vars": ["y"], "design": "don"}
    cases = [
        case("mean", {"error": "Stratum (b) has only one PSU at stage 1"}, id="refused", **mean),
        case("mean", {"estimate": 1.0}, id="not-refused-by-R", **mean),
        case(
            "mean",
            {"error": "x"},
            id="computed-though-R-refuses",
            options={"survey.lonely.psu": "remove", "survey.adjust.domain.lonely": False},
            **mean,
        ),
        case("mean", {"estimate": 1.0}, id="unknown-rule", options={"survey.lonely.psu": "guess"}, **mean),
    ]
    found = verdicts(written(tmp_path, cases))
    assert {name: each.status for name, each in found.items()} == {
        "refused": Status.OK,
        "not-refused-by-R": Status.DIFFERS,
        "computed-though-R-refuses": Status.DIFFERS,
        "unknown-rule": Status.DIFFERS,
    }
    assert "guess" in found["unknown-rule"].reason


def test_whatever_goes_wrong_in_a_case_is_a_verdict(tmp_path):
    cases = [
        case("astrology", {"estimate": 1}),
        case("mean", {"estimate": 1}, vars=["khong_co"], id="no-column"),
        case("mean", {"estimate": 1}, vars=["diem ** 2"], id="no-grammar"),
        case("mean", {"estimate": 1}, vars=["diem"], design="khác", id="no-design"),
        case("prop_grid", {"file": "data/none.csv"}, by=["xa", "item"], indicator="item >= 4", id="no-table"),
        case("prop_grid", {"file": "../../x.csv"}, by=["xa", "item"], indicator="item >= 4", id="outside"),
    ]
    found = verdicts(written(tmp_path, cases))
    assert found.pop("astrology").status is Status.NOT_COVERED
    assert {each.status for each in found.values()} == {Status.DIFFERS}
    assert "khong_co" in found["no-column"].reason
    assert "outside the folder" in found["outside"].reason


def test_either_of_two_answers_of_R_is_right(tmp_path):
    case_of = case("astrology", {"a": 1}, survey_4_5={"a": 2})
    (file,) = read_folder(written(tmp_path, [case_of]))
    (read,) = file.cases
    for value, status in ((1, Status.OK), (2, Status.OK), (3, Status.DIFFERS)):
        assert check_case(read, {"astrology": lambda _, value=value: {"a": value}}).status is status


def test_an_exception_is_a_refusal_only_when_it_is_one_of_ours(tmp_path):
    (file,) = read_folder(written(tmp_path, [case("astrology", {"error": "no"})]))
    (read,) = file.cases

    def raising(error):
        def handler(_):
            raise error

        return {"astrology": handler}

    assert check_case(read, raising(BadInputError("no"))).status is Status.OK
    assert check_case(read, raising(CaseError("no column"))).status is Status.DIFFERS
    assert check_case(read, raising(ZeroDivisionError())).status is Status.DIFFERS
    assert check_case(read, {"astrology": lambda _: {"error": "flagged"}}).status is Status.OK


def test_prints_a_line_per_case_and_a_summary(tmp_path, capsys):
    good = case("quantile", {"estimate": [4]}, vars=["q1"], r="svyquantile(~q1, d, 0.5)")
    assert main([str(written(tmp_path, [good]))]) == 0
    line, summary = capsys.readouterr().out.splitlines()
    assert line.split() == ["khác/quantile", "quantile", "0.0e+00", "ok"]
    assert summary == "1 cases: 1 ok, 0 differs, 0 not covered"


def test_exit_1_when_a_case_is_not_covered(tmp_path, capsys):
    assert main([str(written(tmp_path, [case("astrology", {"a": 1})]))]) == 1
    assert capsys.readouterr().out.endswith("1 cases: 0 ok, 0 differs, 1 not covered\n")


def _without_cases(folder):
    written(folder, [])


def _without_data(folder):
    written(folder, [case("mean", {})])
    (folder / "data" / "phieu.csv").unlink()


def _no_json(folder):
    (folder / "cases").mkdir()
    (folder / "cases" / "a.json").write_text("{", "utf-8")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: None, "holds no file cases"),
        (lambda folder: folder.rmdir(), "is not a folder"),
        (_no_json, "is not JSON"),
        (_without_cases, "no case at all"),
        (_without_data, "has no file"),
        (lambda folder: written(folder, [case("mean", {})], schema="other"), "does not say"),
        (lambda folder: written(folder, ["x"]), "'cases' is not what the format says"),
        (lambda folder: written(folder, [{"id": "a"}]), "no what, expected, rtol"),
        (lambda folder: written(folder, [case("mean", {})], designs=["x"]), "'designs' is not what"),
    ],
)
def test_a_folder_that_is_none_is_named_and_exits_2(tmp_path, capsys, make, message):
    folder = tmp_path / "f"
    folder.mkdir()
    make(folder)
    assert main([str(folder)]) == 2
    assert message in capsys.readouterr().err
    with pytest.raises(FolderError):
        read_folder(folder)


def test_runs_as_a_module_and_says_how(tmp_path):
    command = [sys.executable, "-m", "app.analysis.check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[4])
    assert done.returncode == 2
    assert "usage" in done.stderr


def test_broken_tables_are_verdicts(tmp_path):
    folder = written(tmp_path, [case("total", {"estimate": [1]}, vars=["diem"])])
    (folder / "data" / "phieu.csv").write_text("a,b\n1\n", "utf-8")
    assert "line 2: 1 fields under 2 columns" in verdicts(folder)["total"].reason


def test_one_column_keeps_its_missing_answers(tmp_path):
    folder = written(tmp_path, [case("total", {"estimate": [1]})])
    (folder / "data" / "phieu.csv").write_text("a\n1\n\n3\n", "utf-8")
    (file,) = read_folder(folder)
    assert file.frame("phieu").rows == 3
