"""Draws the first page of the door, and the one for somebody whose session has ended: both know no session."""

from collections.abc import Mapping

from flask import current_app, render_template
from flask_babel import gettext as _

from app.feedback.intake import reading
from app.feedback.intake.draft import Draft
from app.feedback.intake.pages import text_parts
from app.feedback.intake.places import Origin
from app.feedback.intake.reading import MOST_CHARACTERS, Posted
from app.feedback.intake.visits import address, in_other_language
from app.i18n.messages import Message
from app.web import text_input
from app.web.pages import make_form_id


def start_page(
    origin: Origin | None,
    draft: Draft,
    *,
    wrong: Mapping[str, Message | str] | None = None,
    hints: tuple[Message, ...] = (),
    keeps_draft: bool = False,
) -> str:
    """The first page, before any session."""
    endpoint, values = ("feedback.begin", {}) if origin is None else ("feedback.send", {"token": origin.code})
    is_shared = origin is not None and origin.is_shared
    back = "survey.scan" if origin is not None else "front.front"
    return render_template(
        "feedback/start.html",
        unit_name=origin.unit_name if origin else "",
        counter_name=origin.counter_name if origin else "",
        form_id=make_form_id("feedback", origin.code if origin else ""),
        action_url=address(endpoint, **values),
        back_url=address(back, **values) if back in current_app.view_functions else None,
        switch_url=in_other_language(endpoint, **values),
        follow_url=follow_url(),
        keeps_draft=keeps_draft and not is_shared,
        offers_draft=not keeps_draft and not is_shared,
        **text_parts(draft, wrong or {}, hints),
    )


def follow_url() -> str | None:
    """Address of the page where a code is typed, where there is one."""
    return address("follow.start") if "follow.start" in current_app.view_functions else None


def expired_page(posted: Posted, *, may_be_sent: bool = False) -> str:
    """The session is over; what was typed on the posted page stands on this one.

    ``may_be_sent``: it was asked for the page after sending, so it must not say that nothing was sent.
    """
    text = text_input.clean("".join(posted.get("text", ())))[: 2 * MOST_CHARACTERS]
    labels = {
        "name": _("Họ và tên"),
        "phone": _("Số điện thoại"),
        "email": _("Thư điện tử"),
        "address": _("Địa chỉ"),
        "happened_on": _("Ngày xảy ra, nếu nhớ"),
        "sought_unit": _("Tên xã, phường, cơ quan hoặc trung tâm"),
    }
    return render_template(
        "feedback/expired.html",
        step=0,
        steps=0,
        errors=[],
        start_url=address("feedback.start"),
        action_url=address("feedback.begin"),
        form_id=make_form_id("feedback", ""),
        text=text,
        may_be_sent=may_be_sent,
        follow_url=follow_url(),
        typed=[(label, value) for name, label in labels.items() if (value := reading.one(posted, name))],
        switch_url=in_other_language("feedback.begin"),
        language_url="" if text else in_other_language("feedback.start"),
    )
