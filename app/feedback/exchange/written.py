"""Answers of the interface as JSON and XML (pure): the same content, and always well-formed, whatever people wrote."""

import json
import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

Value = str | int | bool | None | Sequence["Entry"] | Sequence[str]
Entry = Mapping[str, Value]

# What XML 1.0 cannot hold, even escaped.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
JSON_TYPE, XML_TYPE = "application/json; charset=utf-8", "text/xml; charset=utf-8"


def as_json(content: Sequence[Entry] | Entry) -> bytes:
    """The content as JSON."""
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def as_xml(content: Sequence[Entry] | Entry, root: str, item: str) -> bytes:
    """The content as XML: ``root`` around everything; in a list each entry is an ``item``."""
    top = ET.Element(root)
    if isinstance(content, Mapping):
        _fill(top, content)
    else:
        for entry in content:
            _fill(ET.SubElement(top, item), entry)
    body: bytes = ET.tostring(top, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body


def _fill(element: ET.Element, entry: Entry) -> None:
    for name, value in entry.items():
        child = ET.SubElement(element, name)
        if isinstance(value, bool):
            child.text = "true" if value else "false"
        elif isinstance(value, (str, int)):
            child.text = FORBIDDEN.sub("", str(value))
        elif value is not None:
            inner = name[:-1] if name.endswith("s") else "item"
            for one in value:
                if isinstance(one, str):
                    ET.SubElement(child, inner).text = FORBIDDEN.sub("", one)
                else:
                    _fill(ET.SubElement(child, inner), one)
