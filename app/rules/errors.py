"""Errors of the rules."""

from collections.abc import Mapping

from app.errors import Conflict, Invalid, Missing


class NoRule(Missing):
    """No rule holds for a matter on a day, or there is no such version."""


class BadRule(Invalid):
    """A rule with faults; ``problems`` holds field and Vietnamese message, the empty field standing for the whole."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


class HasBegun(Conflict):
    """A version that holds already, or was withdrawn before, cannot be withdrawn."""
