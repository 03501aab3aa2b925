"""The icon that browsers ask for by themselves; public pages need no link to it."""

from flask import Flask
from werkzeug.wrappers import Response

from app.web.access import public
from app.web.security import STATIC


def init_icon(app: Flask) -> None:
    """Answer /favicon.ico with the drawn icon, kept by browsers for a month."""
    drawn = (STATIC / "img" / "icon.svg").read_bytes()

    @app.get("/favicon.ico")
    @public
    def icon() -> Response:
        return Response(drawn, mimetype="image/svg+xml", headers={"Cache-Control": "public, max-age=2592000"})
