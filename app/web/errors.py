"""From error to page: one table."""

from flask import Flask, g, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from app.errors import Conflict, DomainError, Gone, Invalid, Missing, NotAllowed
from app.i18n.catalogues import chosen_language, in_language
from app.web.logging import log_exception

STATUS_OF_KIND: dict[type[DomainError], int] = {
    Missing: 404,
    Gone: 410,
    Conflict: 409,
    Invalid: 400,
    NotAllowed: 403,
}
PAGES = frozenset({400, 403, 404, 405, 409, 410, 413, 415, 429, 500, 503})


def init_errors(app: Flask) -> None:
    """Give every error a page in Vietnamese with the right status."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def error_page(status: int, message: str | None = None) -> tuple[str, int]:
    """The page of a status; ``message`` replaces its usual explanation."""
    shown = status if status in PAGES else (500 if status >= 500 else 400)
    page = render_template(
        f"errors/{shown}.html",
        message=in_language(message or ""),
        request_id=g.get("request_id", ""),
        home_url="/officer" if request.path.startswith("/officer") else "/",
        lang=chosen_language(),
    )
    return page, status


def status_of(error: DomainError) -> int:
    """The status of an error's kind."""
    return next(status for kind, status in STATUS_OF_KIND.items() if isinstance(error, kind))


def _domain_error(error: DomainError) -> tuple[str, int]:
    return error_page(status_of(error), error.message)


def _http_error(error: HTTPException) -> tuple[str, int] | Response:
    if error.code is None or error.code < 400:  # a redirect of the router
        return error.get_response()
    return error_page(error.code)


def _unexpected(error: Exception) -> tuple[str, int]:
    log_exception(error)
    return error_page(InternalServerError.code)
