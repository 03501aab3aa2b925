"""Languages: Vietnamese is the source, English the second language of the pages for citizens (``?lang=en``)."""

from pathlib import Path

import structlog
from flask import Flask, request
from flask_babel import Babel, gettext

from app.i18n.messages import Message

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("vi", "en")
VIETNAMESE_ONLY = ("/officer", "/results/")
"""Beginnings of addresses of pages without a translation; asking for another language there gives no half of one."""
PREVIEW = "/preview"
"""End of the addresses under which officers see the pages for citizens."""


def chosen_language() -> str:
    """The language asked for in the address, else Vietnamese."""
    asked = request.args.get("lang", LANGUAGES[0])
    is_translated = not request.path.startswith(VIETNAMESE_ONLY) or request.path.endswith(PREVIEW)
    return asked if asked in LANGUAGES and is_translated else LANGUAGES[0]


def in_language(text: str) -> str:
    """A message of a module that knows no request, in the language of the page."""
    if not isinstance(text, Message):
        return str(gettext(text)) if text else text  # the empty text stands for the head of a catalogue
    values = {name: in_language(value) if isinstance(value, Message) else value for name, value in text.values.items()}
    return str(gettext(text.source, **values))


def not_compiled(folder: Path = LOCALE) -> list[str]:
    """The catalogues whose compiled form is missing, as it is not kept: their pages come in Vietnamese."""
    texts = sorted(folder.glob("*/LC_MESSAGES/*.po"))
    return [one.relative_to(folder).as_posix() for one in texts if not one.with_suffix(".mo").is_file()]


def init_languages(app: Flask) -> None:
    """Install gettext in templates; catalogues lie in ``locale`` beside this file."""
    for name in not_compiled():
        structlog.get_logger("i18n").warning(
            "a translation is not compiled, so its pages come in Vietnamese",
            catalogue=name,
            to_do="run .venv/bin/pybabel compile -d app/i18n/locale, then start anew (make run and make setup do it)",
        )
    app.config.update(
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
        BABEL_TRANSLATION_DIRECTORIES="i18n/locale",
    )
    Babel(app, locale_selector=chosen_language)
    app.jinja_env.globals["chosen_language"] = chosen_language
