"""PDF files put together by hand, so that anything can stand in them."""

from collections.abc import Sequence
from io import BytesIO

from pypdf import PdfReader, PdfWriter

from tests.support.hostile import MARKER, XMP

CONTENT = b"BT /F1 24 Tf 72 700 Td (Visible words) Tj ET"


def stream(entries: bytes, data: bytes) -> bytes:
    """A stream object."""
    return b"<< " + entries + b" /Length %d >>\nstream\n" % len(data) + data + b"\nendstream"


def pdf(
    *,
    catalog: bytes = b"",
    page: bytes = b"",
    resources: bytes = b"",
    more: Sequence[bytes] = (),
    trailer: bytes = b"",
    content: bytes = CONTENT,
) -> bytes:
    """One page; ``more`` are the objects from number 6 on."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> " + resources + b" >> "
        + page + b" >>",
        stream(b"", content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *more,
    ]  # fmt: skip
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R " % (len(objects) + 1) + trailer + b" >>\n"
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)


def changed(data: bytes, number: int, new: bytes) -> bytes:
    """The same file with one object replaced behind its end, as programs save changes."""
    first = data.rindex(b"startxref\n") + 10
    start, place = data[first:].split()[0], len(data)
    made = data + b"%d 0 obj\n" % number + new + b"\nendobj\n"
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, place)
    return (
        made + table + b"trailer\n<< /Size 99 /Root 1 0 R /Prev " + start + b" >>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    )


def with_metadata() -> bytes:
    """Author and title in both places, XMP on the page too, private data of a program."""
    return pdf(
        catalog=b"/Metadata 6 0 R /Lang (vi)",
        page=b"/Metadata 6 0 R /PieceInfo << /Tool << /Private (" + MARKER + b") >> >> /LastModified (D:2026)",
        more=[
            stream(b"/Type /Metadata /Subtype /XML", XMP),
            b"<< /Author (" + MARKER + b") /Title (" + MARKER + b") /Creator (" + MARKER + b") >>",
        ],
        trailer=b"/Info 7 0 R",
    )


def locked() -> bytes:
    """With a password."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf())))
    writer.encrypt("secret", algorithm="AES-256")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def with_picture(data: bytes, filters: bytes = b"/DCTDecode", width: int = 64, height: int = 48) -> bytes:
    """A page that shows a JPEG."""
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB " % (width, height)
    image = stream(entries + b"/BitsPerComponent 8 /Filter " + filters, data)
    return pdf(resources=b"/XObject << /Im1 6 0 R >>", more=[image], content=b"q 300 0 0 200 50 50 cm /Im1 Do Q")


ACTIVE = {
    "open-action": {"catalog": b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"},
    "names": {"catalog": b"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (x) >>] >> >>"},
    "page-event": {"page": b"/AA << /O << /S /JavaScript /JS (x) >> >>"},
    "script-in-stream": {
        "catalog": b"/OpenAction 6 0 R",
        "more": [b"<< /S /JavaScript /JS 7 0 R >>", stream(b"", b"x")],
    },
    "escaped-name": {"catalog": b"/OpenAction << /S /Java#53cript /J#53 (x) >>"},
    "next": {"catalog": b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next << /S /JavaScript /JS (x) >> >>"},
    "names-apart": {
        "catalog": b"/OpenAction << /S 6 0 R /JS 7 0 R >>",
        "more": [b"/JavaScript", b"(x)"],
    },
    "launch-named-apart": {"catalog": b"/OpenAction << /S 6 0 R /F (cmd.exe) >>", "more": [b"/Launch"]},
    "launch": {"catalog": b"/OpenAction << /S /Launch /F (cmd.exe) >>"},
    "submit": {"page": b"/Annots [<< /Subtype /Widget /Rect [0 0 1 1] /A << /S /SubmitForm /F (http://x) >> >>]"},
    "import": {"page": b"/Annots [<< /Subtype /Widget /Rect [0 0 1 1] /A << /S /ImportData /F (x) >> >>]"},
    "xfa": {"catalog": b"/AcroForm << /XFA 6 0 R /Fields [] >>", "more": [stream(b"", b"<xdp/>")]},
    "rich-media": {"page": b"/Annots [<< /Subtype /RichMedia /Rect [0 0 1 1] >>]"},
    "movie": {"page": b"/Annots [<< /Subtype /Movie /Rect [0 0 1 1] >>]"},
    "postscript": {
        "resources": b"/XObject << /P 6 0 R >>",
        "more": [stream(b"/Type /XObject /Subtype /PS", b"quit")],
    },
}
ATTACHED = {
    "embedded": {
        "catalog": b"/Names << /EmbeddedFiles << /Names [(a.exe) 6 0 R] >> >>",
        "more": [b"<< /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>", stream(b"/Type /EmbeddedFile", b"MZ")],
    },
    "note": {"page": b"/Annots [<< /Subtype /FileAttachment /Rect [0 0 1 1] >>]"},
    "associated": {"catalog": b"/AF [6 0 R]", "more": [b"<< /Type /Filespec /F (a) >>"]},
    "external-stream": {
        "resources": b"/XObject << /X 6 0 R >>",
        "more": [stream(b"/Type /XObject /Subtype /Form /BBox [0 0 1 1] /F (/etc/passwd)", b"")],
    },
}
