"""What can go wrong with officers."""

from app.errors import Conflict, Gone, Invalid, Missing
from app.units.queries import UnknownUnit

__all__ = [
    "BadInvitation",
    "NotAUsername",
    "NotDelegable",
    "NotGrantable",
    "OwnAccount",
    "UnknownDelegation",
    "UnknownOfficer",
    "UnknownUnit",
    "UsernameTaken",
    "WeakPassword",
    "WrongPassword",
]


class UnknownOfficer(Missing):
    """No such officer, or not one the asker may manage."""


class UsernameTaken(Conflict):
    """Another officer signs in with this name."""


class NotAUsername(Invalid):
    """The name has signs that a user name cannot have."""


class WeakPassword(Invalid):
    """The new password breaks a rule."""


class WrongPassword(Invalid):
    """The present password is not right."""


class NotGrantable(Invalid):
    """The role does not fit the unit, or lies outside what the granting officer manages."""


class NotDelegable(Invalid):
    """The role cannot be lent like this; ``field`` names the field of the form that has to change."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class UnknownDelegation(Missing):
    """No such delegation, or not one of the asker."""


class BadInvitation(Gone):
    """The link was used, has expired, was replaced by a newer one, or never was one; nothing more is told."""


class OwnAccount(Conflict):
    """An officer cannot do this to their own account."""
