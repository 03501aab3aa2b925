"""How much of what the gate takes (pure)."""

from dataclasses import dataclass

from app.files.gate.kinds import IMAGES, Kind

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one way in takes. Telephones make pictures of 12 million pixels, some of 50."""

    kinds: frozenset[Kind] = frozenset(Kind)
    most_files: int = 5
    most_bytes: int = 20 * MEGABYTE
    most_pixels: int = 64_000_000


ORDINARY = Allowed()
PHOTOS = Allowed(kinds=IMAGES)
