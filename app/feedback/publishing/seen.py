"""A public answer as its page shows it: the same words for everybody and for the officer who looks at it beforehand."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace

from flask_babel import gettext as _

from app.feedback.cases.answers import OUTCOMES, paragraphs
from app.feedback.cases.kinds import Outcome
from app.feedback.publishing.attached import PublicFile
from app.feedback.publishing.queries import FIRST_WORDS, PublicText
from app.files.gate.models import MediaType
from app.i18n.catalogues import in_language
from app.i18n.formats import format_decimal
from app.i18n.messages import message
from app.rules.kinds import Kind

MEGABYTE = 1024 * 1024
FILE_KINDS = {False: message("ảnh, %(size)s MB"), True: message("PDF, %(size)s MB")}
KINDS = {
    Kind.SUGGESTION: message("Góp ý"),
    Kind.PETITION: message("Phản ánh, kiến nghị"),
    Kind.COMPLAINT: message("Khiếu nại"),
}


def of(text: PublicText, files: Sequence[tuple[PublicFile, str]] = ()) -> SimpleNamespace:
    """One public answer as the templates take it; ``files`` with their addresses."""
    return drawn(
        text.title,
        text.question,
        text.answer,
        unit_name=text.unit_name,
        kind=text.kind,
        outcome=text.outcome,
        month=text.month,
        is_changed=text.changes > 0,
        files=files,
    )


def drawn(
    title: str,
    question: str,
    answer: str,
    *,
    unit_name: str,
    kind: Kind,
    outcome: Outcome,
    month: date,
    is_changed: bool = False,
    files: Sequence[tuple[PublicFile, str]] = (),
) -> SimpleNamespace:
    """The same from its parts, for a copy that is not public yet."""
    first = " ".join(question.split())
    return SimpleNamespace(
        title=title,
        question=paragraphs(question),
        answer=paragraphs(answer),
        first_words=first[:FIRST_WORDS] + ("…" if len(first) > FIRST_WORDS else ""),
        unit_name=unit_name,
        kind_words=in_language(KINDS[kind]),
        outcome_words=in_language(OUTCOMES[outcome]),
        month=_("tháng %(month)s", month=f"{month:%m/%Y}"),
        is_changed=is_changed,
        files=[SimpleNamespace(number=one.number, url=url, words=_file_words(one)) for one, url in files],
    )


def _file_words(file: PublicFile) -> str:
    size = format_decimal(max(file.size / MEGABYTE, 0.1), places=1)
    kind = FILE_KINDS[file.media_type is MediaType.PDF]
    return in_language(message(kind.source, size=size))
