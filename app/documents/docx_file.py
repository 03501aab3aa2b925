"""A paper as DOCX, which the office finishes in its own word processor.

The library is loaded when a paper is made; web workers do not load it at their start.
"""

from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.documents.paper import MOTTO, PLACE_AND_DAY, SIGN_HERE, Paper, unbroken, without_controls

if TYPE_CHECKING:
    from docx.table import _Cell as Cell

MIME_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Times New Roman"
BODY = 14


def make(paper: Paper) -> bytes:
    """The file."""
    from docx import Document
    from docx.shared import Cm, Pt

    plain = without_controls(paper)
    document = Document()
    _page(document.sections[0], Cm)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(BODY)
    _font_of_every_script(style.element)
    style.paragraph_format.space_after = Pt(6)
    _properties(document, plain.title)
    if plain.simulated:
        _line(document.add_paragraph(), plain.simulated, size=11, italic=True, centred=True)
    _head(document, plain)
    _heading(document, plain)
    for paragraph in plain.paragraphs:
        made = document.add_paragraph(paragraph)
        made.paragraph_format.first_line_indent = Cm(1.27)
        made.alignment = _align("JUSTIFY")
    _foot(document, plain)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _page(section: Any, cm: Any) -> None:
    """A4 upright with the margins of the rules."""
    section.page_width, section.page_height = cm(21), cm(29.7)
    section.top_margin = section.bottom_margin = section.right_margin = cm(2)
    section.left_margin = cm(3)


def _properties(document: Any, title: str) -> None:
    """The title alone: neither who made it nor when nor with what."""
    from app.clock import now

    known = document.core_properties
    known.title, known.author, known.comments, known.last_modified_by = title, "", "", ""
    known.created = known.modified = now().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)


def _head(document: Any, paper: Paper) -> None:
    """Two invisible columns and two rows, so that the number and the day share a line."""
    from docx.shared import Cm

    table = _table(document, 2, (Cm(6.4), Cm(9.6)))
    left, right = table.cell(0, 0), table.cell(0, 1)
    _line(left.paragraphs[0], unbroken(paper.above.upper()), size=12, centred=True)
    _line(left.add_paragraph(), unbroken(paper.office.upper()), size=12, bold=True, centred=True)
    _rule(left, 0.4)
    _line(right.paragraphs[0], MOTTO[0], size=12, bold=True, centred=True)
    _line(right.add_paragraph(), MOTTO[1], size=13, bold=True, centred=True)
    _rule(right, 0.7)
    number = table.cell(1, 0)
    _line(number.paragraphs[0], paper.number_line, size=13, centred=True)
    if not paper.kind:
        _line(number.add_paragraph(), f"V/v {paper.subject}", size=12, centred=True)
    _line(table.cell(1, 1).paragraphs[0], PLACE_AND_DAY, size=13, italic=True, centred=True)


def _heading(document: Any, paper: Paper) -> None:
    document.add_paragraph()
    if paper.kind:
        _line(document.add_paragraph(), paper.kind.upper(), size=BODY, bold=True, centred=True)
        _line(document.add_paragraph(), paper.subject, size=BODY, bold=True, centred=True)
    if len(paper.to) == 1:
        _line(document.add_paragraph(), f"Kính gửi: {paper.to[0]}", size=BODY, centred=True)
    elif paper.to:
        _line(document.add_paragraph(), "Kính gửi:", size=BODY, centred=True)
        for one in paper.to:
            _line(document.add_paragraph(), f"- {one}", size=BODY, centred=True)


def _foot(document: Any, paper: Paper) -> None:
    from docx.shared import Cm

    document.add_paragraph()
    table = _table(document, 1, (Cm(8), Cm(8)))
    left, right = table.cell(0, 0), table.cell(0, 1)
    _line(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
    for one in (*paper.receivers, "Lưu: VT."):
        _line(left.add_paragraph(), f"- {one}", size=11)
    _line(right.paragraphs[0], paper.authority.upper(), size=BODY, bold=True, centred=True)
    _line(right.add_paragraph(), SIGN_HERE, size=13, italic=True, centred=True)
    for _ in range(4):
        right.add_paragraph()
    _line(right.add_paragraph(), paper.signer, size=BODY, bold=True, centred=True)


def _table(document: Any, rows: int, widths: tuple[Any, Any]) -> Any:
    """A table without lines; the widths are said for each cell, because word processors look there."""
    table = document.add_table(rows=rows, cols=2)
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    return table


def _line(
    paragraph: Any, text: str, *, size: int, bold: bool = False, italic: bool = False, centred: bool = False
) -> None:
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    paragraph.paragraph_format.space_after = Pt(0)
    if centred:
        paragraph.alignment = _align("CENTER")


def _rule(cell: "Cell", share: float) -> None:
    """A short line in the middle below what stands in a cell: a paragraph with a border, indented on both sides."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph = cell.add_paragraph()
    indent = int((cell.width or 0) * (1 - share) / 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = indent
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.paragraph_format.line_spacing = Pt(4)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001 - the library has no method for borders


def _font_of_every_script(style: Any) -> None:
    """Vietnamese letters are of the "high" ranges: without this a word processor may take another font for them."""
    from docx.oxml.ns import qn

    fonts = style.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)


def _align(name: str) -> Any:
    from docx.enum.text import WD_PARAGRAPH_ALIGNMENT

    return getattr(WD_PARAGRAPH_ALIGNMENT, name)
