"""Whether a text names somebody (pure). Praise counts as well: nobody judges what is said of themselves."""

import re
import unicodedata
from collections.abc import Iterable

from app.i18n.folding import fold_words

HONORIFICS = "ông|bà|anh|chị|cô|chú|bác|em|đồng chí|cán bộ|công chức"
_CALLED = re.compile(rf"(?<!\w)({HONORIFICS})\s+(\w+)")
_BLANK = re.compile(r"\s+")
SURE = 3  # words of a full name that meet by chance hardly ever, with or without marks


class Text:
    """What a citizen wrote, made ready once for many names."""

    def __init__(self, text: str) -> None:
        self._plain = f" {fold_words(text)} "
        self._marked = _BLANK.sub(" ", unicodedata.normalize("NFC", text).casefold())
        self._called = {name: form for form, name in _CALLED.findall(self._marked)}

    def names(self, full_name: str) -> bool:
        """Whether the full name stands there: a short one with its marks only, a longer one without them too."""
        words = fold_words(full_name)
        if len(words.split()) < SURE:
            return len(words.split()) > 1 and bool(
                re.search(rf"(?<!\w){re.escape(_marked(full_name))}(?!\w)", self._marked)
            )
        return f" {words} " in self._plain

    def calls(self, full_name: str) -> bool:
        """Whether somebody is called by the last word of this name, as people do: "anh Bình"."""
        return bool(self.called_as(full_name))

    def called_as(self, full_name: str) -> str:
        """Such a form of address with the last word of this name, as "cô Hai"; empty where there is none."""
        words = full_name.split()
        form = self._called.get(_marked(words[-1])) if words else None
        return f"{form} {words[-1]}" if form else ""


def same_person(one: str, other: str) -> bool:
    """Whether two full names are the same, whatever the case and the way marks are typed."""
    return _marked(one) == _marked(other)


def full_names(found: Iterable[str]) -> frozenset[str]:
    """Names in the form in which ``same_person`` compares them."""
    return frozenset(_marked(name) for name in found)


def comparable(name: str) -> str:
    """A name in that form."""
    return _marked(name)


def _marked(text: str) -> str:
    return _BLANK.sub(" ", unicodedata.normalize("NFC", text).casefold()).strip()
