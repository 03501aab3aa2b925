"""Keys for other systems: make one, see which there are, end one."""

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app import clock
from app.accounts.scope import allowed_unit_ids, require_unit
from app.db.session import reading, transaction
from app.errors import Missing
from app.feedback.exchange import keys
from app.feedback.exchange.models import ExchangeKey
from app.units import queries as units
from app.units.unit_choice import choose_unit
from app.web.access import actor, requires
from app.web.csrf import OfficerForm, require_token
from app.web.notices import notice
from app.web.pages import site
from app.web.permissions import Permission

blueprint = Blueprint("exchange_keys", __name__, url_prefix="/officer/exchange-keys")

CONNECT = Permission.CASES_CONNECT
MESSAGES = {"revoked": "Đã thu hồi khóa. Hệ thống dùng khóa này không gửi được nữa; đơn đã gửi vẫn còn."}
_SHORT = Length(max=300, message="Nội dung dài hơn 300 ký tự.")


class KeyForm(OfficerForm):
    """A key for another system."""

    name = StringField("Tên hệ thống", [DataRequired("Xin đặt tên cho kết nối."), _SHORT])
    unit = StringField("Đơn vị", [DataRequired("Xin nhập mã hoặc một phần tên đơn vị."), _SHORT])


@blueprint.get("")
@requires(CONNECT)
def index() -> str:
    """The keys of the officer's part of the tree, and the form for a new one."""
    return _page(KeyForm(), (), "")


@blueprint.post("")
@requires(CONNECT, fresh=True)
def create() -> str | tuple[str, int]:
    """Make a key. Its text stands on this one page and nowhere else, so the page is not one to come back to."""
    form = KeyForm()
    if not form.validate():
        return _page(form, (), ""), 400
    with transaction() as session:
        choice = choose_unit(session, actor(), CONNECT, form.unit.data, clock.local_date())
        if choice.unit_id is None:
            form.unit.errors = [choice.problem]
            return _page(form, choice.suggestions, ""), 400
        _made, text = keys.make(session, actor().officer_id, form.name.data, choice.unit_id)
    return _page(KeyForm(formdata=None), (), text)


@blueprint.post("/<int:key_id>/revoke")
@requires(CONNECT, fresh=True)
def revoke(key_id: int) -> Response:
    """End a key."""
    require_token()
    with transaction() as session:
        found = session.get(ExchangeKey, key_id)
        if found is None:
            raise Missing("Không tìm thấy khóa kết nối này.")
        require_unit(session, actor(), CONNECT, found.unit_id)
        keys.revoke(session, actor().officer_id, key_id)
    return redirect(url_for(".index", done="revoked"), 303)


def _page(form: KeyForm, suggestions: tuple[tuple[str, str], ...], text: str) -> str:
    with reading() as session:
        found = _keys(session)
        names = units.names_on(session, {one.unit_id for one in found}, clock.local_date())
    return render_template(
        "cases/exchange_keys.html",
        form=form,
        suggestions=suggestions,
        text=text,
        keys=found,
        names=names,
        address=f"{site().config.public_url}/open311/v2/discovery.json",
        flashes=notice(MESSAGES),
    )


def _keys(session: Session) -> list[ExchangeKey]:
    allowed = allowed_unit_ids(session, actor(), CONNECT, clock.local_date())
    found = session.scalars(select(ExchangeKey).order_by(ExchangeKey.id.desc()))
    return [one for one in found if allowed is None or one.unit_id in allowed]
