"""The released results of a unit for programs: the same figures as the public page, as CSV and JSON."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app import clock
from app.analysis.day_closing import closed_through
from app.analysis.view import Audience
from app.db.session import reading
from app.errors import Missing
from app.exports.catalog import unit_scores
from app.exports.definitions import Table
from app.exports.downloads import dress, file_name
from app.exports.writers import csv, json_text
from app.survey.rounds import round_for
from app.units.queries import unit_by_code
from app.web.access import public
from app.web.pages import is_simulated, site

blueprint = Blueprint("exports", __name__)


@blueprint.get("/results/<unit_code>/data.csv", defaults={"file_format": "csv"})
@blueprint.get("/results/<unit_code>/data.json", defaults={"file_format": "json"})
@public
def public_results(unit_code: str, file_format: str) -> Response:
    """The figures of ``/results/<unit_code>``, with the same filters in the address."""
    today = clock.local_date()
    with reading() as session:
        as_of = closed_through(session, today)
        unit = unit_by_code(session, unit_code, as_of)
        survey_round = round_for(session, unit.id, today) if unit is not None else None
        if unit is None or survey_round is None:
            raise Missing("Không có kết quả cho đơn vị có mã này. Xin xem danh sách đơn vị ở trang Kết quả.")
        view = unit_scores.View(
            survey_round=survey_round,
            unit_id=unit.id,
            arguments=request.args,
            audience=Audience.PUBLIC,
            small_numbers=site().small_numbers,
            as_of=as_of,
        )
        table = unit_scores.table(session, view)
    return _response(table.marked_simulated() if is_simulated() else table, view, unit_code, file_format)


def _response(table: Table, view: unit_scores.View, unit_code: str, file_format: str) -> Response:
    is_csv = file_format == "csv"
    body = b"".join(csv.write(table)) if is_csv else json_text.write(table)
    name = file_name("ket-qua", unit_code, as_of=view.as_of, extension=file_format, simulated=is_simulated())
    return dress(Response(body), csv.MIME_TYPE if is_csv else json_text.MIME_TYPE, name, len(body))
