"""Files as strangers send them: honest ones full of metadata, and such as are made to do harm."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin

MARKER = b"MARKERNGUYENTHIMARKER"
WORDS = MARKER.decode()
ORIENTATION, GPS, MAKER, DESCRIPTION, USER_COMMENT = 0x0112, 0x8825, 0x927C, 0x010E, 0x9286
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>' + MARKER + b"</rdf:RDF></x:xmpmeta>"


def picture(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right, brighter at the top: so that a turn shows."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((30, 30, 200), (width // 2, 0, width, height))
    image.paste((250, 250, 120), (0, 0, width // 2, height // 4))
    return image.convert(mode)


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    """The bytes of a picture."""
    made = BytesIO()
    image.save(made, form, **options)  # type: ignore[arg-type]
    return made.getvalue()


def exif(orientation: int = 1) -> bytes:
    """Place, camera, owner, and what a maker adds."""
    tags = Image.Exif()
    tags[ORIENTATION] = orientation
    tags[DESCRIPTION] = WORDS
    tags[GPS] = {1: "N", 2: (21.0, 1.0, 40.0), 3: "E", 4: (105.0, 51.0, 15.0), 29: WORDS}
    inner = tags.get_ifd(0x8769)
    inner[USER_COMMENT] = MARKER
    inner[MAKER] = MARKER
    return tags.tobytes()


def exif_with_thumbnail() -> bytes:
    """EXIF whose second directory holds a small JPEG of the picture, with the marker in its comment."""
    small = saved(picture(16, 12), "JPEG", comment=MARKER)
    head = b"Exif\0\0MM\0*" + struct.pack(">I", 8)
    first = struct.pack(">H", 1) + struct.pack(">HHII", ORIENTATION, 3, 1, 1 << 16) + struct.pack(">I", 26)
    offset = 26 + 2 + 2 * 12 + 4
    second = struct.pack(">H", 2) + struct.pack(">HHII", 0x0201, 4, 1, offset)
    second += struct.pack(">HHII", 0x0202, 4, 1, len(small)) + struct.pack(">I", 0)
    return head + first + second + small


def profile() -> bytes:
    """A profile of colours that names its maker."""
    found = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return bytes(found) + MARKER


def segment(number: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return b"\xff" + bytes([number]) + struct.pack(">H", len(content) + 2) + content


def jpeg(width: int = 64, height: int = 48, orientation: int = 1) -> bytes:
    """A photograph with everything a telephone and a few programs write beside it."""
    plain = saved(
        picture(width, height), "JPEG", exif=exif(orientation), comment=MARKER, icc_profile=profile(), xmp=XMP
    )
    iptc = segment(0xED, b"Photoshop 3.0\0" + MARKER)
    return plain[:2] + iptc + plain[2:] + MARKER  # and something behind the end


def jpeg_with_thumbnail() -> bytes:
    """A photograph whose EXIF holds a thumbnail."""
    return saved(picture(), "JPEG", exif=exif_with_thumbnail())


def png(mode: str = "RGB", **options: object) -> bytes:
    """A picture with texts in all three kinds of chunk, EXIF and XMP."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", WORDS)
    texts.add_text("Comment", WORDS, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return saved(picture(mode=mode), "PNG", pnginfo=texts, exif=exif(), icc_profile=profile(), **options)


def webp() -> bytes:
    """A picture with EXIF and XMP."""
    return saved(picture(), "WEBP", exif=exif(), xmp=XMP, icc_profile=profile())


def heic(width: int = 64, height: int = 48, **options: object) -> bytes:
    """As an iPhone makes them."""
    import pillow_heif

    file = pillow_heif.from_pillow(picture(width, height))
    made = BytesIO()
    file.save(made, quality=80, exif=exif(), xmp=XMP, **options)
    return made.getvalue()


def animated(form: str) -> bytes:
    """Two frames."""
    frames = [picture(), Image.new("RGB", (64, 48), "white")]
    return saved(frames[0], form, save_all=True, append_images=frames[1:], duration=100)


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_of(width: int, height: int, pixels: bytes = b"\0") -> bytes:
    """A PNG whose header promises any size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels, 9)) + chunk(b"IEND", b"")
    )


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG whose header promises any size."""
    data = bytearray(saved(picture(), "JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_of(width: int, height: int) -> bytes:
    """A WebP whose canvas promises any size."""
    canvas = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    inside = b"WEBPVP8X" + struct.pack("<I", 10) + canvas
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def wide_gamut_profile() -> bytes:
    """A profile under which the same numbers are other colours: gamma 1."""
    rgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = bytearray(rgb)
    for tag in (b"rTRC", b"gTRC", b"bTRC"):
        place = data.index(tag)
        offset = struct.unpack(">I", data[place + 4 : place + 8])[0]
        data[offset : offset + 12] = b"curv" + bytes(8)  # no points: linear
    return bytes(data)


def tiff() -> bytes:
    """A kind of picture the gate does not take."""
    assert TiffImagePlugin
    return saved(picture(), "TIFF")
