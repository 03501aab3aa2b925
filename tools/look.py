"""Draw every template with the sample contexts of the tests, photograph it and check it with axe.

Usage: python tools/look.py FOLDER [NAME ...]. Writes NAME-360.png and NAME-1366.png (with --all also 200 % text,
200 % zoom and forced colours) and prints what axe finds, pages wider than the window and the compressed size.
Needs Chromium.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.unit.templates.environment import make_environment  # noqa: E402  (needs the path above)
from tests.unit.templates.samples import SAMPLES  # noqa: E402

SIZES = {"360": (360, 740), "1366": (1366, 768)}
Variant = tuple[tuple[int, int], dict[str, Any], str]
ORIGIN = "http://look.test/"


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


def look(browser: Browser, name: str, html: str, folder: Path, *, everything: bool) -> int:
    """Photograph one page in all sizes; return the number of faults found."""
    faults = 0
    variants: dict[str, tuple[tuple[int, int], dict[str, Any], str]] = {
        key: (size, {}, "") for key, size in SIZES.items()
    }
    if everything:
        variants["360-text200"] = (SIZES["360"], {}, "html{font-size:200%}")
        variants["180"] = ((180, 370), {}, "")
        variants["360-forced"] = (SIZES["360"], {"forced_colors": "active"}, "")
    for key, (size, options, css) in variants.items():
        page = browser.new_page(viewport={"width": size[0], "height": size[1]}, **options)
        serve(page, html)
        if css:
            page.add_style_tag(content=css)
        page.screenshot(path=folder / f"{name}-{key}.png", full_page=True)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > size[0]:
            faults += 1
            print(f"{name} {key}: {width} px wide in a window of {size[0]} px")
        if not css:
            result = Axe().run(page)
            if result.violations_count:
                faults += result.violations_count
                print(f"{name} {key}:\n{result.generate_report()}")
        page.close()
    return faults


def main() -> int:
    """Look at the named pages, or at all; return 1 if any has a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    environment = make_environment()
    faults = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name in arguments.names or SAMPLES:
            template, context = SAMPLES[name]
            html = environment.get_template(template).render(context)
            print(f"{name}: {len(gzip.compress(html.encode(), 6)):,} bytes compressed")
            faults += look(browser, name, html, arguments.folder, everything=arguments.all)
        browser.close()
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
