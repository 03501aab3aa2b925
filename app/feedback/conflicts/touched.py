"""What a change of a roster or of somebody's rights did to cases (pure): which ones, never whom or what they say."""

from collections.abc import Collection
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Touched:
    """The cases in which somebody was excluded, that went up, in which somebody was let in again, that came back."""

    shut: frozenset[str] = field(default_factory=frozenset)
    up: frozenset[str] = field(default_factory=frozenset)
    let: frozenset[str] = field(default_factory=frozenset)
    back: frozenset[str] = field(default_factory=frozenset)

    def __or__(self, other: "Touched") -> "Touched":
        """Both together."""
        return Touched(self.shut | other.shut, self.up | other.up, self.let | other.let, self.back | other.back)

    @property
    def all(self) -> frozenset[str]:
        """Every case that anything came of."""
        return self.shut | self.up | self.let | self.back

    def within(self, known: Collection[str]) -> "Touched":
        """What somebody may be told who knows these cases."""
        mine = frozenset(known)
        return Touched(self.shut & mine, self.up & mine, self.let & mine, self.back & mine)


NOTHING = Touched()
