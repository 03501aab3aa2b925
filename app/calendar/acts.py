"""Doing what a form of the calendar asks: in one transaction, then a redirect; a refusal keeps what was typed."""

from collections.abc import Callable

from flask import redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.calendar.day_rows import BadCell
from app.calendar.moving import moves
from app.db.session import transaction
from app.errors import DomainError
from app.web.csrf import OfficerForm

ACT, PREVIEW = "act", "preview"
Answer = Response | str | tuple[str, int]
STALE = (
    "Đã lâu từ lần nhập mật khẩu gần nhất nên chưa lưu. Những gì đã nhập vẫn còn ở dưới: xin mở trang “Xác nhận lại "
    "mật khẩu” trong thẻ mới, rồi trở lại đây bấm lưu lần nữa."
)


def perform(form: OfficerForm, save: Callable[[Session], str], page: Callable[[], str]) -> Answer:
    """Save and go to the address that ``save`` gives, or show ``page`` again with what is wrong.

    Where the form asks for a preview, it is saved, looked at and undone: ``form.moves`` is what would move.
    """
    if form.validate():
        try:
            with transaction() as session:
                target, looked = save(session), None
                if request.form.get(ACT) == PREVIEW:
                    looked = moves(session)
                    session.rollback()
        except BadCell as error:
            form[error.key].errors = [error.message]
        except DomainError as error:
            form.form_errors.append(error.message)
        else:
            if looked is None:
                return redirect(target, 303)
            form.moves = looked
            return page()
    return page(), 400


def stale(form: OfficerForm, page: Callable[[], str]) -> tuple[str, int]:
    """The page again, because the password has to be given first."""
    form.form_errors.append(STALE)
    return page(), 403


def seen_version(form: OfficerForm) -> int:
    """The calendar version the form was drawn with; -1, which never is the newest, for anything else."""
    text = form.seen.data or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
