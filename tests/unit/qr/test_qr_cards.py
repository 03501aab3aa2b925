"""Printed cards, judged from the finished PDF: codes decoded from the drawn page, words read back from the file."""

import subprocess
import sys
import unicodedata

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from app.qr.cards import FONTS, STICKERS_PER_SHEET, CardKind, card_for, render_cards
from app.qr.glyphs import drawable
from app.qr.tokens import new_token
from app.qr.typeset import typeset

UNIT = "Trung tâm Phục vụ hành chính công phường Bình Yên"
COUNTER = "Quầy 3 – Hộ tịch"
LONG_UNIT = "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG VÀ BỘ PHẬN TIẾP NHẬN HỒ SƠ, TRẢ KẾT QUẢ GIẢI QUYẾT THỦ TỤC ĐẶC KHU NGUYỄN NGHIÊM THƯỢNG"
LONG_COUNTER = "Quầy 12 – Đất đai, xây dựng, môi trường, nông nghiệp, phát triển nông thôn và chính sách xã hội"
HOSTILE = [
    '#import "x": *',
    "$(reboot) $x^2$",
    'it\'s "quoted"',
    "*bold* _it_ `raw`",
    "<script>alert(1)</script>",
    "\\u{41} @ref ~ [a]",
    "= x // y /* z */",
]
ALL_LETTERS = "ẠẢÃÀÁÂẬẨẪẦẤĂẶẲẴẰẮ ĐỆỂỄỀẾÊ ỊỈĨÌÍ ỘỔỖỒỐÔ ỢỞỠỜỚƠ ỰỬỮỪỨƯ ỴỶỸỲÝ ậẩẫầấ ặẳẵằắ đệểễềế ộổỗồố ợởỡờớ ựửữừứ ỵỷỹỳý"
BASE = "https://danhgia.binhyen.gov.vn"
# How many codes one page holds when a single card is printed.
CODES = {CardKind.POSTER: 1, CardKind.TENT: 2, CardKind.STICKERS: STICKERS_PER_SHEET}
kinds = pytest.mark.parametrize("kind", list(CardKind))


def make_card(unit=UNIT, counter=COUNTER, base=BASE):
    return card_for(unit, counter, new_token(), base)


def page_count(pdf):
    return len(pypdfium2.PdfDocument(pdf))


@kinds
def test_codes_are_read_from_the_drawn_page(kind, draw_page, decode):
    card = make_card()
    found = decode(draw_page(render_cards(kind, [card], simulated=False)))
    assert [code.text for code in found] == [card.address] * CODES[kind]
    assert {code.ec_level for code in found} == {"Q"}


@kinds
def test_codes_are_still_read_from_a_coarse_picture(kind, draw_page, decode):
    """60 dots per inch: two to four pixels a module, as a cheap phone sees the card from afar."""
    card = make_card()
    found = decode(draw_page(render_cards(kind, [card], simulated=False), dpi=60))
    assert [code.text for code in found] == [card.address] * CODES[kind]


@kinds
def test_a_whole_unit_at_once(kind, draw_page, decode, read_text):
    cards = [make_card(counter=f"Quầy {number} – Hộ tịch") for number in range(1, 12)]
    pdf = render_cards(kind, cards, simulated=False)
    on_page = 8 if kind is CardKind.STICKERS else 1
    pages = [cards[at : at + on_page] for at in range(0, len(cards), on_page)]
    assert page_count(pdf) == len(pages)
    for page, expected in enumerate(pages):
        assert {code.text for code in decode(draw_page(pdf, page))} == {card.address for card in expected}
        words = read_text(pdf, page)
        assert all(card.counter_name in words and card.short_address in words for card in expected)


@kinds
def test_every_word_can_be_read_from_the_file(kind, read_text):
    card = make_card()
    words = read_text(render_cards(kind, [card], simulated=False))
    for expected in (
        UNIT,
        COUNTER,
        "Ông/Bà có hài lòng với lần phục vụ này không?",
        "Rất không hài lòng",
        "Rất hài lòng",
        card.short_address,
        "Chỉ quét mã có địa chỉ danhgia.binhyen.gov.vn.",
        "Quét mã",
    ):
        assert expected in words
    assert "mô phỏng" not in words


@kinds
def test_simulated_data_are_marked_on_every_card(kind, read_text):
    pdf = render_cards(kind, [make_card(), make_card()], simulated=True)
    for page in range(page_count(pdf)):
        words = read_text(pdf, page)
        assert words.count("Dữ liệu mô phỏng") == 2 - (kind is CardKind.POSTER)


@kinds
@pytest.mark.parametrize(
    ("unit", "counter"),
    [(LONG_UNIT[:120], LONG_COUNTER), (UNIT, "Quầy " + "x" * 60), (ALL_LETTERS, ALL_LETTERS), ("A", "1")],
)
def test_names_of_any_length_fit(kind, unit, counter, draw_page, decode, read_text):
    card = make_card(unit, counter)
    pdf = render_cards(kind, [card], simulated=True)
    assert page_count(pdf) == 1
    assert [code.text for code in decode(draw_page(pdf))] == [card.address] * CODES[kind]
    words = read_text(pdf)
    assert unit in words
    assert counter in words
    assert card.short_address in words


@kinds
def test_nothing_leaves_the_paper_and_the_last_line_stands_below_the_rest(kind):
    document = pypdfium2.PdfDocument(render_cards(kind, [make_card(LONG_UNIT, LONG_COUNTER)], simulated=True))
    page = document[0]
    text = page.get_textpage()
    width, height = page.get_size()
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index)
        assert -0.1 <= left <= right <= width + 0.1
        assert -0.1 <= bottom <= top <= height + 0.1


@kinds
@pytest.mark.parametrize(
    "base", [BASE, "https://x.vn", "https://khaosathailong.phucvuhanhchinhcong.quangninh.gov.vn:8443"]
)
def test_short_addresses_fit_on_their_line_or_break_before_the_token(kind, base, read_text, draw_page, decode):
    card = make_card(base=base)
    pdf = render_cards(kind, [card], simulated=False)
    assert card.short_address in read_text(pdf).replace("/q/ ", "/q/")
    assert [code.text for code in decode(draw_page(pdf))] == [card.address] * CODES[kind]


@kinds
@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_data_and_never_markup(kind, name, read_text):
    words = read_text(render_cards(kind, [make_card(name, f"Quầy {name}")], simulated=False))
    # Long names wrap, also inside words such as an address: only the order of the signs is compared.
    signs = words.replace(" ", "")
    assert name.replace(" ", "") + f"Quầy{name}".replace(" ", "") in signs


def test_decomposed_names_are_composed_and_control_characters_go(read_text):
    name = unicodedata.normalize("NFD", COUNTER).replace(" ", "\x00\n\u200b ")
    assert COUNTER in read_text(render_cards(CardKind.POSTER, [make_card(counter=name)], simulated=False))


def test_one_character_without_glyph_does_not_stop_the_file(read_text):
    assert "Quầy ? 窗".replace("窗", "?") in read_text(
        render_cards(CardKind.POSTER, [make_card(counter="Quầy 😀 窗")], simulated=False)
    )


@pytest.mark.parametrize("name", ["", "  ", "\x00"])
def test_a_card_without_a_name_is_refused(name):
    with pytest.raises(ValueError):
        render_cards(CardKind.POSTER, [make_card(counter=name)], simulated=False)


def test_nothing_to_print_is_refused():
    with pytest.raises(ValueError):
        render_cards(CardKind.POSTER, [], simulated=False)


@kinds
def test_same_input_same_bytes(kind):
    cards = [make_card(), make_card()]
    assert render_cards(kind, cards, simulated=False) == render_cards(kind, cards, simulated=False)


@kinds
def test_only_the_vendored_fonts_and_all_embedded(kind):
    document = pypdfium2.PdfDocument(render_cards(kind, [make_card()], simulated=False))
    names = set()
    for item in document[0].get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=15):
        font = pdfium.FPDFTextObj_GetFont(item.raw)
        assert pdfium.FPDFFont_GetIsEmbedded(font) == 1
        buffer = (pdfium.c_char * 200)()
        pdfium.FPDFFont_GetBaseFontName(font, buffer, 200)
        names.add(buffer.value.decode().split("+")[-1])
    assert names == {"LiberationSans", "LiberationSans-Bold"}


@kinds
def test_the_file_is_tagged_titled_and_vietnamese(kind):
    pdf = render_cards(kind, [make_card()], simulated=False)
    document = pypdfium2.PdfDocument(pdf)
    assert pdfium.FPDFCatalog_IsTagged(document.raw) == 1
    assert document.get_metadata_value("Title").endswith(f"{COUNTER} – {UNIT}")
    assert b"/Lang(vi-VN)" in pdf.replace(b" ", b"")
    assert [entry.get_title() for entry in document.get_toc()] == [COUNTER] * (8 if kind is CardKind.STICKERS else 1)


def test_vendored_fonts_draw_every_vietnamese_letter():
    for font in FONTS.glob("*.ttf"):
        assert set(ALL_LETTERS + ALL_LETTERS.lower() + "–…₫") <= drawable(font)
        assert "窗" not in drawable(font)


def test_printing_leaves_no_typesetter_in_the_process():
    check = (
        "import sys; from app.qr.cards import Card, CardKind, render_cards;"
        "pdf = render_cards(CardKind.POSTER, [Card('A', 'B', 'HTTPS://A.VN/Q/X', 'a.vn/q/X')], simulated=False);"
        "assert pdf.startswith(b'%PDF') and not {'typst', 'sqlalchemy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", check], check=True)


def test_a_broken_layout_says_what_is_wrong(tmp_path):
    layout = tmp_path / "broken.typ"
    layout.write_text("#nonsense")
    with pytest.raises(RuntimeError, match="nonsense"):
        typeset(layout, FONTS, {})
