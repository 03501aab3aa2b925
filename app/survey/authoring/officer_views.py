"""Question sets in the browser: differences, files, translating, uploading, previewing, saving, publishing."""

from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.audit.errors import ReasonMissing
from app.db.session import reading, transaction
from app.errors import Invalid
from app.survey import sets
from app.survey.authoring import drafts, sheets
from app.survey.authoring.drafts import draft_of
from app.survey.authoring.lists import LISTING
from app.survey.authoring.models import DraftWay
from app.survey.authoring.pages import (
    draft_page,
    draft_set,
    publish_page,
    require_everywhere,
    translate_page,
    upload_page,
)
from app.survey.authoring.reading import MOST_BYTES, take_in
from app.survey.authoring.set_page import changes_page, preview_of, version_by_id
from app.survey.authoring.typed import Typed, read_typed
from app.survey.errors import NotPublishable
from app.survey.set_files.editing import with_translations
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.lists import CSV, XLSX, list_file
from app.web.permissions import Permission

blueprint = Blueprint("sets", __name__, url_prefix="/question-sets")


@blueprint.get("/list.csv", endpoint="files", defaults=CSV)
@blueprint.get("/list.xlsx", endpoint="files", defaults=XLSX)
@requires(Permission.QUESTION_SETS_READ)
def files(file_format: str) -> Response:
    """The list as a file."""
    return list_file(LISTING, file_format)


@blueprint.get("/<int:version_id>/changes")
@requires(Permission.QUESTION_SETS_READ)
def changes(version_id: int) -> str:
    """What differs between this version and another one of the same set (``?other=``)."""
    return changes_page(version_id)


@blueprint.get("/<int:version_id>/file.toml")
@requires(Permission.QUESTION_SETS_READ)
def set_file(version_id: int) -> Response:
    """The version as its set file, sign by sign as it is stored."""
    with reading() as session:
        row = version_by_id(session, version_id)
    return _download(row.source.encode(), "application/toml; charset=utf-8", f"{row.code}_{row.version}.toml")


@blueprint.get("/<int:version_id>/texts.xlsx")
@requires(Permission.QUESTION_SETS_READ)
def texts_file(version_id: int) -> Response:
    """All texts in a workbook, to translate in."""
    with reading() as session:
        row = version_by_id(session, version_id)
    name = f"dich-{row.code}_{row.version}.xlsx"
    return _download(sheets.workbook(sets.set_of(row)), sheets.MIME_TYPE, name)


@blueprint.get("/<int:version_id>/translate")
@requires(Permission.QUESTION_SETS_MANAGE)
def translate(version_id: int) -> str:
    """The form with every text of a version and its English."""
    require_everywhere()
    with reading() as session:
        row = version_by_id(session, version_id)
    return translate_page(sets.set_of(row), url_for(".translate_submit", version_id=row.id), _set_url(row.id))


@blueprint.post("/<int:version_id>/translate")
@requires(Permission.QUESTION_SETS_MANAGE)
def translate_submit(version_id: int) -> Response | tuple[str, int]:
    """Keep what was typed as a draft of the next version; the version itself stays as it is."""
    require_everywhere()
    require_token()
    with reading() as session:
        row = version_by_id(session, version_id)
    found = sets.set_of(row)
    typed = read_typed(request.form, found)
    if typed.problems:
        here = url_for(".translate_submit", version_id=row.id)
        return translate_page(found, here, _set_url(row.id), typed), 400
    with transaction() as session:
        source = with_translations(row.source, typed.english)
        number = drafts.keep(
            session, actor().officer_id, way=DraftWay.FORM, source=source, base_id=row.id, now=clock.now()
        )
    return redirect(url_for(".draft", draft_id=UUID(number), done="kept"), 303)


@blueprint.get("/upload")
@requires(Permission.QUESTION_SETS_MANAGE)
def upload() -> str:
    """Choose a file."""
    require_everywhere()
    return upload_page()


@blueprint.post("/upload")
@requires(Permission.QUESTION_SETS_MANAGE)
def upload_submit() -> Response | tuple[str, int]:
    """Keep the file as a draft with everything that is wrong in it; nothing is saved or published yet."""
    require_everywhere()
    require_token()
    file = request.files.get("file")
    if file is None or not file.filename:
        return upload_page("Xin chọn tệp .toml hoặc .xlsx."), 400
    data = file.stream.read(MOST_BYTES + 1)
    try:
        with transaction() as session:
            number = take_in(session, actor().officer_id, data, file.filename)
    except Invalid as error:
        return upload_page(error.message), 400
    return redirect(url_for(".draft", draft_id=UUID(number)), 303)


@blueprint.get("/drafts/<uuid:draft_id>")
@requires(Permission.QUESTION_SETS_MANAGE)
def draft(draft_id: UUID) -> str:
    """What the draft would become: faults by line or row, differences, how much is translated."""
    require_everywhere()
    return draft_page(draft_id)


@blueprint.get("/drafts/<uuid:draft_id>/preview")
@requires(Permission.QUESTION_SETS_MANAGE)
def draft_preview(draft_id: UUID) -> str:
    """The draft as a citizen would see it."""
    require_everywhere()
    found = draft_set(draft_id)
    here = url_for(".draft_preview", draft_id=draft_id)
    return preview_of(found, _draft_url(draft_id), lambda lang: f"{here}?lang={lang}")


@blueprint.get("/drafts/<uuid:draft_id>/translate")
@requires(Permission.QUESTION_SETS_MANAGE)
def draft_translate(draft_id: UUID) -> str:
    """Go on translating."""
    require_everywhere()
    found = draft_set(draft_id)
    return translate_page(found, url_for(".draft_translate_submit", draft_id=draft_id), _draft_url(draft_id))


@blueprint.post("/drafts/<uuid:draft_id>/translate")
@requires(Permission.QUESTION_SETS_MANAGE)
def draft_translate_submit(draft_id: UUID) -> Response | tuple[str, int]:
    """Put what was typed into the draft."""
    require_everywhere()
    require_token()
    found = draft_set(draft_id)
    typed = read_typed(request.form, found)
    if typed.problems:
        here = url_for(".draft_translate_submit", draft_id=draft_id)
        return translate_page(found, here, _draft_url(draft_id), typed), 400
    with transaction() as session:
        one = draft_of(session, draft_id.hex, actor().officer_id, clock.now())
        drafts.translate(one, typed.english, clock.now())
    return redirect(url_for(".draft", draft_id=draft_id, done="kept"), 303)


@blueprint.post("/drafts/<uuid:draft_id>/discard")
@requires(Permission.QUESTION_SETS_MANAGE)
def discard(draft_id: UUID) -> Response:
    """Throw a draft away."""
    require_everywhere()
    require_token()
    with transaction() as session:
        session.delete(draft_of(session, draft_id.hex, actor().officer_id, clock.now()))
    return redirect(url_for("survey_officer.question_sets", done="discarded"), 303)


@blueprint.post("/drafts/<uuid:draft_id>/save")
@requires(Permission.QUESTION_SETS_MANAGE)
def save(draft_id: UUID) -> Response | tuple[str, int]:
    """Store the draft as the next version, not published: nobody can ask it yet."""
    return _store(draft_id, published=False)


@blueprint.get("/drafts/<uuid:draft_id>/publish")
@requires(Permission.QUESTION_SETS_MANAGE, fresh=True)
def publish(draft_id: UUID) -> str:
    """Say what publishing means and ask for the reason."""
    require_everywhere()
    return publish_page(draft_id)


@blueprint.post("/drafts/<uuid:draft_id>/publish")
@requires(Permission.QUESTION_SETS_MANAGE, fresh=True)
def publish_submit(draft_id: UUID) -> Response | tuple[str, int]:
    """Publish the draft as the next version."""
    return _store(draft_id, published=True)


def _store(draft_id: UUID, *, published: bool) -> Response | tuple[str, int]:
    require_everywhere()
    require_token()
    reason = Typed.reason(request.form)
    try:
        with transaction() as session:
            one = draft_of(session, draft_id.hex, actor().officer_id, clock.now())
            checked = drafts.check(session, one)
            row = drafts.store(session, actor().officer_id, checked, published=published, reason=reason)
    except (NotPublishable, ReasonMissing) as error:
        page = publish_page if published else draft_page
        return page(draft_id, error.message, reason), 400
    done = "published" if published else "saved"
    return redirect(url_for("survey_officer.question_set", version_id=row.id, done=done), 303)


def _download(content: bytes, mime_type: str, name: str) -> Response:
    response = Response(content, content_type=mime_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _set_url(version_id: int) -> str:
    return url_for("survey_officer.question_set", version_id=version_id)


def _draft_url(draft_id: UUID) -> str:
    return url_for(".draft", draft_id=draft_id)
