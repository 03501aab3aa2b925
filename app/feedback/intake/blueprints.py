"""The pages of the door, put into the application."""

from flask import Flask

from app.feedback.intake import file_views, sent_views, views


def init_door(app: Flask) -> None:
    """Register the pages that citizens open."""
    for blueprint in (views.blueprint, file_views.blueprint, sent_views.blueprint):
        app.register_blueprint(blueprint)
