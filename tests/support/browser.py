"""A real headless Chromium, the one of the operating system."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

FLAGS = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")


def program() -> str:
    """Where Chromium lies."""
    for name in ("/usr/bin/chromium", "chromium", "chromium-browser"):
        found = shutil.which(name)
        if found:
            return found
    raise RuntimeError("Chromium is not installed; run `make setup-tests`.")


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start Chromium; as root its sandbox cannot work and is switched off."""
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=flags)
        try:
            yield browser
        finally:
            browser.close()
