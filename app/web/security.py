"""Response headers: content security policy, framing, referrer, caching. No page needs script or inline style."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

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
def content_security_policy(form_target: str = "") -> str:
    """Only our own files, plus the one style block whose hash stands here.

    ``form_target``: where else a form may lead, for browsers apply the rule to the redirect after a post too.
    """
    digest = base64.b64encode(hashlib.sha256(public_css().encode()).digest()).decode()
    targets = f"'self' {form_target}".rstrip()
    return (
        "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
        f"style-src 'self' 'sha256-{digest}'; form-action {targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def _provider(config: Config) -> str:
    """Scheme, host and port of the identity provider officers may sign in with, if there is one."""
    if config.single_sign_on is None:
        return ""
    parts = urlsplit(config.single_sign_on.issuer)
    return f"{parts.scheme}://{parts.netloc}"


def init_security(app: Flask, config: Config) -> None:
    """Add the headers to every response and the style function to the templates."""
    app.jinja_env.globals["public_css"] = public_css
    headers = {**COMMON, "Content-Security-Policy": content_security_policy()}
    if config.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    officer_headers = {**headers, "Content-Security-Policy": content_security_policy(_provider(config))}

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in (officer_headers if request.path.startswith("/officer") else headers).items():
            response.headers.setdefault(name, value)  # a download has a stricter policy of its own
        if request.endpoint != "static" and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
