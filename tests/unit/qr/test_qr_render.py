"""Codes as SVG, PNG and terminal text, read back by a decoder that is not ours."""

import re

import numpy as np
import pytest
import typst

from app.qr.addresses import scan_address, short_address
from app.qr.render import QUIET_ZONE, matrix, png, svg, svg_path, terminal
from app.qr.tokens import new_token

ADDRESS = "HTTPS://DANHGIA.BINHYEN.GOV.VN/Q/7KQ2M9XP4TNCRHFV"
TEXTS = [ADDRESS, "http://127.0.0.1:8000/q/abc?x=1", "Quầy 3 – Hộ tịch", "1", "x" * 600]


@pytest.mark.parametrize("text", TEXTS)
def test_png_is_read_back_at_level_q(text, decode, read_png):
    (found,) = decode(read_png(png(text, scale=4)))
    assert found.text == text
    assert found.ec_level == "Q"


@pytest.mark.parametrize("text", TEXTS)
def test_svg_is_read_back_at_level_q(text, decode, draw_page):
    page = (
        '#set page(width: 120mm, height: 120mm, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 100%)'
    )
    pdf = typst.compile(page.encode(), format="pdf", sys_inputs={"svg": svg(text, title='Mã <QR> & "thử"')})
    (found,) = decode(draw_page(pdf, 0, 200))
    assert found.text == text
    assert found.ec_level == "Q"


def test_svg_names_itself_and_has_no_style():
    drawn = svg(ADDRESS, title="Mã <QR>")
    assert "<title>Mã &lt;QR&gt;</title>" in drawn
    assert "style" not in drawn
    assert len(drawn) < 3_000


def test_outlines_enclose_exactly_the_dark_modules():
    """Even-odd test of every module's centre against the path, and the signed area (holes turn the other way)."""
    modules = matrix(ADDRESS)
    size = len(modules)
    crossings = np.zeros((size, size), dtype=int)
    area = 0
    for start, steps in re.findall(r"M(\d+ \d+)([^M]*)z", svg_path(modules)):
        x, y = first = tuple(int(part) for part in start.split())
        moves = [(kind, int(length)) for kind, length in re.findall(r"([hv])(-?\d+)", steps)]
        moves.append(("h", first[0] - x - sum(n for kind, n in moves if kind == "h")))
        moves.append(("v", first[1] - y - sum(n for kind, n in moves if kind == "v")))
        for kind, length in moves:
            if kind == "h":
                x += length
                continue
            crossings[min(y, y + length) : max(y, y + length), x:] += 1
            area += x * length
            y += length
    assert (crossings % 2 == 1).tolist() == [list(row) for row in modules]
    assert area == sum(map(sum, modules))


def test_quiet_zone_and_capitals_make_a_small_code():
    modules = matrix(ADDRESS)
    frame = np.array(modules)
    frame[QUIET_ZONE:-QUIET_ZONE, QUIET_ZONE:-QUIET_ZONE] = False
    assert not frame.any()
    assert len(modules) == 33 + 2 * QUIET_ZONE
    assert len(matrix(ADDRESS.lower())) == len(modules) + 4


def test_still_read_with_a_stain_in_the_middle(decode, read_png):
    picture = read_png(png(ADDRESS, scale=6)).copy()
    side = len(picture)
    stain = round(side * 33 / 41 * 0.12)
    picture[side // 2 - stain : side // 2 + stain, side // 2 - stain : side // 2 + stain] = 255
    (found,) = decode(picture)
    assert found.text == ADDRESS


def test_terminal_drawing_is_read_back(decode):
    rows = []
    for line in terminal(ADDRESS).splitlines():
        blocks = re.fullmatch(r"\x1b\[[\d;]+m([ ▀▄█]+)\x1b\[0m", line)[1]
        rows.append([block in "▀█" for block in blocks])
        rows.append([block in "▄█" for block in blocks])
    picture = np.where(np.kron(np.array(rows), np.ones((4, 4))) > 0, 0, 255).astype(np.uint8)
    (found,) = decode(picture)
    assert found.text == ADDRESS


@pytest.mark.parametrize("text", ["", "x" * 5_000])
def test_what_no_code_can_hold_is_refused(text):
    with pytest.raises(ValueError):
        matrix(text)


def test_scale_below_one_is_refused():
    with pytest.raises(ValueError):
        png(ADDRESS, scale=0)


@pytest.mark.parametrize(
    ("base", "inside", "typed"),
    [
        ("https://danhgia.binhyen.gov.vn/", "HTTPS://DANHGIA.BINHYEN.GOV.VN/Q/", "danhgia.binhyen.gov.vn/q/"),
        ("http://127.0.0.1:8000", "HTTP://127.0.0.1:8000/Q/", "127.0.0.1:8000/q/"),
        ("http://[::1]:8000", "HTTP://[::1]:8000/Q/", "[::1]:8000/q/"),
        ("https://vn.example/LangNghe", "HTTPS://VN.EXAMPLE/LangNghe/Q/", "vn.example/LangNghe/q/"),
    ],
)
def test_addresses(base, inside, typed):
    token = new_token()
    assert scan_address(base, token) == inside + token
    assert short_address(base, token) == typed + "-".join(token[at : at + 4] for at in range(0, 16, 4))


def test_a_vietnamese_domain_takes_its_ascii_form():
    token = new_token()
    host = "đánhgiá.vn".encode("idna").decode()
    assert scan_address("https://đánhgiá.vn", token) == f"HTTPS://{host.upper()}/Q/{token}"
    assert short_address("https://đánhgiá.vn", token).startswith(f"{host}/q/")


@pytest.mark.parametrize("base", ["", "danhgia.vn", "ftp://a.vn", "https://a.vn/?x=1", "https://me@a.vn", "https://"])
def test_strange_base_addresses_are_refused(base):
    with pytest.raises(ValueError):
        scan_address(base, new_token())
