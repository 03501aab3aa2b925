"""How much of what the gate takes (pure)."""

from dataclasses import dataclass, replace

from app.files.gate.kinds import IMAGES, Kind

MEGABYTE = 1024 * 1024
DECODED_WHOLE = frozenset({Kind.PNG, Kind.WEBP})
MOST_PIXELS_WHOLE = 24_000_000


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one way in takes. Telephones make pictures of 12 million pixels, some of 50."""

    kinds: frozenset[Kind] = frozenset(Kind)
    most_files: int = 5
    most_bytes: int = 20 * MEGABYTE
    most_pixels: int = 64_000_000

    def of(self, kind: Kind) -> "Allowed":
        """The same for one kind of picture.

        A JPEG is decoded at a half or a quarter: 64 million pixels take 220 MiB. PNG and WebP are decoded whole: so
        many would take 570 and 1,000 MiB, 24 million take at most 390.
        """
        return replace(self, most_pixels=min(self.most_pixels, MOST_PIXELS_WHOLE)) if kind in DECODED_WHOLE else self


ORDINARY = Allowed()
PHOTOS = Allowed(kinds=IMAGES)
