"""Forms of officer administration, of one's own account and of rights."""

from wtforms import DateField, PasswordField, StringField
from wtforms.validators import AnyOf, DataRequired, EqualTo, Length, Optional

from app.accounts.roles import NAMES, Role
from app.web.csrf import OfficerForm

ORDER = (
    Role.CASE_OFFICER,
    Role.UNIT_LEADER,
    Role.COUNTER_CLERK,
    Role.SURVEYOR,
    Role.HOME_AFFAIRS,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
ROLE_OPTIONS = [(role.value, NAMES[role]) for role in ORDER]


class DayField(DateField):  # type: ignore[misc]  # WTForms has no types
    """A day, as browsers send it or as people type it where there is no date field."""

    def __init__(self, label: str, validators: list[object], **rest: object) -> None:
        super().__init__(label, validators, format=["%Y-%m-%d", "%d/%m/%Y"], **rest)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what came; what is no day is said in Vietnamese."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Xin nhập ngày theo dạng ngày/tháng/năm.") from None


class ChangePasswordForm(OfficerForm):
    """Choose a new password. ``present`` is taken away while a one-time password waits to be changed."""

    present = PasswordField("Mật khẩu hiện tại", [DataRequired("Xin nhập mật khẩu hiện tại.")])
    new = PasswordField("Mật khẩu mới", [DataRequired("Xin nhập mật khẩu mới.")])
    repeated = PasswordField(
        "Nhập lại mật khẩu mới", [EqualTo("new", "Hai lần nhập mật khẩu mới chưa giống nhau. Xin nhập lại.")]
    )


class RoleForm(OfficerForm):
    """A role, the unit it is given for (a code, a name or a part of one; empty means everywhere), its last day."""

    role = StringField("Vai trò", [AnyOf([role.value for role in Role], "Xin chọn một vai trò trong danh sách.")])
    unit = StringField("Đơn vị", [Length(max=200, message="Tên đơn vị quá dài.")])
    valid_to = DayField("Đến hết ngày", [Optional()])


class NewOfficerForm(RoleForm):
    """A new officer with a first role."""

    username = StringField(
        "Tên đăng nhập",
        [DataRequired("Xin nhập tên đăng nhập."), Length(max=60, message="Tên đăng nhập có nhiều nhất 60 ký tự.")],
    )
    full_name = StringField(
        "Họ và tên",
        [DataRequired("Xin nhập họ và tên."), Length(max=200, message="Họ và tên có nhiều nhất 200 ký tự.")],
    )


class CodeForm(OfficerForm):
    """A code of the authenticator, or a recovery code."""

    code = StringField("Mã xác thực", [DataRequired("Xin nhập mã."), Length(max=40, message="Mã quá dài.")])


class ConfirmForm(OfficerForm):
    """The password once more."""

    password = PasswordField("Mật khẩu", [DataRequired("Xin nhập mật khẩu.")])


class DelegationForm(OfficerForm):
    """Which role, to whom, where, from when to when, why."""

    assignment = StringField("Vai trò")
    deputy = StringField("Người được ủy quyền", [DataRequired("Xin nhập tên đăng nhập của người được ủy quyền.")])
    unit = StringField("Đơn vị", [Length(max=200, message="Tên đơn vị quá dài.")])
    valid_from = DayField("Từ ngày", [DataRequired("Xin chọn ngày bắt đầu.")])
    valid_to = DayField("Đến hết ngày", [DataRequired("Xin chọn ngày kết thúc.")])
    reason = StringField("Lý do", [DataRequired("Xin ghi lý do."), Length(max=300, message="Lý do quá dài.")])
