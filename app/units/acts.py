"""An act of an officer on a unit, counter or procedure: its form, its page, and doing it in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading, transaction
from app.errors import DomainError, Missing
from app.units import queries
from app.units.models import Unit
from app.units.scope import require_unit
from app.units.unit_choice import choose_unit
from app.web.access import actor
from app.web.csrf import OfficerForm
from app.web.permissions import Permission

Answer = Response | str | tuple[str, int]
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Act:
    """A form with its title, what it is for, the way back, and what to do: ``do`` returns the address to go to.

    ``options`` are choices by field; ``suggestions`` units to choose from where what was typed fits several; ``links``
    further acts as (address, words).
    """

    form: OfficerForm
    title: str
    help: str
    back: str
    do: Callable[[Session], str]
    options: Mapping[str, Options] = field(default_factory=dict)
    suggestions: dict[str, Options] = field(default_factory=dict)
    links: Options = ()


class UnitNotChosen(Missing):
    """What was typed into a field names no unit, or several."""

    def __init__(self, name: str, message: str, suggestions: Options) -> None:
        super().__init__(message)
        self.name = name
        self.suggestions = suggestions


def page(act: Act) -> str:
    """The page with the form of an act."""
    return render_template("units/form.html", act=act, form=act.form)


def perform(act: Act) -> Answer:
    """Do an act in one transaction and redirect; a refusal comes back with everything that was typed."""
    if act.form.validate():
        try:
            with transaction() as session:
                target = act.do(session)
        except DomainError as error:
            refused(act, error)
        else:
            return redirect(target, 303)
    return page(act), 400


def refused(act: Act, error: DomainError) -> None:
    """Put a refusal where the page shows it."""
    if isinstance(error, UnitNotChosen):
        act.form[error.name].errors = [error.message]
        act.suggestions[error.name] = error.suggestions
    else:
        act.form.form_errors.append(error.message)


def managed_name(unit_id: int) -> str:
    """The present name of a unit the officer manages; a stranger learns nothing."""
    with reading() as session:
        require_unit(session, actor(), Permission.UNITS_MANAGE, unit_id)
        return queries.name_on(session, unit_id, clock.local_date())


def managed_unit(session: Session, typed: Any, on: date) -> Unit:
    """The other unit of an act, by code or part of a name: alive on that day, within what the officer manages.

    Raises
    ------
    UnitNotChosen
        When the field ``typed`` names no such unit, or several.
    """
    choice = choose_unit(session, actor(), Permission.UNITS_MANAGE, typed.data or "", on)
    if choice.unit_id is None:
        raise UnitNotChosen(typed.name, choice.problem, choice.suggestions)
    return queries.unit_by_id(session, choice.unit_id)
