"""Which permissions a role holds (pure). Code asks for permissions; roles stand here and in the assignment only."""

from collections.abc import Mapping
from enum import StrEnum

from app.web.permissions import Permission


class Role(StrEnum):
    """A named set of permissions."""

    ADMINISTRATOR = "administrator"
    HOME_AFFAIRS = "home_affairs"
    UNIT_LEADER = "unit_leader"
    CASE_OFFICER = "case_officer"
    COUNTER_CLERK = "counter_clerk"
    SURVEYOR = "surveyor"
    AUDITOR = "auditor"


_CASE_OFFICER: frozenset[Permission] = frozenset(
    {
        Permission.RESULTS_READ,
        Permission.RESULTS_EXPORT,
        Permission.UNITS_READ,
        Permission.CODES_READ,
        Permission.QUESTION_SETS_READ,
        Permission.RIGHTS_DELEGATE,
        Permission.RULES_READ,
        Permission.DOSSIERS_READ,
        Permission.LETTERS_SEND,
        Permission.CASES_READ,
        Permission.CASES_READ_PRIVATE,
        Permission.CASES_READ_CONTACT,  # whoever answers must be able to call back
        Permission.CASES_REGISTER,
        Permission.CASES_HANDLE,
        Permission.CASES_MERGE,
        Permission.CASES_REDACT,
    }
)

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    # Sets the system up and sees released figures; neither live figures, nor raw answers, nor what citizens wrote.
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.OFFICERS_MANAGE,
            Permission.RIGHTS_READ,
            Permission.RIGHTS_DELEGATE,
            Permission.UNITS_READ,
            Permission.UNITS_MANAGE,
            Permission.CODES_READ,
            Permission.CODES_MANAGE,
            Permission.QUESTION_SETS_READ,
            Permission.QUESTION_SETS_MANAGE,
            Permission.ROUNDS_MANAGE,
            Permission.RESULTS_READ,
            Permission.RESULTS_EXPORT,
            Permission.DAY_CLOSE,
            Permission.RULES_READ,
            Permission.RULES_MANAGE,
            Permission.AUDIT_CONFIGURE,
            Permission.SETTINGS_MANAGE,
            Permission.DUTY_READ,
            Permission.DUTY_MANAGE,
            Permission.MESSAGES_MANAGE,
        }
    ),
    # Watches over all units: sees every case, but not who sent it, and hides none.
    Role.HOME_AFFAIRS: frozenset(
        {
            Permission.RESULTS_READ,
            Permission.RESULTS_READ_LIVE,
            Permission.RESULTS_EXPORT,
            Permission.ANSWERS_EXPORT,
            Permission.ANSWERS_IMPORT,  # whoever imports sees single answers, as in an export
            Permission.ANSWERS_ENTER,
            Permission.ROUNDS_MANAGE,
            Permission.QUESTION_SETS_READ,
            Permission.QUESTION_SETS_MANAGE,
            Permission.UNITS_READ,
            Permission.CODES_READ,
            Permission.RIGHTS_READ,
            Permission.RIGHTS_DELEGATE,
            Permission.RULES_READ,
            Permission.RULES_MANAGE,
            Permission.CASES_READ,
            Permission.CASES_READ_PRIVATE,
            Permission.CASES_READ_OPENERS,
            Permission.DUTY_READ,
            Permission.CASES_EXPORT,
            Permission.CASES_CONNECT,
            Permission.CASES_RECHECK,
            Permission.CASES_ASSIGN,
            Permission.CASES_TRANSFER,
            Permission.DOSSIERS_READ,
            Permission.DOSSIERS_IMPORT,
            Permission.DOSSIERS_CONNECT,
        }
    ),
    # Answers for the unit: decides, signs, hides, hands out, and confirms each year who may what.
    Role.UNIT_LEADER: _CASE_OFFICER
    | {
        Permission.RIGHTS_READ,
        Permission.RIGHTS_REVIEW,
        Permission.DUTY_READ,
        Permission.DUTY_MANAGE,
        Permission.DOSSIERS_IMPORT,
        Permission.CASES_ASSIGN,
        Permission.CASES_TRANSFER,
        Permission.CASES_APPROVE,
        Permission.CASES_PUBLISH,
        Permission.CASES_SET_PRIVATE,
        Permission.CASES_EXPORT,
        Permission.CASES_EXPORT_CONTACT,
        Permission.CASES_ERASE_CONTACT,
        Permission.CASES_READ_DENUNCIATION,
    },
    Role.CASE_OFFICER: _CASE_OFFICER,
    # Writes down what somebody says at the counter; does not read what others sent.
    Role.COUNTER_CLERK: frozenset(
        {
            Permission.RESULTS_READ,
            Permission.UNITS_READ,
            Permission.CODES_READ,
            Permission.RULES_READ,
            Permission.CASES_REGISTER,
        }
    ),
    # Enters paper forms; sees no result.
    Role.SURVEYOR: frozenset({Permission.QUESTION_SETS_READ, Permission.UNITS_READ, Permission.ANSWERS_ENTER}),
    # Reads records and rights, changes nothing, sees nothing citizens wrote.
    Role.AUDITOR: frozenset(
        {
            Permission.AUDIT_READ,
            Permission.RIGHTS_READ,
            Permission.RULES_READ,
            Permission.RESULTS_READ,
            Permission.UNITS_READ,
            Permission.QUESTION_SETS_READ,
        }
    ),
}

NAMES: Mapping[Role, str] = {
    Role.ADMINISTRATOR: "Quản trị hệ thống",
    Role.HOME_AFFAIRS: "Cơ quan nội vụ",
    Role.UNIT_LEADER: "Lãnh đạo đơn vị",
    Role.CASE_OFFICER: "Cán bộ đơn vị",
    Role.COUNTER_CLERK: "Cán bộ tiếp nhận tại quầy",
    Role.SURVEYOR: "Điều tra viên",
    Role.AUDITOR: "Kiểm toán, thanh tra",
}

NEEDS_UNIT: frozenset[Role] = frozenset({Role.UNIT_LEADER, Role.CASE_OFFICER, Role.COUNTER_CLERK, Role.SURVEYOR})
"""Roles that make sense in a part of the tree only; an administrator of a part of the tree gives these and no other."""

NEEDS_SECOND_FACTOR: frozenset[Role] = frozenset({Role.ADMINISTRATOR, Role.HOME_AFFAIRS, Role.AUDITOR})
"""Roles whose holders, deputies included, sign in with a second factor."""

NOT_DELEGABLE: frozenset[Permission] = frozenset(
    {
        # Who holds these could make the deputy's rights last, widen them, or hand them on.
        Permission.OFFICERS_MANAGE,
        Permission.RIGHTS_DELEGATE,
        Permission.RIGHTS_REVIEW,
    }
)


def delegable(role: Role) -> frozenset[Permission]:
    """What a deputy gets of a role; empty for a role whose holder may not name one."""
    held = PERMISSIONS[role]
    return held - NOT_DELEGABLE if Permission.RIGHTS_DELEGATE in held else frozenset()


def words_of(roles: str | None) -> str:
    """The names of the roles somebody acted under, as the record names them (``unit_leader:lent,case_officer``)."""
    return ", ".join(_words(one) for one in (roles or "").split(",") if one)


def _words(one: str) -> str:
    name, _, lent = one.partition(":")
    words = NAMES[Role(name)] if name in set(Role) else name
    return f"{words} (được ủy quyền)" if lent else words
