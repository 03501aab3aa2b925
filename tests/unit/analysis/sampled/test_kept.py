"""What is kept, and the text for readers."""

from app.analysis.sampled.how_to_read import guide, read_guide
from app.analysis.sampled.kept import Kept


def test_a_thing_is_made_once_and_the_longest_unused_goes_first() -> None:
    kept, made = Kept[str](2), []

    def make(name: str) -> str:
        return kept.get(name, lambda: made.append(name) or name)  # type: ignore[func-returns-value]

    assert [make(name) for name in ("a", "b", "a", "c", "a", "b")] == ["a", "b", "a", "c", "a", "b"]
    assert made == ["a", "b", "c", "b"]


def test_the_text_for_readers_holds_plain_paragraphs_and_lists() -> None:
    title, parts = guide()
    assert title == "Cách đọc kết quả khảo sát chọn mẫu"
    assert {"", "Con số và khoảng", "Nếu đơn vị đứng cuối bảng"} <= {part.heading for part in parts}
    texts = [text for part in parts for block in part.blocks for text in ([block] if isinstance(block, str) else block)]
    assert all(text and not set(text) & set("#*`|[]") for text in texts)


def test_reading_keeps_every_line() -> None:
    title, parts = read_guide("# T\n\nMột\nhai.\n\n## H\n\n- a\n- b\n")
    assert title == "T"
    assert [(part.heading, part.blocks) for part in parts] == [("", ("Một hai.",)), ("H", (["a", "b"],))]
