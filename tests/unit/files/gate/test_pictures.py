"""Pictures made anew: bare pixels, upright, small, and nothing a sender did not mean to send."""

from io import BytesIO

import pytest
from PIL import Image, ImageCms

from app.files.gate.kinds import Kind
from app.files.gate.refusals import FileRefused, Refusal
from app.files.gate.remaking import remade
from tests.support import hostile

SAMPLES = {
    "jpeg": (Kind.JPEG, hostile.jpeg()),
    "jpeg-thumbnail": (Kind.JPEG, hostile.jpeg_with_thumbnail()),
    "png": (Kind.PNG, hostile.png()),
    "png-palette": (Kind.PNG, hostile.png("P")),
    "png-alpha": (Kind.PNG, hostile.png("RGBA")),
    "webp": (Kind.WEBP, hostile.webp()),
    "heic": (Kind.HEIC, hostile.heic()),
}


def made_of(data: bytes, kind: Kind, seconds: float = 60) -> bytes:
    with remade([data[:100], data[100:]], kind, seconds=seconds) as pieces:
        return b"".join(pieces)


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def code_of(data: bytes, kind: Kind) -> Refusal:
    with pytest.raises(FileRefused) as caught:
        made_of(data, kind)
    return caught.value.code


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_c4_nothing_but_pixels_is_left(name: str) -> None:
    kind, data = SAMPLES[name]
    made = made_of(data, kind)
    image = opened(made)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (64, 48))
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert dict(image.getexif()) == {}
    assert image.applist == [("APP0", b"JFIF\0\1\1\0\0\1\0\1\0\0")]  # type: ignore[attr-defined]
    assert made.count(b"\xff\xd8\xff") == 1
    assert made.endswith(b"\xff\xd9")
    for trace in (hostile.MARKER, b"Exif", b"adobe", b"Photoshop", b"ICC_PROFILE", b"http"):
        assert trace not in made
    left, right = image.getpixel((10, 40)), image.getpixel((54, 40))
    assert left[0] > 150 > left[2]  # type: ignore[index]
    assert right[2] > 150 > right[0]  # type: ignore[index]


def test_c4_the_samples_do_hold_what_must_go() -> None:
    for kind, data in SAMPLES.values():
        assert hostile.MARKER in data
        if kind is not Kind.HEIC:
            assert opened(data).getexif() or kind is Kind.JPEG
    assert opened(hostile.jpeg()).getexif().get_ifd(hostile.GPS)[1] == "N"
    assert opened(hostile.png()).info["Author"] == hostile.WORDS


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_upright(orientation: int) -> None:
    """The same as a viewer shows that follows the mark."""
    from PIL import ImageOps

    data = hostile.jpeg(640, 480, orientation)
    expected = ImageOps.exif_transpose(opened(data)).convert("RGB")
    found = opened(made_of(data, Kind.JPEG))
    assert found.size == expected.size
    for place in ((20, 20), (found.width - 20, 20), (20, found.height - 20)):
        seen, meant = found.getpixel(place), expected.getpixel(place)
        assert all(abs(a - b) < 30 for a, b in zip(seen, meant, strict=True)), (orientation, place)  # type: ignore[arg-type]


def test_nonsense_in_exif_does_not_refuse_a_good_picture() -> None:
    for broken in (b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0", b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(30)):
        plain = hostile.saved(hostile.picture(), "JPEG")
        data = plain[:2] + hostile.segment(0xE1, broken) + plain[2:]
        assert opened(made_of(data, Kind.JPEG)).size == (64, 48)


@pytest.mark.parametrize(
    ("size", "result"),
    [((4000, 3000), (1600, 1200)), ((3000, 4000), (1200, 1600)), ((1601, 10), (1600, 10)), ((8000, 3), (1600, 1))],
    ids=str,
)
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_the_long_side_is_1600_at_most(size: tuple[int, int], result: tuple[int, int], form: str) -> None:
    data = hostile.saved(hostile.picture(*size), form)
    assert opened(made_of(data, Kind[form])).size == result


def test_small_pictures_stay_as_small() -> None:
    assert opened(made_of(hostile.saved(hostile.picture(1, 1), "PNG"), Kind.PNG)).size == (1, 1)
    assert opened(made_of(hostile.saved(hostile.picture(1600, 1600), "JPEG"), Kind.JPEG)).size == (1600, 1600)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_clear_becomes_white(mode: str) -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    clear.paste((10, 120, 10, 255), (0, 0, 20, 40))
    data = hostile.saved(clear.convert(mode), "PNG")
    image = opened(made_of(data, Kind.PNG))
    assert min(image.getpixel((35, 20))) > 245  # type: ignore[type-var]
    assert max(image.getpixel((5, 20))) < 160  # type: ignore[type-var]


def test_a_clear_colour_of_a_plain_picture_becomes_white_too() -> None:
    data = hostile.saved(Image.new("RGB", (20, 20), (1, 2, 3)), "PNG", transparency=(1, 2, 3))
    assert min(opened(made_of(data, Kind.PNG)).getpixel((10, 10))) > 245  # type: ignore[type-var]


def test_other_depths_and_print_colours() -> None:
    deep = Image.new("I;16", (30, 30), 40_000)
    level = opened(made_of(hostile.saved(deep, "PNG"), Kind.PNG)).getpixel((15, 15))[0]  # type: ignore[index]
    assert abs(level - 156) < 4
    printed = hostile.picture().convert("CMYK")
    image = opened(made_of(hostile.saved(printed, "JPEG"), Kind.JPEG))
    assert image.mode == "RGB"
    assert image.getpixel((10, 40))[0] > image.getpixel((10, 40))[2]  # type: ignore[index]
    for mode in ("1", "L"):
        assert opened(made_of(hostile.saved(hostile.picture(mode=mode), "PNG"), Kind.PNG)).mode == "RGB"


def test_colours_are_shown_as_their_profile_means_them() -> None:
    """Linear light: a middle value is far brighter on a screen."""
    grey = Image.new("RGB", (30, 30), (60, 60, 60))
    profile = hostile.wide_gamut_profile()
    meant = ImageCms.profileToProfile(
        grey, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    assert meant is not None
    found = opened(made_of(hostile.saved(grey, "JPEG", icc_profile=profile), Kind.JPEG)).getpixel((15, 15))
    assert found[0] > 100  # type: ignore[index]
    assert abs(found[0] - meant.getpixel((15, 15))[0]) < 5  # type: ignore[index]
    plain = opened(made_of(hostile.saved(grey, "JPEG", icc_profile=b"no profile"), Kind.JPEG)).getpixel((15, 15))
    assert abs(plain[0] - 60) < 5  # type: ignore[index]


def test_an_album_in_one_jpeg_gives_its_first_picture() -> None:
    album = hostile.saved(hostile.picture(), "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48), "white")])
    image = opened(made_of(album, Kind.JPEG))
    assert image.getpixel((54, 40))[2] > 150 > image.getpixel((54, 40))[0]  # type: ignore[index]


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "heic"])
def test_c6_cut_off_or_garbled_pictures_are_refused(name: str) -> None:
    kind, _ = SAMPLES[name]
    noise = Image.effect_noise((300, 200), 80).convert("RGB")
    if name == "heic":
        import pillow_heif

        made = BytesIO()
        pillow_heif.from_pillow(noise).save(made, quality=80)
        whole = made.getvalue()
    else:
        whole = hostile.saved(noise, kind.name)
    assert code_of(whole[: len(whole) // 2], kind) is Refusal.UNREADABLE
    assert code_of(whole[:100], kind) is Refusal.UNREADABLE
    assert code_of(whole[:12] + bytes(len(whole) - 12), kind) is Refusal.UNREADABLE


def test_c6_a_header_that_lies_is_caught_in_the_child_too() -> None:
    assert code_of(hostile.png_of(20_000, 20_000), Kind.PNG) is Refusal.TOO_MANY_PIXELS
    assert code_of(hostile.jpeg_of(40_000, 40_000), Kind.JPEG) is Refusal.TOO_MANY_PIXELS
    # Allowed, but the pixels are not there.
    assert code_of(hostile.png_of(6_000, 3_900), Kind.PNG) is Refusal.UNREADABLE


@pytest.mark.parametrize(("kind", "millions"), [(Kind.PNG, 24), (Kind.JPEG, 64)])
def test_a_refusal_of_the_child_names_the_limit_of_that_kind(kind: Kind, millions: int) -> None:
    make = hostile.png_of if kind is Kind.PNG else hostile.jpeg_of
    with pytest.raises(FileRefused, match=f"hơn {millions} triệu điểm ảnh"):
        made_of(make(20_000, 20_000), kind)


def test_c6_moving_pictures_are_refused_in_the_child_too() -> None:
    assert code_of(hostile.animated("PNG"), Kind.PNG) is Refusal.ANIMATED
    assert code_of(hostile.animated("WEBP"), Kind.WEBP) is Refusal.ANIMATED


def test_c6_bombs_in_compressed_text_and_profiles_are_harmless() -> None:
    import zlib

    bomb = zlib.compress(bytes(200_000_000), 9)
    plain = hostile.saved(hostile.picture(), "PNG")
    for chunk in (
        hostile.chunk(b"zTXt", b"Comment\0\0" + bomb),
        hostile.chunk(b"iTXt", b"Comment\0\1\0\0\0" + bomb),
        hostile.chunk(b"iCCP", b"p\0\0" + bomb),
    ):
        data = plain[:33] + chunk + plain[33:]
        try:
            assert len(made_of(data, Kind.PNG)) < 10_000
        except FileRefused as refused:
            assert refused.code is Refusal.UNREADABLE  # noqa: PT017 - either is right


def test_c2_what_is_also_something_else_is_only_a_picture_afterwards() -> None:
    script = b"<script>alert(1)</script>"
    for kind, data in ((Kind.JPEG, hostile.saved(hostile.picture(), "JPEG")), (Kind.PNG, hostile.png())):
        both = data + script + b"PK\x03\x04 and an archive" + b"%PDF-1.4"
        made = made_of(both, kind)
        assert not any(part in made for part in (script, b"PK\x03\x04", b"%PDF"))
    hidden = hostile.saved(hostile.picture(), "JPEG", comment=script)
    assert script not in made_of(hidden, Kind.JPEG)
