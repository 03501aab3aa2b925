"""E1, D5: the program speaks to no address that somebody can type, and drawing a document reads nothing but its layout."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from app.config import Config
from app.documents import pdf_file
from app.documents.paper import Paper
from app.qr.cards import FONTS
from app.qr.typeset import typeset
from app.settings.known import KNOWN

ROOT = Path(__file__).parents[2]
CLIENTS = {"socket", "smtplib", "http.client", "urllib.request", "requests", "httpx", "aiohttp", "urllib3", "obstore"}
CLIENTS |= {"authlib.integrations.requests_client", "ftplib", "telnetlib", "asyncio"}
# Each with a single address, which stands in the environment of the machine and on no page.
REACHING_OUT = {
    "app/accounts/proof/provider.py": "single_sign_on",
    "app/files/gate/scanner.py": "scanner",
    "app/files/s3.py": "s3",
    "app/messages/gateway.py": "gateway_url",
    "app/messages/smtp.py": "smtp_url",
}
# Run by hand, never by a request: the server's own start, and visitors of a simulated province.
BY_HAND = {"app/serve.py", "app/simulation/demo.py", "app/simulation/over_http.py"}
NASTY = '#read("/etc/hostname") #include "/etc/passwd" #image("x.svg") $x$ \\input{/etc/passwd} @preview/a:1.0.0'


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_e1_only_these_modules_reach_out_and_none_to_an_address_of_the_browser() -> None:
    found = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "app").rglob("*.py") if CLIENTS & set(_imports(path))
    }
    assert found - BY_HAND == set(REACHING_OUT)
    fields = set(Config.__dataclass_fields__)
    assert set(REACHING_OUT.values()) <= fields
    assert not {one.name for one in KNOWN} & set(REACHING_OUT.values())
    assert not [one.name for one in KNOWN if "url" in one.name or "host" in one.name]


def test_d5_what_people_wrote_is_drawn_as_text_and_reads_nothing() -> None:
    words = "Nội dung"
    paper = Paper(words, words, words, "TB", NASTY, (NASTY,), (NASTY,), (NASTY,))
    text = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf_file.make(paper)))
    said = "".join(text.split())
    for piece in ('#read("/etc/hostname")', '#include"/etc/passwd"', "$x$"):
        assert piece in said
    assert "root:" not in said


@pytest.mark.parametrize("source", ['#read("/etc/hostname")', '#read("../beside.txt")', '#image("/etc/passwd")'])
def test_d5_a_layout_reads_nothing_outside_its_folder(tmp_path: Path, source: str) -> None:
    folder = tmp_path / "layouts"
    folder.mkdir()
    (tmp_path / "beside.txt").write_text("bí mật")
    layout = folder / "a.typ"
    layout.write_text(f"#set document(title: [a])\n{source}")
    with pytest.raises(RuntimeError, match="typesetting"):
        typeset(layout, FONTS, {})


def test_d5_no_layout_fetches_a_package() -> None:
    layouts = list((ROOT / "app").rglob("*.typ"))
    assert layouts
    assert [path.name for path in layouts if "@preview" in path.read_text(encoding="utf-8")] == []
