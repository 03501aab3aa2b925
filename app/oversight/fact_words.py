"""Facts of a line of the log in words (pure): what files for programs keep as codes is said to people."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from app.accounts.roles import words_of as words_of_role
from app.feedback.cases.answers import OUTCOMES
from app.i18n.formats import format_date

LABELS: Mapping[str, str] = {
    "answers": "số phiếu",
    "basis": "căn cứ",
    "batch": "đợt xóa",
    "channel": "kênh",
    "code": "mã",
    "count": "số lượng",
    "counters": "số quầy",
    "days": "số ngày",
    "destroyed": "đã hủy",
    "file": "tệp",
    "filter": "bộ lọc",
    "format": "định dạng tệp",
    "from": "từ",
    "kind": "loại",
    "last_day": "ngày cuối",
    "limit": "số ngày",
    "line": "dòng",
    "matter": "quy định về",
    "name": "tên",
    "on": "ngày",
    "outcome": "kết quả",
    "reason": "lý do",
    "recovery_codes": "số mã khôi phục",
    "retired_on": "ngừng từ ngày",
    "role": "vai trò",
    "rows": "số dòng",
    "second_factor": "có yếu tố thứ hai",
    "sessions": "số phiên đã kết thúc",
    "sha256": "mã băm của tệp",
    "signature": "chữ ký",
    "status": "mức kiểm chứng",
    "template": "mẫu",
    "to": "đến",
    "type": "loại",
    "until": "đến hết ngày",
    "officer": "cán bộ số",
    "officers": "cán bộ số",
    "number": "số",
    "level": "mức nhận tin",
    "what": "phần",
    "why": "vì",
    "rule": "quy định",
    "files": "số tệp",
    "unit": "đơn vị",
    "valid_from": "có hiệu lực từ",
    "valid_to": "đến hết ngày",
    "value": "giá trị",
    "version": "phiên bản",
    "versions": "số phiên bản",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_OUTCOMES = {
    "wrong": "sai tên hoặc mật khẩu",
    "too_many": "thử quá nhiều lần",
    "accepted": "đúng",
    **{outcome.value: str(words) for outcome, words in OUTCOMES.items()},
}
_VALUES: Mapping[str, Callable[[str], str]] = {
    "outcome": lambda value: _OUTCOMES.get(value, value),
    "role": lambda value: words_of_role(value) or value,
}


def spoken(values: Mapping[str, object] | None) -> str:
    """Facts as one line of words; a fact that has none yet keeps its code."""
    return "; ".join(f"{LABELS.get(key, key)}: {_fact(key, value)}" for key, value in (values or {}).items())


def _fact(key: str, value: object) -> str:
    if isinstance(value, dict):
        return f"({spoken(value)})"
    if isinstance(value, list):
        return ", ".join(_fact(key, one) for one in value)
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, str) and key in _VALUES:
        return _VALUES[key](value)
    return "–" if value is None else _day(str(value))


def _day(value: str) -> str:
    """A day as people write it; anything else stays as it is."""
    try:
        return format_date(date.fromisoformat(value)) if _DAY.fullmatch(value) else value
    except ValueError:
        return value
