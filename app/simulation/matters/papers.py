"""Matters of procedures: land, civil status, certified copies, business and welfare (pure)."""

from app.simulation.matters.model import Group, Subject

LAND = Group(
    ("Đất đai",),
    (
        "Tôi đã đến hỏi hai lần, lần nào cũng được hẹn sang tuần sau.",
        "Đề nghị cho biết hồ sơ đang ở bước nào và bao giờ có kết quả.",
        "Tra cứu trên cổng chỉ thấy dòng đang xử lý.",
        "Gia đình tôi cần giấy để vay vốn sửa nhà.",
        "Gọi số điện thoại trên phiếu hẹn không có ai nghe máy.",
        "Nhà tôi cách trung tâm hơn mười cây số, đi lại rất vất vả.",
    ),
    (
        "Bộ phận đất đai đã đối chiếu hồ sơ với sổ theo dõi và phiếu hẹn",
        "Đơn vị đã làm việc với chi nhánh văn phòng đăng ký đất đai và bộ phận tiếp nhận",
        "Lãnh đạo trung tâm đã xem toàn bộ quá trình xử lý hồ sơ",
        "Đã kiểm tra các bước trên phần mềm một cửa và hỏi người thụ lý",
    ),
    (
        "Từ nay bộ phận đất đai gọi báo trước ngày hẹn nếu có khả năng chậm",
        "Danh sách hồ sơ sắp đến hẹn được lãnh đạo xem vào đầu mỗi tuần",
        "Số điện thoại trên phiếu hẹn nay có người trực trong giờ làm việc",
        "Trung tâm đã in lại tờ hướng dẫn các bước của hồ sơ đất đai và phát tại quầy",
    ),
    "Văn phòng đăng ký đất đai",
)
CIVIL = Group(
    ("Hộ tịch",),
    (
        "Tôi phát hiện khi làm thẻ bảo hiểm cho cháu.",
        "Đề nghị kiểm tra và cho biết phải làm gì.",
        "Người ở quầy nói không rõ, bảo tôi hỏi nơi khác.",
        "Cháu sắp nhập học nên gia đình rất cần.",
        "Tôi làm ca, chỉ xin nghỉ được buổi sáng.",
        "Ông bà tôi lớn tuổi, không quen dùng điện thoại thông minh.",
    ),
    (
        "Bộ phận hộ tịch đã đối chiếu sổ gốc và cơ sở dữ liệu",
        "Đã xem lại tờ khai, giấy chứng sinh và bản lưu",
        "Công chức hộ tịch đã làm việc lại với người nộp",
        "Đơn vị đã kiểm tra hồ sơ trên phần mềm và bản giấy tại quầy",
    ),
    (
        "Bộ phận hộ tịch đọc lại thông tin cùng người dân trước khi in",
        "Bảng hướng dẫn tại quầy đã được thay theo bộ thủ tục hiện hành",
        "Người chưa quen nộp trực tuyến được hướng dẫn ngay tại bàn máy tính",
        "Bản in lỗi được đổi trong ngày, không phải viết đơn",
    ),
    "Sở Tư pháp",
)
COPIES = Group(
    ("Chứng thực",),
    (
        "Có hơn hai mươi người chờ mà chỉ mở một quầy.",
        "Đề nghị ghi rõ giờ trả và lệ phí ngay tại quầy.",
        "Tôi chỉ có năm trang cần sao.",
        "Công ty tôi cần bản sao để dự thầu trong ngày.",
        "Nhiều người bỏ về vì không biết bao giờ đến lượt.",
    ),
    (
        "Đã xem sổ chứng thực và số liệu của máy lấy số",
        "Đơn vị đã hỏi người trực và xem lại biên lai",
        "Lãnh đạo trung tâm đã kiểm tra quầy chứng thực vào giờ cao điểm",
    ),
    (
        "Giờ trả và mức thu được ghi ngay trên phiếu",
        "Sáng thứ hai và thứ ba có thêm một người ký chứng thực",
        "Bản sao dưới mười trang được trả ngay",
        "Trung tâm kiểm tra việc này vào cuối mỗi tháng",
    ),
    "Sở Tư pháp",
)
TRADE = Group(
    ("Hộ kinh doanh",),
    (
        "Tôi đã gọi số điện thoại niêm yết nhưng không ai nghe máy.",
        "Đề nghị ghi rõ phải sửa mục nào.",
        "Quán đã thuê mặt bằng, chậm ngày nào tốn ngày ấy.",
        "Tôi làm theo đúng mẫu trên cổng dịch vụ công.",
        "Hỏi hai người thì được hai câu trả lời khác nhau.",
    ),
    (
        "Bộ phận kinh tế đã xem lại hồ sơ và thông báo đã gửi",
        "Đơn vị đã đối chiếu tờ khai với giấy đăng ký đã cấp",
        "Đã gọi lại cho người nộp và xem hồ sơ cùng nhau tại quầy",
    ),
    (
        "Mỗi lần trả lại, bộ phận kinh tế ghi rõ mục phải sửa và căn cứ",
        "Tờ hướng dẫn chọn mã ngành nghề đã có tại quầy",
        "Quầy có sổ ghi câu hỏi về thuế để chuyển cơ quan thuế trong ngày",
    ),
    "cơ quan thuế cơ sở",
)
WELFARE = Group(
    ("Bảo trợ",),
    (
        "Cụ đi lại khó khăn, đề nghị có cách khác.",
        "Hỏi ở quầy thì được bảo chờ.",
        "Đề nghị báo cho gia đình biết ngày nào có kết quả.",
        "Hàng xóm nộp sau đã nhận rồi.",
        "Gia đình tôi thuộc hộ cận nghèo, trông vào khoản này.",
    ),
    (
        "Đã đối chiếu danh sách chi trả với hồ sơ của gia đình",
        "Công chức phụ trách bảo trợ xã hội đã đến nhà xác minh",
        "Đơn vị đã hỏi lại bưu điện và xem chứng từ chi trả",
    ),
    (
        "Người già yếu được chi trả tại nhà hoặc qua tài khoản",
        "Lịch họp hội đồng được niêm yết và nhắn cho gia đình",
        "Danh sách chi trả được rà soát trước ngày mùng năm hằng tháng",
    ),
    "cơ quan bảo hiểm xã hội",
)
PAPERS: tuple[Subject, ...] = (
    Subject(
        "land_late",
        LAND,
        (
            "Hồ sơ cấp giấy chứng nhận quyền sử dụng đất của gia đình tôi trễ hẹn",
            "Đã quá ngày ghi trên phiếu hẹn mà giấy chứng nhận đất vẫn chưa có",
            "Tôi nộp hồ sơ cấp sổ đỏ lần đầu, quá hẹn gần ba tuần chưa ai trả lời",
        ),
        ("Giấy chứng nhận quyền sử dụng đất trả chậm", "Hồ sơ cấp giấy chứng nhận lần đầu quá ngày hẹn"),
        (
            "Hồ sơ chậm ở khâu đo đạc lại ranh giới; đơn vị đã xin lỗi bằng văn bản, hẹn lại và đã trả kết quả",
            "Giấy chứng nhận đã ký và đã mời gia đình đến nhận; phần chậm là do chuyển hồ sơ giữa hai bộ phận",
            "Đơn vị nhận trách nhiệm về việc không báo trước, đã cử người mang kết quả đến nhà",
        ),
        "Phần lấy ý kiến về ranh giới đã xong; phần xác định nghĩa vụ tài chính còn chờ cơ quan thuế",
        "Hồ sơ vẫn trong thời hạn ghi trên phiếu hẹn; ngày người gửi nêu là ngày của lần nộp đã rút",
        procedure="9.000101",
        goes_up=True,
    ),
    Subject(
        "land_split",
        LAND,
        (
            "Hồ sơ tách thửa nộp từ đầu tháng đến nay vẫn chưa có kết quả",
            "Tôi xin tách thửa cho con, ba lần hẹn lại mà không có văn bản nào",
        ),
        ("Hồ sơ tách thửa kéo dài", "Hẹn lại nhiều lần hồ sơ tách thửa"),
        (
            "Bản trích đo đã được ký lại và kết quả tách thửa đã trả",
            "Việc hẹn miệng là sai; đơn vị đã gửi phiếu xin lỗi, hẹn lại và trả kết quả trước ngày hẹn mới",
        ),
        "Trích đo đã xong; việc cập nhật bản đồ địa chính còn chờ cấp tỉnh duyệt",
        "Thửa đất nhỏ hơn diện tích tối thiểu được tách theo quyết định hiện hành của tỉnh",
        procedure="9.000102",
        goes_up=True,
    ),
    Subject(
        "land_papers",
        LAND,
        (
            "Nộp hồ sơ sang tên đất phải bổ sung giấy tờ ba lần",
            "Quầy đất đai yêu cầu thêm giấy xác nhận không có trong danh mục niêm yết",
            "Mỗi lần đến nộp hồ sơ đất lại được yêu cầu thêm một giấy khác",
        ),
        ("Yêu cầu bổ sung giấy tờ nhiều lần ở quầy đất đai", "Giấy tờ ngoài danh mục khi sang tên đất"),
        (
            "Đã nhắc nhở người hướng dẫn; từ nay mỗi hồ sơ chỉ yêu cầu bổ sung một lần, bằng phiếu",
            "Giấy xác nhận này không có trong thành phần hồ sơ; đơn vị đã bỏ và tiếp nhận hồ sơ ngay trong ngày",
        ),
        "Đã bỏ một giấy tờ không có căn cứ; giấy còn lại vẫn cần theo quy định hiện hành",
        "Giấy tờ được yêu cầu có trong thành phần hồ sơ đã niêm yết",
        procedure="9.000102",
    ),
    Subject(
        "birth_error",
        CIVIL,
        (
            "Giấy khai sinh của con tôi in sai tên đệm",
            "Ngày sinh trên bản trích lục khai sinh khác với sổ gốc",
        ),
        ("Giấy khai sinh in sai thông tin", "Sai sót trên bản trích lục khai sinh"),
        (
            "Đã đối chiếu sổ hộ tịch, cải chính và trả bản mới, không thu phí",
            "Lỗi do nhập máy; bản đúng đã được in và trao tận tay, kèm lời xin lỗi",
        ),
        "Bản giấy đã đổi; dữ liệu ở cơ quan bảo hiểm còn chờ đồng bộ",
        "Thông tin trên giấy khai sinh trùng với tờ khai có chữ ký của người đi khai",
        procedure="1.001193",
    ),
    Subject(
        "birth_online",
        CIVIL,
        (
            "Đăng ký khai sinh nộp trực tuyến nhưng vẫn bị yêu cầu mang bản giấy",
            "Hồ sơ khai sinh trực tuyến bị trả lại ba lần vì ảnh chụp không rõ",
        ),
        ("Khai sinh trực tuyến vẫn phải mang bản giấy", "Hồ sơ khai sinh trực tuyến bị trả lại nhiều lần"),
        (
            "Yêu cầu bản giấy là không đúng với hồ sơ đã số hóa; đã chấn chỉnh và cấp giấy khai sinh cho cháu",
            "Công chức hộ tịch đã gọi điện, nhận lại ảnh đủ rõ và trả kết quả trong ngày",
        ),
        "Hồ sơ đã được nhận; việc kết nối dữ liệu với bảo hiểm còn chờ cơ quan bảo hiểm",
        "Giấy chứng sinh phải đối chiếu bản chính một lần khi nhận kết quả, như đã ghi trên cổng",
        procedure="1.001193",
    ),
    Subject(
        "birth_board",
        CIVIL,
        (
            "Bảng niêm yết thủ tục khai sinh đã cũ, khác với hướng dẫn trên cổng dịch vụ công",
            "Tờ hướng dẫn ở quầy hộ tịch còn ghi tên xã cũ",
        ),
        ("Bảng niêm yết thủ tục hộ tịch đã cũ", "Hướng dẫn tại quầy hộ tịch chưa cập nhật"),
        (
            "Đã thay bảng niêm yết theo bộ thủ tục hiện hành và rà soát các quầy còn lại",
            "Tờ hướng dẫn cũ đã được thu về, bản mới có tại quầy và trên trang của đơn vị",
        ),
        "Bảng tại quầy đã thay; bảng ngoài sảnh đang đặt làm",
        "Bảng niêm yết trùng với quyết định công bố đang có hiệu lực; bản trên cổng là của tỉnh khác",
        procedure="1.001193",
    ),
    Subject(
        "certify_wait",
        COPIES,
        (
            "Chứng thực bản sao phải chờ từ đầu giờ đến gần trưa",
            "Quầy chứng thực trả bản sao vào hôm sau dù nộp buổi sáng",
        ),
        ("Chờ lâu ở quầy chứng thực", "Bản sao chứng thực không trả trong ngày"),
        (
            "Đã mở thêm quầy chứng thực vào đầu giờ sáng và trả trong buổi",
            "Buổi ấy người ký đi họp mà không ủy quyền; đơn vị đã cử người ký thay và trả bản sao",
        ),
        "Đã trả bản sao trong buổi; việc thêm người trực còn chờ bố trí biên chế",
        "Hồ sơ nộp sau 15 giờ nên trả vào ngày làm việc kế tiếp theo quy định",
        procedure="2.000815",
    ),
    Subject(
        "certify_fee",
        COPIES,
        (
            "Lệ phí chứng thực thu khác với bảng niêm yết",
            "Tôi bị thu tiền chứng thực cao hơn mức ghi trên bảng mà không có biên lai",
        ),
        ("Lệ phí chứng thực", "Thu lệ phí chứng thực không có biên lai"),
        (
            "Đã hoàn phần thu nhầm, viết lại biên lai và nhắc nhở người thu",
            "Mức thu đã niêm yết lại chữ to tại quầy; số tiền thu thừa đã trả cho người nộp",
        ),
        "Đã trả lại phần thu nhầm; biên lai điện tử còn chờ cài đặt",
        "Biên lai cho thấy số tiền thu đúng số trang theo mức niêm yết",
        procedure="2.000815",
    ),
    Subject(
        "trade_returned",
        TRADE,
        (
            "Đăng ký hộ kinh doanh qua mạng bị trả lại mà không ghi lý do",
            "Hồ sơ mở quán ăn bị trả lại hai lần, mỗi lần một lý do khác",
        ),
        ("Đăng ký hộ kinh doanh bị trả lại không rõ lý do", "Trả lại hồ sơ hộ kinh doanh nhiều lần"),
        (
            "Đã ghi rõ lý do, giúp nộp lại ngay tại quầy và cấp giấy đăng ký sau hai ngày",
            "Lần trả lại thứ hai là do nhầm hồ sơ; đã cấp giấy đăng ký và xin lỗi người nộp",
        ),
        "Giấy đăng ký đã cấp; câu hỏi về thuế đã gửi cơ quan thuế",
        "Lý do trả lại có trong thư gửi vào hộp thư mà người nộp đã khai",
        procedure="1.001612",
    ),
    Subject(
        "trade_code",
        TRADE,
        (
            "Mã ngành trên giấy đăng ký kinh doanh ghi khác với tờ khai",
            "Giấy đăng ký hộ kinh doanh in sai địa chỉ cửa hàng",
        ),
        ("Sai thông tin trên giấy đăng ký hộ kinh doanh", "Giấy đăng ký hộ kinh doanh ghi khác tờ khai"),
        (
            "Đã thu bản sai, cấp lại giấy đăng ký trong ngày và không thu lệ phí",
            "Đơn vị đã sửa trên hệ thống và mang giấy mới đến cửa hàng",
        ),
        "Giấy đã sửa; thông tin bên cơ quan thuế cập nhật vào kỳ đồng bộ tới",
        "Mã ngành ghi trên giấy là mã người nộp đã chọn khi ký tờ khai điện tử",
        procedure="1.001612",
    ),
    Subject(
        "allowance_late",
        WELFARE,
        (
            "Trợ cấp hằng tháng của mẹ tôi hai tháng nay chưa nhận được",
            "Tiền trợ cấp người cao tuổi của cha tôi bị dừng mà không có thông báo",
        ),
        ("Chi trả trợ cấp xã hội hằng tháng chậm", "Trợ cấp người cao tuổi bị dừng không báo trước"),
        (
            "Đã chi trả phần còn thiếu qua tài khoản và xin lỗi gia đình",
            "Tên cụ bị sót khi lập danh sách mới; đã bổ sung và truy lĩnh đủ",
        ),
        "Đã chi trả một tháng; tháng còn lại chờ danh sách bổ sung được duyệt",
        "Chứng từ cho thấy gia đình đã ký nhận đủ các tháng",
        procedure="1.001776",
        is_delicate=True,
    ),
    Subject(
        "allowance_council",
        WELFARE,
        (
            "Hồ sơ trợ cấp khuyết tật nộp đã lâu chưa có lịch họp hội đồng",
            "Người cao tuổi phải tự đến quầy bảo trợ xã hội ký nhận",
        ),
        ("Xét trợ cấp khuyết tật chậm", "Người không đi lại được phải đến quầy ký nhận"),
        (
            "Hội đồng đã họp, kết luận đã gửi gia đình và trợ cấp tính từ tháng nộp hồ sơ",
            "Người ở quầy đã đến nhà làm thủ tục; những người không đi lại được đều được phục vụ tại nhà",
        ),
        "Hội đồng đã họp; mức hưởng còn chờ cấp trên thẩm định",
        "Hội đồng họp theo quý và hồ sơ đã có trong lịch của quý này",
        procedure="1.001776",
        is_delicate=True,
    ),
)
