"""Keys for the one-stop software."""

from app.accounts.connections.pages import Words, key_pages
from app.accounts.connections.services import DOSSIERS
from app.web.permissions import Permission

WORDS = Words(
    title="Kết nối phần mềm một cửa",
    help=(
        "Để phần mềm một cửa tự gửi tình trạng hồ sơ hằng ngày. Mỗi khóa chỉ gửi được hồ sơ của một đơn vị và"
        " các đơn vị bên dưới; khóa chỉ hiện một lần, hệ thống không giữ lại. Nghi bị lộ thì thu hồi và cấp "
        "khóa mới."
    ),
    name_label="Tên phần mềm, đơn vị dùng",
    copy_to="phần mềm một cửa",
    revoked="Đã thu hồi khóa. Phần mềm dùng khóa này không gửi hồ sơ được nữa.",
    back="dossiers_officer.index",
)

blueprint = key_pages("keys", "/keys", DOSSIERS, Permission.DOSSIERS_CONNECT, WORDS)
