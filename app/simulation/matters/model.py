"""The form of a matter (pure)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """What matters of one kind of counter share.

    ``words``: words of the counters where they come up, none for everywhere. ``details`` is what senders add,
    ``checked`` how the unit looked into it, ``since`` what it does from now on, ``place`` who decides if not the unit:
    nobody where it is the unit's own.
    """

    words: tuple[str, ...]
    details: tuple[str, ...]
    checked: tuple[str, ...]
    since: tuple[str, ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A matter people write about. ``titles``, ``done``, ``partly`` and ``refusal`` are what the unit says.

    ``procedure`` is the code of one, where it is about one; ``goes_up``: the level above may have to decide it;
    ``is_about_people``: somebody at the counter is meant; ``is_delicate``: few should read it.
    """

    name: str
    group: Group
    openings: tuple[str, ...]
    titles: tuple[str, ...]
    done: tuple[str, ...]
    partly: str
    refusal: str
    procedure: str = ""
    is_idea: bool = False
    goes_up: bool = False
    is_about_people: bool = False
    is_delicate: bool = False

    @property
    def details(self) -> tuple[str, ...]:
        """What senders of this matter add."""
        return self.group.details
