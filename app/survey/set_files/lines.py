"""Finds the line of every value in a TOML text, which the standard reader does not tell."""

from __future__ import annotations

Path = tuple[str | int, ...]


class LineMap:
    """Lines of a text that `tomllib` has already accepted.

    A path is keys and list positions: ("question", 3, "vi"), ("scale", 0, "levels", 2).
    """

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n") + "\n"
        self._at = 0
        self._lines: dict[Path, int] = {(): 1}
        self._lists: dict[Path, int] = {}
        self._read()

    def line(self, path: Path) -> int:
        """Return the line of `path`, or of the nearest thing around it that the text names."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def _read(self) -> None:
        table: Path = ()
        while self._skip_space():
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        start = self._at
        is_list = self._text.startswith("[[", start)
        self._at += 2 if is_list else 1
        keys = self._keys()
        path: Path = ()
        for key in keys[:-1]:
            path += (key,)
            if path in self._lists:
                path += (self._lists[path],)
        path += (keys[-1],)
        self._mark(path, start)
        if is_list:
            self._lists[path] = self._lists.get(path, -1) + 1
            path += (self._lists[path],)
            self._mark(path, start)
        self._at += 2 if is_list else 1
        return path

    def _pair(self, table: Path) -> None:
        start = self._at
        path = table + tuple(self._keys())
        self._mark(path, start)
        self._at += 1  # "="
        self._value(path)

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip_blank()
            if self._text[self._at] in "\"'":
                start = self._at + 1
                self._string()
                keys.append(self._text[start : self._at - 1])
            else:
                start = self._at
                while self._text[self._at] not in ".=] \t":
                    self._at += 1
                keys.append(self._text[start : self._at])
            self._skip_blank()
            if self._text[self._at] != ".":
                return keys
            self._at += 1

    def _value(self, path: Path) -> None:
        self._skip_blank()
        opening = self._text[self._at]
        if opening in "\"'":
            self._string()
        elif opening == "[":
            self._items("]", path)
        elif opening == "{":
            self._items("}", path)
        else:
            while self._text[self._at] not in ",]}\n#":
                self._at += 1

    def _items(self, closing: str, path: Path) -> None:
        self._at += 1
        position = 0
        while self._skip_space() and self._text[self._at] != closing:
            if closing == "}":
                self._pair(path)
            else:
                self._mark((*path, position), self._at)
                self._value((*path, position))
                position += 1
            self._skip_space()
            if self._text[self._at] == ",":
                self._at += 1
        self._at += 1

    def _string(self) -> None:
        quote = self._text[self._at]
        fence = quote * 3 if self._text.startswith(quote * 3, self._at) else quote
        self._at += len(fence)
        while not self._text.startswith(fence, self._at):
            self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
        self._at += len(fence)
        # A long string may end in one or two quotes of its own before the fence.
        while len(fence) == 3 and self._text[self._at] == quote:
            self._at += 1

    def _skip_blank(self) -> None:
        while self._text[self._at] in " \t":
            self._at += 1

    def _skip_space(self) -> bool:
        while self._at < len(self._text):
            character = self._text[self._at]
            if character == "#":
                self._at = self._text.index("\n", self._at)
            elif character in " \t\n":
                self._at += 1
            else:
                return True
        return False

    def _mark(self, path: Path, place: int) -> None:
        self._lines.setdefault(path, self._text.count("\n", 0, place) + 1)
