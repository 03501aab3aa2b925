"""What a citizen opens and sends: scan, tap, details, thanks. No GET sets a cookie; a POST that stores redirects."""

from datetime import timedelta

from flask import Blueprint, Flask, current_app, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.config import Config
from app.db.session import Database, reading
from app.db.session import database as current_database
from app.i18n.catalogues import chosen_language
from app.i18n.messages import message
from app.qr.scans import ScanBook
from app.qr.tokens import normalise
from app.survey import answered_cookie, flags, pages, staging
from app.survey.answers import Reading, read_answers
from app.survey.packing import pack
from app.survey.pages import LatestResult, SurveyPages, page_url
from app.survey.points import ServicePoint, find_point
from app.survey.staged import Staged
from app.web.access import public
from app.web.compression import KeptPage
from app.web.form_ids import BadFormId, FormId
from app.web.limits import BURST, limits
from app.web.pages import make_form_id, read_form_id, site
from app.web.posted import posted_fields

blueprint = Blueprint("survey", __name__)
EXTENSION = "langnghe-survey"
OWN_FIELDS = frozenset({"form_id", "website", "send_as_is"})
DETAILS_SECONDS = 30 * 60
KIOSK_SECONDS = 20
TRY_AGAIN = message("Trang này đã mở từ lâu hoặc không đầy đủ. Xin Ông/Bà chọn lại một lần nữa.")
TOO_MANY = message(
    "Đang có nhiều người gửi cùng lúc. Xin Ông/Bà chờ một phút rồi gửi lại; nội dung vẫn còn trên trang."
)


def init_survey(app: Flask, config: Config, database: Database, latest_result: LatestResult) -> None:
    """Give the survey its kept pages. ``latest_result``: unit id → released result for the thank-you page, or None."""
    scans = ScanBook(database, config.kept_seconds)
    app.extensions[EXTENSION] = SurveyPages(config.kept_seconds, latest_result, scans)
    app.register_blueprint(blueprint)


def _kept() -> SurveyPages:
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, SurveyPages)
    return found


@blueprint.get("/Q/<token>")
@public
def scan_printed(token: str) -> Response:
    """The address inside a code, in capitals, because those make the code smaller; the same page, no detour."""
    return scan(token)


@blueprint.get("/q/<token>")
@public
def scan(token: str) -> Response:
    """The first screen: one question, five buttons."""
    point, language = _point(token), chosen_language()
    if point.closed is not None:
        return make_response(pages.unavailable_page(point, language))
    _kept().scans.count(point.code_id, clock.local_date())
    again = "again" in request.args
    if not again and not point.is_kiosk and _answered_today(point):
        return make_response(pages.already_page(point, language))
    kept = _kept().page(
        point, "scan", language, str(again), render=lambda: pages.scan_page(point, language, again=again)
    )
    return kept.response(make_form_id("again" if again else "tap", point.token))


@blueprint.post("/q/<token>")
@public
def tap(token: str) -> Response:
    """Store the first answer at once."""
    point, language = _point(token), chosen_language()
    posted = posted_fields()
    if point.closed is not None:
        return make_response(pages.unavailable_page(point, language))
    assert point.question_set is not None
    overall = point.question_set.overall
    assert overall is not None
    result = read_answers(point.question_set, posted, shown=(overall.id,), ignore=OWN_FIELDS)
    form, is_repeat = _tap_form(point, posted)
    code = result.answers.codes.get(overall.id, (0,))[0]
    if form is None or not result.is_valid or code > len(overall.choices):
        return _scan_again(point, language, 400, TRY_AGAIN)
    if not limits().allows_post(form.value.hex(), point.token):
        return _scan_again(point, language, 429, TOO_MANY)
    _store_tap(point, language, form, pack(point.question_set, {overall.id: (code,)}), posted, is_repeat=is_repeat)
    key = make_form_id("details", point.token, form.value)
    response = redirect(page_url("details", point, language, key=key), 303)
    if not point.is_kiosk:
        _remember(response, point)
    return response


@blueprint.get("/q/<token>/more/<key>")
@public
def details(token: str, key: str) -> Response:
    """The further questions, for half an hour after the tap."""
    point, language = _point(token), chosen_language()
    if point.closed is not None:
        return make_response(pages.unavailable_page(point, language))
    form = _form("details", point, key)
    if form is None or form.age_seconds(clock.now()) > DETAILS_SECONDS:
        return make_response(pages.late_page(point, language, ()))
    kept = _kept().page(point, "details", language, render=lambda: pages.details_page(point, language))
    return _for_kiosk(kept.response(key), point, 3 * KIOSK_SECONDS)


@blueprint.post("/q/<token>/more/<key>")
@public
def add_details(token: str, key: str) -> Response:
    """Add the further answers to the same response, once."""
    point, language = _point(token), chosen_language()
    posted = posted_fields()
    if point.closed is not None:
        return make_response(pages.unavailable_page(point, language))
    assert point.question_set is not None
    result = read_answers(point.question_set, posted, shown=pages.shown_ids(point.question_set), ignore=OWN_FIELDS)
    form, sent = _form("details", point, key), _form("details", point, "".join(posted.get("form_id", ())))
    if form is None or form.age_seconds(clock.now()) > DETAILS_SECONDS:
        return make_response(pages.late_page(point, language, _written(point, result)))
    refusal = _refusal(point, form, sent, result, posted)
    if refusal is not None:
        return _details_again(point, language, key, result, *refusal)
    if _store_details(point, form, result, posted) is staging.Outcome.CLOSED:
        return make_response(pages.late_page(point, language, _written(point, result)))
    return redirect(page_url("thanks", point, language), 303)


@blueprint.get("/q/<token>/thanks")
@public
def thanks(token: str) -> Response:
    """The same thank-you for everybody."""
    point, language = _point(token), chosen_language()
    if point.closed is not None:
        return make_response(pages.unavailable_page(point, language))
    kept = _kept()
    page = kept.page(
        point,
        "thanks",
        language,
        render=lambda: pages.thanks_page(
            point, language, kept.latest_result(point.unit_id), least=site().small_numbers.public
        ),
    )
    return _for_kiosk(page.response(""), point, KIOSK_SECONDS)


def _store_tap(
    point: ServicePoint, language: str, form: FormId, answers: bytes, posted: dict[str, list[str]], *, is_repeat: bool
) -> None:
    moment = clock.local_now()
    found = flags.of_tap(
        seconds=form.age_seconds(moment),
        is_trapped=bool("".join(posted.get("website", ()))),
        is_open=flags.is_open(point.opening_hours or {}, moment),
        is_burst=not limits().hit(BURST, "burst", point.token),
        is_repeat=is_repeat or _answered_today(point),
        is_kiosk=point.is_kiosk,
    )
    staged = Staged(
        round_id=point.round_id,
        counter_id=point.counter_id,
        form_issued_on=form.issued_at.astimezone(clock.VIETNAM).date(),
        channel=point.channel.value,
        language=language,
        flags=int(found),
        answers=answers,
    )
    keys = site().day_keys
    with current_database().writing_connection() as connection:
        staging.store_tap(connection, keys, staged, form_id=form.value, today=clock.local_date())


def _store_details(point: ServicePoint, form: FormId, result: Reading, posted: dict[str, list[str]]) -> staging.Outcome:
    assert point.question_set is not None
    criteria = point.question_set.criteria
    codes = [result.answers.codes.get(question.id, (0,))[0] for question in criteria]
    levels = [code for code, question in zip(codes, criteria, strict=True) if 1 <= code <= len(question.choices)]
    found = flags.of_details(
        seconds=form.age_seconds(clock.now()),
        answered=len(levels),
        levels=levels,
        is_trapped=bool("".join(posted.get("website", ()))),
    )
    with current_database().writing_connection() as connection:
        return staging.add_details(
            connection,
            site().day_keys,
            point.question_set,
            result.answers,
            form_id=form.value,
            flags=int(found),
        )


def _point(token: str) -> ServicePoint:
    clean, today, kept = normalise(token), clock.local_date(), _kept().points
    point = kept.get(clean, today)
    if point is None:
        with reading() as session:
            point = find_point(session, clean, today)
        kept.put(clean, today, point)
    return point


def _form(purpose: str, point: ServicePoint, text: str) -> FormId | None:
    try:
        return read_form_id(purpose, point.token, text)
    except BadFormId:
        return None


def _refusal(
    point: ServicePoint, form: FormId, sent: FormId | None, result: Reading, posted: dict[str, list[str]]
) -> tuple[int, dict[str, str]] | None:
    """Status and messages when further answers are not taken; None when they are."""
    if sent is None or sent.value != form.value:
        return 400, {"form_id": TRY_AGAIN}
    if not result.is_valid:
        return 400, {}
    if result.hints and posted.get("send_as_is") != ["1"]:
        return 422, {}
    if not limits().allows_post(form.value.hex(), point.token):
        return 429, {"form_id": TOO_MANY}
    return None


def _tap_form(point: ServicePoint, posted: dict[str, list[str]]) -> tuple[FormId | None, bool]:
    """The form id of a tap and whether it was made for another person on the same device; None when it is no use."""
    text = "".join(posted.get("form_id", ()))
    for purpose, is_repeat in (("tap", False), ("again", True)):
        form = _form(purpose, point, text)
        if form is not None:
            oldest = clock.local_date() - timedelta(days=staging.VALID_DAYS)
            return (form if form.issued_at.astimezone(clock.VIETNAM).date() >= oldest else None), is_repeat
    return None, False


def _scan_again(point: ServicePoint, language: str, status: int, notice: str) -> Response:
    html = pages.scan_page(point, language, again=False, notice=notice)
    response = KeptPage.of(html).response(make_form_id("tap", point.token))
    response.status_code = status
    return response


def _details_again(
    point: ServicePoint, language: str, key: str, result: Reading, status: int, errors: dict[str, str]
) -> Response:
    response = KeptPage.of(pages.details_page(point, language, result, errors)).response(key)
    response.status_code = status
    return response


def _written(point: ServicePoint, result: Reading) -> list[str]:
    assert point.question_set is not None
    texts = {question.field for question in point.question_set.questions if question.type == "text"}
    return [value for name, values in result.typed.items() if name in texts for value in values if value.strip()]


def _answered_today(point: ServicePoint) -> bool:
    cookie = request.cookies.get(answered_cookie.NAME, "")
    return point.counter_id in answered_cookie.counters(cookie, clock.local_date())


def _remember(response: Response, point: ServicePoint) -> None:
    earlier = request.cookies.get(answered_cookie.NAME, "")
    response.set_cookie(
        answered_cookie.NAME,
        answered_cookie.adding(earlier, clock.local_date(), point.counter_id),
        max_age=clock.seconds_to_midnight(),
        path="/q",
        secure=site().config.is_secure,
        httponly=True,
        samesite="Lax",
    )


def _for_kiosk(response: Response, point: ServicePoint, seconds: int) -> Response:
    if point.is_kiosk:
        response.headers["Refresh"] = f"{seconds}; url={url_for('survey.scan', token=point.token)}"
    return response
