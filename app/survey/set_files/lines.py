"""Finds the place of every value in a TOML text, which the standard reader does not tell."""

from __future__ import annotations

from bisect import bisect_left

Path = tuple[str | int, ...]
Span = tuple[int, int]


class LineMap:
    """Lines and places in a text that `tomllib` has already accepted.

    A path is keys and list positions: ("question", 3, "vi"), ("scale", 0, "levels", 2).
    """

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n") + "\n"
        self._at = 0
        self._breaks = [place for place, sign in enumerate(self.text) if sign == "\n"]
        self._lines: dict[Path, int] = {(): 1}
        self._lists: dict[Path, int] = {}
        self._values: dict[Path, Span] = {}
        self._names: dict[Path, Span] = {}
        self._inline: set[Path] = set()
        self._read()

    def line(self, path: Path) -> int:
        """Return the line of `path`, or of the nearest thing around it that the text names."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def value(self, path: Path) -> Span | None:
        """Return where in `text` the value of a key stands."""
        return self._values.get(path)

    def name(self, path: Path) -> str:
        """Return the key of a value as it is written ("vi", "title.vi")."""
        start, end = self._names[path]
        return self.text[start:end]

    def is_inline(self, path: Path) -> bool:
        """Whether the value of a key stands between braces, where a comma follows it instead of a new line."""
        return path in self._inline

    def _read(self) -> None:
        table: Path = ()
        while self._skip_space():
            if self.text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        start = self._at
        is_list = self.text.startswith("[[", start)
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

    def _pair(self, table: Path) -> Path:
        start = self._at
        path = table + tuple(self._keys())
        self._mark(path, start)
        self._names[path] = (start, start + len(self.text[start : self._at].rstrip()))
        self._at += 1  # "="
        self._skip_blank()
        start = self._at
        self._value(path)
        self._values[path] = (start, start + len(self.text[start : self._at].rstrip()))
        return path

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip_blank()
            if self.text[self._at] in "\"'":
                start = self._at + 1
                self._string()
                keys.append(self.text[start : self._at - 1])
            else:
                start = self._at
                while self.text[self._at] not in ".=] \t":
                    self._at += 1
                keys.append(self.text[start : self._at])
            self._skip_blank()
            if self.text[self._at] != ".":
                return keys
            self._at += 1

    def _value(self, path: Path) -> None:
        self._skip_blank()
        opening = self.text[self._at]
        if opening in "\"'":
            self._string()
        elif opening == "[":
            self._items("]", path)
        elif opening == "{":
            self._items("}", path)
        else:
            while self.text[self._at] not in ",]}\n#":
                self._at += 1

    def _items(self, closing: str, path: Path) -> None:
        self._at += 1
        position = 0
        while self._skip_space() and self.text[self._at] != closing:
            if closing == "}":
                self._inline.add(self._pair(path))
            else:
                self._mark((*path, position), self._at)
                self._value((*path, position))
                position += 1
            self._skip_space()
            if self.text[self._at] == ",":
                self._at += 1
        self._at += 1

    def _string(self) -> None:
        quote = self.text[self._at]
        fence = quote * 3 if self.text.startswith(quote * 3, self._at) else quote
        self._at += len(fence)
        while not self.text.startswith(fence, self._at):
            self._at += 2 if quote == '"' and self.text[self._at] == "\\" else 1
        self._at += len(fence)
        # A long string may end in one or two quotes of its own before the fence.
        while len(fence) == 3 and self.text[self._at] == quote:
            self._at += 1

    def _skip_blank(self) -> None:
        while self.text[self._at] in " \t":
            self._at += 1

    def _skip_space(self) -> bool:
        while self._at < len(self.text):
            character = self.text[self._at]
            if character == "#":
                self._at = self.text.index("\n", self._at)
            elif character in " \t\n":
                self._at += 1
            else:
                return True
        return False

    def _mark(self, path: Path, place: int) -> None:
        self._lines.setdefault(path, bisect_left(self._breaks, place) + 1)
