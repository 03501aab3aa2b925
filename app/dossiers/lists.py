"""The two lists of dossier pages: shares of units in a period, and the register of letters of apology."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from flask import request, url_for
from sqlalchemy.orm import Session

from app import clock
from app.accounts.scope import allowed_unit_ids
from app.calendar.periods import Period, PeriodError, PeriodKind, parse_period, period_of
from app.dossiers import letter_queries, queries
from app.dossiers.letter_queries import LetterLine, LettersOwed, LetterState
from app.dossiers.queries import Span, UnitShares
from app.dossiers.shares import Counts
from app.i18n.folding import natural_key
from app.i18n.formats import format_integer, format_percent
from app.units.import_cells import BadCell, read_date
from app.units.types import Level
from app.web.access import actor
from app.web.lists import Asked, Column, Filter, Kind, Listing, same
from app.web.permissions import Permission

READ = Permission.DOSSIERS_READ
YEARS_BACK = 5
LETTER_WORDS = {
    LetterState.OWED: "Phải gửi, còn hạn",
    LetterState.LATE: "Quá hạn gửi",
    LetterState.SENT: "Đã gửi đúng hạn",
    LetterState.SENT_LATE: "Đã gửi muộn",
}
LETTER_TAGS = {
    LetterState.OWED: "plain",
    LetterState.LATE: "bad",
    LetterState.SENT: "good",
    LetterState.SENT_LATE: "off",
}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit's counts beside its letters."""

    shares: UnitShares
    letters: LettersOwed


def chosen_period(asked: str) -> Period:
    """The period of an address; this year when it names none."""
    try:
        return parse_period(asked)
    except PeriodError:
        return period_of(clock.local_date(), PeriodKind.YEAR)


def span_of(period: Period) -> Span:
    """The days of a period."""
    return Span(period.first_day, period.last_day)


def percent(share: Fraction | None) -> str:
    """A share as people read it; no data is said, not printed as nought."""
    return "không có số liệu" if share is None else format_percent(share.numerator / share.denominator, places=1)


def cells(name: str, counts: Counts) -> list[str]:
    """A row of the tables above the list; n stands beside the share."""
    share = f"{percent(counts.on_time_share)} ({format_integer(counts.dated)})"
    whole = (counts.received, counts.settled, counts.on_time, counts.late)
    return [name, *map(format_integer, whole), share, format_integer(counts.open_late)]


def visible_units(session: Session, today: date) -> frozenset[int] | None:
    """Where the officer may see dossiers."""
    return allowed_unit_ids(session, actor(), READ, today)


def _units(session: Session, asked: Asked) -> Sequence[UnitRow]:
    today = clock.local_date()
    allowed = visible_units(session, today)
    # The address may name any period, also one older than the choices offered.
    lines = queries.by_unit(session, allowed, span_of(chosen_period(request.args.get("period", ""))), today)
    owed = letter_queries.by_unit(letter_queries.letters(session, allowed, today))
    wanted = asked.of("level")
    return [
        UnitRow(line, owed.get(line.unit_id, LettersOwed()))
        for line in lines
        if asked.matches(line.name) and wanted in ("", line.level.value)
    ]


def _filters(_session: Session) -> tuple[Filter, ...]:
    today = clock.local_date()
    year = period_of(today, PeriodKind.YEAR)
    kinds = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF_YEAR)
    near = [period_of(today, kind).shifted(-back) for kind in kinds for back in range(3)]
    periods = [*near, *(year.shifted(-back) for back in range(1, YEARS_BACK))]
    levels = [(level.value, level.label) for level in Level]
    return (
        Filter("period", "Kỳ", [(one.address, one.label) for one in periods], everything=year.label),
        Filter("level", "Cấp", levels, everything="Mọi cấp"),
    )


UNITS: Listing[UnitRow, UnitRow] = Listing(
    code="dossiers",
    title="Hồ sơ một cửa theo đơn vị",
    search_label="Tên đơn vị",
    columns=(
        Column("unit", "Đơn vị", lambda row: row.shares.name, sort=lambda row: natural_key(row.shares.name)),
        Column("level", "Cấp", lambda row: row.shares.level.label),
        Column("received", "Tiếp nhận", lambda row: row.shares.counts.received, Kind.WHOLE,
               sort=lambda row: row.shares.counts.received),
        Column("settled", "Đã giải quyết", lambda row: row.shares.counts.settled, Kind.WHOLE,
               sort=lambda row: row.shares.counts.settled),
        Column("on_time", "Đúng hạn", lambda row: row.shares.counts.on_time, Kind.WHOLE),
        Column("late", "Trễ hạn", lambda row: row.shares.counts.late, Kind.WHOLE,
               sort=lambda row: row.shares.counts.late),
        Column("share", "Tỷ lệ đúng hạn", lambda row: percent(row.shares.counts.on_time_share),
               sort=lambda row: row.shares.counts.on_time_share or -1),
        Column("open", "Đang giải quyết", lambda row: row.shares.counts.open, Kind.WHOLE),
        Column("open_late", "Đang giải quyết, đã quá hạn", lambda row: row.shares.counts.open_late, Kind.WHOLE,
               sort=lambda row: row.shares.counts.open_late),
        Column("owed", "Thư xin lỗi phải gửi", lambda row: row.letters.owed, Kind.WHOLE,
               sort=lambda row: row.letters.owed),
        Column("source", "Nguồn", lambda row: "Số tổng hợp" if row.shares.is_total else "Từng hồ sơ"),
    ),
    find=_units,
    load=same,
    filters=_filters,
    empty=("Chưa có hồ sơ trong kỳ này", "Xin nhập hồ sơ từ tệp của phần mềm một cửa, hoặc nhập số tổng hợp."),
)  # fmt: skip


def asked_day(typed: str) -> date | None:
    """The day up to which letters are asked for; today when nothing was typed, None when it is no day."""
    if not typed.strip():
        return clock.local_date()
    try:
        return read_date(typed.strip())
    except BadCell:
        return None


def letters_of(session: Session, asked: Asked) -> list[LetterLine]:
    """The lines of the register that are asked for: what the page adds up is what its list holds."""
    today = clock.local_date()
    wanted, level, unit = asked.of("state"), asked.of("level"), asked.of("unit")
    return [
        line
        for line in letter_queries.letters(
            session, visible_units(session, today), asked_day(asked.of("until")) or today
        )
        if wanted in ("", line.state.value)
        and level in ("", line.level.value)
        and unit in ("", str(line.unit_id))
        and asked.matches(line.code, line.unit_name, line.procedure)
    ]


def _letter_filters(session: Session) -> tuple[Filter, ...]:
    today = clock.local_date()
    found = letter_queries.units_with_letters(session, visible_units(session, today), today)
    names = {str(unit_id): name for unit_id, name in found.items()}
    return (
        Filter("until", "Tính đến hết ngày", None),
        Filter("state", "Tình trạng", [(state.value, words) for state, words in LETTER_WORDS.items()]),
        Filter("level", "Cấp", [(level.value, level.label) for level in Level], everything="Mọi cấp"),
        Filter("unit", "Đơn vị", sorted(names.items(), key=lambda one: natural_key(one[1])), everything="Mọi đơn vị"),
    )


def _letter_url(line: LetterLine) -> str | None:
    """The page of a letter, for whoever writes letters; others count them."""
    if not actor().has(Permission.LETTERS_SEND):
        return None
    return url_for("dossiers_officer.letter", dossier_id=line.dossier_id)


LETTERS: Listing[LetterLine, LetterLine] = Listing(
    code="apology-letters",
    title="Thư xin lỗi vì hồ sơ trễ hạn",
    search_label="Mã hồ sơ, đơn vị hoặc thủ tục",
    columns=(
        Column("code", "Mã hồ sơ", lambda line: line.code, url=_letter_url),
        Column("unit", "Đơn vị", lambda line: line.unit_name, sort=lambda line: natural_key(line.unit_name)),
        Column("procedure", "Thủ tục", lambda line: line.procedure),
        Column("due", "Ngày hẹn trả", lambda line: line.due_on, Kind.DATE, sort=lambda line: line.due_on),
        Column("owed_by", "Hạn gửi thư", lambda line: line.owed_by, Kind.DATE, sort=lambda line: line.owed_by),
        Column("work_by", "Ngày làm việc cuối để gửi", lambda line: line.work_by, Kind.DATE,
               only_file=True),
        Column("number", "Lần", lambda line: line.number, Kind.WHOLE),
        Column("state", "Tình trạng", lambda line: LETTER_WORDS[line.state],
               tag=lambda line: LETTER_TAGS[line.state]),
        Column("sent", "Ngày gửi", lambda line: line.sent_on, Kind.DATE),
        Column("new_due", "Hẹn lại", lambda line: line.new_due_on, Kind.DATE),
    ),
    find=letters_of,
    load=same,
    filters=_letter_filters,
    files="dossiers_officer.letter_files",
    empty=(
        "Không có thư xin lỗi nào phải gửi",
        "Thư được ghi nhận khi hồ sơ đang giải quyết sắp đến hạn trả, và khi hồ sơ trả trễ hạn.",
    ),
)  # fmt: skip
