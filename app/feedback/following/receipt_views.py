"""Checking receipts: for anybody. Nothing is stored, so the answer comes with the post, without a redirect."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.audit.proof.keys import PublicKeys, pem
from app.feedback.following import receipt_keys, visits
from app.feedback.following.receipt_words import HEADINGS, sentence
from app.feedback.following.receipts import LONGEST, Verdict, check
from app.i18n.catalogues import in_language
from app.i18n.messages import Message, message
from app.web.access import public
from app.web.limits import limits
from app.web.pages import site
from app.web.text_input import clean

blueprint = Blueprint("receipts", __name__)

MOST_BYTES = 512 * 1024
MOST_CONTENT = 20_000
PASTE = message("Xin dán biên nhận hoặc chọn tệp biên nhận.")
TOO_LARGE = message("Những gì đưa vào quá dài so với một biên nhận. Xin chỉ đưa biên nhận và nội dung đã gửi.")
NO_TEXT = message("Tệp này không phải là văn bản. Xin chọn tệp biên nhận (.txt) đã tải khi gửi.")
BUSY = message("Đang có nhiều người kiểm tra cùng lúc. Xin chờ một phút rồi bấm lại.")


@blueprint.get("/receipts")
@public
def show() -> str:
    """What a receipt is, the form, and the keys."""
    return _page()


@blueprint.post("/receipts")
@public
def verify() -> tuple[str, int] | str:
    """Say whether a receipt is genuine, and whether it is for the content, if one was given."""
    request.max_content_length = MOST_BYTES
    request.max_form_memory_size = MOST_BYTES
    try:
        typed, file_text = dict(request.form.lists()), _file_text()
    except RequestEntityTooLarge:
        return _page(problem=TOO_LARGE), 413
    content = clean("".join(typed.get("content", ())))
    pasted = clean("".join(typed.get("receipt", ())))
    problem = _problem(pasted, content, file_text)
    if problem is not None:
        return _page(pasted, content, problem=problem), 400
    if not limits().allows_look_up("receipts"):
        return _page(pasted, content, problem=BUSY), 429
    text = pasted if pasted.strip() else file_text or ""
    verdict = check(text, _keys(), content if content.strip() else None)
    return _page(text, content, verdict=verdict)


@blueprint.get("/receipts/keys")
@public
def keys() -> Response:
    """Every public key that has signed receipts here, as one file."""
    return Response(
        receipt_keys.pem_of_all(_keys()),
        content_type="application/x-pem-file",
        headers={"Content-Disposition": 'attachment; filename="langnghe-receipt-keys.pem"'},
    )


def _problem(pasted: str, content: str, file_text: str | None) -> Message | None:
    if file_text is None:
        return NO_TEXT
    if not pasted.strip() and not file_text.strip():
        return PASTE
    if max(len(pasted), len(file_text)) > LONGEST or len(content) > MOST_CONTENT:
        return TOO_LARGE
    return None


def _file_text() -> str | None:
    """The text of an uploaded file, empty without one; None when it is no text."""
    file = request.files.get("receipt_file")
    if file is None or not file.filename:
        return ""
    try:
        return clean(file.stream.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None


def _page(
    receipt: str = "", content: str = "", *, problem: Message | None = None, verdict: Verdict | None = None
) -> str:
    known = _keys()
    return render_template(
        "feedback/following/receipts.html",
        action_url=visits.address("receipts.verify"),
        receipt=receipt[:LONGEST],
        content=content[:MOST_CONTENT],
        errors=[] if problem is None else [{"field_id": "receipt", "message": in_language(problem)}],
        verdict=None if verdict is None else _shown(verdict),
        keys=[
            SimpleNamespace(id=key_id, lines=pem(known.by_id[key_id]).decode().splitlines())
            for key_id in sorted(known.by_id)
        ],
        keys_url=visits.address("receipts.keys"),
        follow_url=visits.address("follow.start"),
        language_url=visits.in_other_language("receipts.show"),
    )


def _shown(verdict: Verdict) -> Mapping[str, str | bool | Sequence[tuple[str, str]]]:
    return {
        "is_genuine": verdict.is_genuine,
        "heading": in_language(HEADINGS[verdict.finding]),
        "sentence": in_language(sentence(verdict)),
        "values": verdict.values,
    }


def _keys() -> PublicKeys:
    return receipt_keys.public_keys(site().config.data_dir)
