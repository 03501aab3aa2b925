"""The page of files: for each kind the rounds an officer may have, with links in every format."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from app.exports.catalog import answers, unit_scores, written_answers
from app.exports.definitions import Export, FileFormat
from app.survey.models import SurveyRound
from app.units.queries import lines_of, path_ids
from app.web.access import EVERYWHERE
from app.web.lists import Asked
from app.web.permissions import Permission

NAMES = {FileFormat.XLSX: "Excel", FileFormat.CSV: "CSV"}
RAW = ((answers.EXPORT, "answers"), (written_answers.EXPORT, "written"))
Scopes = Mapping[Permission, frozenset[int]]
Link = Callable[[FileFormat], str]
Section = dict[str, object]


def is_in_scope(session: Session, survey_round: SurveyRound, roots: Collection[int], today: date) -> bool:
    """Whether a round asks in some of the units under ``roots``: it stands above one of them, or below."""
    if not roots:
        return True
    above_round = path_ids(session, survey_round.unit_id, today)
    return any(root in above_round or survey_round.unit_id in path_ids(session, root, today) for root in roots)


def sections(
    session: Session, rounds: Sequence[SurveyRound], scopes: Scopes, today: date, asked: Asked
) -> list[Section]:
    """The kinds of file the officer may have, each as a table for components/table.html: what was sought, of it."""
    kinds = [_results(session, rounds, scopes[Permission.RESULTS_EXPORT], today, asked)]
    for export, endpoint in RAW:
        roots = scopes.get(export.permission)
        if roots is not None:
            named = [one for one in rounds if asked.matches(one.name)]
            kinds.append(_raw(session, export, endpoint, named, roots, today))
    return kinds


def _results(
    session: Session, rounds: Sequence[SurveyRound], roots: frozenset[int], today: date, asked: Asked
) -> Section:
    rows: list[list[object]] = []
    for one in rounds:
        if not is_in_scope(session, one, roots, today):
            continue
        for unit in lines_of(session, [one.unit_id] if roots == EVERYWHERE else roots, today):
            if not asked.matches(one.name, unit.name):
                continue
            page = url_for("analysis_officer.unit", round_id=one.id, unit_code=unit.code)
            rows.append([{"text": unit.name, "url": page}, one.name, *_links(_result_link(one.id, unit.code))])
    return _section(unit_scores.EXPORT, ["Đơn vị", "Đợt khảo sát"], rows)


def _raw(
    session: Session, export: Export, endpoint: str, rounds: Sequence[SurveyRound], roots: frozenset[int], today: date
) -> Section:
    rows: list[list[object]] = [
        [one.name, *_links(_raw_link(endpoint, one.id))] for one in rounds if is_in_scope(session, one, roots, today)
    ]
    return _section(export, ["Đợt khảo sát"], rows)


def _result_link(round_id: int, unit_code: str) -> Link:
    return lambda file_format: url_for(
        "exports_officer.results", round_id=round_id, unit_code=unit_code, file_format=file_format.value
    )


def _raw_link(endpoint: str, round_id: int) -> Link:
    return lambda file_format: url_for(f"exports_officer.{endpoint}", round_id=round_id, file_format=file_format.value)


def _links(link: Link) -> list[object]:
    return [{"text": f"Tải {name}", "url": link(file_format)} for file_format, name in NAMES.items()]


def _section(export: Export, headings: Sequence[str], rows: list[list[object]]) -> Section:
    return {
        "id": export.code.replace("_", "-"),
        "title": export.title,
        "description": export.description,
        "columns": [{"label": heading, "numeric": False} for heading in [*headings, *NAMES.values()]],
        "rows": rows,
    }
