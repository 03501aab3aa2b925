"""What somebody typed into the search field of a list: ``?q=``."""

from flask import request

from app.web.text_input import clean

NAME = "q"
MOST_CHARACTERS = 100


def sought() -> str:
    """The words sought, in one Unicode form and without characters that no database takes."""
    return clean(request.args.get(NAME, ""))[:MOST_CHARACTERS]
