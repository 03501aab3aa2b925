"""Every export of the registry, with every question set of the repository."""

import pytest

from app.exports.definitions import Export, Kind
from app.exports.registry import EXPORTS
from app.survey.definitions import QuestionSet
from app.survey.loading import load_text
from app.survey.sets import FOLDER
from app.web.permissions import Permission

SETS = [load_text(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))]
# A change of these columns is a new version of the export.
LEADING = {
    ("unit_scores", 1): (
        "unit_code unit period as_of formula aggregation level code number label value low high range n people"
    ),
    ("sampled_units", 2): (
        "unit_code unit level people value low high range n n_eff deff se mark reason rank_low rank_high ranked groups "
        "mean difference difference_low difference_high p p_corrected verdict"
    ),
    ("sampled_figures", 2): ("unit_code unit level code number label value low high range n n_eff deff se mark reason"),
    ("sampled_pairs", 2): (
        "unit_code unit second_code second difference difference_low difference_high p p_corrected verdict"
    ),
    ("sampled_reliability", 1): (
        "level code label items n alpha alpha_low alpha_high omega item_rest if_dropped remarks"
    ),
    ("sampled_drivers", 1): "code label share share_low share_high level level_low level_high place remarks",
    ("answers", 1): "area month unit_code unit counter channel language respondent_kind flags",
    ("written_answers", 1): "area month unit_code unit question text hints",
}
FORBIDDEN = frozenset({"day", "answered_on", "key", "form_id", "response", "id"})

every_export = pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.code)
every_set = pytest.mark.parametrize("question_set", SETS, ids=lambda question_set: question_set.key)


def test_codes_are_unique() -> None:
    assert len({export.code for export in EXPORTS}) == len(EXPORTS)


@every_export
def test_every_export_has_title_description_and_permission_to_export(export: Export) -> None:
    assert export.title
    assert export.description.endswith(".")
    assert export.permission in (Permission.RESULTS_EXPORT, Permission.ANSWERS_EXPORT)


@every_export
@every_set
def test_columns_are_fixed_and_tell_no_more_than_they_may(export: Export, question_set: QuestionSet) -> None:
    columns = export.columns(question_set)
    codes = [column.code for column in columns]
    assert len(set(codes)) == len(codes)
    leading = LEADING[export.code, export.version].split()
    assert codes[: len(leading)] == leading
    assert all(column.title for column in columns)
    if export.permission is Permission.ANSWERS_EXPORT:
        assert FORBIDDEN & set(codes) == set()
        assert Kind.DATE not in {column.kind for column in columns}
