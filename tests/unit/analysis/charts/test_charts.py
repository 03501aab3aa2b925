"""The charts through their public functions: well-formed, escaped, honest about their axis and about missing data."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from app.analysis.charts.bars import criteria_bars
from app.analysis.charts.distribution import distribution_bars
from app.analysis.charts.intervals import dot_whisker, factor_dots
from app.analysis.charts.rows import DistributionRow, IntervalRow, Position, Reference

NASTY = '"><script>alert(1)</script>&'
SVG = "{http://www.w3.org/2000/svg}"

INTERVALS = (
    IntervalRow("Phường Bình Yên", 0.841, 0.819, 0.861, 1204),
    IntervalRow(NASTY, 0.66, 0.61, 0.71, 290),
    IntervalRow("Xã ít phiếu", None, reason="chưa đủ 10 phiếu"),
    IntervalRow("Không ai chê", 1.0, 0.98, 1.0, 61),
)
DISTRIBUTIONS = (
    DistributionRow("Biển hiệu rõ ràng", (3, 7, 20, 60, 10), 12, 3),
    DistributionRow(NASTY, (0, 0, 0, 0, 4)),
    DistributionRow("Chưa ai trả lời", (0, 0, 0, 0, 0), 2, 9),
    DistributionRow("Xã ít phiếu", None, reason="chưa đủ 10 phiếu"),
)


def draw_dots(width: int) -> Markup:
    return dot_whisker(INTERVALS, Reference(NASTY, 0.8), width, chart_id="units", title=NASTY)


def draw_factors(width: int) -> Markup:
    return factor_dots(INTERVALS, None, width, chart_id="factors", title=NASTY)


def draw_bars(width: int) -> Markup:
    return criteria_bars(INTERVALS, width, chart_id="criteria", title=NASTY)


def draw_distribution(width: int) -> Markup:
    return distribution_bars(DISTRIBUTIONS, width, chart_id="levels", title=NASTY)


CHARTS = (draw_dots, draw_factors, draw_bars, draw_distribution)


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter("text")]


def positions(svg: str, tag: str, name: str, css: str) -> list[float]:
    found = ET.fromstring(svg).iter(tag)
    return [float(element.attrib[name]) for element in found if element.attrib.get("class") == css]


@pytest.mark.parametrize("width", [328, 1080])
@pytest.mark.parametrize("draw", CHARTS)
def test_well_formed_escaped_named_and_without_style(draw: Callable[[int], Markup], width: int) -> None:
    svg = draw(width)
    root = ET.fromstring(svg)
    assert isinstance(svg, Markup)
    assert "<script" not in svg
    assert all("style" not in element.attrib for element in root.iter())
    assert root.attrib["role"] == "img"
    title, desc = root.find("title"), root.find("desc")
    assert title is not None
    assert title.text == NASTY
    assert desc is not None
    assert "Số liệu có trong bảng" in str(desc.text)
    named = root.attrib["aria-labelledby"].split()
    assert named == [title.attrib["id"], desc.attrib["id"]]
    assert root.attrib["class"] == ("chart narrow" if width < 600 else "chart wide")


@pytest.mark.parametrize("draw", CHARTS)
def test_wide_and_narrow_together_have_no_id_twice(draw: Callable[[int], Markup]) -> None:
    both = ET.fromstring(f"<both>{draw(328)}{draw(1080)}</both>")
    ids = [element.attrib["id"] for element in both.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("width", [328, 1080])
@pytest.mark.parametrize("draw", CHARTS)
def test_everything_stays_inside_the_picture(draw: Callable[[int], Markup], width: int) -> None:
    root = ET.fromstring(draw(width))
    height = float(root.attrib["height"])
    for element in root.iter("text"):
        assert 0 <= float(element.attrib["x"]) <= width
        assert 0 < float(element.attrib["y"]) <= height
    for element in root.iter("rect"):
        assert float(element.attrib["x"]) >= 0
        assert float(element.attrib["x"]) + float(element.attrib["width"]) <= width + 0.2


def test_numbers_are_vietnamese_and_missing_ones_say_why() -> None:
    words = texts(draw_dots(1080))
    assert "84,1 (81,9–86,1)" in words
    assert "1.204" in words
    assert "chưa đủ 10 phiếu" in words


def test_units_are_sorted_by_value_with_missing_ones_last_and_factors_are_not() -> None:
    names = ["Không ai chê", "Phường Bình Yên", "Xã ít phiếu"]
    assert [word for word in texts(draw_dots(1080)) if word in names] == names
    assert [word for word in texts(draw_factors(1080)) if word in names] == [names[1], names[2], names[0]]


def test_a_cut_axis_is_marked_and_said() -> None:
    svg = draw_dots(1080)
    assert 'class="cut"' in svg
    assert "Trục bắt đầu từ 60\u00a0%." in svg
    whole = dot_whisker([IntervalRow("A", 0.2, 0.1, 0.3, 40)], chart_id="a", title="A")
    assert 'class="cut"' not in whole
    assert "Trục bắt đầu" not in whole


def test_bars_begin_at_zero() -> None:
    svg = draw_bars(1080)
    assert "0\u00a0%" in texts(svg)
    assert 'class="cut"' not in svg
    bars = list(ET.fromstring(svg).iter("rect"))
    widths = [float(bar.attrib["width"]) for bar in bars]
    assert widths[0] / widths[2] == pytest.approx(0.841, abs=0.001)


def test_levels_are_proportional_and_centred_on_the_middle_of_the_third() -> None:
    svg = distribution_bars([DISTRIBUTIONS[0]], 1080, chart_id="levels", title="T")
    starts = [positions(svg, "rect", "x", f"level level-{level}")[0] for level in range(1, 6)]
    widths = [positions(svg, "rect", "width", f"level level-{level}")[0] for level in range(1, 6)]
    total = sum(widths)
    assert [width / total for width in widths] == pytest.approx([0.03, 0.07, 0.2, 0.6, 0.1], abs=0.001)
    reference = [element for element in ET.fromstring(svg).iter("path") if element.attrib["class"] == "reference"]
    centre = float(reference[0].attrib["d"][1:].split()[0])
    assert starts[2] + widths[2] / 2 == pytest.approx(centre, abs=0.2)


def test_answers_without_a_level_are_told_apart() -> None:
    assert "không áp dụng 12 · bỏ trống 3" in texts(draw_distribution(1080))


@pytest.mark.parametrize(
    "chart",
    [
        dot_whisker([], chart_id="a", title="A"),
        dot_whisker([IntervalRow("A", None)], chart_id="a", title="A"),
        criteria_bars([], chart_id="a", title="A"),
        distribution_bars([DistributionRow("A", (0, 0, 0, 0, 0))], chart_id="a", title="A"),
    ],
)
def test_nothing_to_draw_says_so(chart: Markup) -> None:
    assert "Chưa có số liệu" in chart
    assert "<svg" not in chart


def test_position_changes_the_shape_and_not_only_the_colour() -> None:
    rows = [IntervalRow(position, 0.8, 0.7, 0.9, 50, position) for position in Position]
    svg = dot_whisker(rows, chart_id="a", title="A")
    assert svg.count("<circle") == 1
    assert 'class="mark-above"' in svg
    assert 'class="mark-below"' in svg


def test_a_distribution_needs_five_counts() -> None:
    with pytest.raises(ValueError, match="five counts"):
        DistributionRow("A", (1, 2))


shares = st.floats(0, 1)


@given(st.lists(st.tuples(st.text(max_size=200), shares, shares, shares), min_size=1, max_size=5))
def test_any_label_and_any_share_can_be_drawn(cases: list[tuple[str, float, float, float]]) -> None:
    rows = [IntervalRow(label, *sorted((a, b, c))[1:2], min(a, b, c), max(a, b, c), 7) for label, a, b, c in cases]
    for width in (328, 1080):
        for chart in (
            dot_whisker(rows, width=width, chart_id="a", title="A"),
            criteria_bars(rows, width, chart_id="a", title="A"),
        ):
            ET.fromstring(chart)
