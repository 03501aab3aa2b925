"""Names of officers on pages below the accounts: who made a version. How to find them is handed in at start."""

from collections.abc import Callable, Iterable, Mapping

from flask import Flask, current_app
from sqlalchemy.orm import Session

EXTENSION = "langnghe-authors"
SYSTEM = "Hệ thống"
Find = Callable[[Session, Iterable[int]], Mapping[int, str]]


def init_authors(app: Flask, find: Find) -> None:
    """Hand in how officers' names are found."""
    app.extensions[EXTENSION] = find


def author_names(session: Session, officer_ids: Iterable[int | None]) -> Mapping[int | None, str]:
    """The name of each officer; the system's for None."""
    find: Find = current_app.extensions[EXTENSION]
    found = find(session, {one for one in officer_ids if one is not None})
    names: dict[int | None, str] = {None: SYSTEM}
    return names | {officer_id: name for officer_id, name in found.items()}  # noqa: C416 - a wider kind of key
