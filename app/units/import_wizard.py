"""The three steps of every import of a table: upload, preview with every fault by row and column, one yes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask_wtf.file import FileField, FileRequired
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading, transaction
from app.files.sheets import LISTS, BadTable, Limits
from app.files.tables import Column, Record, match_columns, read_sheet
from app.units import import_drafts
from app.units.import_cells import RowError
from app.web.access import actor, requires
from app.web.csrf import OfficerForm, require_token
from app.web.permissions import Permission

MOST_SHOWN = 200
Records = tuple[Record, ...]


class Parsed(Protocol):
    """What a table would do, and everything that is wrong with it (then nothing may be done)."""

    @property
    def rows(self) -> Sequence[object]:
        """What would be imported."""

    @property
    def errors(self) -> Sequence[RowError]:
        """What is wrong."""


P = TypeVar("P", bound=Parsed)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Words(Generic[P]):
    """What the pages of an import say.

    Attributes
    ----------
    title, help, sizes
        Of the page of the upload, its help text, how large a file may be.
    preview, preview_help
        Title and help text of the preview.
    things, more
        What the rows are ("hồ sơ"), and what else is to be said of them.
    hint, notes
        What goes into a column; what else goes for the table.
    back, back_label
        The page above: its endpoint, and what the way there is called.
    """

    title: str
    help: str
    sizes: str
    preview: str
    preview_help: str
    things: str
    hint: Callable[[Column], str]
    back: str
    back_label: str
    more: Callable[[P], str] = lambda _parsed: ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wizard(Generic[P, T]):
    """An import of one kind of tables.

    Attributes
    ----------
    kind, columns, limits
        Under which its drafts are kept; the headings it looks for; how large a table may be.
    parse
        What the rows would do now, for the present officer.
    take
        Does it, in the transaction in which they were parsed; only called where nothing is wrong.
    done
        What is answered after that.
    is_fresh
        Whether preview and yes ask for the password again.
    """

    kind: str
    permission: Permission
    columns: Sequence[Column]
    words: Words[P]
    parse: Callable[[Session, Records], P]
    take: Callable[[Session, Records, P], T]
    done: Callable[[T], Response | str]
    limits: Limits = LISTS
    is_fresh: bool = False

    def pages(self, name: str, url_prefix: str) -> Blueprint:
        """The pages of this import."""
        blueprint = Blueprint(name, __name__, url_prefix=url_prefix)
        with_password = requires(self.permission, fresh=True) if self.is_fresh else requires(self.permission)

        @blueprint.get("")
        @requires(self.permission)
        def upload() -> str:
            """Choose a file."""
            return self._upload_page(FileForm())

        @blueprint.post("")
        @requires(self.permission)
        def upload_submit() -> Response | tuple[str, int]:
            """Read the file and keep its rows until their officer has seen the preview; nothing is imported yet."""
            form = FileForm()
            if not form.validate():
                return self._upload_page(form), 400
            try:
                data = form.file.data.stream.read(self.limits.file_bytes + 1)
                sheet = read_sheet(data, form.file.data.filename or "", self.limits)
                records = match_columns(sheet, self.columns).records
            except BadTable as error:
                form.file.errors = [error.message]
                return self._upload_page(form), 400
            with transaction() as session:
                number = import_drafts.keep(session, actor().officer_id, self.kind, records, clock.now())
            return redirect(url_for(".preview", draft_id=UUID(number)), 303)

        @blueprint.get("/<uuid:draft_id>")
        @with_password
        def preview(draft_id: UUID) -> str:
            """What would be imported, or every fault by row and column."""
            with reading() as session:
                records = self._records(session, draft_id)
                parsed = self.parse(session, records)
            return self._preview_page(records, parsed)

        @blueprint.post("/<uuid:draft_id>")
        @with_password
        def confirm(draft_id: UUID) -> Response | str:
            """Import everything, or nothing: the rows are checked again against what exists at this moment."""
            require_token()
            with transaction() as session:
                records = self._records(session, draft_id)
                parsed = self.parse(session, records)
                if parsed.errors:
                    return redirect(url_for(".preview", draft_id=draft_id), 303)
                taken = self.take(session, records, parsed)
                import_drafts.drop(session, draft_id.hex)
            return self.done(taken)

        return blueprint

    def _records(self, session: Session, draft_id: UUID) -> Records:
        return import_drafts.of_kind(session, actor().officer_id, self.kind, draft_id.hex, clock.now())

    def _upload_page(self, form: "FileForm") -> str:
        return render_template(
            "units/table_upload.html",
            form=form,
            words=self.words,
            columns=[(one.title, one.is_required, self.words.hint(one)) for one in self.columns],
        )

    def _preview_page(self, records: Records, parsed: P) -> str:
        return render_template(
            "units/table_preview.html",
            words=self.words,
            more=self.words.more(parsed),
            count=len(parsed.rows),
            error_count=len(parsed.errors),
            errors=parsed.errors[:MOST_SHOWN],
            records=records[:MOST_SHOWN],
            row_count=len(records),
            columns=self.columns,
        )


class FileForm(OfficerForm):
    """A table to import."""

    file = FileField("Tệp", [FileRequired("Xin chọn một tệp.")])
