"""The layout of the national database on complaints: the same rows under the names of the other side.

Its documents were not to be had, so which columns there are and what they are called is a setting (with its history)
that an administrator changes in the browser: docs/national-database.md. Information about breaches of law (tố cáo)
never stands in a row; only how many came in is told, and only to whoever watches over all units.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.analysis.stats.disclosure import protect_partition
from app.exports.cases import columns
from app.exports.definitions import Cell, Notes, Table
from app.feedback.cases.access import Viewer
from app.feedback.cases.models import Case
from app.feedback.denunciations.models import Denunciation
from app.i18n.formats import format_integer
from app.rules.kinds import Kind
from app.settings import settings
from app.settings.known import NATIONAL_FIELDS
from app.settings.models import SettingChange
from app.web.permissions import Permission

VERSION = 1
TITLE = "Tệp gửi cơ sở dữ liệu quốc gia"
NOT_THERE = "Không có dòng tố cáo: chỉ cơ quan được giao quyền toàn hệ thống biết tổng số."


def reported(session: Session, case_ids: Sequence[str], at_once: int) -> list[str]:
    """Those of some cases that are reported: suggestions are not."""
    found: set[str] = set()
    for start in range(0, len(case_ids), at_once):
        block = case_ids[start : start + at_once]
        found |= set(session.scalars(select(Case.id).where(Case.id.in_(block), Case.kind != Kind.SUGGESTION)))
    return [one for one in case_ids if one in found]


def laid_out(session: Session, viewer: Viewer, whole: Table, *, with_contact: bool, least: int) -> Table:
    """A table of cases in the national layout; fields about the sender stand empty in a file without them."""
    known = columns.columns(with_contact=with_contact)
    places = {column.code: place for place, column in enumerate(known)}
    kinds = {column.code: column for column in (*columns.COLUMNS, *columns.CONTACT)}
    wanted = [line.split(" = ", 1) for line in settings.value(session, NATIONAL_FIELDS).split("\n") if line]
    made = tuple(replace(kinds[code], code=code, title=name) for code, name in wanted)
    picked = [places.get(code) for code, _ in wanted]
    change = session.scalar(select(func.max(SettingChange.id)).where(SettingChange.name == NATIONAL_FIELDS.name))
    notes: Notes = (
        *(note for note in whole.notes if _is_apt(note[1], {code for code, _ in wanted})),
        ("Tố cáo", denunciations_told(session, viewer, least=least)),
        ("Mẫu cột", f"national {VERSION}, lần sửa {change or 0}. Tên cột chưa đối chiếu với tài liệu của bên nhận."),
    )
    return Table(TITLE, made, _picked(whole.rows, picked), notes)


def _is_apt(note: str, codes: Collection[str]) -> bool:
    """Whether a note speaks of columns that the layout has."""
    return (note != columns.PRIVATE_NOTE or "private" in codes) and (
        note != columns.TEXT_NOTE or not {"text", "answer"}.isdisjoint(codes)
    )


def has_senders(session: Session) -> bool:
    """Whether the layout has a column for who sent a case."""
    lines = settings.value(session, NATIONAL_FIELDS).split("\n")
    return any(line.split(" = ", 1)[0] in {column.code for column in columns.CONTACT} for line in lines)


def denunciations_told(session: Session, viewer: Viewer, *, least: int) -> str:
    """How much information about breaches of law came in, by year; by the rule for small numbers.

    The head of a unit must not learn from a count that something came in about it, so nobody with a part of the tree
    gets one.
    """
    roots = viewer.scopes.get(Permission.CASES_EXPORT)
    if roots is None or roots:
        return NOT_THERE
    by_year: dict[int, int] = {}
    for day in session.scalars(select(Denunciation.received_on)):
        by_year[day.year] = by_year.get(day.year, 0) + 1
    years = sorted(by_year)
    decision = protect_partition([by_year[year] for year in years], threshold=least)
    if not years:
        return "0 tin."
    if not decision.total:
        return f"Ít hơn {least} tin nên không ghi số."
    shown = [
        f"{year}: {format_integer(by_year[year])}" if is_shown else f"{year}: không ghi"
        for year, is_shown in zip(years, decision.shown, strict=True)
    ]
    return f"Tổng {format_integer(sum(by_year.values()))} tin ({'; '.join(shown)})."


def _picked(rows: Iterable[Sequence[Cell]], places: Sequence[int | None]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [None if place is None else row[place] for place in places]
