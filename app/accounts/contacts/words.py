"""What officers read about ways to reach them."""

from collections.abc import Mapping

from app.accounts.contacts.models import Level
from app.messages.states import Channel

LABELS: Mapping[Channel, str] = {Channel.EMAIL: "Thư điện tử", Channel.PHONE: "Điện thoại"}
FIELDS: Mapping[Channel, str] = {Channel.EMAIL: "Địa chỉ thư điện tử", Channel.PHONE: "Số điện thoại"}
EXAMPLES: Mapping[Channel, str] = {
    Channel.EMAIL: "Ví dụ lan.nguyen@tinh.gov.vn. Nên dùng hộp thư công vụ của riêng Ông/Bà.",
    Channel.PHONE: "Ví dụ 0912 345 678.",
}
LEVELS: Mapping[Level, str] = {
    Level.DIGEST: "Chỉ một tin tổng hợp mỗi sáng làm việc",
    Level.EACH: "Tin tổng hợp, và từng việc: được giao đơn, sắp đến hạn, quá hạn",
    Level.OFF: "Tạm thời không gửi gì",
}
SHORT: Mapping[Level, str] = {
    Level.DIGEST: "Tổng hợp mỗi sáng",
    Level.EACH: "Tổng hợp và từng việc",
    Level.OFF: "Tạm không gửi",
}
