"""Keys for the one-stop software: make one, see which there are, end one."""

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import allowed_unit_ids, require_unit
from app.db.session import reading, transaction
from app.dossiers import connections
from app.dossiers.errors import UnknownKey
from app.dossiers.forms import KeyForm
from app.dossiers.models import DossierKey
from app.units import queries as units
from app.units.unit_choice import choose_unit
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.notices import notice
from app.web.permissions import Permission

blueprint = Blueprint("keys", __name__, url_prefix="/keys")

CONNECT = Permission.DOSSIERS_CONNECT
MESSAGES = {"revoked": "Đã thu hồi khóa. Phần mềm dùng khóa này không gửi hồ sơ được nữa."}


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
        _made, text = connections.make(session, actor().officer_id, form.name.data, choice.unit_id)
    return _page(KeyForm(formdata=None), (), text)


@blueprint.post("/<int:key_id>/revoke")
@requires(CONNECT, fresh=True)
def revoke(key_id: int) -> Response:
    """End a key."""
    require_token()
    with transaction() as session:
        found = session.get(DossierKey, key_id)
        if found is None:
            raise UnknownKey("Không tìm thấy khóa kết nối này.")
        require_unit(session, actor(), CONNECT, found.unit_id)
        connections.revoke(session, actor().officer_id, key_id)
    return redirect(url_for(".index", done="revoked"), 303)


def _page(form: KeyForm, suggestions: tuple[tuple[str, str], ...], text: str) -> str:
    today = clock.local_date()
    with reading() as session:
        keys = _keys(session)
        names = units.names_on(session, {one.unit_id for one in keys}, today)
    return render_template(
        "dossiers/keys.html",
        form=form,
        suggestions=suggestions,
        text=text,
        keys=keys,
        names=names,
        flashes=notice(MESSAGES),
    )


def _keys(session: Session) -> list[DossierKey]:
    allowed = allowed_unit_ids(session, actor(), CONNECT, clock.local_date())
    found = session.scalars(select(DossierKey).order_by(DossierKey.id.desc()))
    return [one for one in found if allowed is None or one.unit_id in allowed]
