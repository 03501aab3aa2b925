"""What became of a dossier (pure). Readable values stay valid for ever, because rows bear them."""

from collections.abc import Mapping
from enum import StrEnum

from app.i18n.folding import fold_words


class Status(StrEnum):
    """Where a dossier stands. Only ``open`` has no day of finishing."""

    OPEN = "open"
    FINISHED = "finished"
    REFUSED = "refused"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"


WORDS: Mapping[Status, str] = {
    Status.OPEN: "Đang giải quyết",
    Status.FINISHED: "Đã giải quyết",
    Status.REFUSED: "Từ chối giải quyết",
    Status.STOPPED: "Dừng giải quyết",
    Status.WITHDRAWN: "Rút hồ sơ",
}

_TYPED: Mapping[str, Status] = {
    **{fold_words(words): status for status, words in WORDS.items()},
    **{status.value: status for status in Status},
    "da tra ket qua": Status.FINISHED,
    "da xu ly": Status.FINISHED,
    "hoan thanh": Status.FINISHED,
    "da co ket qua": Status.FINISHED,
    "da xu ly cho tra ket qua": Status.FINISHED,
    "moi tiep nhan": Status.OPEN,
    "da tiep nhan": Status.OPEN,
    "dang xu ly": Status.OPEN,
    "cho bo sung": Status.OPEN,
    "yeu cau bo sung": Status.OPEN,
    "tu choi": Status.REFUSED,
    "tra lai": Status.REFUSED,
    "dung xu ly": Status.STOPPED,
    "cong dan rut": Status.WITHDRAWN,
    "da rut": Status.WITHDRAWN,
}


def read_status(text: str) -> Status | None:
    """The status meant by the words of the one-stop software, whatever their case and marks; None: unknown words."""
    return _TYPED.get(fold_words(text))
