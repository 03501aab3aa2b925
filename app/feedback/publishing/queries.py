"""Public answers as everybody reads them. One condition stands behind page, list, count, search and feed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from app.feedback.cases.kinds import Outcome, State
from app.feedback.cases.models import Case
from app.feedback.publishing.models import PublicAnswer
from app.i18n.folding import fold
from app.rules.kinds import Kind
from app.units import queries as units
from app.units.models import Unit

PAGE_SIZE = 20
FEED_SIZE = 30
FIRST_WORDS = 240


@dataclass(frozen=True, slots=True)
class PublicText:
    """One public answer. ``month`` is its first day; ``changes`` counts how often the copy was changed."""

    key: str
    case_id: str
    unit_code: str
    unit_name: str
    kind: Kind
    outcome: Outcome
    month: date
    title: str
    question: str
    answer: str
    changes: int


@dataclass(frozen=True, slots=True)
class PublicPage:
    """Some public answers; ``number`` begins at 1."""

    lines: Sequence[PublicText]
    number: int
    total: int

    @property
    def last_number(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))


def shown() -> ColumnElement[bool]:
    """The condition under which a copy is public: shown by its unit, and its case closed and not private just now."""
    open_to_all = select(Case.id).where(Case.state == State.CLOSED, Case.is_private.is_(False))
    return and_(PublicAnswer.is_shown, PublicAnswer.case_id.in_(open_to_all))


def published_ids() -> Select[str]:
    """The cases with a public answer."""
    return select(PublicAnswer.case_id).where(shown())


def public_texts(session: Session, case_ids: Collection[str], on: date) -> Mapping[str, PublicText]:
    """The public copies of some cases, by case; those without one are left out."""
    rows = session.scalars(select(PublicAnswer).where(shown(), PublicAnswer.case_id.in_(list(case_ids))))
    return {one.case_id: one for one in _texts(session, rows.all(), on)}


def page(session: Session, on: date, *, unit_id: int | None = None, search: str = "", number: int = 1) -> PublicPage:
    """Public answers, newest month first, of one unit or of all, with every word sought."""
    conditions = [shown()]
    if unit_id is not None:
        conditions.append(PublicAnswer.unit_id == unit_id)
    conditions += [units.holds(func.coalesce(PublicAnswer.folded, ""), word) for word in fold(search).split()]
    total = session.scalar(select(func.count()).select_from(PublicAnswer).where(*conditions)) or 0
    number = max(1, number)
    rows = session.scalars(
        select(PublicAnswer)
        .where(*conditions)
        .order_by(PublicAnswer.answered_month.desc(), PublicAnswer.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return PublicPage(_texts(session, rows, on), number, total)


def one(session: Session, unit_code: str, key: str, on: date) -> PublicText | None:
    """One public answer of a unit; None where there is none, whatever the reason."""
    row = session.scalar(
        select(PublicAnswer)
        .join(Unit, Unit.id == PublicAnswer.unit_id)
        .where(shown(), PublicAnswer.id == key, Unit.code == unit_code)
    )
    return None if row is None else _texts(session, [row], on)[0]


def newest(session: Session, on: date, unit_id: int | None = None) -> Sequence[PublicText]:
    """What the feed holds."""
    return page(session, on, unit_id=unit_id).lines[:FEED_SIZE]


def counts(session: Session) -> Mapping[int, int]:
    """How many public answers each unit has; units without any are left out."""
    rows = session.execute(select(PublicAnswer.unit_id, func.count()).where(shown()).group_by(PublicAnswer.unit_id))
    return dict(rows.all())


def unit_has_any(session: Session, unit_id: int) -> bool:
    """Whether a unit has a public answer: for links on other pages."""
    return session.scalar(select(PublicAnswer.id).where(shown(), PublicAnswer.unit_id == unit_id).limit(1)) is not None


def _texts(session: Session, rows: Sequence[PublicAnswer], on: date) -> Sequence[PublicText]:
    ids = {row.unit_id for row in rows}
    names = units.names_on(session, ids, on)
    codes = dict(session.execute(select(Unit.id, Unit.code).where(Unit.id.in_(ids))).all())
    return [
        PublicText(
            key=row.id,
            case_id=row.case_id,
            unit_code=codes[row.unit_id],
            unit_name=names.get(row.unit_id, ""),
            kind=row.kind,
            outcome=row.outcome,
            month=row.answered_month,
            title=row.title or "",
            question=row.question or "",
            answer=row.answer or "",
            changes=row.version - 1,
        )
        for row in rows
    ]
