"""Pages of a list: which one is asked for, and the addresses of its neighbours with every other filter kept."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

NAME = "page"
LAST_POSSIBLE = 100_000  # keeps absurd numbers away from the database


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What ``components/pagination.html`` draws; an address is None at the ends."""

    number: int
    pages: int
    total: int
    previous_url: str | None
    next_url: str | None


def page_number() -> int:
    """The page asked for in ``?page=``; 1 for anything that is no sensible number."""
    number = request.args.get(NAME, 1, type=int)
    return number if 1 <= number <= LAST_POSSIBLE else 1


def links(number: int, pages: int, total: int) -> PageLinks:
    """The neighbours of a page in the list shown by the present request."""
    return PageLinks(
        number=number,
        pages=pages,
        total=total,
        previous_url=_address(min(number - 1, pages)) if number > 1 else None,
        next_url=_address(number + 1) if number < pages else None,
    )


def _address(number: int) -> str:
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in (NAME, "done")]
    return f"{request.path}?{urlencode([*kept, (NAME, str(number))])}"
