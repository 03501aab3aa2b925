"""Which permissions a role holds (pure). Code asks for permissions; roles stand here and in the assignment only."""

from collections.abc import Mapping
from enum import StrEnum

from app.web.permissions import Permission


class Role(StrEnum):
    """A named set of permissions."""

    ADMINISTRATOR = "administrator"
    HOME_AFFAIRS = "home_affairs"
    UNIT_OFFICER = "unit_officer"


PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    # Sets the system up and sees released figures; neither live figures, nor raw answers, nor what citizens wrote.
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.OFFICERS_MANAGE,
            Permission.UNITS_READ,
            Permission.UNITS_MANAGE,
            Permission.CODES_READ,
            Permission.CODES_MANAGE,
            Permission.QUESTION_SETS_READ,
            Permission.ROUNDS_MANAGE,
            Permission.RESULTS_READ,
            Permission.RESULTS_EXPORT,
            Permission.DAY_CLOSE,
        }
    ),
    Role.HOME_AFFAIRS: frozenset(
        {
            Permission.RESULTS_READ,
            Permission.RESULTS_READ_LIVE,
            Permission.RESULTS_EXPORT,
            Permission.ANSWERS_EXPORT,
            Permission.ANSWERS_IMPORT,  # whoever imports sees single answers, as in an export
            Permission.FEEDBACK_READ,
            Permission.ROUNDS_MANAGE,
            Permission.QUESTION_SETS_READ,
            Permission.UNITS_READ,
            Permission.CODES_READ,
        }
    ),
    Role.UNIT_OFFICER: frozenset(
        {
            Permission.RESULTS_READ,
            Permission.RESULTS_EXPORT,
            Permission.FEEDBACK_READ,
            Permission.UNITS_READ,
            Permission.CODES_READ,
            Permission.QUESTION_SETS_READ,
        }
    ),
}

NAMES: Mapping[Role, str] = {
    Role.ADMINISTRATOR: "Quản trị hệ thống",
    Role.HOME_AFFAIRS: "Cơ quan nội vụ",
    Role.UNIT_OFFICER: "Cán bộ đơn vị",
}

NEEDS_UNIT: frozenset[Role] = frozenset({Role.UNIT_OFFICER})
"""Roles that make sense in a part of the tree only."""
