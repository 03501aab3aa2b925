"""Tiny question sets, one per feature, and one full of nasty texts (tests/sample_sets/)."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from app.survey.definitions import QuestionSet
from app.survey.loading import load_file
from app.survey.sampled.example import SET_FILE

FOLDER = Path(__file__).resolve().parents[1] / "sample_sets"


def sample_sets() -> Mapping[str, QuestionSet]:
    """Every sample set by key, such as "skip_rules_1"."""
    sets = (load_file(path) for path in (*sorted(FOLDER.glob("*.toml")), SET_FILE))
    return MappingProxyType({question_set.key: question_set for question_set in sets})


def sample(key: str) -> QuestionSet:
    """One sample set."""
    return load_file(sample_file(key))


def sample_file(key: str) -> Path:
    """Where a sample set is written; the worked example of imports comes with the product."""
    return SET_FILE if key == SET_FILE.stem else FOLDER / f"{key}.toml"
