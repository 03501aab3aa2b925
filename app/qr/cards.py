"""Printed cards of counters as PDF: A4 poster, A5 tent, sticker sheet. The layouts are typst files in `cards/`."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.qr.addresses import scan_address, short_address
from app.qr.glyphs import drawable
from app.qr.render import svg
from app.qr.typeset import typeset

LAYOUTS = Path(__file__).with_name("cards")
FONTS = Path(__file__).with_name("fonts")
REGULAR = FONTS / "LiberationSans-Regular.ttf"
STICKERS_PER_SHEET = 8
# Stands for a character that the vendored fonts cannot draw, such as an emoji in a name.
UNDRAWABLE = "?"


class CardKind(StrEnum):
    """What is printed; the value names the layout file."""

    POSTER = "poster"
    TENT = "tent"
    STICKERS = "stickers"


TITLES = {
    CardKind.POSTER: "Áp phích mã QR",
    CardKind.TENT: "Biển để quầy có mã QR",
    CardKind.STICKERS: "Nhãn dán mã QR",
}


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on one card: names, the address inside the code and the short address typed by hand."""

    unit_name: str
    counter_name: str
    address: str
    short_address: str


def card_for(unit_name: str, counter_name: str, token: str, base_address: str) -> Card:
    """The card of a code under the public address of the installation; ValueError if that is no http(s) address."""
    return Card(unit_name, counter_name, scan_address(base_address, token), short_address(base_address, token))


def render_cards(kind: CardKind, cards: Sequence[Card], *, simulated: bool) -> bytes:
    """The cards as one tagged PDF (PDF/UA-1, Vietnamese, fonts embedded), the same bytes for the same input.

    Posters and tents take one page a card. A single sticker fills its sheet with copies; several stickers stand in
    order, eight a sheet. `simulated` marks every card as made of simulated data. Raises ValueError without cards, or
    when a name is empty.
    """
    if not cards:
        raise ValueError("no cards to print")
    fields = [_fields(card) for card in cards]
    if kind is CardKind.STICKERS and len(cards) == 1:
        fields *= STICKERS_PER_SHEET
    data = {"title": _title(kind, cards), "simulated": simulated, "cards": fields}
    return typeset(LAYOUTS / f"{kind.value}.typ", FONTS, data)


def _title(kind: CardKind, cards: Sequence[Card]) -> str:
    first = cards[0]
    parts = [TITLES[kind], first.counter_name, first.unit_name] if len(cards) == 1 else [TITLES[kind], first.unit_name]
    return " – ".join(_plain(part) for part in parts)


def _fields(card: Card) -> dict[str, str]:
    short = card.short_address
    return {
        "unit_name": _plain(card.unit_name),
        "counter_name": _plain(card.counter_name),
        "short_address": short,
        "host": short.partition("/")[0],
        "code": short.rpartition("/")[2],
        "svg": svg(card.address),
    }


def _plain(text: str) -> str:
    """Composed letters (decomposed ones lose their marks in print), no control characters, single spaces."""
    shown = "".join(" " if _is_blank(sign) else _drawn(sign) for sign in unicodedata.normalize("NFC", text))
    words = " ".join(shown.split())
    if not words:
        raise ValueError("a card needs the names of its unit and counter")
    return words


def _is_blank(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "CZ"


def _drawn(sign: str) -> str:
    return sign if sign in drawable(REGULAR) else UNDRAWABLE
