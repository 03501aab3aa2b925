"""Draw every page with the sample contexts of the tests, photograph it and check it with axe.

Usage: python -m tools.look FOLDER [NAME ...]. Writes NAME-VARIANT.png for phone and office screen (with --all also
200 % text, 200 % zoom on a phone, forced colours) and prints what axe finds,
pages wider than the window, and the compressed size. Needs Chromium.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT as AXE
from axe_playwright_python.base import AxeResults
from jinja2 import Environment
from playwright.sync_api import Browser, Page, Route

from tests.support.browser import running_browser
from tests.unit.templates.environment import make_environment
from tests.unit.templates.samples import SAMPLES

ROOT = Path(__file__).parents[1]
ORIGIN = "http://look.test/"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of looking at a page: window in px, colour mode, size of the text."""

    width: int
    height: int
    forced_colors: bool = False
    text_percent: int = 100


VARIANTS = {
    "360": Variant(360, 740),
    "1366": Variant(1366, 768),
    "360-text200": Variant(360, 740, text_percent=200),
    "180": Variant(180, 370),
    "360-forced": Variant(360, 740, forced_colors=True),
}


def serve(page: Page, html: str) -> None:
    """Answer the page itself and its style sheets from memory and disk; everything else is refused."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path == "":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif path.startswith("static/"):
            route.fulfill(path=ROOT / "app" / path)
        else:
            route.abort()

    page.unroute_all()
    page.route("**/*", answer)
    page.goto(ORIGIN)


def faults_of(browser: Browser, html: str, *variants: Variant, picture: Path | None = None) -> list[str]:
    """Return what is wrong with a page looked at in some ways: what axe finds, and a page that scrolls sideways."""
    page = _page(browser)
    page.set_viewport_size({"width": variants[0].width, "height": variants[0].height})
    serve(page, html)
    page.evaluate(AXE)
    faults = []
    for variant in variants:
        page.set_viewport_size({"width": variant.width, "height": variant.height})
        page.emulate_media(forced_colors="active" if variant.forced_colors else "none")
        page.evaluate("size => { document.documentElement.style.fontSize = size }", _size(variant))
        if picture is not None:
            page.screenshot(path=picture, full_page=True)
        result = AxeResults(page.evaluate("axe.run({resultTypes: ['violations']})"))
        if result.violations_count:
            faults.append(f"{variant}: {result.generate_report()}")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > variant.width:
            faults.append(f"{variant}: {width} px wide in a window of {variant.width} px")
    return faults


def _size(variant: Variant) -> str:
    return "" if variant.text_percent == 100 else f"{variant.text_percent}%"


@cache
def _page(browser: Browser) -> Page:
    """One page for all: a new one is a new process, which takes longer than most of what is looked at."""
    return browser.new_page()


@cache
def _environment() -> Environment:
    return make_environment()


def draw(name: str) -> str:
    """Return the HTML of one sample page."""
    template, context = SAMPLES[name]
    return _environment().get_template(template).render(context)


def main() -> int:
    """Look at the named pages, or at all; return 1 if any has a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--all", action="store_true", help="all variants, not only phone and office screen")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    variants = list(VARIANTS) if arguments.all else ["360", "1366"]
    count = 0
    with running_browser() as browser:
        for name in arguments.names or SAMPLES:
            html = draw(name)
            print(f"{name}: {len(gzip.compress(html.encode(), 6)):,} bytes compressed")
            for key in variants:
                for fault in faults_of(browser, html, VARIANTS[key], picture=arguments.folder / f"{name}-{key}.png"):
                    count += 1
                    print(f"{name} {key}: {fault}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
