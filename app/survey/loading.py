"""Reads a question-set file (TOML) into a QuestionSet, reporting all its errors at once with their lines."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any

from app.errors import Invalid
from app.survey.definitions import QuestionSet
from app.survey.set_files.checks import check_set
from app.survey.set_files.lines import LineMap
from app.survey.set_files.reader import read_set
from app.survey.set_files.tables import Problems, Table

SETS_FOLDER = FilePath(__file__).parent / "question_sets"
MAX_FILE_CHARACTERS = 500_000
MOST_DOTS = 200
_DOT_IN_KEY = re.compile(r"""[\w"'-][ \t]*\.(?=[ \t]*[\w"'-])""")


class SetInvalid(Invalid):
    """A set file with errors. `problems` holds (line, Vietnamese message), in the order of the lines."""

    def __init__(self, name: str, problems: list[tuple[int, str]]) -> None:
        self.problems = tuple(sorted(set(problems)))
        lines = [f"dòng {line}: {message}" for line, message in self.problems]
        super().__init__("\n".join([f"Bộ câu hỏi “{name}” có {len(lines)} lỗi:", *lines]))


@lru_cache(maxsize=1)
def shipped_sets() -> Mapping[str, QuestionSet]:
    """Return the sets that come with the product by key ("sipas_counter_2023"), read once. Raises SetInvalid."""
    sets = (load_file(path) for path in sorted(SETS_FOLDER.glob("*.toml")))
    return MappingProxyType({question_set.key: question_set for question_set in sets})


def load_file(path: FilePath) -> QuestionSet:
    """Read one file, whose name must be `<code>_<version>.toml`. Raises SetInvalid."""
    question_set = load_text(decode(path.read_bytes(), name=path.stem), name=path.stem)
    if question_set.key != path.stem:
        message = f"tên tệp phải là “{question_set.key}.toml” theo mã và phiên bản ghi bên trong"
        raise SetInvalid(path.stem, [(1, message)])
    return question_set


def decode(content: bytes, *, name: str = "") -> str:
    """Return the text of a file's bytes. Raises SetInvalid for anything but UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SetInvalid(name, [(line, "tệp không phải chữ UTF-8")]) from error


def load_text(text: str, *, name: str = "", translated: bool = True) -> QuestionSet:
    """Read the text of a set file. `name` is used in messages only. Raises SetInvalid with every error found.

    Without `translated` texts may lack their English: such a set can be kept and worked on, but not published.
    """
    if len(text) > MAX_FILE_CHARACTERS:
        raise SetInvalid(name, [(1, f"tệp dài quá {MAX_FILE_CHARACTERS} ký tự")])
    # The time of the standard reader grows with the square of the parts of one dotted key.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > MOST_DOTS and len(_DOT_IN_KEY.findall(line)) > MOST_DOTS:
            raise SetInvalid(name, [(number, f"dòng có quá {MOST_DOTS} dấu chấm; xin ngắt thành nhiều dòng")])
    not_normal = [
        (number, "chữ chưa chuẩn hoá Unicode dựng sẵn (NFC)")
        for number, line in enumerate(text.split("\n"), start=1)
        if not unicodedata.is_normalized("NFC", line)
    ]
    try:
        data = tomllib.loads(text)
        digest = content_hash(data)
    except tomllib.TOMLDecodeError as error:
        raise SetInvalid(name, [*not_normal, _syntax_problem(error, text)]) from error
    except (RecursionError, ValueError) as error:  # brackets within brackets, numbers of thousands of digits
        raise SetInvalid(name, [(1, "tệp lồng quá nhiều tầng hoặc có con số quá dài")]) from error
    problems = Problems(is_lenient=not translated)
    question_set = read_set(Table(data, (), problems), digest)
    check_set(question_set, problems)
    if problems.found or not_normal:
        lines = LineMap(text)
        raise SetInvalid(name, not_normal + [(lines.line(path), message) for path, message in problems.found])
    return question_set


def content_hash(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a set file's content: its data, whatever its comments, spacing and order of keys.

    Taken over the data of the file and not over our classes, so that a later field in a class changes no hash.
    """
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _syntax_problem(error: tomllib.TOMLDecodeError, text: str) -> tuple[int, str]:
    place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    if place is None:  # "at end of document"
        return text.count("\n") + 1, f"sai cú pháp TOML: {error}"
    return int(place[1]), f"sai cú pháp TOML ở cột {place[2]}: {str(error)[: place.start()].strip()}"
