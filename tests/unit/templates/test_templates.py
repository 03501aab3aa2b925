"""Every template compiles; every sample renders with exactly what it was given and keeps the house rules."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser

import pytest

from tests.unit.templates.environment import PUBLIC_CSS, TEMPLATES, make_environment
from tests.unit.templates.public_samples import PUBLIC_SAMPLES
from tests.unit.templates.samples import SAMPLES

ENVIRONMENT = make_environment()
ALL_TEMPLATES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


class Outline(HTMLParser):
    """Collects what the rules are about: tags with attributes, ids, fields with their labels."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside_label = 0
        self.labelled_by_wrapping: set[int] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "label":
            self.inside_label += 1
        if self.inside_label:
            self.labelled_by_wrapping.add(len(self.tags))
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.inside_label -= 1


def draw(name: str) -> str:
    template, context = SAMPLES[name]
    return ENVIRONMENT.get_template(template).render(context)


def outline(html: str) -> Outline:
    parser = Outline()
    parser.feed(html)
    return parser


@pytest.mark.parametrize("name", ALL_TEMPLATES)
def test_compiles(name: str) -> None:
    assert ENVIRONMENT.get_template(name)


@pytest.mark.parametrize("name", ALL_TEMPLATES)
def test_begins_with_what_it_needs(name: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    assert source.startswith("{#"), "the first thing in a template says which variables it needs"


@pytest.mark.parametrize("name", ALL_TEMPLATES)
def test_source_has_no_script_no_style_attribute_and_keeps_escaping(name: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    assert not re.search(r"<script(?! src=)|\sstyle=|\son[a-z]+=|autoescape false|\|\s*safe\b", source)


OFFICER_LAYOUT = re.compile(r"{% extends '(layouts/(?:officer|list)\.html|[a-z_/]+)' %}")
HELP = re.compile(
    r"{% call page_help\(\) %}(?P<called>.*?){% endcall %}|{% block help %}(?P<block>.*?){% endblock %}", re.DOTALL
)


def is_officer_page(name: str) -> bool:
    """Whether a template is a page of officers: by its layout, or by that of the template it goes on from."""
    found = OFFICER_LAYOUT.search((TEMPLATES / name).read_text(encoding="utf-8"))
    return found is not None and (found[1].startswith(("layouts/officer", "layouts/list")) or is_officer_page(found[1]))


@pytest.mark.parametrize(
    "name", [one for one in ALL_TEMPLATES if is_officer_page(one) and not one.startswith(("layouts/", "errors/"))]
)
def test_every_officer_page_says_what_it_is_for(name: str) -> None:
    """A sentence in words, or one that the view hands over (``{{ act.help }}``); the layouts only draw it."""
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    above = OFFICER_LAYOUT.search(source)
    assert above is not None
    if not above[1].startswith("layouts/"):
        source += (TEMPLATES / above[1]).read_text(encoding="utf-8")
    texts = [found["called"] or found["block"] or "" for found in HELP.finditer(source)]
    assert texts, "the page needs components/page_help.html"
    for text in texts:
        words = re.sub(r"<[^>]+>|{%.*?%}", " ", text).split()
        is_handed_over = re.fullmatch(r"\s*(<p>)?{{ [a-z_.]+ }}(</p>)?\s*", text) is not None
        assert len(words) >= 12 or is_handed_over, text


def test_every_page_for_citizens_has_a_sample() -> None:
    drawn = {template for template, _ in SAMPLES.values()}
    folders = ("results/", "feedback/", "errors/")
    pages = {name for name in ALL_TEMPLATES if name.startswith(folders) and "/_" not in name}
    public = {name for name in pages if "layouts/officer.html" not in (TEMPLATES / name).read_text(encoding="utf-8")}
    assert public - drawn == {"errors/page.html"}


@pytest.mark.parametrize("name", SAMPLES)
def test_no_inline_style_or_script(name: str) -> None:
    page = outline(draw(name))
    scripts = [attributes for tag, attributes in page.tags if tag == "script"]
    assert all(str(one["src"]).startswith("/static/js/") and "defer" in one for one in scripts)
    assert not [
        (tag, key) for tag, attributes in page.tags for key in attributes if key == "style" or key.startswith("on")
    ]
    assert [tag for tag, _ in page.tags].count("style") <= 1


@pytest.mark.parametrize("name", SAMPLES)
def test_title_language_main_and_skip_link(name: str) -> None:
    html = draw(name)
    tags = outline(html).tags
    assert re.search(r"<title>.{3,} – Lắng Nghe</title>", html)
    assert dict(tags)["html"].get("lang") in {"vi", "en"}
    assert [tag for tag, _ in tags].count("main") == 1
    assert [tag for tag, _ in tags].count("h1") == 1
    assert 'class="skip" href="#main"' in html


@pytest.mark.parametrize("name", SAMPLES)
def test_ids_are_unique_and_links_inside_the_page_arrive(name: str) -> None:
    tags = outline(draw(name)).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {attributes["href"] for _, attributes in tags if str(attributes.get("href", "")).startswith("#")}
    assert {str(target)[1:] for target in targets} <= set(ids)
    for key in ("aria-describedby", "aria-labelledby", "for"):
        named = [str(attributes[key]).split() for _, attributes in tags if key in attributes]
        assert {part for parts in named for part in parts} <= set(ids), key


@pytest.mark.parametrize("name", SAMPLES)
def test_every_field_has_a_label(name: str) -> None:
    page = outline(draw(name))
    labelled = {attributes.get("for") for tag, attributes in page.tags if tag == "label"}
    for position, (tag, attributes) in enumerate(page.tags):
        if tag not in {"input", "select", "textarea"} or attributes.get("type") in {"hidden", "submit"}:
            continue
        if attributes.get("name") == "website":
            continue  # the trap is hidden from everybody
        wrapped = position in page.labelled_by_wrapping
        assert wrapped or attributes.get("id") in labelled or attributes.get("aria-label"), attributes


@pytest.mark.parametrize("name", PUBLIC_SAMPLES)
def test_public_pages_carry_the_style_sheet_verbatim(name: str) -> None:
    assert f"<style>{PUBLIC_CSS.read_text(encoding='utf-8')}</style>" in draw(name)


def test_first_view_and_details_fit_their_budget() -> None:
    assert len(gzip.compress(draw("scan-long").encode(), 6)) <= 14 * 1024
    assert len(gzip.compress(draw("details").encode(), 6)) <= 6 * 1024
    for name in ("door-start", "door-start-error"):
        assert len(gzip.compress(draw(name).encode(), 6)) <= 6 * 1024
    assert not re.search(r"<script|<link|<img", draw("door-start"))  # one request


def test_officer_style_sheets_fit_their_budget() -> None:
    of_citizens = {PUBLIC_CSS.name, "answers.css", "door.css", "follow.css"}
    sheets = [path for path in PUBLIC_CSS.parent.glob("*.css") if path.name not in of_citizens]
    assert sum(len(gzip.compress(path.read_bytes(), 6)) for path in sheets) <= 8 * 1024


def test_sent_values_come_back_and_are_escaped() -> None:
    template, context = SAMPLES["details-sent"]
    nasty = '"><script>alert(1)</script>'
    html = ENVIRONMENT.get_template(template).render(context | {"values": {"q_c1": "4", "q_comment": nasty}})
    assert nasty not in html
    assert 'id="q_c1-4" value="4" checked' in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
