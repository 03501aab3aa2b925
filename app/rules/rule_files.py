"""A rule as a file: JSON for programs, a table for people; both read back into the texts of the form (pure)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.calendar.sources import WORDS as STATUS_WORDS
from app.calendar.sources import Status
from app.errors import Invalid
from app.files.tables import Column, match_columns, read_sheet
from app.i18n.folding import fold_words
from app.rules.content import BY_CODE, Content, Matter
from app.rules.form_fields import Texts, names_of, options_of, texts_of, with_codes
from app.rules.stored import Json, facts_of, from_json, to_json

FORMAT = "lang-nghe-rule-1"
MOST_BYTES = 200_000
META = ("valid_from", "legal_basis", "status", "reason")

COLUMNS: tuple[Column, ...] = (
    Column("code", "Mã mục", is_required=True),
    Column("label", "Mục"),
    Column("value", "Giá trị", is_required=True),
    Column("second", "Đơn vị hoặc tiếng Anh"),
    Column("document", "Căn cứ"),
    Column("status", "Mức kiểm chứng"),
)
_STATUSES = {fold_words(words): status.value for status, words in STATUS_WORDS.items()}


@dataclass(frozen=True, slots=True)
class FactLine:
    """One row of the table of a rule."""

    code: str
    label: str
    value: str
    second: str
    document: str
    status: str


@dataclass(frozen=True, slots=True)
class ReadRule:
    """What a file says: the texts of the form, and about the version where the file says so."""

    texts: Texts
    meta: Mapping[str, str] = field(default_factory=dict)


class BadRuleFile(Invalid):
    """A file that is no rule of this matter."""


def to_text(matter: str, content: Content, valid_from: date, legal_basis: str, status: Status, reason: str) -> str:
    """The JSON file of a version."""
    whole = {
        "format": FORMAT,
        "matter": matter,
        "valid_from": valid_from.isoformat(),
        "legal_basis": legal_basis,
        "status": status.value,
        "reason": reason,
        "content": to_json(content),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def lines_of(content: Content) -> list[FactLine]:
    """The table of a rule."""
    texts = texts_of(content)
    lines = []
    for fact in facts_of(type(content)):
        names = names_of(fact)
        words = dict(options_of(fact))
        value = texts[names[0]]
        lines.append(
            FactLine(
                code=fact.name,
                label=fact.label,
                value=words.get(value, value),
                second=texts[names[1]] if len(names) > 1 else "",
                document=texts[f"{fact.name}_document"],
                status=texts[f"{fact.name}_status"],
            )
        )
    return lines


def read_file(data: bytes, filename: str, matter: Matter) -> ReadRule:
    """A file as the texts of the form. Raises BadRuleFile or BadTable with a Vietnamese sentence."""
    if len(data) > MOST_BYTES:
        raise BadRuleFile(f"Tệp lớn hơn {MOST_BYTES // 1000} KB, không phải tệp quy định.")
    return (
        _read_json(data, matter) if filename.strip().lower().endswith(".json") else _read_table(data, filename, matter)
    )


def _read_json(data: bytes, matter: Matter) -> ReadRule:
    try:
        whole = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadRuleFile("Tệp JSON không đọc được. Xin dùng tệp tải từ trang quy định.") from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT or not isinstance(whole.get("content"), dict):
        raise BadRuleFile("Tệp JSON không phải tệp quy định của hệ thống này.")
    if whole.get("matter") != matter.code:
        known = BY_CODE.get(str(whole.get("matter")))
        named = f" (“{known.title}”)" if known else ""
        raise BadRuleFile(f"Tệp thuộc quy định khác{named}, không phải “{matter.title}”.")
    content = from_json(matter.content, _plain(whole["content"]))
    return ReadRule(texts_of(content), {name: whole[name] for name in META if isinstance(whole.get(name), str)})


def _plain(content: Mapping[str, Any]) -> Json:
    return {str(name): value for name, value in content.items()}


def _read_table(data: bytes, filename: str, matter: Matter) -> ReadRule:
    records = match_columns(read_sheet(data, filename, kinds=".json, .xlsx và .csv"), COLUMNS).records
    facts = {fact.name: fact for fact in facts_of(matter.content)}
    texts: Texts = {}
    for record in records:
        fact = facts.get(record.values["code"])
        if fact is None:
            code = record.values["code"][:40]
            raise BadRuleFile(f"Dòng {record.row}: không có mục “{code}” trong quy định “{matter.title}”.")
        if f"{fact.name}_document" in texts:
            raise BadRuleFile(f"Dòng {record.row}: mục “{fact.name}” có hai lần.")
        texts |= dict(zip(names_of(fact), (record.values["value"], record.values["second"]), strict=False))
        texts[f"{fact.name}_document"] = record.values["document"]
        status = record.values["status"]
        texts[f"{fact.name}_status"] = _STATUSES.get(fold_words(status), status)
    missing = [fact.label for fact in facts.values() if f"{fact.name}_document" not in texts]
    if missing:
        raise BadRuleFile(f"Thiếu mục: {'; '.join(missing[:5])}. Xin dùng bảng tải từ trang quy định.")
    return ReadRule(with_codes(matter.content, texts))
