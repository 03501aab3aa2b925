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
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
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

    page.route("**/*", answer)
    page.goto(ORIGIN)


def faults_of(browser: Browser, html: str, variant: Variant, picture: Path | None = None) -> list[str]:
    """Return what is wrong with a page: what axe finds, and a page that scrolls sideways."""
    options: dict[str, Any] = {"forced_colors": "active"} if variant.forced_colors else {}
    page = browser.new_page(viewport={"width": variant.width, "height": variant.height}, **options)
    try:
        serve(page, html)
        if variant.text_percent != 100:
            page.add_style_tag(content=f"html{{font-size:{variant.text_percent}%}}")
        if picture is not None:
            page.screenshot(path=picture, full_page=True)
        result = Axe().run(page)
        faults = [str(result.generate_report())] if result.violations_count else []
        width = page.evaluate("document.documentElement.scrollWidth")
        return faults if width <= variant.width else [*faults, f"{width} px wide in a window of {variant.width} px"]
    finally:
        page.close()


def draw(name: str) -> str:
    """Return the HTML of one sample page."""
    template, context = SAMPLES[name]
    return make_environment().get_template(template).render(context)


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
                for fault in faults_of(browser, html, VARIANTS[key], arguments.folder / f"{name}-{key}.png"):
                    count += 1
                    print(f"{name} {key}: {fault}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
