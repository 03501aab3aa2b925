"""The pages of casework for officers, put into the application."""

from flask import Flask

from app.feedback.answering import template_views
from app.feedback.conflicts import exclusion_views
from app.feedback.conflicts.duty import views as duty_views
from app.feedback.denunciations import officer_views as denunciation_views
from app.feedback.exchange import officer_views as exchange_views
from app.feedback.handling import act_views, answer_views, note_views, officer_views
from app.feedback.inbox import bulk_views, list_views, view_views
from app.feedback.intake import officer_views as register_views
from app.feedback.letters import views as letter_views
from app.feedback.merging import views as merging_views
from app.feedback.notices import today_views
from app.feedback.publishing import officer_views as publishing_views
from app.feedback.redaction import views as redaction_views
from app.feedback.routing import officer_views as route_views

BLUEPRINTS = (
    today_views.blueprint,
    list_views.blueprint,
    view_views.blueprint,
    bulk_views.blueprint,
    register_views.blueprint,
    route_views.blueprint,
    officer_views.blueprint,
    act_views.blueprint,
    answer_views.blueprint,
    note_views.blueprint,
    template_views.blueprint,
    merging_views.blueprint,
    duty_views.blueprint,
    exclusion_views.blueprint,
    denunciation_views.blueprint,
    exchange_views.blueprint,
    publishing_views.blueprint,
    redaction_views.blueprint,
    letter_views.blueprint,
)


def init_casework(app: Flask) -> None:
    """Register them: a permission on every route, the one policy in every view."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
