"""The language of reply templates (pure): ``{số_đơn}`` stands for the number of the case, and that is all of it.

A template is text. It reaches nothing but the values of ``FIELDS``, which are texts themselves: no attribute, no call,
no condition, and what a value says is never read as a template again. No field tells who sent a case.
"""

import re
from collections.abc import Mapping

FIELDS: Mapping[str, str] = {
    "số_đơn": "số của đơn",
    "loại_đơn": "góp ý; phản ánh, kiến nghị; khiếu nại",
    "ngày_nhận": "ngày nhận đơn",
    "hạn_trả_lời": "hạn trả lời, nếu có",
    "đơn_vị": "tên đơn vị trả lời",
    "nơi_xảy_ra": "đơn vị, quầy mà đơn nói về",
    "thủ_tục": "tên thủ tục, nếu có",
    "hôm_nay": "ngày viết câu trả lời",
}
_NAMED = re.compile(r"\{([^{}\n]{1,40})\}")
_BRACE = re.compile(r"[{}]")


def unknown(template: str) -> list[str]:
    """What stands in braces and is no field, and braces that belong to nothing; empty when the template is right."""
    names = [name for name in _NAMED.findall(template) if name not in FIELDS]
    return [f"{{{name}}}" for name in names] + _BRACE.findall(_NAMED.sub("", template))


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with its fields filled in, in one pass; what is no field stays as it stands."""
    return _NAMED.sub(lambda found: values.get(found[1], found[0]) if found[1] in FIELDS else found[0], template)
