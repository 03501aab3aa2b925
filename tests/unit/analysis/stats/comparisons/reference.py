"""Reference cases of one kind out of one file, as pytest parameters."""

import json
from pathlib import Path

import pytest

CASES = Path(__file__).parents[4] / "reference/statistics/cases"


def reference_cases(file, what):
    data = json.loads((CASES / f"{file}.json").read_text("utf-8"))
    return [pytest.param(case["expected"], id=case["id"]) for case in data["cases"] if case["what"] == what]
