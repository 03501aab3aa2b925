"""Names of persons in a Vietnamese text (pure): a form of address or a family name, then words with capital letters."""

import re
import unicodedata
from collections.abc import Iterator

_LETTERS = [chr(code) for code in range(0x41, 0x1EFA) if unicodedata.name(chr(code), "").startswith("LATIN ")]
UPPER = "".join(one for one in _LETTERS if one.isupper())
LOWER = "".join(one for one in _LETTERS if one.islower())

_FORMS = "ông|bà|anh|chị|cô|chú|bác|cậu|dì|em|cháu|cụ|thầy|đồng chí|đ/c|công dân|bị can|bệnh nhân|mr.?|mrs.?|ms.?"
_FAMILIES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trịnh|Trương|Lâm|Đoàn|Đào|Lương|Tạ|Tô|"
    "Triệu|Nông|Lò|Vàng|Giàng|Sùng|Hà|Cao|Thái|Châu|Tống|Từ|Phùng|Quách|Mạc|Kiều|Thạch|Danh|Chu|Doãn|Nghiêm|Khổng|Vương|"
    "Đàm|Hứa|Bế"
)
_PLACES = (
    "Bà Rịa|Bà Nà|Bà Đen|Hồ Chí Minh|Cao Bằng|Cao Lãnh|Cao Lộc|Châu Đốc|Châu Thành|Châu Phú|Dương Minh Châu|Hà Nội|"
    "Hà Nam|Hà Tĩnh|Hà Giang|Hà Đông|Hà Tiên|Hoàng Sa|Hoàng Mai|Lâm Đồng|Lâm Hà|Lâm Thao|Phan Thiết|Phan Rang|"
    "Thái Nguyên|Thái Bình|Thái Thụy|Thạch Hà|Thạch Thành|Từ Sơn|Từ Liêm|Vũ Quang|Vũ Thư|Vàng Danh"
)
# Headings in capital letters that begin like a family name.
_SHOUTED = "LÝ DO|HỒ SƠ|CHU KỲ|DANH MỤC|DANH SÁCH|CHÂU ÂU|TỪ NGÀY|TỪ NĂM|CAO ĐẲNG"
_NOBODY = re.compile(rf"(?:{_PLACES}|{_SHOUTED})(?: |$)")

# A street or a school is called after somebody whom no answer exposes.
_CALLED_AFTER = re.compile(
    r"(?:đường|phố|ngõ|hẻm|phường|xã|huyện|quận|tỉnh|thị trấn|thị xã|thành phố|tp\.?|trường|bệnh viện|chợ|cầu|"
    r"công viên|công ty|số \d{1,4}[a-z]?|\d{1,4}[a-z]?)[ ,]{1,2}(?:(?:tiểu học|mầm non|thcs|thpt|trung học) )?$",
    re.IGNORECASE,
)
_WORD = rf"(?:[{UPPER}][{LOWER}]{{1,7}}|[{UPPER}]{{1,7}})"
_END = rf"(?![{LOWER}{UPPER}])"
_ADDRESSED = re.compile(rf"(?<![\w/])(?i:{_FORMS})(?P<piece> {_WORD}(?: {_WORD}){{0,4}}){_END}")
_NAMED = re.compile(rf"(?<![\w/])(?P<piece>(?:{_FAMILIES}|{_FAMILIES.upper()})(?: {_WORD}){{1,4}}){_END}")
_LONGEST_BEFORE = 40


def persons(text: str) -> Iterator[tuple[int, int]]:
    """Where names of persons stand; the two ways of finding them may give the same place twice."""
    for found in _ADDRESSED.finditer(text):
        # "Ông Bà/cơ quan" addresses and names nobody.
        if not _NOBODY.match(found[0]) and text[found.end() : found.end() + 1] != "/":
            yield found.start("piece") + 1, found.end("piece")
    for found in _NAMED.finditer(text):
        before = text[max(0, found.start() - _LONGEST_BEFORE) : found.start()]
        if not _NOBODY.match(found["piece"]) and not _CALLED_AFTER.search(before):
            yield found.start("piece"), found.end("piece")
