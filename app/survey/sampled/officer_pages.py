"""Pages of the import of a sampled round: what they show."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from markupsafe import Markup

from app import clock
from app.db.session import reading
from app.i18n.formats import format_date, format_integer
from app.survey import packing
from app.survey.codes import BLANK, NOT_APPLICABLE
from app.survey.forms import KIND_WORDS
from app.survey.models import SurveyRound
from app.survey.officer_pages import held_round
from app.survey.sampled import queries
from app.survey.sampled.checking import Checked
from app.survey.sampled.drafts import Draft
from app.survey.sampled.faults import FaultGroup
from app.survey.sampled.forms import MOST_VALUES, AnswersForm, shown_values
from app.survey.sampled.models import ImportMode, SourceFormat
from app.survey.sampled.proposal import propose
from app.survey.sampled.targets import ColumnMapping, Part, Target, targets
from app.survey.sets import set_of
from app.web.access import actor
from app.web.csrf import csrf_token
from app.web.notices import notice
from app.web.permissions import Permission

MESSAGES = {"imported": "Đã nhập toàn bộ tệp."}
MODE_WORDS = {
    ImportMode.REPLACE: "Thay toàn bộ phiếu đã nhập của đợt bằng tệp này",
    ImportMode.ADD: "Thêm tệp này vào các phiếu đã nhập",
}
SOURCE_WORDS = {SourceFormat.CSV: "CSV", SourceFormat.XLSX: "Excel", SourceFormat.SAV: "SPSS"}
MOST_ROWS = 20
SAMPLES = 3
LONGEST_OPTION = 70


def upload_page(round_id: int, form: AnswersForm, refused: str = "") -> str:
    """The imports so far and the form for a file; ``refused`` says why the round takes none."""
    with reading() as session:
        found = held_round(session, round_id, Permission.ANSWERS_IMPORT)
        count = queries.answer_count(session, round_id)
        lines = queries.imports_of(session, round_id)
    return render_template(
        "survey/sampled/upload.html",
        name=found.name,
        kind=KIND_WORDS[found.sample_kind],
        is_open=found.closed_on is None and found.sample_kind.value != "open",
        count=format_integer(count),
        form=form,
        problems=[{"field_id": "", "message": refused}] if refused else form.problems(),
        action_url=url_for(".upload_submit", round_id=round_id),
        round_url=url_for("survey_officer.round_", round_id=round_id),
        results_url=url_for("analysis_officer.index", round=round_id)
        if count and actor().has(Permission.RESULTS_READ)
        else None,
        columns=[
            {"label": label, "numeric": label == "Số phiếu"}
            for label in ("Lúc", "Người nhập", "Loại tệp", "Số phiếu", "Cách nhập", "Dấu SHA-256 của tệp")
        ],
        rows=[
            [
                _moment(line.imported_at),
                line.officer,
                SOURCE_WORDS[line.source],
                format_integer(line.row_count),
                ("Thay toàn bộ" if line.mode is ImportMode.REPLACE else "Thêm vào")
                + (" (đã bị thay)" if line.is_replaced else ""),
                _in_groups(line.checksum),
            ]
            for line in lines
        ],
        csrf_token=csrf_token(),
        flashes=notice(MESSAGES),
    )


def columns_page(
    found: SurveyRound,
    draft: Draft,
    mapping: ColumnMapping | None,
    dropped: str,
    saved: str,
    problems: list[str] | None = None,
) -> str:
    """What each column is, with its first values; ``mapping`` None: as kept with the draft, or else proposed."""
    question_set = set_of(found.question_set_version)
    shown = mapping or draft.mapping or propose(draft.table, question_set)
    with reading() as session:
        mappings = queries.saved_mappings(session, found)
    known = targets(question_set)
    return render_template(
        "survey/sampled/columns.html",
        name=found.name,
        row_count=format_integer(len(draft.table.rows)),
        dropped=dropped,
        errors=[{"field_id": "", "message": message} for message in problems or ()],
        design=[(target.key, target.words) for target in known.values() if target.part],
        questions=[(target.key, _short(target.words)) for target in known.values() if target.question],
        columns=[
            {
                "field": f"column-{place}",
                "name": column.name,
                "label": column.label,
                "samples": list(dict.fromkeys(value for value in column.values if value))[:SAMPLES],
                "chosen": shown.columns.get(column.name, ""),
            }
            for place, column in enumerate(draft.table.columns)
        ],
        nested=shown.nested,
        saved=saved,
        saved_options=[("", "Tự đề xuất theo tên cột"), *((str(key), name) for key, name in mappings.items())],
        action_url=url_for(".columns_submit", round_id=found.id, draft_id=UUID(draft.id)),
        saved_url=url_for(".columns", round_id=found.id, draft_id=UUID(draft.id)),
        upload_url=url_for(".upload", round_id=found.id),
        csrf_token=csrf_token(),
    )


def preview_page(
    found: SurveyRound,
    checked: Checked,
    unit_codes: Mapping[int, str],
    mode: ImportMode | None,
    count: int,
    problem: str = "",
) -> str:
    """Faults, warnings, how values are read, the first rows as read, and the yes."""
    address: dict[str, Any] = {"round_id": found.id, "draft_id": UUID(checked.draft.id)}
    errors, asked = checked.faults.first(), _asked(found, checked)
    return render_template(
        "survey/sampled/preview.html",
        name=found.name,
        facts=_facts(found, checked),
        problem=problem,
        problems=checked.problems,
        dangers=checked.dangers,
        warnings=checked.design.warnings,
        fault_columns=[{"label": label, "numeric": label == "Số ô"} for label in ("Cột", "Số ô", "Dòng", "Lỗi")],
        faults=[
            [group.column or "–", format_integer(group.cells), _some_rows(group), group.message]
            for group in checked.faults.groups()
        ],
        errors=errors,
        error_count=format_integer(checked.faults.total),
        wrong_rows=format_integer(checked.faults.wrong_rows),
        is_cut=len(errors) < checked.faults.total,
        shown_count=len(errors),
        is_right=checked.is_right,
        groups=_groups(checked),
        most_values=MOST_VALUES,
        columns=[{"label": label, "numeric": False} for label in _headings(asked)],
        rows=_rows(found, checked, unit_codes, asked),
        mode=mode.value if mode else "",
        mode_words=MODE_WORDS[mode] if mode else "",
        modes=[(one.value, words) for one, words in MODE_WORDS.items()],
        count=format_integer(count) if count else "",
        preview_url=url_for(".preview", **address),
        values_url=url_for(".values_submit", **address),
        columns_url=url_for(".columns", **address),
        confirm_url=url_for(".confirm", **address),
        upload_url=url_for(".upload", round_id=found.id),
        csrf_token=csrf_token(),
    )


def _moment(moment: datetime) -> str:
    local = moment.astimezone(clock.VIETNAM)
    return f"{format_date(local.date())} {local:%H:%M}"


def _in_groups(checksum: str) -> Markup:
    """All of a checksum, with places where a line may break; whoever copies it gets nothing in between."""
    return Markup("<wbr>").join(checksum[at : at + 8] for at in range(0, len(checksum), 8))


def _some_rows(group: FaultGroup) -> str:
    return ", ".join(map(str, group.rows)) + ("…" if group.cells > len(group.rows) else "")


def _facts(found: SurveyRound, checked: Checked) -> list[tuple[str, str]]:
    reading_, design = checked.reading, checked.design
    has = set(checked.mapping.columns.values())
    facts = [
        ("Loại đợt", KIND_WORDS[found.sample_kind]),
        ("Số dòng", format_integer(len(checked.draft.table.rows))),
        ("Số đơn vị", format_integer(len(set(reading_.unit_ids.tolist()) - {0}))),
        ("Số tầng", format_integer(len(reading_.stratum.labels)) if Part.STRATUM in has else "không phân tầng"),
        ("Số cụm", format_integer(len(design.clusters)) if Part.PSU in has else "không chọn theo cụm"),
    ]
    known = [float(one) for one in design.weights if one is not None]
    if Part.WEIGHT in has:
        facts.append(("Trọng số", f"từ {min(known, default=0):g} đến {max(known, default=0):g}".replace(".", ",")))
    else:
        facts.append(("Trọng số", "tính từ tổng thể" if len(known) > 1 else "1 cho mỗi phiếu" if known else "chưa có"))
    return facts


def _groups(checked: Checked) -> list[dict[str, object]]:
    return [
        {
            "title": one.group.title,
            "hidden": max(0, sum(bool(value.text) for value in one.values) - MOST_VALUES),
            "options": [
                ("", "Chưa đọc được – báo lỗi"),
                *((key, words) for key, (_, words) in one.group.readings.items()),
            ],
            "values": [
                {
                    "field": f"value-{number}-{place}",
                    "text": value.text,
                    "label": value.label,
                    "rows": format_integer(value.cells),
                    "chosen": value.reading if value.reading in one.group.readings else "",
                }
                for place, value in enumerate(shown_values(one))
            ],
        }
        for number, one in enumerate(checked.reading.groups)
    ]


def _asked(found: SurveyRound, checked: Checked) -> list[Target]:
    """The mapped questions in the order of the set."""
    chosen = set(checked.mapping.columns.values())
    return [
        target
        for key, target in targets(set_of(found.question_set_version)).items()
        if target.question and key in chosen
    ]


def _headings(asked: list[Target]) -> list[str]:
    names = []
    for target in asked:
        assert target.question is not None
        behind = "" if target.choice is None else f"/{target.choice}"
        names.append(f"Câu {target.question.number or target.question.id}{behind}")
    return ["Dòng", "Đơn vị", "Tầng", "Cụm", "Trọng số", "Tổng thể", *names]


def _rows(found: SurveyRound, checked: Checked, unit_codes: Mapping[int, str], asked: list[Target]) -> list[list[str]]:
    """The first rows as they would be stored."""
    where = packing.layout(set_of(found.question_set_version)).slices
    read, design = checked.reading, checked.design
    places = [where[target.question.id].start + (target.choice or 1) - 1 for target in asked if target.question]
    rows = []
    for place, number in enumerate(checked.draft.table.rows[:MOST_ROWS]):
        weight = design.weights[int(design.weight[place])]
        counts = [str(one[place]) if one[place] else "?" for one in (read.first, read.second) if one is not None]
        rows.append(
            [
                format_integer(number),
                unit_codes.get(int(read.unit_ids[place]), "?"),
                read.stratum.labels[int(read.stratum.places[place])] or "–",
                read.psu.labels[int(read.psu.places[place])] or "–",
                "?" if weight is None else f"{float(weight):.10g}".replace(".", ","),
                " / ".join(counts) or "–",
                *(_code(int(read.answers[place, column])) for column in places),
            ]
        )
    return rows


def _code(code: int) -> str:
    """A packed code as people read it; 0 is a value nobody has read."""
    return {0: "?", BLANK: "–", NOT_APPLICABLE: "KAD"}.get(code, str(code))


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_OPTION else words[: LONGEST_OPTION - 1] + "…"
