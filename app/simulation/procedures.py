"""The procedures of the sample province that people write about and that its dossiers are of."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.units.models import Procedure
from app.units.procedure_services import ProcedureEntry, create_procedure
from app.units.types import Level


@dataclass(frozen=True, slots=True)
class Sample:
    """A procedure. Codes that begin with 9 are invented; ``days`` is the usual term."""

    code: str
    name: str
    field: str
    level: Level
    days: int


ALL = (
    Sample("1.001193", "Thủ tục đăng ký khai sinh", "Hộ tịch", Level.COMMUNE, 1),
    Sample("2.000815", "Thủ tục chứng thực bản sao từ bản chính", "Chứng thực", Level.COMMUNE, 1),
    Sample(
        "1.001612",
        "Đăng ký thành lập hộ kinh doanh",
        "Thành lập và hoạt động hộ kinh doanh",
        Level.COMMUNE,
        3,
    ),
    Sample(
        "1.001776",
        "Thực hiện, điều chỉnh, thôi hưởng trợ cấp xã hội hằng tháng",
        "Bảo trợ xã hội",
        Level.COMMUNE,
        20,
    ),
    Sample("9.000101", "Đăng ký, cấp giấy chứng nhận quyền sử dụng đất lần đầu", "Đất đai", Level.COMMUNE, 20),
    Sample("9.000102", "Đăng ký biến động, tách thửa đất", "Đất đai", Level.PROVINCE, 15),
    Sample(
        "9.000103",
        "Đăng ký thành lập, thay đổi nội dung đăng ký doanh nghiệp",
        "Thành lập và hoạt động doanh nghiệp",
        Level.PROVINCE,
        3,
    ),
    Sample("9.000104", "Cấp giấy xác nhận có quốc tịch Việt Nam", "Quốc tịch", Level.PROVINCE, 20),
    Sample("9.000105", "Cấp giấy phép lao động cho người lao động nước ngoài", "Việc làm", Level.PROVINCE, 10),
)
"""Every procedure of the sample."""


def make(session: Session) -> None:
    """Enter them as an administrator would."""
    for one in ALL:
        create_procedure(session, one.code, ProcedureEntry(one.name, one.field, one.level))


def numbers(session: Session) -> Mapping[str, int]:
    """Their numbers by code."""
    return dict(session.execute(select(Procedure.code, Procedure.id)).all())
