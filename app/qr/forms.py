"""Forms of the pages about codes."""

from wtforms import BooleanField, StringField
from wtforms.validators import AnyOf, Regexp

from app.qr.models import Channel
from app.qr.services import LONGEST_GRACE_DAYS
from app.web.csrf import OfficerForm

CHANNEL_OPTIONS = [
    (Channel.QR.value, "Mã in ra, người dân quét bằng điện thoại"),
    (Channel.KIOSK.value, "Máy tính bảng đặt tại quầy"),
]
USUAL_GRACE_DAYS = 14


class IssueForm(OfficerForm):
    """First codes of one channel for the counters that have none."""

    channel = StringField(
        "Dùng cho", [AnyOf([value for value, _ in CHANNEL_OPTIONS], "Xin chọn một trong hai cách dùng.")]
    )


class RotateForm(OfficerForm):
    """A new code in place of an old one, which keeps working for some days."""

    grace_days = StringField(
        "Số ngày mã cũ còn dùng được",
        [Regexp(r"\s*[0-9]{1,3}\s*\Z", message=f"Xin nhập số ngày, từ 0 đến {LONGEST_GRACE_DAYS}.")],
    )

    @property
    def days(self) -> int:
        """The number, once the form is valid."""
        return int(self.grace_days.data)


class RetireForm(OfficerForm):
    """End a code at once, and issue another for the same counter if wanted."""

    issue_new = BooleanField("Cấp ngay mã mới cho quầy này")
