"""The matrix of roles and permissions as text for docs/ (pure). ``flask officers rights`` writes it."""

from app.accounts.roles import NAMES, NEEDS_SECOND_FACTOR, NEEDS_UNIT, NOT_DELEGABLE, PERMISSIONS, Role
from app.web.permissions import PUBLIC, WORDS, Permission

HEAD = """# Roles and permissions

Made by `flask officers rights docs/rights.md` from `app/accounts/roles.py`; a test fails when it is not current.
A role is held in the subtree of a unit, from one day to another. Code asks for permissions, never for roles.
"""


def markdown() -> str:
    """The whole page."""
    rows = [
        "| Permission | What it allows | " + " | ".join(NAMES[role] for role in Role) + " |",
        "|---|---|" + "|".join(":-:" for _ in Role) + "|",
        *(_row(permission) for permission in Permission),
        "| **number** | | " + " | ".join(str(len(PERMISSIONS[role])) for role in Role) + " |",
    ]
    return "\n".join(
        [
            HEAD,
            *rows,
            "",
            "- Held in a unit and below only: " + _names(NEEDS_UNIT) + ".",
            "- Second factor required, for deputies too: " + _names(NEEDS_SECOND_FACTOR) + ".",
            "- Never lent to a deputy: " + ", ".join(f"`{one}`" for one in Permission if one in NOT_DELEGABLE) + ".",
            "- Anybody, without an account: " + ", ".join(f"`{one}`" for one in PUBLIC) + ".",
            "",
        ]
    )


def _row(permission: Permission) -> str:
    marks = ("●" if permission in PERMISSIONS[role] else "" for role in Role)
    return f"| `{permission.value}` | {WORDS[permission]} | " + " | ".join(marks) + " |"


def _names(roles: frozenset[Role]) -> str:
    return ", ".join(NAMES[role] for role in Role if role in roles)
