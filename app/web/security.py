"""Response headers: content security policy, framing, referrer, caching. No page needs script or inline style."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.config import Config

STATIC = Path(__file__).resolve().parents[1] / "static"
COMMON = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@cache
def public_css() -> Markup:
    """The style sheet of the public pages, put into their one ``<style>`` block. Our own file, hence not escaped."""
    return Markup((STATIC / "css" / "public.css").read_text(encoding="utf-8"))  # noqa: S704


@cache
def content_security_policy() -> str:
    """Only our own files, plus the one style block whose hash stands here."""
    digest = base64.b64encode(hashlib.sha256(public_css().encode()).digest()).decode()
    return (
        "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
        f"style-src 'self' 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def init_security(app: Flask, config: Config) -> None:
    """Add the headers to every response and the style function to the templates."""
    app.jinja_env.globals["public_css"] = public_css
    headers = {**COMMON, "Content-Security-Policy": content_security_policy()}
    if config.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.extend(headers)
        if request.endpoint != "static" and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
