"""What stands on a paper of an office (pure). How it looks is decided where it is drawn: ``docx_file``, ``pdf_file``.

Number, place, day and signature are the office's to write: what is made here is a draft for signing.
"""

import unicodedata
from dataclasses import dataclass, fields
from typing import Any

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
PLACE_AND_DAY = "……, ngày …… tháng …… năm ……"
SIGN_HERE = "(Ký, ghi rõ họ tên, đóng dấu)"
BLANK = "…………"
END = "./."


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper.

    ``symbol`` follows the number, such as "TB". ``kind`` and ``subject`` stand in the middle; without a kind it is an
    ordinary letter and the subject stands under the number. ``to``: after "Kính gửi", one line each. ``simulated``:
    said on top where the data are not real.
    """

    title: str
    office: str
    above: str
    symbol: str
    subject: str
    to: tuple[str, ...]
    body: tuple[str, ...]
    receivers: tuple[str, ...]
    kind: str = ""
    authority: str = "THỦ TRƯỞNG CƠ QUAN"
    signer: str = ""
    simulated: str = ""

    @property
    def number_line(self) -> str:
        """The number to be written in."""
        return f"Số: …… /{self.symbol}-……" if self.symbol else "Số: ……"

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body, its last sentence ended as the state ends its papers."""
        kept = [one.strip() for one in self.body if one.strip()]
        if not kept:
            return ()
        return (*kept[:-1], kept[-1].removesuffix(END).rstrip(" .") + END)


def unbroken(name: str) -> str:
    """The name of an office whose place, its last three words, stays on one line: no syllable is left alone."""
    words = name.split()
    return " ".join([*words[:-3], "\u00a0".join(words[-3:])]) if len(words) > 4 else name


def without_controls(paper: Paper) -> Paper:
    """The same paper without signs that no file of an office holds; what people wrote is only ever text."""
    changed: dict[str, Any] = {one.name: _plain(getattr(paper, one.name)) for one in fields(paper)}
    return Paper(**changed)


def _plain(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(_line(one) for one in value)
    return _line(value)


def _line(text: str) -> str:
    signs = unicodedata.normalize("NFC", text)
    return "".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in signs)
