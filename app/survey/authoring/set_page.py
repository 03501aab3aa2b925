"""The page of one version of a question set: every version, where it is used, every text; and its preview."""

from collections.abc import Callable

from flask import render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.scope import allowed_unit_ids
from app.db.session import reading
from app.i18n.catalogues import chosen_language
from app.i18n.formats import format_date, format_integer
from app.survey import sets
from app.survey.authoring.comparing import Change, changes, is_same_measure
from app.survey.authoring.lists import STATE_WORDS, origin_words, progress, round_counts
from app.survey.authoring.words import MODE_WORDS
from app.survey.definitions import QuestionSet, Role
from app.survey.errors import UnknownQuestionSet
from app.survey.models import QuestionSetVersion, SetStatus, SurveyRound
from app.survey.pages import sections_of
from app.survey.set_files.texts import texts_of
from app.units import queries as units
from app.web.access import EVERYWHERE, actor
from app.web.csrf import csrf_token
from app.web.notices import notice
from app.web.permissions import Permission

MESSAGES = {
    "published": "Đã công bố bộ câu hỏi. Từ nay nội dung không sửa được; đợt khảo sát mới chọn được phiên bản này.",
    "saved": "Đã lưu thành phiên bản mới, chưa công bố.",
}
SAMPLE_UNIT = "Trung tâm Phục vụ hành chính công (tên ví dụ)"
CHANGE_COLUMNS = [{"label": label, "numeric": False} for label in ("Chỗ", "Điều khác", "Trước", "Sau")]
TEXT_COLUMNS = [{"label": label, "numeric": False} for label in ("Vị trí", "Tiếng Việt", "Tiếng Anh")]
VERSION_COLUMNS = [
    {"label": label, "numeric": label == "Số đợt"}
    for label in ("Phiên bản", "Tình trạng", "Nguồn", "Đã dịch", "Số đợt", "So sánh")
]
ROUND_COLUMNS = [{"label": label, "numeric": False} for label in ("Đợt khảo sát", "Đơn vị", "Thời gian")]
MOST_ROUNDS = 100
MOST_CHANGES = 500


def may_manage() -> bool:
    """Whether the officer may make and publish question sets, which everybody shares: only who may so everywhere."""
    return actor().scopes.get(Permission.QUESTION_SETS_MANAGE) == EVERYWHERE


def version_by_id(session: Session, version_id: int) -> QuestionSetVersion:
    """One stored version. Raises UnknownQuestionSet."""
    row = session.get(QuestionSetVersion, version_id) if version_id < 2**31 else None
    if row is None:
        raise UnknownQuestionSet("Không tìm thấy bộ câu hỏi này.")
    return row


def question_set_page(version_id: int, problem: str = "", reason: str = "") -> str:
    """One version: what it holds, its sisters, where it is asked, and why it cannot be published if so."""
    with reading() as session:
        row = version_by_id(session, version_id)
        sisters = sets.versions_of(session, row.code)
        counts = round_counts(session)
        rounds, others = _rounds(session, row)
    found = sets.set_of(row)
    is_draft = row.status is SetStatus.DRAFT
    unverified = [found.question(question_id) for question_id in found.unverified()]
    return render_template(
        "survey/question_set.html",
        title=row.title,
        is_draft=is_draft,
        facts=_facts(row, found, counts.get(row.id, 0)),
        blocked=sets.why_not_publishable(found) if is_draft else "",
        unverified=[f"{question.number or question.id}: {question.text.vi}" for question in unverified],
        problem=problem,
        reason=reason,
        publish_url=url_for("survey_officer.publish", version_id=row.id) if is_draft and may_manage() else None,
        preview_url=url_for("survey_officer.preview", version_id=row.id),
        preview_url_en=url_for("survey_officer.preview", lang="en", version_id=row.id),
        toml_url=url_for("survey_officer.sets.set_file", version_id=row.id),
        xlsx_url=url_for("survey_officer.sets.texts_file", version_id=row.id),
        translate_url=url_for("survey_officer.sets.translate", version_id=row.id) if may_manage() else None,
        upload_url=url_for("survey_officer.sets.upload") if may_manage() else None,
        sets_url=url_for("survey_officer.question_sets"),
        versions=[_sister(one, row, counts.get(one.id, 0)) for one in sisters],
        version_columns=VERSION_COLUMNS,
        rounds=rounds,
        other_rounds=others,
        round_columns=ROUND_COLUMNS,
        texts=[[one.where, one.text.vi, one.text.en or "(chưa dịch)"] for one in texts_of(found)],
        text_columns=TEXT_COLUMNS,
        csrf_token=csrf_token(),
        flashes=notice(MESSAGES),
    )


def changes_page(version_id: int) -> str:
    """What differs between another version (``?other=``) and this one."""
    with reading() as session:
        row = version_by_id(session, version_id)
        other = version_by_id(session, request.args.get("other", 0, type=int))
    if other.code != row.code:
        raise UnknownQuestionSet("Hai phiên bản này không thuộc cùng một bộ câu hỏi.")
    old, new = sets.set_of(other), sets.set_of(row)
    found = changes(old, new)
    return render_template(
        "survey/authoring/changes.html",
        title=row.title,
        before=f"{other.code} {other.version}",
        after=f"{row.code} {row.version}",
        columns=CHANGE_COLUMNS,
        rows=change_rows(found),
        count=format_integer(len(found)),
        measure_differs=not is_same_measure(old, new),
        back_url=url_for("survey_officer.question_set", version_id=row.id),
        swap_url=url_for(".changes", version_id=other.id, other=row.id),
    )


def change_rows(found: tuple[Change, ...]) -> list[list[str]]:
    """Differences as rows of a table; no real pair of versions has more than are shown."""
    return [[one.where, one.what, one.before or "–", one.after or "–"] for one in found[:MOST_CHANGES]]


def preview_page(version_id: int) -> str:
    """A stored version as a citizen sees it."""
    with reading() as session:
        row = version_by_id(session, version_id)
    back = url_for("survey_officer.question_set", version_id=row.id)
    return preview_of(
        sets.set_of(row), back, lambda lang: url_for("survey_officer.preview", version_id=row.id, lang=lang)
    )


def preview_of(found: QuestionSet, back_url: str, address: Callable[[str], str]) -> str:
    """A question set as a citizen sees it. There is no form on the page, so nothing can be sent."""
    language, sections = chosen_language(), sections_of(found)
    return render_template(
        "survey/preview.html",
        title=found.title,
        unit_name=SAMPLE_UNIT,
        overall=found.overall,
        sections=sections,
        groups={group.id: group for group in found.groups},
        question_count=sum(len(section.questions) for section in sections),
        respondent_question=found.respondent_kind,
        comment_question=found.comment,
        back_url=back_url,
        language_url=address("vi" if language == "en" else "en"),
        lang=language,
    )


def _facts(row: QuestionSetVersion, found: QuestionSet, rounds: int) -> list[tuple[str, str]]:
    modes = ", ".join(words for mode, words in MODE_WORDS.items() if found.can_attach_to(mode))
    published = "Bản nháp" if row.published_on is None else f"Đã công bố ngày {format_date(row.published_on)}"
    return [
        ("Mã và phiên bản", f"{row.code} {row.version}"),
        ("Tình trạng", published),
        ("Nguồn", origin_words(row)),
        ("Văn bản", found.decision),
        ("Số câu", f"{len(found.questions)}, trong đó {len(found.criteria)} tiêu chí tính vào chỉ số"),
        ("Câu chạm đầu tiên", "Có" if any(found.with_role(Role.OVERALL)) else "Không"),
        ("Được dùng với", modes),
        ("Câu hỏi nhạy cảm", "Có, chỉ dùng cho mẫu chọn" if found.has_sensitive() else "Không"),
        ("Đã dịch tiếng Anh", f"{progress(found)} chỗ"),
        ("Đợt khảo sát đã dùng", format_integer(rounds)),
        ("Dấu nội dung", row.content_hash),
    ]


def _sister(one: QuestionSetVersion, shown: QuestionSetVersion, rounds: int) -> list[object]:
    compare: object = "đang xem"
    if one.id != shown.id:
        address = url_for("survey_officer.sets.changes", version_id=shown.id, other=one.id)
        compare = {"text": f"Khác gì với {one.version}?", "url": address}
    return [
        {"text": str(one.version), "url": url_for("survey_officer.question_set", version_id=one.id)},
        STATE_WORDS[one.status],
        origin_words(one),
        progress(sets.set_of(one)),
        format_integer(rounds),
        compare,
    ]


def _rounds(session: Session, row: QuestionSetVersion) -> tuple[list[list[object]], int]:
    """The rounds of this version that the officer may open, and how many others there are."""
    statement = select(SurveyRound).where(SurveyRound.question_set_version_id == row.id)
    found = list(session.scalars(statement.order_by(SurveyRound.starts_on.desc(), SurveyRound.id.desc())))
    today = clock.local_date()
    may_see = actor().has(Permission.ROUNDS_MANAGE)
    allowed = allowed_unit_ids(session, actor(), Permission.ROUNDS_MANAGE, today) if may_see else frozenset[int]()
    held = [one for one in found if allowed is None or one.unit_id in allowed]
    shown = held[:MOST_ROUNDS]
    names = units.names_on(session, {one.unit_id for one in shown}, today)
    return [_round(one, names.get(one.unit_id, "")) for one in shown], len(found) - len(shown)


def _round(one: SurveyRound, unit_name: str) -> list[object]:
    days = f"từ {format_date(one.starts_on)}" + (f" đến {format_date(one.ends_on)}" if one.ends_on else "")
    return [{"text": one.name, "url": url_for("survey_officer.round_", round_id=one.id)}, unit_name, days]
