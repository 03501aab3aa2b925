"""Writing a new version: a form that begins as a copy, a preview of what changes, then saving; files fill it too."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from app import clock
from app.calendar import queries as calendar_queries
from app.calendar.acts import STALE, Answer
from app.calendar.days import DayUnit
from app.calendar.sources import WORDS as STATUS_WORDS
from app.calendar.sources import Status
from app.db.session import reading, transaction
from app.errors import DomainError, Invalid
from app.rules import queries, services
from app.rules.citizen_words import told
from app.rules.content import UNIT_WORDS, KindRule, Matter
from app.rules.differences import changed
from app.rules.drafts import META_LABELS, STATUS_OPTIONS, Draft, draft_from, draft_of, drop_marks, first_example
from app.rules.effects import effects
from app.rules.errors import BadRule, NoRule
from app.rules.form_fields import is_fixed, names_of, options_of
from app.rules.officer_lists import BY_SLUG
from app.rules.rule_files import META, MOST_BYTES, ReadRule, read_file
from app.rules.stored import facts_of
from app.web.access import actor, require_everywhere, requires
from app.web.csrf import STALE as STALE_PAGE
from app.web.csrf import is_valid
from app.web.permissions import Permission

blueprint = Blueprint("drafts", __name__)

MANAGE = Permission.RULES_MANAGE
SLUGS = f"<any({', '.join(BY_SLUG)}):slug>"
UNIT_OPTIONS = tuple((unit.value, UNIT_WORDS[unit]) for unit in DayUnit)
SOURCE_OPTIONS = (("", "(chưa ghi)"), *((one.value, str(STATUS_WORDS[one])) for one in Status))
PREVIEW, SAVE = "preview", "save"


@blueprint.get(f"/{SLUGS}/new")
@requires(MANAGE)
def new(slug: str) -> str:
    """The form, beginning as a copy of what holds today, or of the version asked for."""
    require_everywhere(MANAGE)
    matter, today = BY_SLUG[slug], clock.local_date()
    wanted = request.args.get("copy", 0, type=int)
    with reading() as session:
        rule = queries.rule_version(session, wanted) if wanted else queries.rule_on(session, matter.code, today)
    if rule.matter != matter.code:
        raise NoRule("Phiên bản này thuộc quy định khác.")
    meta = {"legal_basis": rule.legal_basis, "status": rule.status.value}
    return _page(slug, draft_from(matter, rule.content, meta, today))


def _stale() -> tuple[str, int]:
    slug = (request.view_args or {})["slug"]
    draft = draft_of(BY_SLUG[slug], request.form)
    draft.problems = {"": STALE, **draft.problems}
    return _page(slug, draft), 403


@blueprint.post(f"/{SLUGS}/new")
@requires(MANAGE, fresh=True, on_stale=_stale)
def new_submit(slug: str) -> Answer:
    """Show what would change, or save it."""
    require_everywhere(MANAGE)
    draft = draft_of(BY_SLUG[slug], request.form)
    if not is_valid(request.form.get("csrf_token", "")):
        draft.problems[""] = STALE_PAGE
    if not draft.problems and request.form.get("act") == SAVE:
        try:
            with transaction() as session:
                _save(session, draft)
        except BadRule as error:
            draft.problems |= error.problems
        except DomainError as error:
            draft.problems[""] = error.message
        else:
            return redirect(url_for("rules_officer.show", slug=slug, done="added"), 303)
    if draft.problems:
        return _page(slug, draft), 400
    return _page(slug, draft, has_preview=True)


@blueprint.post(f"/{SLUGS}/import")
@requires(MANAGE)
def import_file(slug: str) -> Answer:
    """Fill the form from a file; nothing is saved."""
    require_everywhere(MANAGE)
    matter, today = BY_SLUG[slug], clock.local_date()
    with reading() as session:
        rule = queries.rule_on(session, matter.code, today)
    meta = {"legal_basis": rule.legal_basis, "status": rule.status.value}
    draft = draft_from(matter, rule.content, meta, today)
    try:
        found = _uploaded(matter)
    except Invalid as error:
        draft.problems["file"] = error.message
        return _page(slug, draft), 400
    # The day has passed in most files, and the reason is a new one: both are for the officer to write.
    kept = {name: found.meta[name] for name in META if name in found.meta and name in ("legal_basis", "status")}
    read = draft_of(matter, {**draft.meta, **kept, **found.texts})
    for name in ("valid_from", "reason"):
        read.problems.pop(name, None)
    return _page(slug, read, is_imported=True)


def _uploaded(matter: Matter) -> ReadRule:
    if not is_valid(request.form.get("csrf_token", "")):
        raise Invalid(STALE_PAGE)
    uploaded = request.files.get("file")
    if uploaded is None or not uploaded.filename:
        raise Invalid("Xin chọn tệp .json, .xlsx hoặc .csv.")
    return read_file(uploaded.stream.read(MOST_BYTES + 1), uploaded.filename, matter)


def _save(session: Session, draft: Draft) -> None:
    assert draft.content is not None
    assert draft.valid_from is not None
    services.add_version(
        session,
        actor().officer_id,
        draft.matter.code,
        draft.content,
        valid_from=draft.valid_from,
        legal_basis=draft.meta["legal_basis"],
        status=draft.status,
        reason=draft.meta["reason"],
    )


def _page(slug: str, draft: Draft, *, has_preview: bool = False, is_imported: bool = False) -> str:
    kind = draft.matter.content
    fields = [
        {
            "fact": fact,
            "names": names_of(fact),
            "options": options_of(fact),
            "is_fixed": is_fixed(kind, fact),
            "type": fact.type.__name__.lower(),
        }
        for fact in facts_of(kind)
    ]
    preview = _preview(draft) if has_preview else None
    return render_template(
        "rules/draft.html",
        slug=slug,
        draft=draft,
        fields=fields,
        labels=META_LABELS,
        unit_options=UNIT_OPTIONS,
        source_options=SOURCE_OPTIONS,
        status_options=STATUS_OPTIONS,
        is_imported=is_imported,
        preview=preview,
    )


def _preview(draft: Draft) -> dict[str, object]:
    """What differs from the rule of that day, what the citizen will read, and how due dates move."""
    assert draft.content is not None
    on = first_example(draft, clock.local_date())
    with reading() as session:
        try:
            rule = queries.rule_on(session, draft.matter.code, draft.valid_from or on)
            before, status = rule.content, rule.status
            counting = queries.counting_on(session, on).content.counting
        except NoRule:
            before, status, counting = None, None, queries.counting_on(session, on).content.counting
        calendar = calendar_queries.calendar(session)
    lost = drop_marks(draft, before, status)
    return {
        "lost_marks": lost,
        "differences": changed(before, draft.content),
        "told": told(draft.content) if isinstance(draft.content, KindRule) else (),
        "effects": effects(before, draft.content, on=on, calendar=calendar, counting=counting),
        "on": on,
    }
