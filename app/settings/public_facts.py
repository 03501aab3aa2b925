"""What public pages say of the installing authority: asked only by a page that draws it."""

from dataclasses import dataclass

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.config import Config, SmallNumbers
from app.db.session import reading
from app.settings import settings
from app.settings.known import (
    AUTHORITY_ADDRESS,
    AUTHORITY_NAME,
    AUTHORITY_PHONE,
    COMPLAINT_PLACE,
    DENUNCIATION_PLACE,
    HOTLINE,
)
from app.web.pages import init_small_numbers


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """Texts for citizens; each may be empty. Places are lists of lines."""

    name: str
    address: str
    phone: str
    hotline: str
    complaint_place: tuple[str, ...]
    denunciation_place: tuple[str, ...]


NOTHING = PublicFacts("", "", "", "", (), ())


def public_facts() -> PublicFacts:
    """The facts that hold now; none while the database cannot be asked, so that the page that says so can be drawn."""
    try:
        return _read()
    except SQLAlchemyError:
        return NOTHING


def _read() -> PublicFacts:
    with reading() as session:
        return PublicFacts(
            name=settings.value(session, AUTHORITY_NAME),
            address=settings.value(session, AUTHORITY_ADDRESS),
            phone=settings.value(session, AUTHORITY_PHONE),
            hotline=settings.value(session, HOTLINE),
            complaint_place=tuple(settings.value(session, COMPLAINT_PLACE).splitlines()),
            denunciation_place=tuple(settings.value(session, DENUNCIATION_PLACE).splitlines()),
        )


def init_settings(app: Flask, config: Config) -> None:
    """Let templates call ``public_facts()`` and views ask ``site().small_numbers``."""
    app.jinja_env.globals["public_facts"] = public_facts

    def small_numbers() -> SmallNumbers:
        with reading() as session:
            return settings.small_numbers(session, config.small_numbers)

    init_small_numbers(app, small_numbers)
