"""Reads what a public page posted, so that bytes that are no UTF-8 are seen instead of disappearing."""

from urllib.parse import parse_qs

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from app.errors import Invalid

MOST_BYTES = 3 * 1024 * 1024
MOST_FIELDS = 400


def posted_fields() -> dict[str, list[str]]:
    """Field name → its values. Bytes that are no UTF-8 become U+FFFD, which ``text_input.problem`` reports.

    Raises
    ------
    UnsupportedMediaType
        When the body is no form.
    RequestEntityTooLarge
        Above ``MOST_BYTES``.
    Invalid
        When the form has absurdly many fields.
    """
    request.max_content_length = MOST_BYTES
    request.max_form_memory_size = MOST_BYTES
    if request.mimetype == "multipart/form-data":
        return dict(request.form.lists())
    if request.mimetype != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType
    try:
        body = request.get_data().decode("ascii", "replace")
        return parse_qs(body, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Invalid("Biểu mẫu có quá nhiều mục. Xin Ông/Bà mở lại trang và gửi lại.") from error
