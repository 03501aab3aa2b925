"""The pages of one kind of keys: make one, see which there are, end one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app import clock
from app.accounts.connections import services
from app.accounts.connections.models import SystemKey
from app.accounts.connections.services import MOST_NAME, Connection, UnknownKey
from app.accounts.scope import allowed_unit_ids, require_unit
from app.db.session import reading, transaction
from app.units import queries as units
from app.units.unit_choice import choose_unit
from app.web.access import actor, requires
from app.web.csrf import OfficerForm, require_token
from app.web.notices import notice
from app.web.permissions import Permission

_SHORT = Length(max=MOST_NAME, message=f"Nội dung dài hơn {MOST_NAME} ký tự.")


@dataclass(frozen=True, slots=True)
class Words:
    """What the pages of a kind of keys say.

    Attributes
    ----------
    title, help, name_label
        Of the page, of its help text, of the field for the name of a key.
    copy_to
        Where a new key is to be copied, as in "Xin chép ngay vào …".
    revoked
        What is said once a key was ended.
    address
        The address that the other system is given, where there is one to give.
    back
        The endpoint of the page above, where there is one.
    """

    title: str
    help: str
    name_label: str
    copy_to: str
    revoked: str
    address: Callable[[], str] | None = None
    back: str = ""


class KeyForm(OfficerForm):
    """A key for another system."""

    name = StringField("Tên hệ thống", [DataRequired("Xin đặt tên cho kết nối."), _SHORT])
    unit = StringField("Đơn vị", [DataRequired("Xin nhập mã hoặc một phần tên đơn vị."), _SHORT])


def key_pages(name: str, url_prefix: str, kind: Connection[Any], permission: Permission, words: Words) -> Blueprint:
    """The pages of a kind of keys, for whoever holds ``permission``, each in their part of the tree."""
    blueprint = Blueprint(name, __name__, url_prefix=url_prefix)

    def page(form: KeyForm, suggestions: tuple[tuple[str, str], ...] = (), text: str = "") -> str:
        with reading() as session:
            found = _keys(session, kind, permission)
            names = units.names_on(session, {one.unit_id for one in found}, clock.local_date())
        return render_template(
            "accounts/system_keys.html",
            form=form,
            suggestions=suggestions,
            text=text,
            keys=found,
            names=names,
            words=words,
            address=words.address() if words.address else "",
            flashes=notice({"revoked": words.revoked}),
        )

    @blueprint.get("")
    @requires(permission)
    def index() -> str:
        """The keys of the officer's part of the tree, and the form for a new one."""
        return page(KeyForm())

    @blueprint.post("")
    @requires(permission, fresh=True)
    def create() -> str | tuple[str, int]:
        """Make a key. Its text stands on this one page and nowhere else, so the page is not one to come back to."""
        form = KeyForm()
        if not form.validate():
            return page(form), 400
        with transaction() as session:
            choice = choose_unit(session, actor(), permission, form.unit.data, clock.local_date())
            if choice.unit_id is None:
                form.unit.errors = [choice.problem]
                return page(form, choice.suggestions), 400
            _made, text = services.make(session, kind, actor().officer_id, form.name.data, choice.unit_id)
        return page(KeyForm(formdata=None), text=text)

    @blueprint.post("/<int:key_id>/revoke")
    @requires(permission, fresh=True)
    def revoke(key_id: int) -> Response:
        """End a key."""
        require_token()
        with transaction() as session:
            found = session.get(kind.table, key_id)
            if found is None:
                raise UnknownKey
            require_unit(session, actor(), permission, found.unit_id)
            services.revoke(session, kind, actor().officer_id, key_id)
        return redirect(url_for(".index", done="revoked"), 303)

    return blueprint


def _keys(session: Session, kind: Connection[Any], permission: Permission) -> list[SystemKey]:
    allowed = allowed_unit_ids(session, actor(), permission, clock.local_date())
    found = session.scalars(select(kind.table).order_by(kind.table.id.desc()))
    return [one for one in found if allowed is None or one.unit_id in allowed]
