"""Draws the pages of the door after the first, from a draft."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import clock
from app.calendar.queries import calendar
from app.feedback.denunciations.access import has_nobody_above
from app.feedback.denunciations.errors import NOBODY_ABOVE
from app.feedback.intake import door, places, reading, uploads
from app.feedback.intake.draft import Draft
from app.feedback.intake.meanings import Line, Meaning, Today, Told, meaning_of
from app.feedback.intake.places import Place
from app.feedback.intake.reading import LEAST_CHARACTERS, MOST_CHARACTERS, Posted
from app.feedback.intake.sessions import Kept
from app.feedback.intake.steps import Step, before, place_in_order
from app.feedback.intake.visits import form_id_of, in_other_language, is_edit, step_url
from app.i18n.catalogues import chosen_language, in_language
from app.i18n.formats import format_date, format_integer
from app.i18n.messages import Message, message
from app.rules.content import Identity, KindRule
from app.rules.kinds import Kind
from app.rules.queries import Rule, counting_on, kind_rule_on, kind_rules_on

SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
NOTICE = message(
    "Họ tên và liên hệ được mã hóa, giữ riêng với nội dung, chỉ dùng để giải quyết việc này và liên hệ về việc này. "
    "Ông/Bà có quyền xem, sửa, rút đồng ý hoặc yêu cầu xóa tại cơ quan tiếp nhận. Hệ thống xóa khi hết thời hạn giữ."
)
ADDRESS_NEEDED = message("Thiếu địa chỉ thì chưa đủ hình thức của đơn khiếu nại.")
AS_LODGED = message("Có họ tên, địa chỉ và đơn đã ký: được xem xét như đơn khiếu nại.")
AS_INFORMATION = message(
    "Chưa đủ hình thức của đơn khiếu nại (họ tên, địa chỉ, ảnh chụp đơn đã ký): được ghi nhận là thông tin tiếp nhận."
)
ASKED: Mapping[Identity, Message] = {
    Identity.REQUIRED: message(
        "Theo luật, loại này phải có họ tên và địa chỉ. Gửi ẩn danh thì được ghi nhận là thông tin tiếp nhận."
    ),
    Identity.OPTIONAL: message("Theo quy định, loại này không bắt buộc ghi tên."),
    Identity.NONE: message("Ở đây không nhận tên hay liên hệ."),
}
SENDING: Mapping[Kind | None, Message] = {
    None: message("Gửi ý kiến"),
    Kind.SUGGESTION: message("Gửi góp ý"),
    Kind.PETITION: message("Gửi phản ánh, kiến nghị"),
    Kind.COMPLAINT: message("Gửi khiếu nại"),
    Kind.DENUNCIATION: message("Để lại thông tin ẩn danh"),
}
"""What stands above each page; without a kind until one was chosen."""
STOPS = frozenset({Step.GUIDANCE, Step.PLACE, Step.CHECK})
WRITTEN_ON: Mapping[Step, str] = {
    Step.KIND: "feedback.take",
    Step.PLACE: "feedback.take",
    Step.FILES: "feedback_files.take_files",
    Step.CONTACT: "feedback.take",
}
"""Where something is typed or chosen the other language is a button of the form, which loses nothing."""
NAMELESS = message("Không lưu tên, số máy, địa chỉ mạng hay thiết bị. Cán bộ vẫn có thể hỏi lại qua mã bí mật.")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page is drawn from. ``posted``: what was just sent, wrong or not; ``error``: wrong with all of it."""

    session: Session
    kept: Kept
    draft: Draft
    token: str
    posted: Posted = field(default_factory=dict)
    wrong: Mapping[str, Message | str] = field(default_factory=dict)
    hints: tuple[Message, ...] = ()
    error: str = ""

    def typed(self, name: str, otherwise: str) -> str:
        """What stands in a field: what was just typed, else what is known."""
        return reading.one(self.posted, name) if name in self.posted else otherwise

    def sought(self, name: str, otherwise: str) -> str:
        """The same for words sought, as long as anybody means."""
        return self.typed(name, otherwise)[: reading.MOST_LINE]


def draw(step: Step, shown: Shown) -> str:
    """The page of a step."""
    return DRAWN[step](shown)


def text_parts(draft: Draft, wrong: Mapping[str, Message | str], hints: tuple[Message, ...]) -> dict[str, Any]:
    """What the page on which the text is written shows, whether it is the first page or came back to."""
    return {
        "text": draft.text,
        "questions": [
            (value.value, in_language(words), value in draft.told) for value, words in door.QUESTIONS.items()
        ],
        "errors": _errors(wrong),
        "personal_data": list(dict.fromkeys(in_language(hint) for hint in hints)),
        "least": LEAST_CHARACTERS,
        "most": f"{MOST_CHARACTERS:,}" if chosen_language() == "en" else format_integer(MOST_CHARACTERS),
    }


def _errors(wrong: Mapping[str, Message | str]) -> list[dict[str, str]]:
    return [{"field_id": name, "message": in_language(words)} for name, words in wrong.items()]


def _common(step: Step, shown: Shown) -> dict[str, Any]:
    number, count = place_in_order(shown.draft, step)
    previous = before(shown.draft, step)
    edit = 1 if is_edit() else None
    values: dict[str, Any] = {"edit": edit} if step is Step.FILES else {"step": step.value, "edit": edit}
    taker = WRITTEN_ON.get(step)
    wrong = dict(shown.wrong) if not shown.error else {"": shown.error, **shown.wrong}
    return {
        "way": in_language(SENDING[None if step is Step.KIND else shown.draft.chosen]),
        "step": number,
        "steps": count,
        "form_id": form_id_of(shown.token),
        "action_url": step_url(step, is_edit=is_edit()),
        "back_url": None if previous is None else step_url(previous),
        "switch_url": "" if taker is None else in_other_language(taker, **values),
        "language_url": "" if taker else in_other_language("feedback.step", **values),
        "errors": _errors(wrong),
        "wrong": {name: in_language(words) for name, words in wrong.items()},
        "stop": _stop(shown) if step in STOPS else None,
    }


def _stop(shown: Shown) -> dict[str, str] | None:
    """Why nothing can be told here about the place that is known, and where to go instead; None where it can."""
    draft, today = shown.draft, clock.local_date()
    if not draft.is_information or draft.unit_id is None or not has_nobody_above(shown.session, draft.unit_id, today):
        return None
    return {
        "words": in_language(NOBODY_ABOVE),
        "place_url": step_url(Step.PLACE, is_edit=True) if draft.has_read_guidance else "",
        "kind_url": step_url(Step.KIND, is_edit=True),
        "guidance_url": step_url(Step.GUIDANCE, is_edit=True),
    }


def _text(shown: Shown) -> str:
    with_place = _place(shown)
    return render_template(
        "feedback/start.html",
        unit_name=with_place.name if with_place else "",
        counter_name="",
        form_id=form_id_of(shown.token),
        action_url=step_url(Step.TEXT, is_edit=is_edit()),
        switch_url=in_other_language("feedback.take", step=Step.TEXT.value, edit=1 if is_edit() else None),
        keeps_draft=False,
        offers_draft=False,
        **text_parts(
            shown.draft, dict(shown.wrong) if not shown.error else {"": shown.error, **shown.wrong}, shown.hints
        ),
    )


def _kind(shown: Shown) -> str:
    rules = kind_rules_on(shown.session, clock.local_date())
    meanings = {kind: _meaning(shown.session, rule, Told(shown.draft.is_remote)) for kind, rule in rules.items()}
    proposal = door.propose(shown.draft.told, {kind: one.name for kind, one in meanings.items()})
    chosen = shown.draft.chosen or proposal.kind
    order = [proposal.kind, *(kind for kind in Kind if kind is not proposal.kind)]
    return render_template(
        "feedback/kind.html",
        proposed=meanings[proposal.kind].name,
        reasons=[in_language(reason) for reason in proposal.reasons],
        tracks=[_track(meanings[kind], is_checked=kind is chosen) for kind in order],
        **_common(Step.KIND, shown),
    )


def _guidance(shown: Shown) -> str:
    kind = shown.draft.chosen or Kind.COMPLAINT
    rule = kind_rule_on(shown.session, kind, clock.local_date())
    meaning = _meaning(shown.session, rule, Told(shown.draft.is_remote))
    words = rule.content.guidance.in_language(chosen_language())
    return render_template(
        "feedback/guidance.html",
        is_information=kind is Kind.DENUNCIATION,
        how=[sentence for sentence in SENTENCE_ENDS.split(words) if sentence],
        meaning={"lines": _lines(meaning), "apart": _apart(meaning)},
        **_common(Step.GUIDANCE, shown),
    )


def _place_page(shown: Shown) -> str:
    session, draft, today = shown.session, shown.draft, clock.local_date()
    place = _place(shown)
    sought = shown.sought("sought_unit", draft.typed_unit)
    found = places.Found((), 0) if place else places.find(session, sought, today)
    day = format_date(draft.day) if draft.day else ""
    procedure = shown.sought("sought_procedure", draft.typed_procedure)
    return render_template(
        "feedback/place.html",
        unit_name=place.name if place else "",
        unit_above=place.above if place else "",
        sought=sought,
        units=found.places,
        unit_total=found.total,
        counters=places.counters(session, place.id, today, draft.counter_id) if place else [],
        counter_id=draft.counter_id,
        procedures=places.procedures(session, procedure, today, draft.procedure_id) if place else [],
        procedure_id=draft.procedure_id,
        procedure_sought=procedure,
        happened_on=shown.typed("happened_on", day),
        asks_remote=draft.chosen is Kind.COMPLAINT,
        is_remote=draft.is_remote,
        today=format_date(today),
        **_common(Step.PLACE, shown),
    )


def _files(shown: Shown) -> str:
    allowed = uploads.ALLOWED
    return render_template(
        "feedback/files.html",
        files=[
            {"id": one.id, "name": one.name, "words": in_language(one.words)}
            for one in uploads.listed(shown.session, shown.kept.token_hash)
        ],
        refused=[(name, in_language(words)) for name, words in shown.draft.refused_files],
        most_files=allowed.most_files,
        most_megabytes=allowed.most_bytes // uploads.MEGABYTE,
        accept=uploads.accepted(),
        asks_letter=shown.draft.chosen is Kind.COMPLAINT,
        has_letter=shown.draft.has_signed_letter,
        scripts=[] if shown.draft.is_shared else ["files"],
        **_common(Step.FILES, shown),
    )


def _contact(shown: Shown) -> str:
    draft, language = shown.draft, chosen_language()
    rule = kind_rule_on(shown.session, draft.chosen or Kind.PETITION, clock.local_date()).content
    choice = {None: "", True: "anonymous", False: "named"}[draft.is_anonymous]
    return render_template(
        "feedback/contact.html",
        choice=shown.typed("who", choice),
        identity=in_language(ASKED[rule.identity]),
        instead=f"{rule.anonymous_gets.in_language(language)} {in_language(NAMELESS)}".strip(),
        notice=in_language(NOTICE),
        address_hint=in_language(ADDRESS_NEEDED) if draft.chosen is Kind.COMPLAINT else "",
        wants_notices=draft.wants_notices or "notices" in shown.posted,
        has_agreed="agree" in shown.posted if shown.posted else draft.is_anonymous is False,
        values={name: shown.typed(name, getattr(draft, name)) for name in reading.CONTACT_FIELDS},
        **_common(Step.CONTACT, shown),
    )


def _check(shown: Shown) -> str:
    draft, today = shown.draft, clock.local_date()
    rule = kind_rule_on(shown.session, draft.chosen or Kind.PETITION, today)
    files = uploads.listed(shown.session, shown.kept.token_hash)
    about = Told(draft.is_remote, draft.missing(has_files=bool(files)), draft.needs_no_letter_back)
    meaning = _meaning(shown.session, rule, about)
    parts = [
        _part(_("Loại"), Step.KIND, [meaning.name, *_form_words(draft, has_files=bool(files))]),
        _part(_("Ở đâu, khi nào"), Step.PLACE, place_lines(shown.session, draft)),
        _part(_("Ảnh, tài liệu"), Step.FILES, [one.name for one in files] or [_("Không có")]),
    ]
    if not draft.is_information:
        contact = [getattr(draft, name) for name in reading.CONTACT_FIELDS if getattr(draft, name)]
        told = [_("Nhận tin báo khi có thông tin mới")] if draft.wants_notices else []
        parts.append(_part(_("Người gửi"), Step.CONTACT, [*contact, *told] or [_("Ẩn danh")]))
    else:
        parts.append({"title": _("Người gửi"), "url": step_url(Step.KIND, is_edit=True), "lines": [_("Ẩn danh")]})
    return render_template(
        "feedback/check.html",
        text=draft.text,
        text_url=step_url(Step.TEXT, is_edit=True),
        parts=parts,
        meaning={"lines": [(in_language(label), in_language(words)) for label, words in meaning.brief]},
        **_common(Step.CHECK, shown),
    )


def place_lines(session: Session, draft: Draft) -> list[str]:
    """Where and when, as lines."""
    today = clock.local_date()
    place = None if draft.unit_id is None else places.place_of(session, draft.unit_id, today)
    if place is None:
        return []
    counters = dict(places.counters(session, place.id, today, draft.counter_id))
    procedures = dict(places.procedures(session, "", today, draft.procedure_id))
    lines = [place.name, counters.get(draft.counter_id or 0), procedures.get(draft.procedure_id or 0)]
    lines.append(_("Ngày %(day)s", day=format_date(draft.day)) if draft.day else None)
    lines.append(_("Vùng sâu, vùng xa") if draft.is_remote else None)
    return [line for line in lines if line]


def _place(shown: Shown) -> Place | None:
    unit_id = shown.draft.unit_id
    return None if unit_id is None else places.place_of(shown.session, unit_id, clock.local_date())


def _meaning(session: Session, rule: Rule[KindRule], about: Told) -> Meaning:
    today = Today(clock.local_date(), calendar(session), counting_on(session, clock.local_date()).content.counting)
    return meaning_of(rule.content, rule.legal_basis, today, chosen_language(), about)


def _lines(meaning: Meaning) -> list[tuple[str, str]]:
    return _said(meaning.lines)


def _apart(meaning: Meaning) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(in_language(heading), _said(lines)) for heading, lines in meaning.apart]


def _said(lines: tuple[Line, ...]) -> list[tuple[str, str]]:
    return [(in_language(label), in_language(words)) for label, words in lines]


def _track(meaning: Meaning, *, is_checked: bool) -> dict[str, Any]:
    return {
        "value": meaning.kind.value,
        "name": meaning.name,
        "short": meaning.short,
        "lines": _lines(meaning),
        "apart": _apart(meaning),
        "is_checked": is_checked,
    }


def _part(title: str, step: Step, lines: list[str]) -> dict[str, Any]:
    return {"title": title, "url": step_url(step, is_edit=True), "lines": lines}


def _form_words(draft: Draft, *, has_files: bool) -> list[str]:
    """For a complaint: whether it is one by its form, or noted as information."""
    if draft.chosen is not Kind.COMPLAINT:
        return []
    return [in_language(AS_LODGED if draft.meets_form(has_files=has_files) else AS_INFORMATION)]


DRAWN = {
    Step.TEXT: _text,
    Step.KIND: _kind,
    Step.GUIDANCE: _guidance,
    Step.PLACE: _place_page,
    Step.FILES: _files,
    Step.CONTACT: _contact,
    Step.CHECK: _check,
}
