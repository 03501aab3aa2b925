"""The pages of following and of receipts, put into the application."""

from flask import Flask

from app.feedback.following import case_views, entry_views, receipt_views


def init_following(app: Flask) -> None:
    """Register the pages that senders open with their code, and the page that checks receipts."""
    for blueprint in (entry_views.blueprint, case_views.blueprint, receipt_views.blueprint):
        app.register_blueprint(blueprint)
