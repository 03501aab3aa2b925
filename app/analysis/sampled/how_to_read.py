"""The page for readers of results, out of the one text that also stands among the documents (pure)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[3] / "docs" / "doc-ket-qua.md"
Block = str | list[str]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it: paragraphs, and lists of points."""

    heading: str
    blocks: tuple[Block, ...]


@cache
def guide() -> tuple[str, tuple[Part, ...]]:
    """Title and parts of the text."""
    return read_guide(SOURCE.read_text(encoding="utf-8"))


def read_guide(text: str) -> tuple[str, tuple[Part, ...]]:
    """Read the few forms the text uses: one title, headings, paragraphs, lists."""
    title, parts = "", [("", list[Block]())]
    for block in (piece.strip() for piece in text.split("\n\n")):
        if block.startswith("# "):
            title = block.removeprefix("# ")
        elif block.startswith("## "):
            parts.append((block.removeprefix("## "), []))
        elif block.startswith("- "):
            parts[-1][1].append([line.removeprefix("- ") for line in block.splitlines()])
        elif block:
            parts[-1][1].append(" ".join(block.splitlines()))
    return title, tuple(Part(heading, tuple(blocks)) for heading, blocks in parts if blocks)
