"""A bare Jinja environment for templates: no application, undefined names are errors."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "templates"
PUBLIC_CSS = ROOT / "app" / "static" / "css" / "public.css"


def url_for(endpoint: str, **values: object) -> str:
    """Stand in for Flask's address builder; only style sheets are asked for."""
    return f"/{endpoint}/{values['filename']}"


def make_environment() -> Environment:
    """Return the environment every template is drawn with in these tests."""
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, Path(__file__).parent / "pages"]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    environment.globals["url_for"] = url_for
    environment.globals["public_css"] = lambda: Markup(PUBLIC_CSS.read_text(encoding="utf-8"))
    return environment
