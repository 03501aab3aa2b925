"""The kinds of unit, what each may stand under and when.

Sources: Luật Tổ chức chính quyền địa phương 72/2025/QH15 (the district level ended on 2025-06-30), Nghị định
118/2025/NĐ-CP (Trung tâm Phục vụ hành chính công of a province and of a commune), Nghị định 150/2025/NĐ-CP (divisions
of a commune). Kinds that ended stay in the list, because old periods must remain readable.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from app.units.spans import ALWAYS, Span

LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)
FIRST_DAY_OF_TWO_TIERS = date(2025, 7, 1)
_THREE_TIERS = Span(None, LAST_DAY_OF_DISTRICTS)
_TWO_TIERS = Span(FIRST_DAY_OF_TWO_TIERS, None)


class Level(Enum):
    """Level of government a unit belongs to."""

    CENTRAL = "central"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    POINT = "point"

    @property
    def label(self) -> str:
        """The Vietnamese word for the level."""
        return _LEVEL_LABELS[self]


_LEVEL_LABELS = {
    Level.CENTRAL: "Trung ương",
    Level.PROVINCE: "Cấp tỉnh",
    Level.DISTRICT: "Cấp huyện",
    Level.COMMUNE: "Cấp xã",
    Level.POINT: "Điểm tiếp nhận",
}


@dataclass(frozen=True, slots=True)
class Parent:
    """A kind of unit that another kind may stand under, on the days of ``span``."""

    type: str
    span: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class UnitType:
    """One kind of unit; ``may_be_root`` says whether it may stand under nothing."""

    code: str
    name: str
    level: Level
    parents: tuple[Parent, ...] = ()
    may_be_root: bool = False
    span: Span = ALWAYS


def _under(*codes: str, span: Span = ALWAYS) -> tuple[Parent, ...]:
    return tuple(Parent(code, span) for code in codes)


_PROVINCES = ("province", "central_city")
_DISTRICTS = ("rural_district", "urban_district", "town", "provincial_city", "municipal_city")
_COMMUNES = ("commune", "ward", "special_zone")
_UNDER_PROVINCE = _under(*_PROVINCES)
_OLD_COMMUNE_PARENTS = _under(*_DISTRICTS, span=_THREE_TIERS)
_COMMUNE_PARENTS = _OLD_COMMUNE_PARENTS + _under(*_PROVINCES, span=_TWO_TIERS)

UNIT_TYPES: tuple[UnitType, ...] = (
    UnitType("country", "Toàn quốc", Level.CENTRAL, may_be_root=True),
    UnitType("ministry", "Bộ, cơ quan ngang bộ", Level.CENTRAL, _under("country"), may_be_root=True),
    UnitType(
        "vertical_office",
        "Cơ quan ngành dọc",
        Level.CENTRAL,
        _under("ministry", "vertical_office", *_PROVINCES),
        may_be_root=True,
    ),
    UnitType("province", "Tỉnh", Level.PROVINCE, _under("country"), may_be_root=True),
    UnitType("central_city", "Thành phố trực thuộc trung ương", Level.PROVINCE, _under("country"), may_be_root=True),
    UnitType("department", "Sở, ban, ngành cấp tỉnh", Level.PROVINCE, _UNDER_PROVINCE),
    UnitType("rural_district", "Huyện", Level.DISTRICT, _UNDER_PROVINCE, span=_THREE_TIERS),
    UnitType("urban_district", "Quận", Level.DISTRICT, _under("central_city"), span=_THREE_TIERS),
    UnitType("town", "Thị xã", Level.DISTRICT, _UNDER_PROVINCE, span=_THREE_TIERS),
    UnitType("provincial_city", "Thành phố thuộc tỉnh", Level.DISTRICT, _under("province"), span=_THREE_TIERS),
    UnitType(
        "municipal_city",
        "Thành phố thuộc thành phố trực thuộc trung ương",
        Level.DISTRICT,
        _under("central_city"),
        span=_THREE_TIERS,
    ),
    UnitType("commune", "Xã", Level.COMMUNE, _COMMUNE_PARENTS),
    UnitType("ward", "Phường", Level.COMMUNE, _COMMUNE_PARENTS),
    UnitType("township", "Thị trấn", Level.COMMUNE, _OLD_COMMUNE_PARENTS, span=_THREE_TIERS),
    UnitType("special_zone", "Đặc khu", Level.COMMUNE, _UNDER_PROVINCE, span=_TWO_TIERS),
    UnitType("central_one_stop", "Bộ phận Một cửa cấp bộ", Level.CENTRAL, _under("ministry", "vertical_office")),
    UnitType(
        "provincial_service_centre",
        "Trung tâm Phục vụ hành chính công cấp tỉnh",
        Level.PROVINCE,
        _under("department", *_PROVINCES),
    ),
    UnitType(
        "district_one_stop",
        "Bộ phận Một cửa cấp huyện",
        Level.DISTRICT,
        _under(*_DISTRICTS),
        span=_THREE_TIERS,
    ),
    UnitType(
        "communal_one_stop",
        "Bộ phận Một cửa cấp xã",
        Level.COMMUNE,
        _under("commune", "ward", "township"),
        span=_THREE_TIERS,
    ),
    UnitType(
        "communal_service_centre",
        "Trung tâm Phục vụ hành chính công cấp xã",
        Level.COMMUNE,
        _under(*_COMMUNES),
        span=_TWO_TIERS,
    ),
    UnitType(
        "service_centre_branch",
        "Chi nhánh Trung tâm Phục vụ hành chính công",
        Level.POINT,
        _under("provincial_service_centre", "communal_service_centre"),
    ),
    UnitType(
        "reception_point",
        "Điểm tiếp nhận hồ sơ",
        Level.POINT,
        _under(
            "provincial_service_centre",
            "communal_service_centre",
            "service_centre_branch",
            "central_one_stop",
            "district_one_stop",
            "communal_one_stop",
            "land_registration_office",
            "land_registration_branch",
            "vertical_office",
            "department",
            *_COMMUNES,
        ),
    ),
    UnitType(
        "land_registration_office",
        "Văn phòng đăng ký đất đai",
        Level.PROVINCE,
        _under("department", *_PROVINCES),
    ),
    UnitType(
        "land_registration_branch",
        "Chi nhánh Văn phòng đăng ký đất đai",
        Level.POINT,
        _under("land_registration_office"),
    ),
    UnitType(
        "division",
        "Phòng, ban chuyên môn",
        Level.COMMUNE,
        _under("ministry", "vertical_office", "department", "land_registration_office", *_DISTRICTS, *_COMMUNES),
    ),
)

_BY_CODE = {unit_type.code: unit_type for unit_type in UNIT_TYPES}


def unit_type(code: str) -> UnitType:
    """Return the kind with this code; KeyError if there is none."""
    return _BY_CODE[code]


def is_unit_type(code: str) -> bool:
    """Whether a kind with this code exists."""
    return code in _BY_CODE


def may_exist(code: str, span: Span) -> bool:
    """Whether units of the kind ``code`` may exist on every day of ``span``."""
    return _BY_CODE[code].span.covers(span)


def may_stand_under(child: str, parent: str | None, on: date) -> bool:
    """Whether a unit of kind ``child`` may stand under one of kind ``parent`` (None: under nothing) on that day."""
    return may_stand_throughout(child, parent, Span(on, on))


def may_stand_throughout(child: str, parent: str | None, span: Span) -> bool:
    """The same for every day of ``span``: both kinds must exist and the rule must hold all the time."""
    kind = _BY_CODE[child]
    if not kind.span.covers(span):
        return False
    if parent is None:
        return kind.may_be_root
    allowed = any(rule.type == parent and rule.span.covers(span) for rule in kind.parents)
    return allowed and _BY_CODE[parent].span.covers(span)
