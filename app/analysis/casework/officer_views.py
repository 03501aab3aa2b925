"""The dashboard of casework: by unit, field and month of a period, with the way down to each list."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.scope import allowed_unit_ids
from app.analysis.casework import group_766, lines
from app.analysis.casework.lines import Group, Narrowing
from app.calendar.periods import Period, PeriodError, PeriodKind, parse_period, period_of
from app.db.session import reading
from app.dossiers.shares import Counts
from app.feedback.handling.words import CHANNELS, KINDS
from app.feedback.oversight import queries
from app.feedback.oversight.figures import Fact
from app.i18n.folding import natural_key
from app.rules.kinds import Kind
from app.units import queries as units
from app.units.models import Field
from app.web.access import EVERYWHERE, actor, requires
from app.web.pages import site
from app.web.permissions import Permission

blueprint = Blueprint("case_oversight", __name__, url_prefix="/officer/case-figures")

NO_FIELD = "Không rõ lĩnh vực"


@blueprint.get("")
@requires(Permission.CASES_READ)
def index() -> str:
    """All cases the officer may see that came in during a period."""
    today = clock.local_date()
    period, kind = _period(today), _kind()
    with reading() as session:
        found = queries.facts(session, actor(), period.first_day, period.last_day, today, kind=kind)
        repeated = queries.repeated_answers(session, actor(), period.first_day, period.last_day, today)
        groups = _groups(session, found, today)
        counts = _dossiers(session, period, today)
    narrowing = {"period": period.address} | ({"kind": kind.value} if kind else {})
    same = frozenset[str]().union(*(one.cases.values() for one in repeated))

    def table(first: str, made: Sequence[Group]) -> Mapping[str, Any]:
        rows = lines.lines(made, lambda more: _link({**narrowing, **more}), today, same, least=_least())
        return {"columns": lines.columns(first), "rows": rows}

    return render_template(
        "oversight/cases.html",
        period=period,
        filters=_filters(period, kind, today),
        filter_action=url_for(".index"),
        total=table("", [Group("Tất cả", found, {})]),
        tables=[
            ("by-unit", "Theo đơn vị", table("Đơn vị", groups["unit"])),
            ("by-field", "Theo lĩnh vực", table("Lĩnh vực", groups["field"])),
            ("by-channel", "Theo cách gửi", table("Cách gửi", groups["channel"])),
            ("by-month", "Theo tháng nhận", table("Tháng", _months(found, period))),
        ],
        repeated=repeated,
        group=group_766.lines(found, counts, today, least=_least()) if kind in {None, Kind.PETITION} else [],
        has_any=bool(found),
    )


def _groups(session: Session, found: Sequence[Fact], today: date) -> dict[str, list[Group]]:
    names = units.names_on(session, {one.unit_id for one in found}, today)
    fields = dict(session.execute(select(Field.id, Field.name)).all())
    by_unit = _split(found, [one.unit_id for one in found])
    by_field = _split(found, [one.field_id or 0 for one in found])
    unit_groups = [Group(names.get(key, ""), facts, {"unit": str(key)}) for key, facts in by_unit.items()]
    field_groups = [Group(fields.get(key, NO_FIELD), facts, {"field": str(key)}) for key, facts in by_field.items()]
    by_channel = _split(found, [one.channel for one in found])
    ways = [(channel, words) for channel, words in CHANNELS.items() if channel in by_channel]
    return {
        "channel": [Group(words, by_channel[channel], {"channel": channel.value}) for channel, words in ways],
        "unit": sorted(unit_groups, key=lambda one: natural_key(one.name)),
        "field": sorted(field_groups, key=lambda one: (one.name == NO_FIELD, natural_key(one.name))),
    }


def _months(found: Sequence[Fact], period: Period) -> list[Group]:
    """The trend: a line for each month from that of the first case to the present one."""
    parts = list(period.parts(PeriodKind.MONTH))
    if len(parts) < 2:
        return []
    earliest = min((fact.received_on for fact in found), default=period.last_day)
    begun = [one for one in parts if earliest <= one.last_day and one.first_day <= clock.local_date()]
    by_month = _split(found, [(fact.received_on.year, fact.received_on.month) for fact in found])
    return [Group(one.label, by_month.get((one.year, one.number), []), {"period": one.address}) for one in begun]


def _split(found: Sequence[Fact], keys: Sequence[Any]) -> dict[Any, list[Fact]]:
    parts: dict[Hashable, list[Fact]] = defaultdict(list)
    for fact, key in zip(found, keys, strict=True):
        parts[key].append(fact)
    return parts


def _dossiers(session: Session, period: Period, today: date) -> Counts | None:
    if not actor().has(Permission.DOSSIERS_READ):
        return None
    return group_766.counts_of(
        session, allowed_unit_ids(session, actor(), Permission.DOSSIERS_READ, today), period, today
    )


def _link(narrowing: Narrowing) -> str:
    asked: dict[str, Any] = dict(narrowing)
    return url_for("cases_officer.index", **asked)


def _least() -> int:
    """Whoever sees all units sees what the central number allows; others what the public may see."""
    numbers = site().small_numbers
    return numbers.home_affairs if actor().scopes.get(Permission.CASES_READ) == EVERYWHERE else numbers.public


def _period(today: date) -> Period:
    try:
        return parse_period(request.args.get("period", ""))
    except PeriodError:
        return period_of(today, PeriodKind.YEAR)


def _kind() -> Kind | None:
    asked = request.args.get("kind", "")
    return next((kind for kind in KINDS if kind.value == asked), None)


def _filters(chosen: Period, kind: Kind | None, today: date) -> list[dict[str, object]]:
    kinds = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF_YEAR, PeriodKind.YEAR)
    offered = [period_of(today, one).shifted(-back) for one in kinds for back in range(3)]
    if chosen not in offered:
        offered.append(chosen)
    return [
        {
            "name": "period",
            "label": "Kỳ",
            "value": chosen.address,
            "options": [(one.address, one.label) for one in offered],
        },
        {
            "name": "kind",
            "label": "Loại đơn",
            "value": kind.value if kind else "",
            "options": [("", "Mọi loại"), *((one.value, words) for one, words in KINDS.items())],
        },
    ]
