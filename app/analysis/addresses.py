"""Reads a view out of a page's address, and offers the filters that lead to others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.analysis.cells import kinds_of
from app.analysis.models import Dimension
from app.analysis.stats.index import Formula
from app.analysis.view import Filters
from app.calendar.periods import Period, PeriodError, PeriodKind, parse_period, period_of
from app.errors import Invalid
from app.qr.models import Channel
from app.survey.definitions import QuestionSet
from app.units.models import Counter, Field, counter_field
from app.units.queries import counters_of

CHANNELS = {Channel.QR.value: "Quét mã QR", Channel.KIOSK.value: "Máy tại chỗ"}
BOTH = "both"
NAMES = ("period", "channel", "kind", "field", "counter", "formula")
SUB_PERIODS = (PeriodKind.YEAR, PeriodKind.HALF_YEAR, PeriodKind.QUARTER, PeriodKind.MONTH)


@dataclass(frozen=True, slots=True)
class Asked:
    """A view as asked for: its filters, and the formulas to show (the round's, another, or both)."""

    filters: Filters
    formula: str = ""

    def formulas(self, of_round: Formula) -> tuple[Formula, ...]:
        """The formulas to show, the round's first."""
        if self.formula == BOTH:
            return (of_round, *(formula for formula in Formula if formula is not of_round))
        return (Formula(self.formula) if self.formula else of_round,)


def read_view(arguments: Mapping[str, str], question_set: QuestionSet) -> Asked:
    """Read the filters of an address; empty values mean no filter.

    Raises
    ------
    Invalid
        Naming the first value that cannot be.
    """
    given = {name: value for name, value in arguments.items() if value}
    channel, kind = given.get("channel"), given.get("kind")
    if channel is not None and channel not in CHANNELS:
        raise Invalid("Kênh trả lời trong địa chỉ không đúng. Xin chọn lại ở khung lọc.")
    if kind is not None and kind not in kinds_of(question_set):
        raise Invalid("Loại người trả lời trong địa chỉ không đúng. Xin chọn lại ở khung lọc.")
    if channel is not None and kind is not None:
        raise Invalid("Chỉ lọc theo kênh hoặc theo loại người trả lời, không cùng lúc, để không lộ từng người.")
    formula = given.get("formula", "")
    if formula not in ("", BOTH, *Formula):
        raise Invalid("Công thức trong địa chỉ không đúng. Xin chọn lại ở khung lọc.")
    filters = Filters(
        period=_period(given.get("period")),
        counter_id=_number(given.get("counter"), "Quầy"),
        field_id=_number(given.get("field"), "Lĩnh vực"),
        channel=channel,
        kind=kind,
    )
    if filters.dimension is not Dimension.ALL and (filters.counter_id is not None or filters.field_id is not None):
        raise Invalid("Lọc theo kênh hoặc loại người trả lời chỉ dùng cho cả đơn vị, không cùng với quầy hay lĩnh vực.")
    if filters.counter_id is not None and filters.field_id is not None:
        raise Invalid("Chỉ lọc theo quầy hoặc theo lĩnh vực, không cùng lúc.")
    return Asked(filters, formula)


def filter_fields(
    session: Session,
    question_set: QuestionSet,
    arguments: Mapping[str, str],
    *,
    unit_id: int,
    starts_on: date,
    as_of: date,
) -> list[dict[str, object]]:
    """The filter bar: each field with its choices, and what the address asks for, whether it can be or not."""
    chosen = {name: arguments.get(name, "") for name in NAMES}
    counters = [(str(one.id), one.label) for one in counters_of(session, unit_id)]
    fields = [
        (str(one.id), one.name)
        for one in session.scalars(
            select(Field)
            .where(
                Field.id.in_(select(counter_field.c.field_id).join(Counter, Counter.id == counter_field.c.counter_id))
            )
            .order_by(Field.name)
        )
    ]
    bar = [
        _field("period", "Kỳ", chosen["period"], "Cả đợt", _periods(starts_on, as_of)),
        _field("channel", "Kênh", chosen["channel"], "Tất cả kênh", list(CHANNELS.items())),
        _field("kind", "Người trả lời", chosen["kind"], "Tất cả", list(kinds_of(question_set).items())),
        _field("field", "Lĩnh vực", chosen["field"], "Tất cả lĩnh vực", fields),
        _field("counter", "Quầy", chosen["counter"], "Tất cả quầy", counters),
        _field(
            "formula",
            "Công thức",
            chosen["formula"],
            "Theo đợt",
            [(Formula.TOP2.value, "TOP2"), (Formula.MEAN5.value, "MEAN5"), (BOTH, "Cả hai, đặt cạnh nhau")],
        ),
    ]
    return [field for field in bar if field["options"]]


def _field(name: str, label: str, value: str, empty: str, options: list[tuple[str, str]]) -> dict[str, object]:
    return {"name": name, "label": label, "value": value, "options": [("", empty), *options] if options else []}


def _periods(starts_on: date, as_of: date) -> list[tuple[str, str]]:
    return [(period.address, period.label) for kind in SUB_PERIODS for period in _covering(kind, starts_on, as_of)]


def _covering(kind: PeriodKind, first: date, last: date) -> Iterator[Period]:
    period = period_of(last, kind)
    while period.last_day >= first:
        yield period
        period = period.shifted(-1)


def _period(text: str | None) -> Period | None:
    if text is None:
        return None
    try:
        return parse_period(text)
    except PeriodError as error:
        raise Invalid(str(error)) from error


def _number(text: str | None, what: str) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Invalid(f"{what} trong địa chỉ không đúng. Xin chọn lại ở khung lọc.")
    return int(text)
