"""The reference collection under other names, without notes and with its rows in another order: the same verdicts.

No case, data set or column may be known by its name, and an estimate does not depend on the order of rows.
"""

import json
import random
import re
from pathlib import Path

from app.analysis.check.compare import Status
from app.analysis.check.families import HANDLERS
from app.analysis.check.folder import read_folder
from app.analysis.check.runner import run

REFERENCE = Path(__file__).parents[3] / "reference" / "statistics"
# The answers of some cases are lists in the order of these rows.
IN_ORDER = {"apiclus1.csv", "apiclus1_expected_weights.csv", "travel2011.csv"}
COLUMNS = """api00 api99 enroll meals stype sch_wide comp_imp awards acs_46 api_stu dnum pw unit commune village N_villages
    M_dossiers weight sex age channel psu stratum qn8 Npsu alive arrests ESA births oblevel hospno weighta tothosp stratid
    psuid Nh y1 id1 id2 complaints privileges learning raises critical advance rating A1 A2 A3 A4 A5"""
# R calls the column of a category by both names: stypeH.
COLUMN = re.compile(rf"(?<![\w/.])({'|'.join(COLUMNS.split())})(?=[EHM]\b|Yes\b|No\b|(?!\w))")


# The grammar itself names q1..q22 for cases that list no items.
ITEM = re.compile(r"(?<!\w)q(\d+)(?!\w)")
ALL_ITEMS = [f"muc{number}" for number in range(1, 23)]
OVER_ITEMS = {"prop_grid", "prop_ci_smoothed", "difference_mover"}


def other_columns(text):
    return COLUMN.sub(r"cot_\1", text)


def other_items(text):
    return ITEM.sub(r"muc\1", text)


def other_path(name):
    return name.replace("data/", "data/khac_")


def renamed(content, number):
    names = {name: f"so_lieu_{place}" for place, name in enumerate(content["data"])}
    for data in content["data"].values():
        if "file" in data:
            data["file"] = other_path(data["file"])
    for design in content["designs"].values():
        design["data"] = names[design["data"]]
    for place, case in enumerate(content["cases"]):
        case["id"] = f"truong_hop_{place}"
        case.pop("note", None)
        if case.get("data"):
            case["data"] = names.get(case["data"]) or other_path(case["data"])
        if case.get("params", {}).get("factors") in names:
            case["params"]["factors"] = names[case["params"]["factors"]]
        # One kind of case answers under a key that is also the name of a column.
        if "cot_weight" in case["expected"]:
            case["expected"]["weight"] = case["expected"].pop("cot_weight")
        for answer in (case["expected"], case["survey_4_5"]):
            if isinstance(answer, dict) and "file" in answer:
                answer["file"] = other_path(answer["file"])
    return content | {
        "id": f"tep_{number}",
        "title": "",
        "about": "",
        "data": {names[name]: data for name, data in content["data"].items()},
    }


def with_items(content):
    """Items under other names have to be listed; a score over items that nobody lists is left out."""
    cases = [case for case in content["cases"] if "of the answered items" not in "".join(case.get("vars") or [])]
    for case in cases:
        if case["what"] in OVER_ITEMS and "design" in case:
            case.setdefault("vars", ALL_ITEMS)
    return content | {"cases": cases}


def test_items_have_no_names_of_their_own(tmp_path):
    (tmp_path / "cases").mkdir()
    (tmp_path / "data").mkdir()
    for path in (REFERENCE / "data").glob("*.csv"):
        (tmp_path / "data" / path.name).write_text(other_items(path.read_text("utf-8")), "utf-8")
    for path in [*(REFERENCE / "cases").glob("1[0135]-*.json"), *(REFERENCE / "cases").glob("03*.json")]:
        content = with_items(json.loads(other_items(path.read_text("utf-8"))))
        (tmp_path / "cases" / path.name).write_text(json.dumps(content), "utf-8")
    outcomes = list(run(read_folder(tmp_path), HANDLERS))
    assert [outcome.line for outcome in outcomes if outcome.comparison.status is not Status.OK] == []
    assert len(outcomes) > 130


def test_names_notes_and_the_order_of_rows_mean_nothing(tmp_path):
    (tmp_path / "cases").mkdir()
    (tmp_path / "data").mkdir()
    order = random.Random(20261122)
    for path in sorted((REFERENCE / "data").glob("*.csv")):
        header, *rows = path.read_text("utf-8").splitlines()
        if path.name not in IN_ORDER:
            order.shuffle(rows)
        header = other_columns(header)
        (tmp_path / "data" / f"khac_{path.name}").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    for number, path in enumerate(sorted((REFERENCE / "cases").glob("*.json"))):
        content = renamed(json.loads(other_columns(path.read_text("utf-8"))), number)
        (tmp_path / "cases" / f"{number:02}.json").write_text(json.dumps(content), "utf-8")
    outcomes = list(run(read_folder(tmp_path), HANDLERS))
    assert [outcome.line for outcome in outcomes if outcome.comparison.status is not Status.OK] == []
    assert len(outcomes) > 400
