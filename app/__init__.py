"""Lắng Nghe: citizen satisfaction surveys and feedback for Vietnamese public administration.

This file is the contents page: what the application is made of, in the order of the imports (docs/architecture.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the pure modules below load without Flask
    from flask import Flask

    from app.config import Config

ROOT = Path(__file__).resolve().parents[1]


def create_app(config: Config) -> Flask:  # noqa: PLR0915 - a contents page is as long as its contents
    """Put the application together. Nothing is imported before it is called, and nothing else knows everything."""
    from flask import Flask

    from app import installation
    from app.accounts import breached
    from app.accounts import names as accounts_names
    from app.accounts import pages as accounts_pages
    from app.accounts import queries as accounts
    from app.accounts import sessions as accounts_sessions
    from app.accounts.kept import keeping
    from app.accounts.rights import changes
    from app.administration import settings_views as settings_officer_views
    from app.analysis import officer_views as analysis_officer_views
    from app.analysis import views as analysis_views
    from app.analysis.casework import finding_views, recheck_views
    from app.analysis.casework import officer_views as casework_officer_views
    from app.calendar import moving
    from app.calendar import officer_views as calendar_officer_views
    from app.crypto.day_keys import DayKeys
    from app.db.session import Database, init_database
    from app.dossiers import api_views as dossiers_api_views
    from app.dossiers import officer_views as dossiers_officer_views
    from app.exports import list_files
    from app.exports import officer_views as exports_officer_views
    from app.exports import public_views as exports_views
    from app.exports.cases import officer_views as case_exports_officer_views
    from app.feedback.cases import moved_dates, unit_ends
    from app.feedback.conflicts import people as concerned_people
    from app.feedback.exchange import api_views as exchange_api_views
    from app.feedback.following.blueprints import init_following
    from app.feedback.handling import rechecked
    from app.feedback.intake.blueprints import init_door
    from app.feedback.officer_pages import init_casework
    from app.feedback.publishing import views as public_answer_views
    from app.i18n.catalogues import init_languages
    from app.keys.start import open_keys
    from app.messages import officer_views as messages_officer_views
    from app.messages import views as messages_views
    from app.oversight import officer_views as oversight_officer_views
    from app.qr import officer_views as qr_officer_views
    from app.qr import overview as codes
    from app.rules import officer_views as rules_officer_views
    from app.settings.public_facts import init_settings
    from app.survey import officer_views as survey_officer_views
    from app.survey import rounds
    from app.survey import views as survey_views
    from app.units import consequences
    from app.units import officer_views as units_officer_views
    from app.units import procedure_views as procedures_officer_views
    from app.web.access import init_access
    from app.web.authors import init_authors
    from app.web.compression import init_compression
    from app.web.converters import init_converters
    from app.web.errors import init_errors
    from app.web.health import init_health
    from app.web.icon import init_icon
    from app.web.limits import init_limits
    from app.web.logging import init_logging
    from app.web.pages import init_pages
    from app.web.security import init_security

    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    database = Database(config.database_url)
    with database.closed_on_error():
        installation.check(database, config)
        open_keys(database, config)
        breached.use(config.breached_passwords)

    # The base: what every page shares. The first after_request hook registered runs last.
    init_logging(app, config)
    init_security(app, config)
    init_compression(app)
    init_converters(app)
    init_database(app, database)
    changes.init_changes(database, concerned_people.follow)
    init_limits(app, config)
    init_languages(app)
    init_errors(app)
    init_health(app, installation.health_checks(database))
    init_icon(app)
    init_access(app, accounts_sessions.identify, keeping.keep)
    init_authors(app, accounts_names.full_names)
    init_pages(app, config, DayKeys(config.day_key_dir))
    init_settings(app, config)

    # Public pages: anybody, no cookie before the first answer.
    if config.surface in ("all", "public"):
        survey_views.init_survey(app, config, database, analysis_views.latest_result)
        init_door(app)
        init_following(app)
        app.register_blueprint(public_answer_views.blueprint)
        app.register_blueprint(analysis_views.blueprint)
        app.register_blueprint(exports_views.blueprint)
        app.register_blueprint(messages_views.blueprint)
        app.register_blueprint(dossiers_api_views.blueprint)
        app.register_blueprint(exchange_api_views.blueprint)
    accounts_pages.init_front(app, config.surface)

    # Officer pages: a permission on every route, a unit scope in every view.
    if config.surface in ("all", "officer"):
        list_files.init_list_files(app)
        told_by = (codes, rounds, unit_ends, accounts)
        consequences.init_consequences(app, [one.when_unit_ends for one in told_by])
        moving.init_moving(app, moved_dates.moved_dates)
        accounts_pages.init_officer_pages(app)
        app.register_blueprint(units_officer_views.blueprint)
        app.register_blueprint(calendar_officer_views.blueprint)
        app.register_blueprint(rules_officer_views.blueprint)
        app.register_blueprint(procedures_officer_views.blueprint)
        app.register_blueprint(qr_officer_views.blueprint)
        app.register_blueprint(survey_officer_views.blueprint)
        init_casework(app)
        app.register_blueprint(analysis_officer_views.blueprint)
        app.register_blueprint(casework_officer_views.blueprint)
        app.register_blueprint(recheck_views.blueprint)
        app.register_blueprint(finding_views.blueprint)
        rechecked.init_rechecked(app, finding_views.on_case_page)
        app.register_blueprint(dossiers_officer_views.blueprint)
        app.register_blueprint(exports_officer_views.blueprint)
        app.register_blueprint(case_exports_officer_views.blueprint)
        app.register_blueprint(oversight_officer_views.blueprint)
        app.register_blueprint(settings_officer_views.blueprint)
        app.register_blueprint(messages_officer_views.blueprint)

    return app
