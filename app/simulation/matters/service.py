"""Matters that come up at every counter: how people are received, where, and what they wish for (pure)."""

from app.simulation.matters.model import Group, Subject

MANNERS = Group(
    (),
    (
        "Tôi lớn tuổi, nghe không rõ nên phải hỏi lại.",
        "Chờ chừng bốn mươi phút mới có người quay lại.",
        "Đề nghị nhắc nhở để bà con đỡ ngại.",
        "Hôm ấy có nhiều người cùng chứng kiến.",
        "Tôi không muốn làm to chuyện, chỉ mong lần sau khác đi.",
        "Việc xảy ra vào đầu giờ chiều.",
    ),
    (
        "Trung tâm đã xem lịch trực và hỏi những người có mặt",
        "Lãnh đạo trung tâm đã làm việc trực tiếp với người trực quầy",
        "Đã xem lại số liệu lấy số và biên bản giao ca",
        "Bộ phận một cửa đã họp để xem lại sự việc",
    ),
    (
        "Mỗi quầy nay có người thay khi người trực phải rời đi",
        "Số điện thoại của lãnh đạo trung tâm được dán tại quầy để bà con gọi ngay",
        "Thái độ phục vụ được đưa vào đánh giá hằng tháng của từng người",
        "Cả bộ phận đã học lại quy tắc ứng xử nơi công sở",
    ),
)
QUEUE = Group(
    (),
    (
        "Mọi người phải tự nhớ thứ tự, rất lộn xộn.",
        "Đề nghị có người điều phối ở cửa.",
        "Màn hình gọi số cũng không sáng.",
        "Tôi đến từ bảy giờ mà hơn mười giờ mới xong.",
        "Có cụ già đứng đợi cả tiếng.",
    ),
    (
        "Đã kiểm tra máy lấy số và số liệu chờ của tuần ấy",
        "Trung tâm đã theo dõi sảnh chờ trong ba buổi sáng",
        "Đã hỏi bộ phận hướng dẫn và xem lại sổ trực",
    ),
    (
        "Giờ đông khách có một người đứng hướng dẫn ở cửa",
        "Thời gian chờ được theo dõi và báo lãnh đạo mỗi tuần",
        "Người trên 70 tuổi và người khuyết tật được gọi trước",
    ),
)
BUILDING = Group(
    (),
    (
        "Mấy hôm nắng nóng rất khổ.",
        "Đề nghị kiểm tra và sửa sớm.",
        "Tôi thấy nhiều người cũng than phiền.",
        "Đã nói với bảo vệ nhưng chưa thấy gì thay đổi.",
    ),
    (
        "Bộ phận hành chính đã kiểm tra tại chỗ",
        "Trung tâm đã mời đơn vị quản lý tòa nhà cùng xem",
        "Lãnh đạo trung tâm đã xuống xem và giao việc ngay",
    ),
    (
        "Tổ phục vụ kiểm tra và ký sổ hai lần mỗi ngày",
        "Mọi hỏng hóc nay được ghi vào sổ và sửa trong hai ngày",
        "Có số điện thoại để bà con báo hỏng",
    ),
    "đơn vị quản lý tòa nhà",
)
IDEAS = Group(
    (),
    (
        "Nhiều nơi đã làm và bà con rất hài lòng.",
        "Như vậy đỡ phải đi lại nhiều lần.",
        "Tôi nghĩ không tốn kém bao nhiêu.",
        "Khu tôi ở ai cũng mong như thế.",
    ),
    (
        "Trung tâm đã bàn góp ý này trong buổi giao ban",
        "Lãnh đạo đơn vị đã xem và trao đổi với các bộ phận",
        "Góp ý đã được đưa ra họp lấy ý kiến",
    ),
    (
        "Sau ba tháng trung tâm sẽ hỏi lại ý kiến người dân",
        "Bà con thấy chỗ nào chưa ổn xin góp ý thêm",
        "Kết quả sẽ được dán ở bảng tin của trung tâm",
    ),
)
NO_MONEY = "Đơn vị chưa thể thực hiện vì không đủ người và kinh phí trong năm nay; góp ý được ghi lại để xét năm sau"
SERVICE: tuple[Subject, ...] = (
    Subject(
        "rude",
        MANNERS,
        (
            "Người ở quầy trả lời cộc lốc, hỏi lại thì tỏ ra khó chịu",
            "Tôi hỏi thủ tục thì người tiếp nhận gắt gỏng trước mặt mọi người",
            "Người trực quầy ném trả hồ sơ mà không giải thích",
        ),
        ("Thái độ của người trực quầy", "Lời nói chưa đúng mực khi tiếp dân", "Trả hồ sơ không giải thích"),
        (
            "Người trực đã nhận thiếu sót và xin lỗi; trung tâm đã nhắc nhở bằng văn bản",
            "Phản ánh là đúng; người trực đã chuyển sang việc khác và trung tâm đã xin lỗi người gửi",
            "Trung tâm đã xin lỗi, giải thích lại thủ tục và nhận hồ sơ ngay",
        ),
        "Đã nhắc nhở người trực; việc lắp camera ở quầy còn chờ kinh phí",
        "Những người có mặt và bản ghi hình buổi ấy không cho thấy sự việc như được nêu",
        is_about_people=True,
    ),
    Subject(
        "nobody_there",
        MANNERS,
        (
            "Trong giờ làm việc quầy không có người ngồi",
            "Hai giờ chiều quầy vẫn khóa, không có thông báo",
        ),
        ("Quầy vắng người trong giờ làm việc", "Quầy mở muộn buổi chiều"),
        (
            "Người trực đi họp mà không bàn giao; trung tâm đã phê bình và bố trí người thay",
            "Quầy mở muộn 30 phút là đúng; trung tâm xin lỗi và đã chấn chỉnh giờ giấc",
        ),
        "Đã bố trí người thay buổi chiều; buổi sáng còn chờ tuyển thêm",
        "Lịch trực và số liệu lấy số không cho thấy quầy bỏ trống vào buổi được nêu",
        is_about_people=True,
    ),
    Subject(
        "chatting",
        MANNERS,
        (
            "Người tiếp nhận nói chuyện riêng khi còn nhiều người chờ",
            "Người trực dùng điện thoại riêng trong lúc bà con đứng đợi",
        ),
        ("Làm việc riêng trong giờ tiếp dân", "Dùng điện thoại riêng tại quầy"),
        (
            "Đã nhắc nhở người trực, không dùng điện thoại riêng trong giờ tiếp dân",
            "Trung tâm đã xem lại, phê bình trong cuộc họp và xin lỗi bà con",
        ),
        "Đã nhắc nhở; việc đổi vị trí ngồi để dễ quan sát làm trong tháng tới",
        "Lúc ấy người trực đang gọi điện cho người nộp hồ sơ, có ghi trong sổ",
        is_about_people=True,
    ),
    Subject(
        "machine",
        QUEUE,
        (
            "Máy lấy số hỏng đã hơn một tuần",
            "Máy lấy số hết giấy cả buổi sáng mà không ai thay",
        ),
        ("Máy lấy số hỏng", "Máy lấy số hết giấy"),
        (
            "Máy lấy số đã được sửa; giấy in dự phòng để ngay tại bàn hướng dẫn",
            "Đã thay đầu in và giao một người kiểm tra máy đầu mỗi buổi",
        ),
        "Đã phát số bằng tay; máy mới còn chờ mua sắm",
        "Máy chỉ dừng một buổi để bảo trì, có dán thông báo và phát số bằng tay",
    ),
    Subject(
        "waiting",
        QUEUE,
        (
            "Sáng thứ hai nào cũng phải chờ rất lâu mới đến lượt",
            "Chờ gần ba tiếng mới được gọi, trong khi hai quầy bên cạnh không có khách",
        ),
        ("Chờ lâu vào sáng thứ hai", "Thời gian chờ đến lượt"),
        (
            "Đã thêm một người trực sáng thứ hai và cho quầy vắng gọi thay quầy đông",
            "Trung tâm đã xếp lại các quầy; tuần vừa rồi thời gian chờ còn dưới 25 phút",
        ),
        "Đã có người điều phối; màn hình mới còn chờ mua sắm",
        "Số liệu của máy cho thấy thời gian chờ trung bình dưới mức đã công bố",
    ),
    Subject(
        "jumped",
        QUEUE,
        (
            "Lấy số xong vẫn bị người đến sau chen lên trước",
            "Có người quen được gọi vào làm trước không cần lấy số",
        ),
        ("Chen ngang khi chờ đến lượt", "Gọi người không theo số thứ tự"),
        (
            "Từ nay chỉ gọi theo số trên màn hình; người trực đã bị nhắc nhở",
            "Phản ánh là đúng; trung tâm đã xin lỗi và gọi lại theo số thứ tự",
        ),
        "Đã chấn chỉnh việc gọi số; vạch chờ trước quầy sẽ kẻ trong tháng này",
        "Người được gọi trước thuộc diện ưu tiên đã niêm yết tại sảnh",
    ),
    Subject(
        "toilet",
        BUILDING,
        (
            "Nhà vệ sinh của trung tâm không có nước",
            "Nhà vệ sinh dành cho người dân khóa cửa suốt buổi",
        ),
        ("Nhà vệ sinh không có nước", "Nhà vệ sinh cho người dân bị khóa"),
        (
            "Đã sửa đường nước ngay trong ngày",
            "Cửa bị khóa do nhầm giờ; đã mở lại và dán giờ mở cửa",
        ),
        "Đã có nước; việc thay thiết bị cũ đưa vào kế hoạch quý tới",
        "Đã kiểm tra tại chỗ hai lần nhưng không thấy tình trạng được nêu",
    ),
    Subject(
        "chairs",
        BUILDING,
        (
            "Phòng chờ thiếu ghế, người già phải đứng",
            "Phòng chờ nóng, quạt hỏng mấy chiếc chưa thay",
        ),
        ("Phòng chờ thiếu ghế ngồi", "Quạt phòng chờ hỏng"),
        (
            "Đã kê thêm mười hai ghế, dành hàng đầu cho người cao tuổi",
            "Quạt hỏng đã được thay; phòng chờ có thêm bình nước uống",
        ),
        "Đã kê thêm ghế; việc mở rộng phòng chờ đưa vào kế hoạch năm sau",
        "Phòng chờ đủ ghế theo số khách trung bình; hôm ấy là ngày cao điểm sau lễ",
    ),
    Subject(
        "parking",
        BUILDING,
        (
            "Bãi để xe thu tiền dù có biển miễn phí",
            "Bảo vệ không cho để xe trong sân dù còn nhiều chỗ",
        ),
        ("Thu tiền ở bãi để xe miễn phí", "Chỗ để xe của người dân"),
        (
            "Đã chấm dứt việc thu tiền xe và trả lại tiền cho người gửi",
            "Sân trước nay dành cho xe của người dân; bảo vệ đã được nhắc nhở",
        ),
        "Đã dừng thu tiền; việc kẻ vạch bãi xe làm sau mùa mưa",
        "Chỗ thu tiền là bãi của tư nhân bên cạnh, không thuộc trung tâm",
    ),
    Subject(
        "saturday",
        IDEAS,
        (
            "Mong trung tâm làm thêm sáng thứ bảy cho công nhân ca kíp",
            "Đề xuất trả kết quả cả sau giờ hành chính một buổi mỗi tuần",
        ),
        ("Làm việc sáng thứ bảy", "Trả kết quả ngoài giờ hành chính"),
        (
            "Từ tháng tới trung tâm trực sáng thứ bảy tuần đầu và tuần thứ ba",
            "Chiều thứ năm trung tâm trả kết quả đến 19 giờ, làm thử trong quý",
        ),
        "Sáng thứ bảy có trực trả kết quả; việc tiếp nhận hồ sơ còn chờ ý kiến cấp trên",
        NO_MONEY,
        is_idea=True,
    ),
    Subject(
        "ramp",
        IDEAS,
        (
            "Kiến nghị có lối đi cho xe lăn ở cửa chính",
            "Nên có tay vịn ở bậc thềm cho người già",
        ),
        ("Lối đi cho xe lăn", "Tay vịn ở bậc thềm"),
        (
            "Lối dốc và tay vịn ở cửa phụ đã làm xong, có biển chỉ",
            "Đã lắp tay vịn hai bên bậc thềm",
        ),
        "Đã có lối tạm; lối dốc xây trong đợt sửa chữa tới",
        NO_MONEY,
        is_idea=True,
    ),
    Subject(
        "copying",
        IDEAS,
        (
            "Mong có chỗ sao chụp giấy tờ ngay tại trung tâm",
            "Đề nghị đặt một máy in cho người nộp hồ sơ trực tuyến",
        ),
        ("Chỗ sao chụp tại trung tâm", "Máy in cho người nộp hồ sơ"),
        (
            "Đã đặt một máy sao chụp ở sảnh, giá dán ngay trên máy",
            "Bàn hướng dẫn nay có máy in, dưới năm trang không thu tiền",
        ),
        "Đã có máy in ở bàn hướng dẫn; máy sao chụp đang xin chủ trương",
        NO_MONEY,
        is_idea=True,
    ),
    Subject(
        "big_letters",
        IDEAS,
        (
            "Kiến nghị niêm yết lệ phí bằng chữ to hơn",
            "Nên ghi lệ phí và thời hạn ngay trên phiếu hẹn",
        ),
        ("Niêm yết lệ phí chữ to", "Ghi lệ phí trên phiếu hẹn"),
        (
            "Bảng lệ phí mới cỡ chữ lớn đã treo ở mỗi quầy",
            "Phiếu hẹn mới có ghi lệ phí và thời hạn của từng bước",
        ),
        "Bảng lệ phí đã in lại; mẫu phiếu hẹn do cấp tỉnh quy định nên đã gửi góp ý lên",
        NO_MONEY,
        is_idea=True,
    ),
    Subject(
        "online_desk",
        IDEAS,
        (
            "Mong có bàn hướng dẫn nộp trực tuyến cho người lớn tuổi",
            "Đề xuất quay video ngắn hướng dẫn nộp hồ sơ trên điện thoại",
        ),
        ("Bàn hướng dẫn nộp trực tuyến", "Video hướng dẫn nộp hồ sơ"),
        (
            "Bàn hướng dẫn đã mở ở sảnh, có đoàn viên trực buổi sáng",
            "Hai video đầu tiên đã chiếu ở màn hình sảnh và đăng trên trang của đơn vị",
        ),
        "Đã có người hướng dẫn buổi sáng; buổi chiều còn thiếu người",
        NO_MONEY,
        is_idea=True,
    ),
)
