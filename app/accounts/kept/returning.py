"""Words whose post is refused because its officer no longer reaches the thing are given back, to be copied.

The page is made of the request alone: what was typed, and the words for "there is no such thing or you may not see it".
So it says the same of a case that was lost, of one that never was the officer's and of one that does not exist.
"""

from flask import Flask, g, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts.kept import words
from app.errors import Missing, NotAllowed
from app.web.access import Actor
from app.web.csrf import FIELD, is_valid
from app.web.errors import error_page, status_of
from app.web.navigation import label_of


def init_returning(app: Flask) -> None:
    """Put the page in place of the bare refusal, for every form of an officer."""
    app.register_error_handler(Missing, _refused)
    app.register_error_handler(NotAllowed, _refused)


def _refused(error: Missing | NotAllowed) -> tuple[str, int]:
    texts = _own_words()
    if not texts:
        return error_page(status_of(error), error.message)
    name = words.page_name(request.endpoint or "", request.view_args or {}, label_of(request.path))
    labelled = [(value, words.field_name(name, number, len(texts))) for number, (name, value) in enumerate(texts, 1)]
    page = render_template("accounts/returned.html", name=name, message=error.message, texts=labelled)
    return page, status_of(error)


def _own_words() -> list[tuple[str, str]]:
    """What was typed into a form that this officer's own session had drawn; no site puts words into our page."""
    if request.method != "POST" or not isinstance(g.get("actor"), Actor):
        return []
    try:
        typed = list(request.form.items(multi=True))
    except RequestEntityTooLarge:
        return []
    if not is_valid(request.form.get(FIELD, "")):
        return []
    return [
        (name, value)
        for name, value in typed
        if name != FIELD and "password" not in name.casefold() and words.is_text(value)
    ]
