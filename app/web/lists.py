"""One way to show a list of an officer page: search, filters, order, pages, count, and the same rows as a file.

A package describes its list once, as a ``Listing``; a view shows it with ``list_page`` and sends it with ``list_file``.
Rows come in two steps, so that long lists stay quick: ``find`` gives a light key for every match, ``load`` what the
page shows for the keys of one page. The file holds all matches. Who writes files is handed in at start, because files
are made and recorded above this layer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import Flask, current_app, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.db.pages import Matching
from app.db.session import reading
from app.i18n.folding import fold
from app.i18n.formats import format_date, format_integer
from app.web import pagination, search
from app.web.text_input import clean

K = TypeVar("K")
T = TypeVar("T")
Cell = str | float | date | None
Choices = Sequence[tuple[str, str]]

EXTENSION = "langnghe-lists"
PAGE_SIZE = 50
AT_ONCE = 500  # keys loaded together for a file: fewer than any database takes in one statement
SORT = "sort"
CSV, XLSX = {"file_format": "csv"}, {"file_format": "xlsx"}
"""The ``defaults`` of the two addresses of a list's file."""
FORMATS = (("Excel", "xlsx"), ("CSV", "csv"))
NOT_FOUND = ("Không có dòng nào phù hợp", "Xin bỏ bớt điều kiện lọc hoặc thử từ khác. Có thể gõ không dấu.")


def by_database(_key: object) -> None:
    """The ``sort`` of a column whose list ``find`` gives in the order asked for."""


class Kind(StrEnum):
    """What the cells of a column are; the values are those of ``app.exports.definitions.Kind``."""

    TEXT = "text"
    WHOLE = "whole"
    PERCENT = "percent"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column(Generic[K, T]):
    """One column: ``value`` of a loaded row, for page and file alike; ``sort`` a key of an unloaded one.

    ``url`` makes the cell a link and ``tag`` a status tag (its kind, see components/status_tag.html) on the page.
    ``only_file``: too long or too plain for the page; ``only_page``: the file says it in other columns.
    """

    code: str
    label: str
    value: Callable[[T], Cell]
    kind: Kind = Kind.TEXT
    sort: Callable[[K], Any] | None = None
    url: Callable[[T], str | None] | None = None
    tag: Callable[[T], str] | None = None
    only_file: bool = False
    only_page: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice above the list; ``options`` are (code, words) without the first one, which lets everything through.

    None instead of options: a field of free text.
    """

    name: str
    label: str
    options: Choices | None
    everything: str = "Tất cả"

    def takes(self, value: str) -> bool:
        """Whether this may be asked for."""
        return self.options is None or value in dict(self.options)

    def words(self, value: str) -> str:
        """What was asked for, as people read it."""
        return f"{self.label}: {value if self.options is None else dict(self.options)[value]}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of a list: words to find, what was chosen of the filters, an order."""

    text: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    is_descending: bool = False

    @property
    def words(self) -> list[str]:
        """The folded words sought; a row must hold all of them."""
        return _folded(self.text).split()  # asked for every row

    def matches(self, *texts: str) -> bool:
        """Whether the texts of a row hold every word sought, marks or none."""
        return all(any(word in _folded(text) for text in texts) for word in self.words)

    def of(self, name: str) -> str:
        """The option chosen of a filter; empty: all."""
        return self.chosen.get(name, "")


@dataclass(frozen=True, slots=True)
class Listing(Generic[K, T]):
    """A list: ``find`` gives the keys of all matches in their usual order, ``load`` the rows of some keys."""

    code: str
    title: str
    search_label: str
    columns: tuple[Column[K, T], ...]
    find: Callable[[Session, Asked], Sequence[K]]
    load: Callable[[Session, Sequence[K]], Sequence[T]]
    empty: tuple[str, str]
    filters: Callable[[Session], tuple[Filter, ...]] = lambda _session: ()
    files: str = ".files"  # the endpoint that sends the list as a file


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list on its way into a file: (code, label, kind) of each column, the rows, and what was asked."""

    code: str
    title: str
    columns: tuple[tuple[str, str, Kind], ...]
    rows: Sequence[Sequence[Cell]]
    filter_words: str
    chosen: Mapping[str, str]
    is_searched: bool


Send = Callable[[ListFile, str], Response]


def init_lists(app: Flask, send: Send) -> None:
    """Hand in what makes, records and sends a file."""
    app.extensions[EXTENSION] = send


def list_page(template: str, listing: Listing[Any, Any], **context: object) -> str:
    """The page of a list; ``template`` extends layouts/list.html."""
    with reading() as session:
        filters = listing.filters(session)
        asked = _asked(listing, filters)
        keys = _ordered(listing, listing.find(session, asked), asked)
        part, total = _page(keys)
        rows = listing.load(session, part)
        shown = [column for column in listing.columns if not column.only_file]
        cells = [[_cell(column, row) for column in shown] for row in rows]
    pages = max(1, -(-total // PAGE_SIZE))
    found = {
        "code": listing.code,
        "caption": listing.title,
        "columns": [_heading(column, asked) for column in shown],
        "rows": cells,
        "filters": _filter_bar(listing, filters, asked),
        "kept": [(SORT, request.args[SORT])] if asked.sort else [],
        "action": request.path,
        "page": pagination.links(min(pagination.page_number(), pages), pages, total),
        "files": [(words, list_address(listing.files, file_format)) for words, file_format in FORMATS],
        "is_narrowed": _is_narrowed(asked),
        "empty": NOT_FOUND if _is_narrowed(asked) else listing.empty,
    }
    return render_template(template, listing=found, **context)


def list_file(listing: Listing[Any, Any], file_format: str) -> Response:
    """Exactly the rows the page shows on all its pages, in its order, as a file."""
    with reading() as session:
        filters = listing.filters(session)
        asked = _asked(listing, filters)
        keys = _ordered(listing, listing.find(session, asked), asked)
        keys = keys.all() if isinstance(keys, Matching) else keys
        parts = (listing.load(session, keys[start : start + AT_ONCE]) for start in range(0, len(keys), AT_ONCE))
        columns = [column for column in listing.columns if not column.only_page]
        rows = [[column.value(row) for column in columns] for part in parts for row in part]
    made = ListFile(
        code=listing.code,
        title=listing.title,
        columns=tuple((column.code, column.label, column.kind) for column in columns),
        rows=rows,
        filter_words=_words_of(filters, asked),
        chosen={one.name: asked.of(one.name) for one in filters if one.options is not None},
        is_searched=bool(asked.text) or any(asked.of(one.name) for one in filters if one.options is None),
    )
    return send_file(made, file_format)


def send_file(made: ListFile, file_format: str) -> Response:
    """Make, record and send the file of a list."""
    send: Send = current_app.extensions[EXTENSION]
    return send(made, file_format)


def list_address(endpoint: str | None, file_format: str = "", **changed: str) -> str:
    """An address of the list shown with what it is asked for; the page is left out, since other rows stand on it."""
    dropped = {pagination.NAME, "done", *changed}
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in dropped]
    path = request.path if endpoint is None else url_for(endpoint, file_format=file_format, **(request.view_args or {}))
    query = urlencode([*kept, *changed.items()])
    return f"{path}?{query}" if query else path


def asked_of(listing: Listing[Any, Any], session: Session) -> Asked:
    """What the address asks of a list, for sums beside it."""
    return _asked(listing, listing.filters(session))


def same(_session: Session, keys: Sequence[T]) -> Sequence[T]:
    """The ``load`` of a list whose keys are its rows."""
    return keys


def _asked(listing: Listing[Any, Any], filters: Iterable[Filter]) -> Asked:
    """What the address asks for; what is no option of a filter or column counts as not said."""
    given = {one.name: clean(request.args.get(one.name, ""))[: search.MOST_CHARACTERS].strip() for one in filters}
    typed = request.args.get(SORT, "")
    sort = typed.removeprefix("-")
    is_known = any(column.code == sort and column.sort for column in listing.columns)
    return Asked(
        text=search.sought(),
        chosen={one.name: given[one.name] for one in filters if one.takes(given[one.name])},
        sort=sort if is_known else "",
        is_descending=typed.startswith("-"),
    )


def _ordered(listing: Listing[Any, Any], keys: Sequence[Any], asked: Asked) -> Sequence[Any]:
    column = next((one for one in listing.columns if one.code == asked.sort), None)
    if column is None or column.sort is None or column.sort is by_database:
        return keys
    return sorted(keys, key=column.sort, reverse=asked.is_descending)


def _page(keys: Sequence[K]) -> tuple[Sequence[K], int]:
    """The keys of the page asked for (of the last one, for a page beyond it) and the number of all keys."""
    if isinstance(keys, Matching):
        return keys.page(pagination.page_number(), PAGE_SIZE)
    number = min(pagination.page_number(), max(1, -(-len(keys) // PAGE_SIZE)))
    return keys[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], len(keys)


def _heading(column: Column[Any, Any], asked: Asked) -> dict[str, object]:
    is_sorted = asked.sort == column.code
    turned = f"-{column.code}" if is_sorted and not asked.is_descending else column.code
    return {
        "label": column.label,
        "numeric": column.kind is Kind.WHOLE,
        "url": list_address(None, **{SORT: turned}) if column.sort else None,
        "direction": ("descending" if asked.is_descending else "ascending") if is_sorted else "",
    }


def _cell(column: Column[Any, Any], row: object) -> dict[str, object]:
    value = column.value(row)
    return {
        "text": _shown(value),
        "url": column.url(row) if column.url else None,
        "tag": column.tag(row) if column.tag and value else None,
    }


def _shown(value: Cell) -> str:
    if isinstance(value, date):
        return format_date(value)
    return format_integer(value) if isinstance(value, int) else str(value or "") or "–"


def _filter_bar(listing: Listing[Any, Any], filters: Iterable[Filter], asked: Asked) -> list[dict[str, object]]:
    text: dict[str, object] = {
        "name": search.NAME,
        "label": listing.search_label,
        "value": asked.text,
        "options": None,
    }
    choices: list[dict[str, object]] = [
        {
            "name": one.name,
            "label": one.label,
            "value": asked.of(one.name),
            "options": None if one.options is None else [("", one.everything), *one.options],
        }
        for one in filters
    ]
    return [text, *choices]


def _words_of(filters: Iterable[Filter], asked: Asked) -> str:
    words = [one.words(asked.of(one.name)) for one in filters if asked.of(one.name)]
    return "; ".join([*([f"có chữ “{asked.text}”"] if asked.text else []), *words]) or "không lọc"


def _is_narrowed(asked: Asked) -> bool:
    return bool(asked.text) or any(asked.chosen.values())


@lru_cache(maxsize=32_768)
def _folded(text: str) -> str:
    return fold(text)
