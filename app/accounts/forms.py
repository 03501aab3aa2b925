"""Forms of officer administration and of the change of password."""

from wtforms import PasswordField, StringField
from wtforms.validators import AnyOf, DataRequired, EqualTo, Length

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


class ChangePasswordForm(OfficerForm):
    """Choose a new password. ``present`` is taken away while a one-time password waits to be changed."""

    present = PasswordField("Mật khẩu hiện tại", [DataRequired("Xin nhập mật khẩu hiện tại.")])
    new = PasswordField("Mật khẩu mới", [DataRequired("Xin nhập mật khẩu mới.")])
    repeated = PasswordField(
        "Nhập lại mật khẩu mới", [EqualTo("new", "Hai lần nhập mật khẩu mới chưa giống nhau. Xin nhập lại.")]
    )


class RoleForm(OfficerForm):
    """A role, and the unit it is given for: a code, a name or a part of one; empty means everywhere."""

    role = StringField("Vai trò", [AnyOf([role.value for role in Role], "Xin chọn một vai trò trong danh sách.")])
    unit = StringField("Đơn vị", [Length(max=200, message="Tên đơn vị quá dài.")])


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
