"""What people read for an action (pure)."""

from collections.abc import Mapping

from app.audit.tags import Action

WORDS: Mapping[Action, str] = {
    Action.SIGN_IN: "Đăng nhập",
    Action.SIGN_IN_REFUSED: "Đăng nhập bị từ chối",
    Action.SIGN_OUT: "Đăng xuất",
    Action.SESSION_END: "Kết thúc phiên đăng nhập",
    Action.SESSION_CONFIRM: "Xác nhận lại mật khẩu",
    Action.SESSION_CONFIRM_REFUSED: "Xác nhận lại mật khẩu sai",
    Action.FACTOR_ENROL: "Đăng ký yếu tố thứ hai",
    Action.FACTOR_REFUSED: "Sai mã yếu tố thứ hai",
    Action.FACTOR_RECOVER: "Dùng mã khôi phục",
    Action.FACTOR_RESET: "Đặt lại yếu tố thứ hai",
    Action.SINGLE_SIGN_ON_LINK: "Nối tài khoản đăng nhập một lần",
    Action.CONTACT_ENTER: "Ghi địa chỉ nhận nhắc việc",
    Action.CONTACT_PROVE: "Xác nhận địa chỉ nhận nhắc việc",
    Action.CONTACT_CHOOSE: "Chọn cách nhận nhắc việc",
    Action.CONTACT_DROP: "Bỏ địa chỉ nhận nhắc việc",
    Action.MESSAGE_RESEND: "Gửi lại tin nhắn",
    Action.OFFICER_CREATE: "Tạo tài khoản cán bộ",
    Action.OFFICER_INVITE: "Mời cán bộ",
    Action.OFFICER_IMPORT: "Nhập danh sách cán bộ",
    Action.OFFICER_JOIN: "Cán bộ nhận lời mời",
    Action.OFFICER_DEACTIVATE: "Khóa tài khoản cán bộ",
    Action.OFFICER_ROLE_ASSIGN: "Giao vai trò",
    Action.OFFICER_ROLE_END: "Bỏ vai trò",
    Action.OFFICER_PASSWORD_CHANGE: "Đổi mật khẩu",
    Action.OFFICER_PASSWORD_RESET: "Đặt lại mật khẩu",
    Action.DELEGATION_START: "Ủy quyền",
    Action.DELEGATION_END: "Thôi ủy quyền",
    Action.RIGHTS_REVIEW: "Rà soát quyền",
    Action.UNIT_CREATE: "Thêm đơn vị",
    Action.UNIT_CHANGE: "Sửa đơn vị",
    Action.UNIT_RENAME: "Đổi tên đơn vị",
    Action.UNIT_MOVE: "Chuyển đơn vị cấp trên",
    Action.UNIT_MERGE: "Sáp nhập đơn vị",
    Action.UNIT_SPLIT: "Chia tách đơn vị",
    Action.UNIT_DISSOLVE: "Giải thể đơn vị",
    Action.UNIT_IMPORT: "Nhập danh sách đơn vị",
    Action.COUNTER_CREATE: "Thêm quầy",
    Action.COUNTER_CHANGE: "Sửa quầy",
    Action.COUNTER_CLOSE: "Đóng quầy",
    Action.COUNTER_IMPORT: "Nhập danh sách quầy",
    Action.PROCEDURE_CREATE: "Thêm thủ tục",
    Action.PROCEDURE_CHANGE: "Sửa thủ tục",
    Action.PROCEDURE_END: "Kết thúc thủ tục",
    Action.FIELD_CREATE: "Thêm lĩnh vực",
    Action.FIELD_RENAME: "Đổi tên lĩnh vực",
    Action.PROCEDURE_IMPORT: "Nhập danh sách thủ tục",
    Action.CODE_ISSUE: "Cấp mã QR",
    Action.CODE_RETIRE: "Ngừng mã QR",
    Action.CODE_ROTATE: "Đổi mã QR",
    Action.CODE_PRINT: "In mã QR",
    Action.QUESTION_SET_SAVE: "Lưu bản nháp bộ câu hỏi",
    Action.QUESTION_SET_PUBLISH: "Công bố bộ câu hỏi",
    Action.ROUND_OPEN: "Mở đợt khảo sát",
    Action.ROUND_CHANGE: "Sửa đợt khảo sát",
    Action.ROUND_CLOSE: "Đóng đợt khảo sát",
    Action.ROUND_SEAL: "Niêm phong phiếu của đợt",
    Action.DAY_CLOSE: "Chốt ngày",
    Action.LIST_EXPORT: "Tải danh sách",
    Action.RESULTS_EXPORT: "Xuất kết quả",
    Action.ANSWERS_EXPORT: "Xuất phiếu trả lời",
    Action.ANSWERS_IMPORT: "Nhập phiếu trả lời",
    Action.MAPPING_SAVE: "Lưu cách đọc tệp",
    Action.KEY_CREATE: "Tạo khóa mã hóa",
    Action.KEY_ROTATE: "Xoay khóa mã hóa",
    Action.KEY_RETIRE: "Ngừng khóa mã hóa",
    Action.FILE_MALWARE: "Phát hiện mã độc trong tệp gửi đến",
    Action.FEEDBACK_READ: "Đọc phản ánh",
    Action.CASE_READ: "Mở đơn",
    Action.CASE_LIST: "Xem danh sách đơn",
    Action.CASE_READ_CONTACT: "Xem liên hệ người gửi",
    Action.CASE_READ_FILE: "Tải tệp của đơn",
    Action.CASE_REGISTER: "Vào sổ đơn thay người dân",
    Action.CASE_REQUALIFY: "Đổi loại đơn",
    Action.CASE_TAKE_UP: "Nhận xử lý đơn",
    Action.CASE_ASK: "Hỏi người gửi",
    Action.CASE_PAUSE: "Tạm dừng thời hạn của đơn",
    Action.CASE_RESUME: "Tiếp tục xử lý đơn",
    Action.CASE_EXTEND: "Gia hạn đơn",
    Action.CASE_CLOSE: "Trả lời, kết thúc đơn",
    Action.CASE_DECIDE: "Quyết định đề nghị của người gửi",
    Action.CASE_SET_PRIVATE: "Đặt đơn không công khai",
    Action.CASE_UNSET_PRIVATE: "Bỏ chế độ không công khai của đơn",
    Action.CASE_EXCLUDE: "Loại cán bộ liên quan khỏi đơn",
    Action.CASE_ERASE_CONTACT: "Xóa liên hệ người gửi",
    Action.CASE_EXPORT: "Lập tệp danh sách đơn",
    Action.CASE_EXPORT_FETCH: "Tải tệp danh sách đơn",
    Action.CASE_PUBLISH: "Công khai câu trả lời của đơn",
    Action.CASE_CORRECT_PUBLIC: "Sửa bản công khai của đơn",
    Action.CASE_UNPUBLISH: "Gỡ bản công khai của đơn",
    Action.CASE_REDACT: "Che thông tin trong tệp của đơn",
    Action.CASE_LETTER: "Lập văn bản của đơn",
    Action.DENUNCIATION_LIST: "Mở danh sách tin tố cáo",
    Action.DENUNCIATION_READ: "Mở tin tố cáo",
    Action.DENUNCIATION_ACT: "Xử lý tin tố cáo",
    Action.AUDIT_READ: "Xem nhật ký",
    Action.AUDIT_EXPORT: "Xuất nhật ký",
    Action.AUDIT_KEY_MAKE: "Tạo khóa ký nhật ký",
    Action.AUDIT_THRESHOLD_SET: "Đổi ngưỡng cảnh báo",
    Action.LAW_LOAD: "Nạp lịch và quy định ban đầu",
    Action.CALENDAR_CHANGE: "Sửa ngày nghỉ, ngày làm bù",
    Action.CALENDAR_HOURS: "Đổi giờ làm việc",
    Action.RULE_ADD: "Lập phiên bản quy định",
    Action.RULE_WITHDRAW: "Rút phiên bản quy định",
    Action.SETTING_CHANGE: "Đổi cài đặt",
    Action.DOSSIER_READ: "Xem người nộp hồ sơ để gửi thư xin lỗi",
    Action.DOSSIER_IMPORT: "Nhập hồ sơ một cửa",
    Action.DOSSIER_TOTALS: "Nhập số liệu hồ sơ tổng hợp",
    Action.DOSSIER_KEY_MAKE: "Cấp khóa kết nối phần mềm một cửa",
    Action.DOSSIER_KEY_REVOKE: "Thu hồi khóa kết nối phần mềm một cửa",
    Action.LETTER_SEND: "Ghi nhận đã gửi thư xin lỗi",
}


def words_of(action: str) -> str:
    """The words for a stored action; the action itself where it is older or newer than the list."""
    try:
        return WORDS.get(Action(action), action)
    except ValueError:
        return action


def facts(values: Mapping[str, object] | None) -> str:
    """Facts as one line: ``rows: 12; format: csv``."""
    return "; ".join(f"{key}: {_fact(value)}" for key, value in (values or {}).items())


def _fact(value: object) -> str:
    if isinstance(value, dict):
        return f"({facts(value)})"
    if isinstance(value, list):
        return ", ".join(_fact(one) for one in value)
    if isinstance(value, bool):
        return "có" if value else "không"
    return "–" if value is None else str(value)
