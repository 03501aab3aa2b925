"""A PDF becomes a new one: the same pages, no program, no attachment, no link, no word about who made it and when.

Each page is built anew from the few entries that make up what is seen. What the file says beside its pages (title,
author, outline, forms, layers, structure, older revisions) is not carried over. Of notes and form fields their picture
stays. Programs, attachments, dynamic forms and media are no accident of an office's scanner: they refuse the file.
"""

from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    StreamObject,
)

from app.files.gate.child import embedded_images
from app.files.gate.child.objects import listed, name_in, value_of
from app.files.gate.child.refused import PDF_ACTIVE, PDF_ATTACHMENTS, PDF_LOCKED, PDF_TOO_LONG, UNREADABLE, Refused

MOST_OBJECTS = 300_000
KEPT_OF_PAGE = ("/Resources", "/Contents", "/MediaBox", "/CropBox", "/Rotate", "/Group", "/UserUnit")
ACTIVE_ACTIONS = frozenset(
    {
        *("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/Movie", "/Sound"),
        *("/RichMediaExecute", "/GoTo3DView"),
    }
)
ACTIVE_NOTES = frozenset({"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})
DROPPED_OF_STREAMS = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/OPI", "/Ref", "/AF", "/StructParent", "/StructParents"),
    *("/Measure", "/PtData", "/Alternates", "/ID"),
)
HIDDEN = 0x02 | 0x20  # flags of a note: hidden, not to be seen on screen
PRINTED = 0x04


def prepare() -> None:
    """Load all that remaking needs while files can still be opened, by doing it once."""
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    blank = BytesIO()
    writer.write(blank)
    remake(blank.getvalue(), 1)


def remake(data: bytes, most_pages: int) -> bytes:
    """The new file; raises ``Refused``."""
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted or "/Encrypt" in reader.trailer:
        raise Refused(PDF_LOCKED)
    _refuse_active(reader.trailer.raw_get("/Root"), reader)
    if not 1 <= len(reader.pages) <= most_pages:
        raise Refused(PDF_TOO_LONG if reader.pages else UNREADABLE)
    writer = PdfWriter()
    for page in reader.pages:
        _copy(page, writer)
    writer.metadata = None
    _clean(writer)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def _refuse_active(root: Any, reader: PdfReader) -> None:
    """Walk everything the file leads to; raises ``Refused``."""
    waiting, seen = [root], set[tuple[int, int]]()
    for _ in range(MOST_OBJECTS):
        if not waiting:
            return
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            place = (found.idnum, found.generation)
            if place in seen:
                continue
            seen.add(place)
            found = reader.get_object(found)
        if isinstance(found, DictionaryObject):
            _check(found)
            waiting.extend(dict.values(found))
        elif isinstance(found, ArrayObject):
            waiting.extend(list.__iter__(found))
    raise Refused(UNREADABLE)


def _check(found: DictionaryObject) -> None:
    names = set(dict.keys(found))
    if names & {"/EF", "/EmbeddedFiles", "/AF"} or name_in(found, "/Subtype") == "/FileAttachment":
        raise Refused(PDF_ATTACHMENTS)
    if isinstance(found, StreamObject) and not names.isdisjoint({"/F", "/FFilter"}):
        raise Refused(PDF_ATTACHMENTS)  # its content lies in another file
    if "/XFA" in names or ("/JavaScript" in names and "/Type" not in names) or _is_script(found):
        raise Refused(PDF_ACTIVE)
    if name_in(found, "/S") in ACTIVE_ACTIONS or name_in(found, "/Subtype") in {*ACTIVE_NOTES, "/PS"}:
        raise Refused(PDF_ACTIVE)


def _is_script(found: DictionaryObject) -> bool:
    script = value_of(found, "/JS")
    return script is not None and not (isinstance(script, NullObject) or type(script) is DictionaryObject)


def _copy(page: Any, writer: PdfWriter) -> None:
    new = writer.add_blank_page(float(page.mediabox.width) or 1, float(page.mediabox.height) or 1)
    for key in KEPT_OF_PAGE:
        if key in page:
            new[NameObject(key)] = page.raw_get(key).clone(writer)
    pictures = ArrayObject()
    for note in listed(value_of(page, "/Annots")):
        picture = _picture(note, writer)
        if picture is not None:
            pictures.append(picture)
    if pictures:
        new[NameObject("/Annots")] = pictures


def _picture(note: Any, writer: PdfWriter) -> Any:
    """A note or form field as a stamp that looks like it and does nothing; None where there is nothing to see."""
    if not isinstance(note, DictionaryObject) or int(value_of(note, "/F") or 0) & HIDDEN:
        return None
    looks, corners = value_of(note, "/AP"), listed(value_of(note, "/Rect"))
    normal = value_of(looks, "/N") if isinstance(looks, DictionaryObject) else None
    if isinstance(normal, DictionaryObject) and not isinstance(normal, StreamObject):
        normal = value_of(normal, name_in(note, "/AS"))
    if not isinstance(normal, StreamObject) or len(corners) != 4:
        return None
    if name_in(note, "/Subtype") in ("/Link", "/Popup"):
        return None
    return writer._add_object(  # noqa: SLF001 - the library's own way to add what it has no method for
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Stamp"),
                NameObject("/Rect"): ArrayObject(FloatObject(float(one)) for one in corners),
                NameObject("/F"): NumberObject(PRINTED),
                NameObject("/AP"): DictionaryObject({NameObject("/N"): _reference(normal.clone(writer))}),
            }
        )
    )


def _reference(copied: Any) -> Any:
    """A stream is never part of another object: one refers to it."""
    if copied.indirect_reference is None:
        raise Refused(UNREADABLE)
    return copied.indirect_reference


def _clean(writer: PdfWriter) -> None:
    """Take from what was copied along with the pages everything that is not seen."""
    for number in range(1, len(writer._objects) + 1):  # noqa: SLF001 - there is no other list of all objects
        found = writer._objects[number - 1]  # noqa: SLF001
        if isinstance(found, DictionaryObject):
            _clean_inside(found)


def _clean_inside(top: DictionaryObject) -> None:
    waiting: list[Any] = [top]
    while waiting:
        found = waiting.pop()
        if isinstance(found, StreamObject):
            for key in DROPPED_OF_STREAMS:
                found.pop(key, None)
            embedded_images.strip(found)
        elif isinstance(found, DictionaryObject) and name_in(found, "/Type") in ("/OCG", "/OCMD"):
            for key in set(dict.keys(found)) - {"/Type"}:
                dict.pop(found, key)
        elif isinstance(found, DictionaryObject) and isinstance(value_of(found, "/Metadata"), StreamObject):
            found.pop("/Metadata")
        if isinstance(found, DictionaryObject):
            waiting.extend(dict.values(found))
        elif isinstance(found, ArrayObject):
            waiting.extend(list.__iter__(found))
