"""Another program of the child: draws black boxes over a picture or over the pages of a document.

The pixels under a box are gone: the picture is written anew, and a document becomes pictures of its pages, without any
text, so that nothing can be selected, copied or taken off again.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from app.files.gate.child import confinement
from app.files.gate.child.main import say
from app.files.gate.child.refused import PDF_TOO_LONG, UNREADABLE, Refused

LONG_SIDE, DOTS, POINTS = 1754, 150, 72  # A4 at 150 dots an inch
QUALITY = 85
PARTS = 1000
ALL, COUNT = 0, -1
Box = Sequence[int]


def main() -> None:
    """On the command line: ``jpeg`` or ``pdf``, boxes as JSON, the page (or ``ALL``, ``COUNT``), the most pages."""
    kind, boxes, page, most_pages = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    confinement.limit_resources()
    sys.setrecursionlimit(500)
    prepare(kind, page)
    confinement.close_the_door()
    data = sys.stdin.buffer.read()
    try:
        made = blackened(data, kind, boxes, page, most_pages)
    except Refused as refused:
        say({"refused": refused.code})
    except Exception:  # noqa: BLE001 - libraries raise anything at all over damaged files; this process ends here
        say({"refused": UNREADABLE})
    else:
        say({"size": len(made)}, made)


def prepare(kind: str, page: int) -> None:
    """Load all that drawing needs while files can still be opened, by doing it once."""
    from PIL import Image

    sample = BytesIO()
    Image.new("RGB", (8, 8)).save(sample, "JPEG")
    blackened(sample.getvalue(), "jpeg", [[1, 0, 0, 10, 10]], ALL, 1)
    if kind == "pdf":
        import pypdfium2

        with pypdfium2.PdfDocument.new() as document:
            document.new_page(10, 10).render().to_pil()
        if page == ALL:
            _document([sample.getvalue()])


def blackened(data: bytes, kind: str, boxes: Sequence[Box], page: int, most_pages: int) -> bytes:
    """One page as a picture, or the whole in its own kind; for the page ``COUNT`` how many there are, as text.

    Raises ``Refused``.
    """
    count = _count(data, most_pages) if kind == "pdf" else 1
    if page == COUNT:
        return str(count).encode()
    if page > count:
        raise Refused(UNREADABLE)
    wanted = range(1, count + 1) if page == ALL else range(page, page + 1)
    drawn = _pages(data, wanted) if kind == "pdf" else iter([_picture(data)])
    pictures = [_covered(picture, number, boxes) for number, picture in zip(wanted, drawn, strict=True)]
    if page == ALL and kind == "pdf":
        return _document(pictures)
    return pictures[0]


def _covered(picture: Any, number: int, boxes: Sequence[Box]) -> bytes:
    """The picture with the boxes of its page filled, written anew: no colour profile, no remark, no thumbnail."""
    from PIL import Image, ImageDraw

    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    pen = ImageDraw.Draw(clean)
    width, height = clean.size
    for at, left, top, right, bottom in boxes:
        if at == number:
            corner = (left * width // PARTS, top * height // PARTS)
            opposite = (-(-right * width // PARTS), -(-bottom * height // PARTS))
            pen.rectangle((corner, opposite), fill="black")
    made = BytesIO()
    clean.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


def _picture(data: bytes) -> Any:
    from PIL import JpegImagePlugin

    image = JpegImagePlugin.JpegImageFile(BytesIO(data))
    image.load()
    return image.convert("RGB")


def _count(data: bytes, most_pages: int) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        count = len(document)
    if not 1 <= count <= most_pages:
        raise Refused(PDF_TOO_LONG if count else UNREADABLE)
    return count


def _pages(data: bytes, wanted: Sequence[int]) -> Iterator[Any]:
    """The pages as pictures, one after the other: a long document never lies in memory whole."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        for number in wanted:
            page = document[number - 1]
            longest = max(page.get_size())
            if not longest > 0:
                raise Refused(UNREADABLE)
            picture = page.render(scale=LONG_SIDE / longest, may_draw_forms=True).to_pil().convert("RGB")
            page.close()
            yield picture


def _document(pictures: Sequence[bytes]) -> bytes:
    """A document whose pages are these pictures, and nothing else: no text, no word about who made it and when."""
    from PIL import JpegImagePlugin
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject

    writer = PdfWriter()
    for picture in pictures:
        width, height = JpegImagePlugin.JpegImageFile(BytesIO(picture)).size
        image, drawing = StreamObject(), StreamObject()
        image.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image")})
        image.update({NameObject("/Width"): NumberObject(width), NameObject("/Height"): NumberObject(height)})
        image.update(
            {NameObject("/ColorSpace"): NameObject("/DeviceRGB"), NameObject("/BitsPerComponent"): NumberObject(8)}
        )
        image[NameObject("/Filter")] = NameObject("/DCTDecode")
        image.set_data(picture)
        across, down = width * POINTS / DOTS, height * POINTS / DOTS
        drawing.set_data(f"{across:.2f} 0 0 {down:.2f} 0 0 cm /P Do".encode())
        page = writer.add_blank_page(across, down)
        shown = DictionaryObject({NameObject("/P"): writer._add_object(image)})  # noqa: SLF001 - as in documents
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): shown})
        page[NameObject("/Contents")] = writer._add_object(drawing)  # noqa: SLF001
    writer.metadata = None
    made = BytesIO()
    writer.write(made)
    return made.getvalue()
