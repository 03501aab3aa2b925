"""An act of an officer on a unit or counter: its form, its page, and doing it in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading, transaction
from app.errors import DomainError
from app.units import queries
from app.units.models import Unit
from app.units.scope import require_unit
from app.web.access import actor
from app.web.csrf import OfficerForm
from app.web.permissions import Permission

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Act:
    """A form with its title, the way back, and what to do: ``do`` returns the address to go to."""

    form: OfficerForm
    title: str
    back: str
    do: Callable[[Session], str]
    options: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)


def page(act: Act) -> str:
    """The page with the form of an act."""
    return render_template("units/form.html", form=act.form, title=act.title, back=act.back, options=act.options)


def perform(act: Act) -> Answer:
    """Do an act in one transaction and redirect; a refusal comes back with everything that was typed."""
    if act.form.validate():
        try:
            with transaction() as session:
                target = act.do(session)
        except DomainError as error:
            act.form.form_errors.append(error.message)
        else:
            return redirect(target, 303)
    return page(act), 400


def managed_name(unit_id: int) -> str:
    """The present name of a unit the officer manages; a stranger learns nothing."""
    with reading() as session:
        require_unit(session, actor(), Permission.UNITS_MANAGE, unit_id)
        return queries.name_on(session, unit_id, clock.local_date())


def managed_by_code(session: Session, code: str, on: date) -> Unit:
    """The other unit of an act: it must exist on that day and lie within what the officer manages."""
    unit = queries.unit_by_code(session, code, on)
    if unit is None:
        raise queries.UnknownUnit("Không tìm thấy đơn vị mang mã này, hoặc Ông/Bà không quản lý đơn vị đó.")
    return require_unit(session, actor(), Permission.UNITS_MANAGE, unit.id, on)
