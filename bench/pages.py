"""What a phone loads: requests and bytes on the wire of the first view and of the details page, cold, in Chromium."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from bench.machine import describe
from tests.factories.surveys import make_survey
from tests.support.browser import running_browser
from tests.support.databases import Databases, address_of
from tests.support.servers import running_server


def measure(browser: Browser, url: str, token: str) -> None:
    """Open the code, tap, open the details, with an empty cache and without scripts."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    seen: list[tuple[str, int]] = []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: seen.append(("", int(event["encodedDataLength"]))))
    page.goto(f"{url}/q/{token}")
    _print("first view", seen, page, 14)
    seen.clear()
    page.get_by_role("button", name="Hài lòng", exact=True).click()
    page.wait_for_selector("fieldset")
    _print("details page (after the tap's redirect)", seen, page, 0)
    context.close()


def _print(name: str, seen: list[tuple[str, int]], page: Page, limit_kb: int) -> None:
    total = sum(size for _, size in seen)
    limit = f" (limit {limit_kb} KB in one request)" if limit_kb else ""
    cookies = len(page.context.cookies())
    print(f"{name}: {len(seen)} request(s), {total / 1024:.1f} KB on the wire with headers{limit}, {cookies} cookie(s)")


def main() -> None:
    """Measure on SQLite; the pages are the same on both databases."""
    print(describe())
    with TemporaryDirectory(prefix="langnghe-bench-") as folder, running_browser() as browser:
        databases = Databases(Path(folder))
        try:
            with databases.cleaned("sqlite") as database:
                survey = make_survey(database)
                with running_server(address_of(database), Path(folder)) as server:
                    measure(browser, server.url, survey.token)
        finally:
            databases.close()


if __name__ == "__main__":
    main()
