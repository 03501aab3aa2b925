"""Make docs/screenshot.png: the page behind a code on a phone beside the results of a unit, from a running trial.

``python -m tools.make_screenshot`` fills a new trial in a temporary folder, serves it, and photographs it;
``--data-dir var`` takes an installation that is there already. Needs Chromium.
"""

import argparse
import base64
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from app import clock, installation
from app.config import Config
from app.db import migrate
from app.db.session import Database
from app.keys.start import create_keys, open_keys
from app.serve import some_token
from app.simulation import trial
from tests.support.browser import running_browser
from tests.support.servers import running_server

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "screenshot.png"
PHONE = {"width": 360, "height": 720}
DESK = {"width": 1100, "height": 720}
SHEET = """<!doctype html><html lang="vi"><title>Lắng Nghe</title><style>
body{{margin:0;padding:32px;display:flex;gap:32px;align-items:center;background:#e9e4e1}}
img{{display:block;border:1px solid #b9b0ab;border-radius:8px;background:#fff}}
.phone{{border:10px solid #26211f;border-radius:28px;height:640px}} .desk{{height:560px}}
</style><img class="phone" src="data:image/png;base64,{phone}"><img class="desk" src="data:image/png;base64,{desk}">"""


@contextmanager
def installed(folder: Path | None) -> Iterator[Config]:
    """Settings of the installation in ``folder``, or of a new trial."""
    if folder is not None:
        yield Config.from_env({"LANGNGHE_DATA_DIR": str(folder)})
        return
    with tempfile.TemporaryDirectory(prefix="langnghe-screenshot-") as home:
        config = Config.from_env({"LANGNGHE_DATA_DIR": home, "LANGNGHE_SECRET_KEY": "screenshot-" * 4})
        database = Database(config.database_url)
        try:
            create_keys(database, config)
            migrate.upgrade(database)
            open_keys(database, config)
            with database.transaction() as session:
                installation.create(session, simulated=True)
            trial.start(database, config)
        finally:
            database.dispose()
        yield config


def _photograph(browser: Browser, address: str, size: dict[str, int], *, go_on: bool = False) -> str:
    page: Page = browser.new_page(viewport=size, device_scale_factor=2, locale="vi-VN")  # type: ignore[arg-type]
    try:
        page.goto(address)
        if go_on:
            page.locator("main a[href^='/results/']").first.click()
            page.wait_for_load_state()
        return base64.b64encode(page.screenshot()).decode()
    finally:
        page.close()


def main() -> None:
    """Photograph both pages and set them side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path)
    with installed(parser.parse_args().data_dir) as config:
        token = some_token(config)
        settings = {"LANGNGHE_SECRET_KEY": config.secret_key.decode()}
        with running_server(config.database_url, config.data_dir, settings) as server, running_browser() as browser:
            phone = _photograph(browser, f"{server.url}/q/{token}", PHONE)
            desk = _photograph(browser, f"{server.url}/results", DESK, go_on=True)
            sheet = browser.new_page(viewport={"width": 1294, "height": 724})
            sheet.set_content(SHEET.format(phone=phone, desk=desk))
            sheet.screenshot(path=PICTURE)
    print(f"{PICTURE.name} made on {clock.local_date():%d/%m/%Y}")


if __name__ == "__main__":
    main()
