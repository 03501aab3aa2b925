"""Languages: Vietnamese is the source, English the second language of public pages (``?lang=en``)."""

from flask import Flask, request
from flask_babel import Babel

LANGUAGES = ("vi", "en")


def chosen_language() -> str:
    """The language asked for in the address, else Vietnamese."""
    asked = request.args.get("lang", LANGUAGES[0])
    return asked if asked in LANGUAGES else LANGUAGES[0]


def init_languages(app: Flask) -> None:
    """Install gettext in templates."""
    app.config.update(
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
        BABEL_TRANSLATION_DIRECTORIES="i18n/locale",
    )
    Babel(app, locale_selector=chosen_language)
    app.jinja_env.globals["chosen_language"] = chosen_language
