"""The rules for officers: what holds, every version side by side, one version and its files, taking one back."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.calendar.acts import STALE, Answer
from app.calendar.sources import WORDS as STATUS_WORDS
from app.clock import VIETNAM
from app.db.session import reading, transaction
from app.errors import DomainError
from app.i18n.formats import format_date
from app.rules import queries, services
from app.rules.citizen_words import told
from app.rules.content import BY_CODE, Content, KindRule, Matter
from app.rules.differences import side_by_side
from app.rules.draft_views import blueprint as draft_blueprint
from app.rules.errors import NoRule
from app.rules.officer_lists import BY_SLUG, RULES, facts_listing, slug_of, tag_of
from app.rules.queries import Rule
from app.rules.rule_files import to_text
from app.rules.trial_views import blueprint as trial_blueprint
from app.web.access import EVERYWHERE, actor, require_everywhere, requires
from app.web.authors import author_names
from app.web.csrf import STALE as STALE_PAGE
from app.web.csrf import is_valid
from app.web.lists import CSV, XLSX, list_file, list_page
from app.web.notices import notice
from app.web.permissions import Permission
from app.web.text_input import clean

blueprint = Blueprint("rules_officer", __name__, url_prefix="/officer/rules")
blueprint.register_blueprint(draft_blueprint)
blueprint.register_blueprint(trial_blueprint)

READ, MANAGE = Permission.RULES_READ, Permission.RULES_MANAGE
SLUGS = f"<any({', '.join(BY_SLUG)}):slug>"
LONGEST_REASON = 300
MESSAGES = {
    "added": "Đã lưu phiên bản mới. Vụ việc đã nhận giữ phiên bản lúc bắt đầu.",
    "withdrawn": "Đã rút phiên bản chưa có hiệu lực.",
}


@blueprint.get("")
@requires(READ)
def index() -> str:
    """What holds today, matter by matter."""
    return list_page("rules/list.html", RULES)


@blueprint.get("/list.csv", defaults=CSV)
@blueprint.get("/list.xlsx", defaults=XLSX)
@requires(READ)
def files(file_format: str) -> Response:
    """The same as a file."""
    return list_file(RULES, file_format)


@blueprint.get(f"/{SLUGS}")
@requires(READ)
def show(slug: str) -> str:
    """Every version of a matter side by side, with what differs."""
    matter = BY_SLUG[slug]
    with reading() as session:
        versions = queries.history(session, matter.code)
        names = author_names(session, [one.created_by for one in versions])
        present = _present_id(session, matter)
    heads = [
        {
            "rule": one,
            "state": _state(one, present),
            "author": names.get(one.created_by, f"Cán bộ {one.created_by}"),
            "created": f"{one.created_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}",
            "valid_from": format_date(one.valid_from),
            "tag": (tag_of(one.status), STATUS_WORDS[one.status]),
        }
        for one in versions
    ]
    return render_template(
        "rules/matter.html",
        matter=matter,
        slug=slug,
        heads=heads,
        rows=side_by_side([one.content for one in versions]),
        may_manage=_may_manage(),
        flashes=notice(MESSAGES),
    )


@blueprint.get("/versions/<int:version_id>")
@requires(READ)
def version(version_id: int) -> str:
    """One version: what the citizen reads, its files."""
    return _version_page(version_id)


@blueprint.get("/versions/<int:version_id>/facts.csv", defaults=CSV)
@blueprint.get("/versions/<int:version_id>/facts.xlsx", defaults=XLSX)
@requires(READ)
def facts(version_id: int, file_format: str) -> Response:
    """The facts of a version as a table that can be imported."""
    with reading() as session:
        rule = queries.rule_version(session, version_id)
    return list_file(facts_listing(rule, BY_CODE[rule.matter]), file_format)


@blueprint.get("/versions/<int:version_id>/rule.json")
@requires(READ)
def json_file(version_id: int) -> Response:
    """A version for programs, and for another installation to import."""
    with reading() as session:
        rule = queries.rule_version(session, version_id)
    text = to_text(rule.matter, rule.content, rule.valid_from, rule.legal_basis, rule.status, rule.reason)
    response = Response(text, mimetype="application/json")
    name = f"quy-dinh-{slug_of(BY_CODE[rule.matter]).replace('_', '-')}-{rule.valid_from:%Y%m%d}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _withdraw_stale() -> tuple[str, int]:
    values = request.view_args or {}
    return _version_page(values["version_id"], STALE), 403


@blueprint.post("/versions/<int:version_id>/withdraw")
@requires(MANAGE, fresh=True, on_stale=_withdraw_stale)
def withdraw(version_id: int) -> Answer:
    """Take a version back before its first day."""
    require_everywhere(MANAGE)
    reason = clean(request.form.get("reason", "")).strip()
    problem = "" if is_valid(request.form.get("csrf_token", "")) else STALE_PAGE
    if not problem and len(reason) > LONGEST_REASON:
        problem = f"Lý do dài quá {LONGEST_REASON} ký tự."
    if not problem:
        try:
            with transaction() as session:
                services.withdraw(session, actor().officer_id, version_id, reason)
                slug = slug_of(BY_CODE[queries.rule_version(session, version_id).matter])
        except NoRule:
            raise
        except DomainError as error:
            problem = error.message
        else:
            return redirect(url_for(".show", slug=slug, done="withdrawn"), 303)
    return _version_page(version_id, problem), 400


def _version_page(version_id: int, problem: str = "") -> str:
    today = clock.local_date()
    with reading() as session:
        rule = queries.rule_version(session, version_id)
        matter = BY_CODE[rule.matter]
        present = _present_id(session, matter)
    return render_template(
        "rules/version.html",
        matter=matter,
        slug=slug_of(matter),
        rule=rule,
        state=_state(rule, present),
        valid_from=format_date(rule.valid_from),
        tag=(tag_of(rule.status), STATUS_WORDS[rule.status]),
        rows=side_by_side([rule.content]),
        told=told(rule.content) if isinstance(rule.content, KindRule) else (),
        may_withdraw=_may_manage() and rule.valid_from > today and rule.withdrawn_at is None,
        may_manage=_may_manage(),
        problem=problem,
        reason=request.form.get("reason", ""),
    )


def _may_manage() -> bool:
    return actor().scopes.get(MANAGE) == EVERYWHERE


def _present_id(session: Session, matter: Matter) -> int:
    try:
        return queries.rule_on(session, matter.code, clock.local_date()).id
    except NoRule:
        return 0


def _state(rule: Rule[Content], present: int) -> tuple[str, str]:
    """A tag for how a version stands: in force, coming, past, withdrawn."""
    if rule.withdrawn_at is not None:
        return "off", "đã rút"
    if rule.id == present:
        return "good", "đang áp dụng"
    return ("plain", "sắp áp dụng") if rule.valid_from > clock.local_date() else ("off", "đã thay")
