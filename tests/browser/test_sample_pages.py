"""Every sample page in a real browser: axe finds nothing, nothing scrolls sideways, keys work, the count counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.unit.templates.samples import SAMPLES
from tools.look import VARIANTS, draw, faults_of, serve

pytestmark = pytest.mark.browser

CITIZEN = (
    "scan-long",
    "details",
    "details-sent",
    "details-types",
    "already",
    "thanks",
    "unavailable-dissolved",
    "door-start",
    "door-start-error",
    "door-kind",
    "door-guidance",
    "door-place",
    "door-place-chosen",
    "door-files",
    "door-contact",
    "door-check",
    "door-code",
    "door-expired",
    "error-404",
    "results-unit",
    "results-index",
)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    yield page
    page.close()


WINDOWS = [VARIANTS[name] for name in ("360", "1366")]
CITIZENS_WAYS = [VARIANTS[name] for name in ("360-text200", "180", "360-forced")]


@pytest.mark.parametrize("name", SAMPLES)
def test_accessible_and_inside_the_window_also_with_large_text_zoom_and_forced_colours(
    browser: Browser, name: str
) -> None:
    ways = [*WINDOWS, *CITIZENS_WAYS] if name in CITIZEN else WINDOWS
    assert faults_of(browser, draw(name), *ways) == []


def test_first_screen_is_whole_on_a_phone_and_its_targets_are_large(phone: Page) -> None:
    serve(phone, draw("scan"))
    boxes = [button.bounding_box() for button in phone.locator(".taps button").all()]
    assert len(boxes) == 5
    assert all(box is not None and box["height"] >= 48 and box["width"] >= 300 for box in boxes)
    last = phone.get_by_role("link", name="Gửi phản ánh, kiến nghị").bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= 740


def test_details_by_keyboard_alone(phone: Page) -> None:
    serve(phone, draw("details"))
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.className") == "skip"
    phone.focus("#q_c1-1")
    for _ in range(3):
        phone.keyboard.press("ArrowRight")
    assert phone.is_checked("#q_c1-4")
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.name") == "q_c2"
    phone.keyboard.press("Space")
    outline = phone.evaluate("getComputedStyle(document.querySelector('#q_c2-1 + label')).outlineStyle")
    assert outline == "solid"


def test_only_one_of_the_two_drawings_is_shown(browser: Browser) -> None:
    for width, shown, hidden in ((360, "narrow", "wide"), (1366, "wide", "narrow")):
        page = browser.new_page(viewport={"width": width, "height": 768})
        serve(page, draw("analysis-unit"))
        assert page.locator(f".chart.{shown}").first.is_visible()
        assert not page.locator(f".chart.{hidden}").first.is_visible()
        page.close()
