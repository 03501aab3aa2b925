"""What every page and view can ask of the running application: configuration, day keys, the simulated mark, forms."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Request, current_app, g, request
from flask.sessions import NullSession, SessionInterface, SessionMixin
from sqlalchemy import select

from app import clock
from app.config import Config, SmallNumbers
from app.crypto.day_keys import DayKeys
from app.db.models import Installation
from app.db.session import reading
from app.i18n.catalogues import chosen_language
from app.web import form_ids
from app.web.access import Actor
from app.web.navigation import officer_context
from app.web.permissions import Permission
from app.web.uploads import UploadRequest

EXTENSION = "langnghe-site"


@dataclass(slots=True)
class Site:
    """The parts of the running application that belong to no subject."""

    config: Config
    day_keys: DayKeys
    simulated: bool | None = None
    find_small_numbers: Callable[[], SmallNumbers] | None = None

    @property
    def small_numbers(self) -> SmallNumbers:
        """The rule for small numbers that holds now: that of the environment, or a stricter one set in the browser."""
        return self.config.small_numbers if self.find_small_numbers is None else self.find_small_numbers()


def site() -> Site:
    """The site of the running application."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Site)
    return found


def init_small_numbers(app: Flask, find: Callable[[], SmallNumbers]) -> None:
    """Hand in what knows whether somebody has made the rule for small numbers stricter."""
    here = app.extensions[EXTENSION]
    assert isinstance(here, Site)
    here.find_small_numbers = find


def is_simulated() -> bool:
    """Whether this database is marked simulated; asked of the database once a process."""
    here = site()
    if here.simulated is None:
        with reading() as session:
            here.simulated = bool(session.scalar(select(Installation.is_simulated)))
    return here.simulated


def make_form_id(purpose: str, bound_to: str, value: bytes | None = None) -> str:
    """A signed form id for a public page (see ``form_ids``)."""
    return form_ids.make(site().config.secret_key, purpose, bound_to, clock.now(), value)


def read_form_id(purpose: str, bound_to: str, text: str) -> form_ids.FormId:
    """Check a form id that a public page sent back; raises ``form_ids.BadFormId``."""
    return form_ids.read(site().config.secret_key, purpose, bound_to, text)


class NoSession(SessionInterface):
    """Flask's own session cookie is not used: citizens have none, officers' sessions are rows of the database."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        """An empty session that refuses to be written."""
        return NOTHING


NOTHING = NullSession()


def init_pages(app: Flask, config: Config, day_keys: DayKeys) -> None:
    """Hand the site to views and the common names to templates."""
    app.extensions[EXTENSION] = Site(config, day_keys)
    app.session_interface = NoSession()
    app.request_class = UploadRequest
    app.config["SECRET_KEY"] = config.secret_key
    app.config["MAX_CONTENT_LENGTH"] = 12 * 1024 * 1024
    app.config["MAX_FORM_MEMORY_SIZE"] = 256 * 1024
    app.config["MAX_FORM_PARTS"] = 400

    @app.context_processor
    def common() -> dict[str, object]:
        found = g.get("actor")
        who = found if isinstance(found, Actor) else None
        return {
            "is_simulated": is_simulated(),
            "lang": chosen_language(),
            "path": request.path,
            "actor": who,
            "Permission": Permission,
            **officer_context(who),
        }
