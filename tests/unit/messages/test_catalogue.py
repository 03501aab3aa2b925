"""The words of messages: a closed list, no free text, nothing about denunciations."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messages.catalogue import TEMPLATES, BadMessage, Field, check, render, unit_field

FITTING = {
    Field.PUBLIC_NUMBER: "PA-7KQ2M-9XF3H",
    Field.DATE: "21/11/2026",
    Field.DUE: "-",
    Field.COUNT: "12",
    Field.PROOF: "004217",
    Field.UNIT: "Trung tâm Phục vụ hành chính công xã Mộ Đức",
}
SITE = "https://langnghe.tinh.gov.vn"


def _values(code: str) -> dict[str, str]:
    return {name: FITTING[kind] for name, kind in TEMPLATES[code].fields.items()}


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_every_message_has_words_in_every_language_it_offers(code: str) -> None:
    for language in TEMPLATES[code].texts:
        text = render(code, _values(code), language, SITE)
        assert SITE + TEMPLATES[code].link in text.body
        assert "{" not in text.subject + text.body + text.short
        assert len(text.subject) <= 120
        assert "\n" not in text.subject + text.short


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_words_use_no_field_that_is_not_declared(code: str) -> None:
    for text in TEMPLATES[code].texts.values():
        for words in (text.subject, text.body, text.short):
            used = {name for _, name, _, _ in string.Formatter().parse(words) if name}
            assert used <= {*TEMPLATES[code].fields, "link"}


def test_messages_about_denunciations_name_nothing() -> None:
    told = [template for template in TEMPLATES.values() if template.is_about_denunciations]
    assert told
    for template in told:
        assert not template.fields
        for text in template.texts.values():
            assert "tố cáo" not in (text.subject + text.body + text.short).lower()
            assert "to cao" not in text.short.lower()


def test_an_unknown_language_falls_back_to_vietnamese() -> None:
    assert render("case-news", _values("case-news"), "fr", SITE) == render(
        "case-news", _values("case-news"), "vi", SITE
    )


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("no-such-message", {}),
        ("case-news", {}),
        ("case-news", {"number": "PA-7KQ2M-9XF3H", "text": "hello"}),
        ("case-news", {"number": "PA-7KQ2M-9XF3H\nBcc: a@b.vn"}),
        ("case-news", {"number": "http://evil.example"}),
        ("officer-due", {"number": "PA-7KQ2M-9XF3H", "due": "hôm nay", "days": "3"}),
    ],
)
def test_d7_what_does_not_fit_is_refused(code: str, values: dict[str, str]) -> None:
    with pytest.raises(BadMessage):
        check(code, values)


@given(st.text(max_size=200))
def test_d7_no_address_and_no_line_gets_in_through_the_name_of_a_unit(name: str) -> None:
    cleaned = unit_field(name)
    check("officer-late", {"number": "PA-7KQ2M-9XF3H", "due": "21/11/2026", "unit": cleaned})
    assert "://" not in cleaned
    assert len(cleaned.splitlines()) == 1
