"""An application of some packages only, put together from the same parts as the whole one."""

from pathlib import Path

from flask import Flask

from app.accounts import officer_views as accounts_officer_views
from app.accounts import sessions
from app.accounts import views as accounts_views
from app.config import Config
from app.crypto.day_keys import DayKeys
from app.db.session import Database, init_database
from app.feedback import officer_views as feedback_officer_views
from app.feedback import views as feedback_views
from app.i18n.catalogues import init_languages
from app.survey import views as survey_views
from app.web.access import init_access
from app.web.errors import init_errors
from app.web.limits import init_limits
from app.web.logging import init_logging
from app.web.pages import init_pages
from app.web.security import init_security

ROOT = Path(__file__).resolve().parents[2]


def make_small_app(config: Config) -> Flask:
    """Accounts, feedback and survey on the base."""
    app = Flask("app", root_path=str(ROOT / "app"), template_folder=str(ROOT / "templates"))
    database = Database(config.database_url)
    init_logging(app, config)
    init_security(app, config)
    init_database(app, database)
    init_limits(app, config)
    init_languages(app)
    init_errors(app)
    init_access(app, sessions.identify)
    init_pages(app, config, DayKeys(config.day_key_dir))
    survey_views.init_survey(app, config, database, lambda _unit_id: None)
    app.register_blueprint(feedback_views.blueprint)
    app.register_blueprint(accounts_views.blueprint)
    app.register_blueprint(feedback_officer_views.blueprint)
    app.register_blueprint(accounts_officer_views.blueprint)
    app.testing = True
    return app
