"""The page behind the bare host name, one for each surface."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.i18n.catalogues import chosen_language
from app.web.access import public

blueprint = Blueprint("front", __name__)
officer_blueprint = Blueprint("front", __name__)


@blueprint.get("/")
@public
def front() -> str:
    """Where somebody arrives who typed only the host name. Where officers have their own host, no link leads there."""
    has_officer_pages = "accounts.sign_in" in current_app.view_functions
    return render_template(
        "accounts/front.html",
        results_url=url_for("analysis.results"),
        answers_url=url_for("answers.index", lang=None if chosen_language() == "vi" else "en"),
        feedback_url=url_for("feedback.start", lang=None if chosen_language() == "vi" else "en"),
        follow_url=url_for("follow.start", lang=None if chosen_language() == "vi" else "en"),
        sign_in_url=url_for("accounts.sign_in") if has_officer_pages else None,
        language_url=url_for("front.front", lang="en" if chosen_language() == "vi" else None),
    )


@officer_blueprint.get("/")
@public
def officer_front() -> Response:
    """The same on the host of officers: there is nothing for citizens here."""
    return redirect(url_for("accounts.start"), 303)
