"""What a file is, by its own first bytes, and what a name and a declared type say it is (pure)."""

import unicodedata
from enum import StrEnum

HEAD_BYTES = 64
LONGEST_NAME = 120


class Kind(StrEnum):
    """Kinds of file the gate can make anew."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    PDF = "pdf"


IMAGES = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP, Kind.HEIC})
EXTENSIONS = {
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif"), Kind.JPEG),
    "png": Kind.PNG,
    "webp": Kind.WEBP,
    **dict.fromkeys(("heic", "heif", "hif"), Kind.HEIC),
    "pdf": Kind.PDF,
}
DECLARED = {
    **dict.fromkeys(("image/jpeg", "image/jpg", "image/pjpeg"), Kind.JPEG),
    **dict.fromkeys(("image/png", "image/x-png"), Kind.PNG),
    "image/webp": Kind.WEBP,
    **dict.fromkeys(("image/heic", "image/heif"), Kind.HEIC),
    **dict.fromkeys(("application/pdf", "application/x-pdf"), Kind.PDF),
}
SAYS_NOTHING = frozenset({"", "application/octet-stream"})
ACTIVE = frozenset(
    {
        *("php", "php3", "php4", "php5", "php7", "phtml", "phar", "asp", "aspx", "jsp", "jspx", "cgi", "swf", "hta"),
        *("html", "htm", "xhtml", "shtml", "svg", "svgz", "xsl", "js", "mjs", "jar", "exe", "bat", "cmd", "ps1"),
        *("vbs", "msi", "scr", "dll", "lnk", "docm", "xlsm", "pptm"),
    }
)
"""Words that, inside a name, only stand there to be taken for something else by somebody's software."""
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_OTHER_BRANDS = frozenset({b"avif", b"avis", b"msf1", b"hevc", b"hevx"})  # AV1, and sequences of pictures


def sniff(head: bytes) -> Kind | None:
    """The kind that the first bytes of a file show; None for everything we do not take."""
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    return Kind.HEIC if head[4:8] == b"ftyp" and _is_heic(head) else None


def _is_heic(head: bytes) -> bool:
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[place : place + 4] for place in range(16, length - 3, 4))}
    return head[8:12] in _HEIC_BRANDS and not brands & _OTHER_BRANDS


def shown_name(declared: str) -> str:
    """What a sender called a file, fit to be shown: no path, no signs that steer or hide, not too long."""
    last = declared.replace("\\", "/").rpartition("/")[2]
    visible = "".join(" " if sign.isspace() else sign for sign in last if _is_visible(sign))
    name = " ".join(unicodedata.normalize("NFC", visible).split())
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    return f"{stem[: LONGEST_NAME - 12]}…{dot}{extension}" if dot and len(extension) < 10 else name[:LONGEST_NAME]


def _is_visible(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def kind_by_name(name: str) -> Kind | None:
    """What a name alone says a file is; None where it says nothing."""
    return EXTENSIONS.get(name.casefold().rpartition(".")[2])


def agrees(kind: Kind, name: str, declared_type: str) -> bool:
    """Whether what is known from outside fits the content. What says nothing does not contradict.

    A name of ours is given to what is kept, so a wrong one harms nobody here; but whoever downloads it believes what
    it says, and a file that pretends is not one that a camera made.
    """
    said = declared_type.partition(";")[0].strip().casefold()
    if said not in SAYS_NOTHING and DECLARED.get(said) is not kind:
        return False
    parts = [part.strip() for part in shown_name(name).casefold().rstrip(". ").split(".")]
    if len(parts) == 1:
        return True
    return EXTENSIONS.get(parts[-1]) is kind and ACTIVE.isdisjoint(parts[1:-1])
