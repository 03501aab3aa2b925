"""The page that checks a table of counts typed elsewhere. It stores nothing, so its POST answers with the page."""

from flask import Blueprint, render_template, request, url_for

from app.analysis.stats.validation import FindingKind
from app.analysis.typed_counts import Checked, check_typed
from app.i18n.formats import format_integer
from app.web.access import requires
from app.web.csrf import csrf_token, require_token
from app.web.permissions import Permission

blueprint = Blueprint("typed_counts", __name__, url_prefix="/check-counts")
LEVELS = ("3", "4", "5")
FIELDS = ("table", "levels", "total", "issued")


@blueprint.get("")
@requires(Permission.RESULTS_READ)
def form() -> str:
    """An empty form."""
    return _page({"levels": "5"}, {}, None)


@blueprint.post("")
@requires(Permission.RESULTS_READ)
def check() -> tuple[str, int]:
    """Check what was pasted and show every row with what is wrong in it."""
    require_token()
    values = {name: request.form.get(name, "") for name in FIELDS}
    errors = _errors(values)
    if errors:
        return _page(values, errors, None), 400
    issued = values["issued"].strip()
    checked = check_typed(
        values["table"],
        levels=int(values["levels"]),
        total=_number(values["total"]) or 0,
        issued=_number(issued) if issued else None,
    )
    unreadable = {"table": " ".join(f"Dòng {line}: {message}" for line, message in checked.unreadable[:10])}
    unreadable = unreadable if checked.unreadable else {}
    return _page(values, unreadable, None if unreadable else checked), 400 if unreadable else 200


def _errors(values: dict[str, str]) -> dict[str, str]:
    errors = {}
    if values["levels"] not in LEVELS:
        errors["levels"] = "Xin chọn số mức của thang."
    if _number(values["total"]) is None:
        errors["total"] = "Xin ghi tổng số phiếu thu về, ví dụ 4.215."
    if values["issued"].strip() and _number(values["issued"]) is None:
        errors["issued"] = "Xin ghi số phiếu phát ra, hoặc để trống."
    return errors


def _number(text: str) -> int | None:
    digits = text.strip().replace(".", "")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else None


def _page(values: dict[str, str], errors: dict[str, str], checked: Checked | None) -> str:
    return render_template(
        "analysis/check_counts.html",
        action_url=url_for("analysis_officer.typed_counts.check"),
        csrf_token=csrf_token(),
        values=values,
        level_options=[(level, f"{level} mức") for level in LEVELS],
        errors=[{"field_id": name, "message": message} for name, message in errors.items()],
        errors_by_field=errors,
        checked=checked,
        columns=_columns(checked),
        rows=_rows(checked),
        sums_wrong=sum(1 for one in checked.findings if one.kind is FindingKind.SUM_DIFFERS) if checked else 0,
    )


def _columns(checked: Checked | None) -> list[dict[str, object]]:
    levels = len(checked.rows[0].counts) if checked and checked.rows else 0
    names = [f"Mức {level}" for level in range(1, levels + 1)]
    numeric = [{"label": name, "numeric": True} for name in [*names, "Cộng"]]
    return [{"label": "Tiêu chí", "numeric": False}, *numeric, {"label": "Nhận xét", "numeric": False}]


def _rows(checked: Checked | None) -> list[list[str]]:
    if checked is None:
        return []
    rows = []
    for position, row in enumerate(checked.rows):
        remarks = [one.message for one in checked.findings if one.row == position]
        counts = [format_integer(count) for count in (*row.counts, sum(row.counts))]
        rows.append([row.name, *counts, " ".join(remarks) or "Đúng"])
    return rows
