"""Codes of dossiers (pure): agency, day of receipt, number of the day, such as ``H15.50.05.13-261008-0975``.

Form by public descriptions of the national code (docs/policy.md); what other software still prints in the older,
reversed form ``000.00.17.H40-…`` is taken as well. The day inside is not believed: the file says when it was received.
"""

import re

LONGEST = 60
FORM = (
    "Mã hồ sơ viết như H15.50.05.13-261008-0975: mã cơ quan (một chữ cái, hai chữ số, rồi các nhóm số sau dấu chấm nếu"
    " có), gạch nối, 6 chữ số của ngày nhận, gạch nối, 4 đến 7 chữ số."
)
_CODE = re.compile(r"(?:[A-Z]\d{2}(?:\.\d{1,3}){0,4}|(?:\d{2,3}\.){1,4}[A-Z]\d{2})-\d{6}-\d{4,7}")


def normalise(typed: str) -> str:
    """Upper case, no spaces."""
    return "".join(typed.split()).upper()


def is_well_formed(code: str) -> bool:
    """Whether a normalised code has one of the forms known."""
    return len(code) <= LONGEST and _CODE.fullmatch(code) is not None
