"""/healthz says that the process answers; /readyz says that what it needs answers too."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Flask, jsonify
from werkzeug.wrappers import Response

from app.web.access import public


def init_health(app: Flask, checks: Mapping[str, Callable[[], bool]]) -> None:
    """Register both addresses. A check that raises counts as failed."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    @public
    def healthz() -> Response:
        return jsonify(status="ok")

    @blueprint.get("/readyz")
    @public
    def readyz() -> tuple[Response, int]:
        outcome = {name: _passes(check) for name, check in checks.items()}
        is_ready = all(outcome.values())
        return jsonify(status="ok" if is_ready else "not ready", checks=outcome), 200 if is_ready else 503

    app.register_blueprint(blueprint)


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # noqa: BLE001 - any failure of a dependency means not ready
        return False
