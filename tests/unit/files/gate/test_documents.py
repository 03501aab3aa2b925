"""PDF made anew: the same pages, nothing that acts, nothing that tells who made it."""

from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter

from app.files.gate.child.embedded_images import without_boxes, without_segments
from app.files.gate.kinds import Kind
from app.files.gate.refusals import FileRefused, Refusal
from app.files.gate.remaking import MOST_PAGES, remade
from tests.support import documents, hostile


def made_of(data: bytes) -> bytes:
    with remade([data], Kind.PDF) as pieces:
        return b"".join(pieces)


def code_of(data: bytes) -> Refusal:
    with pytest.raises(FileRefused) as caught:
        made_of(data)
    return caught.value.code


def seen(data: bytes, page: int = 0) -> bytes:
    """How the page looks, by another program."""
    document = pypdfium2.PdfDocument(data)
    try:
        return bytes(document[page].render(scale=0.5, may_draw_forms=False).to_pil().tobytes())
    finally:
        document.close()


def everything(data: bytes) -> bytes:
    """All of a PDF, packed streams unpacked as far as they can be."""
    reader, found = PdfReader(BytesIO(data)), [data]
    for number in range(1, int(reader.trailer["/Size"])):
        one = reader.get_object(number)
        found.append(repr(one).encode())
        if hasattr(one, "get_data"):
            try:
                found.append(one.get_data())
            except NotImplementedError:
                found.append(one._data)
    return b"\n".join(found)


def test_c4_a_pdf_loses_its_author_and_keeps_its_page() -> None:
    data = documents.with_metadata()
    assert hostile.MARKER in data
    made = made_of(data)
    reader = PdfReader(BytesIO(made))
    assert reader.metadata is None
    assert reader.xmp_metadata is None
    assert set(reader.trailer["/Root"]) == {"/Type", "/Pages"}
    assert set(reader.trailer) <= {"/Size", "/Root"}
    assert hostile.MARKER not in everything(made)
    assert b"pypdf" not in made
    assert reader.pages[0].extract_text() == "Visible words"
    assert seen(made) == seen(data)


@pytest.mark.parametrize("name", sorted(documents.ACTIVE))
def test_c10_a_pdf_that_acts_is_refused(name: str) -> None:
    assert code_of(documents.pdf(**documents.ACTIVE[name])) is Refusal.PDF_ACTIVE  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(documents.ATTACHED))
def test_c10_a_pdf_with_files_inside_is_refused(name: str) -> None:
    assert code_of(documents.pdf(**documents.ATTACHED[name])) is Refusal.PDF_ATTACHMENTS  # type: ignore[arg-type]


def test_c10_a_locked_pdf_is_refused() -> None:
    assert code_of(documents.locked()) is Refusal.PDF_LOCKED
    broken = documents.pdf(trailer=b"/Encrypt << /Filter /Unknown /V 9 >>")
    assert code_of(broken) in (Refusal.PDF_LOCKED, Refusal.UNREADABLE)


LINKS = (
    b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 99 99] /A << /S /URI /URI (http://" + hostile.MARKER + b") >> >> "
    b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /Dest [3 0 R /Fit] >> "
    b"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /T (" + hostile.MARKER + b") /Contents (" + hostile.MARKER + b") >>]"
)  # fmt: skip


def test_c10_links_go_where_the_page_stays() -> None:
    made = made_of(documents.pdf(page=LINKS, catalog=b"/OpenAction [3 0 R /Fit]"))
    assert hostile.MARKER not in everything(made)
    assert "/Annots" not in PdfReader(BytesIO(made)).pages[0]


def test_filled_fields_and_stamps_stay_as_pictures() -> None:
    look = documents.stream(b"/Type /XObject /Subtype /Form /BBox [0 0 100 50]", b"1 0 0 rg 0 0 100 50 re f")
    plain = b"/Rect [100 100 200 150] /F 4 /AP << /N 6 0 R >> "
    stamp = documents.pdf(page=b"/Annots [<< /Subtype /Stamp " + plain + b">>]", more=[look])
    field = documents.pdf(
        page=b"/Annots [<< /Subtype /Widget /FT /Tx /T (" + hostile.MARKER + b") /V (x) " + plain + b">>]", more=[look]
    )
    box = documents.pdf(
        page=b"/Annots [<< /Subtype /Widget /FT /Btn /AS /On /Rect [100 100 200 150] /F 4 "
        b"/AP << /N << /On 6 0 R /Off null >> >> >>]",
        more=[look],
    )
    for data in (field, box):
        made = made_of(data)
        assert hostile.MARKER not in everything(made)
        assert seen(made) == seen(stamp)
    hidden = documents.pdf(page=b"/Annots [<< /Subtype /Stamp " + plain.replace(b"/F 4", b"/F 2") + b">>]", more=[look])
    assert "/Annots" not in PdfReader(BytesIO(made_of(hidden))).pages[0]


@pytest.mark.parametrize("filters", [b"/DCTDecode", b"[/DCTDecode]", b"[/FlateDecode /DCTDecode]"], ids=ascii)
def test_c4_a_photograph_inside_a_pdf_loses_its_place(filters: bytes) -> None:
    import zlib

    photo = hostile.jpeg()
    data = documents.with_picture(zlib.compress(photo) if b"Flate" in filters else photo, filters)
    made = made_of(data)
    assert hostile.MARKER not in everything(made)
    assert b"Exif" not in made
    assert seen(made) == seen(documents.with_picture(photo))


def test_c4_a_picture_packed_in_a_way_we_cannot_clean_is_refused() -> None:
    photo = hostile.jpeg().hex().encode() + b">"
    assert code_of(documents.with_picture(photo, b"[/ASCIIHexDecode /DCTDecode]")) is Refusal.UNREADABLE


def test_segments_of_a_jpeg_are_dropped_and_its_pixels_are_not() -> None:
    from PIL import Image

    for options in ({}, {"progressive": True}, {"subsampling": 0}):
        photo = hostile.saved(hostile.picture(200, 100), "JPEG", exif=hostile.exif(), comment=hostile.MARKER, **options)
        clean = without_segments(photo + b"trailing" + photo)
        assert hostile.MARKER not in clean
        assert b"trailing" not in clean
        assert Image.open(BytesIO(clean)).tobytes() == Image.open(BytesIO(photo)).tobytes()


def test_boxes_of_a_jpeg_2000_are_dropped_and_its_pixels_are_not() -> None:
    from PIL import Image

    photo = hostile.saved(hostile.picture(), "JPEG2000")
    place = photo.index(b"jp2c") - 4
    extra = (16 + len(hostile.MARKER)).to_bytes(4, "big") + b"uuid" + bytes(8) + hostile.MARKER
    dirty = photo[:place] + extra + photo[place:]
    assert without_boxes(dirty) == photo
    assert Image.open(BytesIO(without_boxes(dirty))).tobytes() == Image.open(BytesIO(photo)).tobytes()


def test_several_pages_keep_order_size_and_turn() -> None:
    writer = PdfWriter()
    for number in range(3):
        writer.append(PdfReader(BytesIO(documents.pdf(content=b"BT /F1 9 Tf (Page %d) Tj ET" % number))))
    writer.pages[1].rotate(90)
    writer.add_outline_item(title=hostile.WORDS, page_number=1)
    buffer = BytesIO()
    writer.write(buffer)
    made = made_of(buffer.getvalue())
    reader = PdfReader(BytesIO(made))
    assert [page.extract_text() for page in reader.pages] == ["Page 0", "Page 1", "Page 2"]
    assert [page.rotation for page in reader.pages] == [0, 90, 0]
    assert hostile.MARKER not in everything(made)


def test_older_revisions_and_layers_do_not_come_along() -> None:
    first = documents.pdf(content=b"BT /F1 9 Tf (" + hostile.MARKER + b") Tj ET")
    later = documents.changed(first, 4, documents.stream(b"", b"BT /F1 9 Tf (new) Tj ET"))
    assert hostile.MARKER in later
    made = made_of(later)
    assert PdfReader(BytesIO(made)).pages[0].extract_text() == "new"
    assert hostile.MARKER not in everything(made)
    layer = documents.pdf(
        resources=b"/Properties << /L1 6 0 R >>",
        more=[b"<< /Type /OCG /Name (" + hostile.MARKER + b") /Usage << /CreatorInfo << /Creator (x) >> >> >>"],
        content=b"/OC /L1 BDC BT /F1 9 Tf (seen) Tj ET EMC",
    )
    assert hostile.MARKER not in everything(made_of(layer))


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7",
        b"%PDF-1.7\n%%EOF",
        documents.pdf()[:300],
        documents.pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"),
        documents.pdf().replace(b"/Kids [3 0 R]", b"/Kids []     "),
        documents.pdf().replace(b"/Root 1 0 R", b"/Root 4 0 R"),
        documents.pdf(page=b"/Annots [<< /Subtype /Stamp /Rect (no) /AP 3 >>]", resources=b"/XObject 99 0 R"),
        b"%PDF-1.7\n" + b"[" * 100_000,
        b"%PDF-1.7\n" + b"<<" * 100_000,
    ],
    ids=range(9),
)
def test_c6_broken_documents_end_in_a_refusal_or_a_page(data: bytes) -> None:
    try:
        made = made_of(data)
    except FileRefused as refused:
        assert refused.code in (Refusal.UNREADABLE, Refusal.PDF_TOO_LONG)  # noqa: PT017
    else:
        assert len(PdfReader(BytesIO(made)).pages) >= 1


def test_too_many_pages() -> None:
    writer = PdfWriter()
    for _ in range(MOST_PAGES + 1):
        writer.add_blank_page(72, 72)
    buffer = BytesIO()
    writer.write(buffer)
    assert code_of(buffer.getvalue()) is Refusal.PDF_TOO_LONG


def test_documents_as_programs_write_them() -> None:
    import typst

    source = '#set document(author: "A", title: "T")\n= Đơn phản ánh\n#link("https://x.vn")[x]\n#lorem(900)'
    written: Any = typst.compile(source.encode())
    made = made_of(written)
    assert [seen(made, page) for page in range(2)] == [seen(written, page) for page in range(2)]
    assert b"x.vn" not in everything(made)
