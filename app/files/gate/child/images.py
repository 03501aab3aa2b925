"""Any picture becomes a new JPEG that holds its pixels and nothing else."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from app.files.gate.child.refused import ANIMATED, TOO_MANY_PIXELS, Refused

LONG_SIDE = 1600
QUALITY = 85
_ORIENTATION = 0x0112
_TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
_SRGB = ImageCms.createProfile("sRGB")


def prepare(kind: str) -> None:
    """Load all that remaking this kind needs while files can still be opened, by doing it once."""
    Image.MAX_IMAGE_PIXELS = None  # the limit is checked here, before anything is decoded
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    tags = Image.Exif()
    tags[_ORIENTATION] = 6
    profile = ImageCms.ImageCmsProfile(_SRGB).tobytes()
    for form in ("JPEG", "PNG", "WEBP"):
        sample = BytesIO()
        Image.new("RGB", (LONG_SIDE + 1, 2)).save(sample, form, exif=tags, icc_profile=profile)
        remake(sample.getvalue(), form.lower(), LONG_SIDE * 4)
    if kind == "heic":
        import pillow_heif

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.options.THUMBNAILS = pillow_heif.options.DEPTH_IMAGES = pillow_heif.options.AUX_IMAGES = False


def remake(data: bytes, kind: str, most_pixels: int) -> bytes:
    """Decode, turn upright, shrink, flatten, bring to sRGB, and write a JPEG; raises ``Refused``.

    The profile of colours is applied and then dropped like everything else: it can name a camera.
    """
    image = _opened(data, kind, most_pixels)
    turn = _TURNS.get(_orientation(image), ())
    profile = image.info.get("icc_profile")
    longest = max(image.size)
    if longest > LONG_SIDE and isinstance(image, JpegImagePlugin.JpegImageFile):
        image.draft(None, _fitting(image.size))  # decodes at a half or a quarter, still at least as large
    shown = _flat(_shrunk(_simple(image), longest), profile)
    for step in turn:
        shown = shown.transpose(step)
    clean = Image.new("RGB", shown.size)
    clean.paste(shown)
    made = BytesIO()
    clean.save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue()


def _opened(data: bytes, kind: str, most_pixels: int) -> Any:
    if kind == "heic":
        import pillow_heif

        found = pillow_heif.open_heif(BytesIO(data))
        _check_size(found.size, most_pixels)
        return found.to_pillow()
    opener: Any = {
        "jpeg": JpegImagePlugin.JpegImageFile,  # not by way of Image.open, which takes several pictures for an album
        "png": PngImagePlugin.PngImageFile,
        "webp": WebPImagePlugin.WebPImageFile,
    }[kind]
    image = opener(BytesIO(data))
    _check_size(image.size, most_pixels)
    if getattr(image, "is_animated", False):
        raise Refused(ANIMATED)
    return image


def _check_size(size: tuple[int, int], most_pixels: int) -> None:
    if size[0] * size[1] > most_pixels:
        raise Refused(TOO_MANY_PIXELS)


def _orientation(image: Any) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the picture itself may be whole
        return 1


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    factor = LONG_SIDE / max(size)
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _simple(image: Any) -> Any:
    """One of the forms that can be resized well: grey, colours, colours with transparency, print colours."""
    image.load()
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("L", "RGB", "RGBA", "CMYK"):
        has_clear_colour = image.mode in ("L", "RGB") and "transparency" in image.info
        return image.convert("RGBA") if has_clear_colour else image
    if image.mode in ("P", "PA", "LA", "La", "RGBa"):
        is_clear = image.mode != "P" or "transparency" in image.info
        return image.convert("RGBA" if is_clear else "RGB")
    return image.convert("RGB")


def _shrunk(image: Any, longest: int) -> Any:
    return image.resize(_fitting(image.size), Image.Resampling.LANCZOS) if longest > LONG_SIDE else image


def _flat(image: Any, profile: bytes | None) -> Any:
    """On white, in the colours every screen shows."""
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    if profile:
        image = _in_srgb(image, profile)
    return image if image.mode == "RGB" else image.convert("RGB")


def _in_srgb(image: Any, profile: bytes) -> Any:
    try:
        given = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, given, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
