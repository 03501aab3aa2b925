"""The pages of casework for officers, put into the application."""

from flask import Flask

from app.feedback.denunciations import officer_views as denunciation_views
from app.feedback.handling import act_views, list_views, officer_views
from app.feedback.intake import officer_views as register_views

BLUEPRINTS = (
    list_views.blueprint,
    register_views.blueprint,
    officer_views.blueprint,
    act_views.blueprint,
    denunciation_views.blueprint,
)


def init_casework(app: Flask) -> None:
    """Register them: a permission on every route, the one policy in every view."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
