"""Words for the codes of a question set, as officers read them (pure)."""

from collections.abc import Mapping

from app.survey.definitions import Mode, Role, Wording

MODE_WORDS: Mapping[Mode, str] = {
    Mode.OPEN_QR: "mã QR tại quầy",
    Mode.KIOSK: "máy tính bảng tại quầy",
    Mode.VERIFIED_QR: "mã QR trên biên nhận",
    Mode.SAMPLED: "mẫu chọn",
    Mode.PAPER: "phiếu giấy",
}
WORDING_WORDS: Mapping[Wording, str] = {Wording.VERIFIED: "đã kiểm chứng", Wording.UNVERIFIED: "chưa kiểm chứng"}
ROLE_WORDS: Mapping[Role, str] = {
    Role.OVERALL: "câu chạm đầu tiên",
    Role.RESPONDENT_KIND: "loại người trả lời",
    Role.CRITERION: "tiêu chí",
    Role.PERCEPTION: "nhận định",
    Role.NEED: "nhu cầu",
    Role.RESPONDENT: "thông tin người trả lời",
    Role.COMMENT: "ý kiến khác",
}
TYPE_WORDS: Mapping[str, str] = {
    "rating": "mức độ",
    "single_choice": "chọn một",
    "multiple_choice": "chọn nhiều",
    "yes_no": "có hoặc không",
    "number": "số",
    "text": "viết",
}
