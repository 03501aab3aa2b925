"""The lists of rules: matters with what holds today, and the facts of one version, whose file can be imported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from app import clock
from app.calendar.sources import NEEDS_CHECKING, Status
from app.calendar.sources import WORDS as STATUS_WORDS
from app.i18n.folding import fold_words
from app.rules import queries
from app.rules.content import MATTERS, Content, Matter
from app.rules.errors import NoRule
from app.rules.queries import Rule
from app.rules.rule_files import COLUMNS, FactLine, lines_of
from app.web.lists import Asked, Column, Filter, Kind, Listing, same


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter, what holds today, and what comes next."""

    matter: Matter
    present: Rule[Content] | None
    coming: date | None
    unchecked: int

    @property
    def slug(self) -> str:
        """How the matter stands in an address."""
        return slug_of(self.matter)


def slug_of(matter: Matter) -> str:
    """How a matter stands in an address: "petition" for "kind:petition"."""
    return matter.code.rpartition(":")[2].replace("-", "_")


BY_SLUG = {slug_of(matter): matter for matter in MATTERS}


def tag_of(status: Status) -> str:
    """The kind of tag for a mark."""
    return "bad" if status in NEEDS_CHECKING else "good" if status is Status.VERIFIED else "plain"


def _line(session: Session, matter: Matter, today: date) -> MatterLine:
    try:
        present = queries.rule_on(session, matter.code, today)
    except NoRule:
        present = None
    later = [
        one.valid_from
        for one in queries.history(session, matter.code)
        if one.valid_from > today and one.withdrawn_at is None
    ]
    sources = present.content.sources.values() if present else ()
    return MatterLine(matter, present, min(later, default=None), sum(one.status in NEEDS_CHECKING for one in sources))


def _matters(session: Session, asked: Asked) -> list[MatterLine]:
    lines = [_line(session, matter, clock.local_date()) for matter in MATTERS]
    return [
        one
        for one in lines
        if asked.matches(one.matter.title, one.matter.purpose, one.present.legal_basis if one.present else "")
        and asked.of("status") in ("", one.present.status.value if one.present else "")
    ]


def _filters(_session: Session) -> tuple[Filter, ...]:
    return (Filter("status", "Mức kiểm chứng", [(one.value, str(STATUS_WORDS[one])) for one in Status]),)


RULES: Listing[MatterLine, MatterLine] = Listing(
    code="rules",
    title="Quy định đang áp dụng",
    search_label="Tìm theo tên hoặc căn cứ",
    find=_matters,
    load=same,
    empty=("Chưa có quy định nào", "Quy định ban đầu được nạp khi cài đặt hoặc nâng cấp."),
    filters=_filters,
    columns=(
        Column(
            "title",
            "Quy định",
            lambda one: one.matter.title,
            sort=lambda one: fold_words(one.matter.title),
            url=lambda one: url_for("rules_officer.show", slug=one.slug),
        ),
        Column("purpose", "Để làm gì", lambda one: one.matter.purpose, only_file=True),
        Column(
            "valid_from",
            "Áp dụng từ",
            lambda one: one.present.valid_from if one.present else None,
            Kind.DATE,
            sort=lambda one: one.present.valid_from if one.present else date.min,
        ),
        Column("basis", "Căn cứ", lambda one: one.present.legal_basis if one.present else ""),
        Column(
            "status",
            "Mức kiểm chứng",
            lambda one: str(STATUS_WORDS[one.present.status]) if one.present else "",
            tag=lambda one: tag_of(one.present.status) if one.present else "off",
        ),
        Column("unchecked", "Mục cần kiểm tra", lambda one: one.unchecked, Kind.WHOLE, sort=lambda one: one.unchecked),
        Column("coming", "Phiên bản sắp tới", lambda one: one.coming, Kind.DATE),
    ),
)


def facts_listing(rule: Rule[Content], matter: Matter) -> Listing[FactLine, FactLine]:
    """The facts of one version; its file has the columns that an import reads."""

    def find(_session: Session, asked: Asked) -> Sequence[FactLine]:
        lines = lines_of(rule.content)
        return [one for one in lines if asked.matches(one.label, one.value, one.document)]

    titles = {column.key: column.title for column in COLUMNS}
    return Listing(
        code="rule-facts",
        title=f"{matter.title} {rule.valid_from:%d-%m-%Y}",
        search_label="Tìm theo mục",
        find=find,
        load=same,
        empty=("Không có mục nào", ""),
        columns=(
            Column("code", titles["code"], lambda one: one.code),
            Column("label", titles["label"], lambda one: one.label),
            Column("value", titles["value"], lambda one: one.value),
            Column("second", titles["second"], lambda one: one.second),
            Column("document", titles["document"], lambda one: one.document),
            Column("status", titles["status"], lambda one: _status_words(one.status)),
        ),
    )


def _status_words(status: str) -> str:
    return str(STATUS_WORDS[Status(status)]) if status else ""
