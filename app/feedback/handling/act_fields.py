"""The forms of the acts: what each asks for, with which words. One entry for each move of ``cases.workflow``."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.feedback.answering.approvals import MOST_RETURN
from app.feedback.answering.points import MOST_TYPED
from app.feedback.cases.kinds import Decision
from app.feedback.handling.words import DECISIONS, EXCLUSIONS
from app.feedback.routing.pages import GROUND_WORDS
from app.feedback.routing.services import MOST_REASON
from app.rules.content import UNIT_WORDS

MOST_DOCUMENT = 500

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: ``shape`` is ``text``, ``area``, ``date``, ``number``, ``choice`` or ``select``.

    ``options`` None: they depend on the case and come from the view. ``is_optional``: may be left empty.
    """

    name: str
    label: str
    shape: str = "text"
    hint: str = ""
    options: Options | None = ()
    most: int = MOST_DOCUMENT
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class ActForm:
    """What an act is for, what the sender learns of it, and its fields.

    ``spotted`` names the field that is shown once more when something in it looks personal.
    """

    purpose: str
    fields: tuple[Field, ...] = ()
    spotted: str = ""


_DOCUMENT = "Số, ngày, cơ quan ban hành và trích yếu. Người gửi đọc được dòng này."

FORMS: Mapping[str, ActForm] = {
    "take_up": ActForm(
        "Ghi rằng đơn vị bắt đầu xử lý (thụ lý). Người gửi thấy việc này cùng ngày; thời hạn không đổi. Đơn đã "
        "giao cho ai thì người ấy vẫn xử lý; đơn chưa giao cho ai thì giao cho Ông/Bà."
    ),
    "requalify": ActForm(
        "Dùng khi loại đơn người gửi chọn không đúng. Thời hạn được tính lại theo loại mới từ ngày nhận; các lần tạm "
        "dừng trước đây vẫn được tính.",
        (
            Field("kind", "Loại đúng", "choice", options=None),
            Field("reason", "Lý do", "area", "Người gửi đọc được lý do này.", most=2000),
        ),
    ),
    "ask": ActForm(
        "Mỗi lần một câu hỏi. Thời hạn dừng cho đến khi người gửi trả lời bằng mã tra cứu hoặc hết ngày chờ. Câu hỏi "
        "không được đòi người gửi cho biết mình là ai.",
        (
            Field("text", "Câu hỏi", "area", "Người gửi đọc đúng như Ông/Bà viết.", most=2000),
            Field("answer_until", "Chờ trả lời đến hết ngày", "date"),
        ),
        spotted="text",
    ),
    "withdraw_question": ActForm("Câu hỏi đang chờ được rút lại, thời hạn chạy tiếp. Người gửi thấy việc này."),
    "pause": ActForm(
        "Dùng khi phải chờ cơ quan khác trả lời. Thời hạn dừng từ bây giờ cho đến khi Ông/Bà tiếp tục xử lý.",
        (Field("document", "Văn bản làm căn cứ", "area", _DOCUMENT),),
    ),
    "suspend": ActForm(
        "Tạm đình chỉ theo quyết định của người có thẩm quyền. Thời hạn dừng cho đến khi tiếp tục xử lý.",
        (Field("document", "Quyết định tạm đình chỉ", "area", _DOCUMENT),),
    ),
    "resume": ActForm("Thời hạn chạy tiếp từ bây giờ. Người gửi thấy việc này và hạn mới."),
    "extend": ActForm(
        "Gia hạn theo văn bản của người có thẩm quyền. Số ngày và số lần được gia hạn theo quy định đang áp dụng cho "
        "vụ việc này.",
        (
            Field("limit", "Số ngày gia hạn", "number"),
            Field(
                "limit_unit",
                "Tính theo",
                "select",
                options=tuple((one.value, said) for one, said in UNIT_WORDS.items()),
            ),
            Field("signed_by", "Người ký", hint="Chức danh và họ tên. Người gửi đọc được dòng này."),
            Field("document", "Văn bản gia hạn", "area", _DOCUMENT),
        ),
    ),
    "decide": ActForm(
        "Trả lời đề nghị của người gửi bằng lời. Chấp nhận thì vụ việc được mở lại và thời hạn tính theo quy định.",
        (
            Field("decision", "Quyết định", "choice", options=tuple((one.value, DECISIONS[one]) for one in Decision)),
            Field("words", "Lời trả lời", "area", "Người gửi đọc đúng như Ông/Bà viết.", most=2000),
        ),
    ),
    "set_points": ActForm(
        "Để không bỏ sót ý nào của người gửi: mỗi ý sẽ có một ô trả lời riêng ở trang Soạn trả lời. Người gửi thấy "
        "cách chia này và thấy câu trả lời dưới từng ý. Muốn trả lời chung một lần thì để lại một ý.",
        (
            Field(
                "points",
                "Các ý",
                "area",
                "Mỗi ý một dòng. Ý nào viết nhiều dòng thì giữa các ý để một dòng trống. Có thể viết gọn lại lời của "
                "người gửi, không đổi nghĩa.",
                most=MOST_TYPED,
            ),
        ),
    ),
    "return_answer": ActForm(
        "Câu trả lời trở về bản nháp để người viết sửa. Thời hạn vẫn chạy. Người gửi không đọc lời này.",
        (Field("words", "Cần sửa gì", "area", "Chỉ cán bộ xử lý đơn này đọc được.", most=MOST_RETURN),),
    ),
    "take_back_answer": ActForm(
        "Dùng khi muốn viết lại câu trả lời đã trình mà chưa ai duyệt. Bản nháp còn nguyên; thời hạn vẫn chạy."
    ),
    "assign": ActForm(
        "Để giao đơn cho một người cụ thể, nhờ vậy mọi người biết ai đang làm. Chỉ hiện những người được quyền xử lý "
        "đơn này; số đơn đang giữ chỉ tính những đơn Ông/Bà được xem. Người gửi không thấy tên cán bộ.",
        (Field("assignee", "Người xử lý", "select", options=None),),
    ),
    "unassign": ActForm("Đơn trở về danh sách chưa giao để giao cho người khác. Thời hạn vẫn chạy."),
    "take": ActForm("Ghi rằng Ông/Bà xử lý đơn này. Chỉ dùng khi đơn chưa giao cho ai."),
    "transfer": ActForm(
        "Dùng khi đơn phải do đơn vị khác giải quyết. Từ lúc chuyển, người ở đơn vị cũ không còn thấy đơn ở bất cứ "
        "đâu, trừ người có quyền ở cả hai nơi. Thời hạn vẫn chạy từ ngày nhận; người gửi được báo.",
        (
            Field("to", "Chuyển đến", "select", options=None, is_optional=True),
            Field(
                "to_typed",
                "Đơn vị khác",
                hint="Mã hoặc một phần tên, có dấu hay không dấu. Bỏ trống nếu đã chọn ở trên.",
                is_optional=True,
                most=100,
            ),
            Field(
                "ground",
                "Vì sao chuyển",
                "choice",
                options=tuple((one.value, said) for one, said in GROUND_WORDS.items()),
            ),
            Field("reason", "Lý do", "area", "Người gửi đọc được lý do này.", most=MOST_REASON),
        ),
    ),
    "send_back": ActForm(
        "Dùng khi đơn được chuyển đến nhầm. Đơn trở về đơn vị đã chuyển và đơn vị Ông/Bà không còn thấy. Thời hạn vẫn "
        "chạy; người gửi thấy đơn được chuyển trở lại nhưng không đọc lời này.",
        (Field("words", "Vì sao trả lại", "area", "Chỉ cán bộ xử lý đơn này đọc được.", most=MOST_REASON),),
    ),
    "set_private": ActForm(
        "Chỉ những người có quyền xem đơn không công khai còn thấy vụ việc này. Người gửi được báo.",
        (Field("reason", "Lý do", "area", most=2000),),
    ),
    "unset_private": ActForm(
        "Mọi người có quyền xem đơn của đơn vị lại thấy vụ việc này.",
        (Field("reason", "Lý do", "area", most=2000),),
    ),
    "exclude": ActForm(
        "Cán bộ được chọn không còn thấy vụ việc này ở bất cứ đâu: trang, tệp, danh sách, tìm kiếm, số đếm. "
        "Khi đơn vị không còn ai độc lập để xử lý hoặc duyệt, vụ việc chuyển lên cấp trên. Loại rồi chỉ cấp trên bỏ "
        "được.",
        (
            Field("officer", "Cán bộ có liên quan", "select", options=None),
            Field("rule", "Vì sao", "select", options=tuple((one.value, said) for one, said in EXCLUSIONS.items())),
            Field(
                "words", "Giải thích", "area", "Cán bộ được xem vụ việc đọc lời này; người gửi thì không.", most=2000
            ),
        ),
    ),
    "lift_exclusion": ActForm(
        "Dùng khi một cán bộ bị loại nhầm khỏi vụ việc. Cán bộ ấy lại thấy vụ việc theo quyền của mình. Chỉ cấp trên "
        "của đơn vị cán bộ ấy làm được; việc này và lời giải thích được lưu lại. Người gửi không đọc lời này.",
        (
            Field("excluded", "Cán bộ đang bị loại", "select", options=None),
            Field("words", "Vì sao bỏ việc loại", "area", most=2000),
        ),
    ),
}
