"""Uploaded files that wait for a yes: kept for a day, for one officer, without columns of personal data."""

import hashlib
import json
import secrets
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.crypto.types import in_row
from app.files.answers import FileColumn, FileTable
from app.survey.models import SurveyRound
from app.survey.sampled.errors import UnknownDraft
from app.survey.sampled.models import SampledDraft, SourceFormat
from app.survey.sampled.targets import ColumnMapping

DRAFT_LIFE = timedelta(hours=24)
_BETWEEN = "\n"  # cells hold no line breaks: the readers turn every white space into a blank


@dataclass(frozen=True, slots=True)
class Draft:
    """An upload as its officer left it; ``mapping`` is None before the columns were chosen."""

    id: str
    round_id: int
    checksum: str
    table: FileTable
    mapping: ColumnMapping | None


def save_draft(
    session: Session, owner: str, survey_round: SurveyRound, data: bytes, table: FileTable, now: datetime
) -> str:
    """Keep the table of an upload; older drafts of the owner and forgotten ones go. Returns its id."""
    is_old = (SampledDraft.owner == owner) | (SampledDraft.created_at < now - DRAFT_LIFE)
    session.execute(delete(SampledDraft).where(is_old))
    number = secrets.token_hex(16)
    draft = SampledDraft(
        id=number,
        owner=owner,
        round_id=survey_round.id,
        created_at=now,
        source=SourceFormat(table.source),
        checksum=hashlib.sha256(data).hexdigest(),
        content=in_row(_packed(table), number),
        mapping=in_row("", number),
    )
    session.add(draft)
    return number


def draft_of(session: Session, draft_id: str, owner: str, round_id: int, now: datetime) -> Draft:
    """The upload that waits under this id for this officer and round; raises UnknownDraft for everybody else."""
    row = _row(session, draft_id, owner, round_id, now)
    mapping = ColumnMapping.from_json(json.loads(row.mapping)) if row.mapping else None
    return Draft(row.id, row.round_id, row.checksum, _unpacked(row.source.value, row.content), mapping)


def choose(session: Session, draft: Draft, mapping: ColumnMapping) -> None:
    """Keep how the file is to be read."""
    row = session.get(SampledDraft, draft.id)
    if row is not None:
        row.mapping = in_row(json.dumps(mapping.to_json(), ensure_ascii=False), row.id)


def delete_draft(session: Session, draft_id: str) -> None:
    """Forget an upload."""
    session.execute(delete(SampledDraft).where(SampledDraft.id == draft_id))


def _row(session: Session, draft_id: str, owner: str, round_id: int, now: datetime) -> SampledDraft:
    row = session.get(SampledDraft, draft_id)
    if row is None or row.owner != owner or row.round_id != round_id or row.created_at < now - DRAFT_LIFE:
        raise UnknownDraft("Bản xem trước không còn nữa. Ông/Bà hãy tải tệp lên lại.")
    return row


def _packed(table: FileTable) -> bytes:
    content = {
        "rows": table.rows,
        "columns": [
            {
                "name": one.name,
                "label": one.label,
                "value_labels": dict(one.value_labels),
                "missing": sorted(one.missing),
                "values": _BETWEEN.join(one.values),
            }
            for one in table.columns
        ],
    }
    return zlib.compress(json.dumps(content, ensure_ascii=False).encode(), 1)


def _unpacked(source: str, content: bytes) -> FileTable:
    found = json.loads(zlib.decompress(content))
    columns = tuple(
        FileColumn(
            one["name"],
            tuple(one["values"].split(_BETWEEN)),
            one["label"],
            one["value_labels"],
            frozenset(one["missing"]),
        )
        for one in found["columns"]
    )
    return FileTable(source, tuple(found["rows"]), columns)
