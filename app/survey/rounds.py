"""Rounds: opening, closing, and which one a counter asks on a date."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.i18n.formats import format_date
from app.survey.definitions import Mode
from app.survey.errors import NotAttachable, RoundChange, UnknownRound
from app.survey.models import (
    Aggregation,
    IndexFormula,
    QuestionSetVersion,
    SampleKind,
    SetStatus,
    SurveyRound,
)
from app.survey.sets import set_of
from app.units.queries import path_ids, subtrees

MODES_OF_KIND: dict[SampleKind, tuple[Mode, ...]] = {
    SampleKind.OPEN: (Mode.OPEN_QR, Mode.KIOSK),
    SampleKind.PROBABILITY: (Mode.SAMPLED, Mode.PAPER),
    SampleKind.CENSUS: (Mode.SAMPLED, Mode.PAPER),
}


def open_round(
    session: Session,
    *,
    name: str,
    version: QuestionSetVersion,
    unit_id: int,
    sample_kind: SampleKind,
    index_formula: IndexFormula,
    aggregation: Aggregation,
    starts_on: date,
    ends_on: date | None,
) -> SurveyRound:
    """Open a round. Formula and aggregation have no default: whoever opens it chooses, and it is printed everywhere.

    Raises
    ------
    NotAttachable
        When the version is a draft, or may not be asked of this kind of sample (sensitive questions never in the open).
    RoundChange
        When another open round already asks part of the same units in that time.
    """
    question_set = set_of(version)
    if version.status is not SetStatus.PUBLISHED:
        raise NotAttachable("Bộ câu hỏi này còn là bản nháp nên chưa mở đợt khảo sát được.")
    refused = [mode for mode in MODES_OF_KIND[sample_kind][:1] if not question_set.can_attach_to(mode)]
    if refused and question_set.has_sensitive():
        raise NotAttachable(
            "Bộ câu hỏi có mục nhạy cảm (như dân tộc) nên chỉ dùng cho mẫu chọn, không dùng với mã QR mở."
        )
    if refused:
        raise NotAttachable("Bộ câu hỏi này không dành cho cách khảo sát đã chọn.")
    if ends_on is not None and ends_on < starts_on:
        raise NotAttachable("Ngày kết thúc phải từ ngày bắt đầu trở đi.")
    if sample_kind is SampleKind.OPEN:
        _refuse_overlap(session, unit_id, starts_on, ends_on)
    opened = SurveyRound(
        name=name,
        question_set_version=version,
        unit_id=unit_id,
        sample_kind=sample_kind,
        index_formula=index_formula,
        aggregation=aggregation,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    session.add(opened)
    return opened


def close_round(survey_round: SurveyRound) -> None:
    """End a round today; its answers so far stay. Closing twice changes nothing."""
    if survey_round.closed_on is None:
        survey_round.closed_on = clock.local_date()


def is_asking(survey_round: SurveyRound, on: date) -> bool:
    """Whether the round takes answers on a date."""
    return (
        survey_round.starts_on <= on
        and (survey_round.ends_on is None or on <= survey_round.ends_on)
        and survey_round.closed_on is None
    )


def round_for(session: Session, unit_id: int, on: date) -> SurveyRound | None:
    """The open round that a counter of this unit asks, or else the latest one that ended; None without any.

    A round belongs to a unit and everything below it; the nearest unit above wins.
    """
    path = path_ids(session, unit_id, on)
    found = session.scalars(
        select(SurveyRound)
        .where(SurveyRound.unit_id.in_(path), SurveyRound.sample_kind == SampleKind.OPEN, SurveyRound.starts_on <= on)
        .order_by(SurveyRound.starts_on.desc())
    ).all()
    nearest = sorted(found, key=lambda item: (not is_asking(item, on), path.index(item.unit_id)))
    return nearest[0] if nearest else None


def rounds_for(session: Session, unit_ids: Collection[int], on: date) -> dict[int, SurveyRound]:
    """``round_for`` for several units at once; units without any round are absent."""
    begun = session.scalars(
        select(SurveyRound)
        .where(SurveyRound.sample_kind == SampleKind.OPEN, SurveyRound.starts_on <= on)
        .order_by(SurveyRound.starts_on.desc())
    ).all()
    below = subtrees(session, {one.unit_id for one in begun}, on)
    # Of two units above the same unit, the nearer has the smaller subtree.
    nearest_first = sorted(
        (one for one in begun if one.unit_id in below),
        key=lambda one: (not is_asking(one, on), len(below[one.unit_id])),
    )
    found: dict[int, SurveyRound] = {}
    for one in nearest_first:
        for unit_id in below[one.unit_id].intersection(unit_ids):
            found.setdefault(unit_id, one)
    return found


def rounds_of(session: Session, unit_ids: Sequence[int] | None) -> list[SurveyRound]:
    """The rounds of some units (all units when None), newest first."""
    statement = select(SurveyRound).order_by(SurveyRound.starts_on.desc(), SurveyRound.id.desc())
    if unit_ids is not None:
        statement = statement.where(SurveyRound.unit_id.in_(unit_ids))
    return list(session.scalars(statement))


def round_by_id(session: Session, round_id: int) -> SurveyRound:
    """One round.

    Raises
    ------
    UnknownRound
        When there is none.
    """
    found = session.get(SurveyRound, round_id)
    if found is None:
        raise UnknownRound("Không tìm thấy đợt khảo sát này.")
    return found


def crossing(session: Session, survey_round: SurveyRound, on: date) -> tuple[list[SurveyRound], list[SurveyRound]]:
    """Open rounds at the same time of units above, from which this one takes its units, and of units below."""
    if survey_round.sample_kind is not SampleKind.OPEN or survey_round.closed_on is not None:
        return [], []
    statement = select(SurveyRound).where(*_at_the_same_time(survey_round.starts_on, survey_round.ends_on))
    others = [one for one in session.scalars(statement) if one.unit_id != survey_round.unit_id]
    above = set(path_ids(session, survey_round.unit_id, on))
    below = subtrees(session, [survey_round.unit_id], on).get(survey_round.unit_id, set())
    return [one for one in others if one.unit_id in above], [one for one in others if one.unit_id in below]


def _at_the_same_time(starts_on: date, ends_on: date | None) -> list[ColumnElement[bool]]:
    """Conditions of open rounds, not closed, whose days meet those from ``starts_on`` to ``ends_on``."""
    conditions = [
        SurveyRound.sample_kind == SampleKind.OPEN,
        SurveyRound.closed_on.is_(None),
        or_(SurveyRound.ends_on.is_(None), SurveyRound.ends_on >= starts_on),
    ]
    return conditions if ends_on is None else [*conditions, SurveyRound.starts_on <= ends_on]


def _refuse_overlap(session: Session, unit_id: int, starts_on: date, ends_on: date | None) -> None:
    statement = select(SurveyRound).where(SurveyRound.unit_id == unit_id, *_at_the_same_time(starts_on, ends_on))
    other = session.scalars(statement).first()
    if other is not None:
        raise RoundChange(f"Đơn vị này đã có đợt “{other.name}” trong thời gian đó. Xin đóng đợt ấy trước.")


def when_unit_ends(session: Session, unit_id: int, on: date) -> list[str]:
    """What happens to the rounds of a unit that is followed by others on a day, in sentences."""
    asking = select(SurveyRound).where(
        SurveyRound.unit_id == unit_id,
        SurveyRound.closed_on.is_(None),
        or_(SurveyRound.ends_on.is_(None), SurveyRound.ends_on >= on),
    )
    names = "; ".join(f"“{one.name}”" for one in session.scalars(asking.order_by(SurveyRound.id)))
    above = "Đợt của đơn vị cấp trên vẫn hỏi ở các quầy còn mở."
    if not names:
        return [f"Đơn vị này không có đợt khảo sát riêng. {above}"]
    return [f"Đợt khảo sát của riêng đơn vị này không hỏi ở đâu nữa từ ngày {format_date(on)}: {names}. {above}"]
