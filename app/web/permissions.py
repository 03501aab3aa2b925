"""Every permission, as ``surface:resource:action``. Code asks for permissions, never for roles."""

from collections.abc import Mapping
from enum import StrEnum


class Permission(StrEnum):
    """What an officer may do, within the subtree of a unit."""

    RESULTS_READ = "officer:results:read"
    RESULTS_READ_LIVE = "officer:results:read-live"
    RESULTS_EXPORT = "officer:results:export"
    ANSWERS_EXPORT = "officer:answers:export"
    ANSWERS_IMPORT = "officer:answers:import"
    ROUNDS_MANAGE = "officer:rounds:manage"
    QUESTION_SETS_READ = "officer:question-sets:read"
    QUESTION_SETS_MANAGE = "officer:question-sets:manage"
    UNITS_READ = "officer:units:read"
    UNITS_MANAGE = "officer:units:manage"
    CODES_READ = "officer:codes:read"
    CODES_MANAGE = "officer:codes:manage"
    OFFICERS_MANAGE = "officer:officers:manage"
    RIGHTS_READ = "officer:rights:read"
    RIGHTS_DELEGATE = "officer:rights:delegate"
    RIGHTS_REVIEW = "officer:rights:review"
    DAY_CLOSE = "officer:day:close"
    AUDIT_READ = "officer:audit:read"
    AUDIT_CONFIGURE = "officer:audit:configure"
    SETTINGS_MANAGE = "officer:settings:manage"
    MESSAGES_MANAGE = "officer:messages:manage"
    ANSWERS_ENTER = "officer:answers:enter"
    RULES_READ = "officer:rules:read"
    RULES_MANAGE = "officer:rules:manage"
    DOSSIERS_READ = "officer:dossiers:read"
    DOSSIERS_IMPORT = "officer:dossiers:import"
    DOSSIERS_CONNECT = "officer:dossiers:connect"
    LETTERS_SEND = "officer:letters:send"
    DUTY_READ = "officer:duty:read"
    DUTY_MANAGE = "officer:duty:manage"

    CASES_READ = "officer:cases:read"
    CASES_REGISTER = "officer:cases:register"
    CASES_HANDLE = "officer:cases:handle"
    CASES_ASSIGN = "officer:cases:assign"
    CASES_TRANSFER = "officer:cases:transfer"
    CASES_APPROVE = "officer:cases:approve"
    CASES_PUBLISH = "officer:cases:publish"
    CASES_MERGE = "officer:cases:merge"
    CASES_REDACT = "officer:cases:redact"
    CASES_EXPORT = "officer:cases:export"
    CASES_CONNECT = "officer:cases:connect"
    CASES_RECHECK = "officer:cases:recheck"
    CASES_READ_PRIVATE = "officer:cases:read-private"
    CASES_SET_PRIVATE = "officer:cases:set-private"
    CASES_READ_OPENERS = "officer:cases:read-openers"
    CASES_READ_CONTACT = "officer:cases:read-contact"
    CASES_EXPORT_CONTACT = "officer:cases:export-contact"
    CASES_ERASE_CONTACT = "officer:cases:erase-contact"
    CASES_READ_DENUNCIATION = "officer:cases:read-denunciation"


PUBLIC = (
    "public:survey:answer",
    "public:feedback:send",
    "public:results:read",
)
"""What anybody may do without an account. No officer's permission: these routes are marked ``public``."""

WORDS: Mapping[Permission, str] = {
    Permission.RESULTS_READ: "Xem kết quả đã công bố",
    Permission.RESULTS_READ_LIVE: "Xem kết quả chưa công bố",
    Permission.RESULTS_EXPORT: "Xuất kết quả",
    Permission.ANSWERS_EXPORT: "Xuất từng phiếu trả lời",
    Permission.ANSWERS_IMPORT: "Nhập phiếu khảo sát từ tệp",
    Permission.ANSWERS_ENTER: "Nhập phiếu khảo sát giấy",
    Permission.ROUNDS_MANAGE: "Mở, sửa, đóng đợt khảo sát",
    Permission.QUESTION_SETS_READ: "Xem bộ câu hỏi",
    Permission.QUESTION_SETS_MANAGE: "Dịch, tải lên, công bố bộ câu hỏi",
    Permission.UNITS_READ: "Xem đơn vị và quầy",
    Permission.UNITS_MANAGE: "Sửa đơn vị và quầy",
    Permission.CODES_READ: "Xem và in mã QR",
    Permission.CODES_MANAGE: "Cấp, thu hồi mã QR",
    Permission.OFFICERS_MANAGE: "Quản lý cán bộ và vai trò",
    Permission.RIGHTS_READ: "Xem ai được làm gì, vì sao",
    Permission.RIGHTS_DELEGATE: "Ủy quyền khi vắng mặt",
    Permission.RIGHTS_REVIEW: "Rà soát quyền hằng năm",
    Permission.DAY_CLOSE: "Chốt ngày",
    Permission.AUDIT_READ: "Xem nhật ký",
    Permission.AUDIT_CONFIGURE: "Đặt ngưỡng cảnh báo của nhật ký",
    Permission.SETTINGS_MANAGE: "Đổi cài đặt chung",
    Permission.MESSAGES_MANAGE: "Xem tình trạng tin gửi đi, gửi lại",
    Permission.RULES_READ: "Xem lịch và thời hạn",
    Permission.RULES_MANAGE: "Sửa lịch và thời hạn",
    Permission.DOSSIERS_READ: "Xem tình hình hồ sơ một cửa",
    Permission.DOSSIERS_IMPORT: "Nhập hồ sơ, số liệu một cửa",
    Permission.DOSSIERS_CONNECT: "Kết nối phần mềm một cửa",
    Permission.LETTERS_SEND: "Gửi thư xin lỗi vì trễ hạn",
    Permission.DUTY_READ: "Xem lịch trực quầy",
    Permission.DUTY_MANAGE: "Sửa lịch trực quầy",
    Permission.CASES_READ: "Xem phản ánh, khiếu nại",
    Permission.CASES_REGISTER: "Vào sổ thay người dân",
    Permission.CASES_HANDLE: "Xử lý, ghi chú, dự thảo trả lời",
    Permission.CASES_ASSIGN: "Phân công người xử lý",
    Permission.CASES_TRANSFER: "Chuyển đơn vị khác",
    Permission.CASES_APPROVE: "Duyệt trả lời",
    Permission.CASES_PUBLISH: "Công khai kết quả xử lý",
    Permission.CASES_MERGE: "Gộp các đơn trùng",
    Permission.CASES_REDACT: "Che thông tin cá nhân trong nội dung",
    Permission.CASES_EXPORT: "Xuất danh sách đơn",
    Permission.CASES_CONNECT: "Kết nối hệ thống khác gửi phản ánh",
    Permission.CASES_RECHECK: "Rút mẫu đơn đã kết thúc để kiểm tra lại",
    Permission.CASES_READ_PRIVATE: "Xem đơn không công khai",
    Permission.CASES_SET_PRIVATE: "Đặt chế độ không công khai",
    Permission.CASES_READ_OPENERS: "Xem tên người đã mở, người xem được một đơn",
    Permission.CASES_READ_CONTACT: "Xem họ tên, liên hệ người gửi",
    Permission.CASES_EXPORT_CONTACT: "Xuất họ tên, liên hệ người gửi",
    Permission.CASES_ERASE_CONTACT: "Xóa họ tên, liên hệ người gửi",
    Permission.CASES_READ_DENUNCIATION: "Xem đơn tố cáo",
}
"""What a permission lets its holder do, as pages and the matrix in docs/ say it."""
