"""Keys for other systems that send cases."""

from app.accounts.connections.pages import Words, key_pages
from app.accounts.connections.services import CASES
from app.web.pages import site
from app.web.permissions import Permission

WORDS = Words(
    title="Kết nối hệ thống khác",
    help=(
        "Để hệ thống khác, ví dụ cổng 1022 hay ứng dụng của tỉnh, chuyển phản ánh, góp ý của người dân vào "
        "đây theo chuẩn Open311 GeoReport v2, thay vì nhập tay. Mỗi khóa chỉ gửi được việc của một đơn vị và "
        "các đơn vị bên dưới, và chỉ hỏi được tình trạng những việc do chính nó gửi; khóa chỉ hiện một lần, "
        "hệ thống không giữ lại. Đọc câu trả lời đã công khai thì không cần khóa. Khiếu nại và tin tố cáo "
        "không nhận qua đường này. Nghi khóa bị lộ thì thu hồi và cấp khóa mới."
    ),
    name_label="Tên hệ thống, đơn vị dùng",
    copy_to="hệ thống kia",
    revoked="Đã thu hồi khóa. Hệ thống dùng khóa này không gửi được nữa; đơn đã gửi vẫn còn.",
    address=lambda: f"{site().config.public_url}/open311/v2/discovery.json",
)

blueprint = key_pages("exchange_keys", "/officer/exchange-keys", CASES, Permission.CASES_CONNECT, WORDS)
