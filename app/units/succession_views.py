"""The end of a unit: merged into another, split into several, dissolved. Shown first with all it does, then done."""

from flask import Blueprint, render_template, url_for
from sqlalchemy.orm import Session

from app.db.session import reading
from app.errors import DomainError
from app.units import acts, queries, services
from app.units.acts import Act, Answer, managed_name, managed_unit
from app.units.consequences import consequences
from app.units.forms import DissolveForm, MergeForm, SplitForm, SuccessionForm, day_of
from app.units.models import Unit
from app.units.successions import SuccessionKind
from app.web.access import actor, requires
from app.web.permissions import Permission

blueprint = Blueprint("successions", __name__)

MANAGE = Permission.UNITS_MANAGE
UNIT_PAGE = "units_officer.show"
FORMS: dict[SuccessionKind, type[SuccessionForm]] = {
    SuccessionKind.MERGE: MergeForm,
    SuccessionKind.SPLIT: SplitForm,
    SuccessionKind.DISSOLVE: DissolveForm,
}
TITLES = {SuccessionKind.MERGE: "Sáp nhập", SuccessionKind.SPLIT: "Chia tách", SuccessionKind.DISSOLVE: "Giải thể"}
HELP = {
    SuccessionKind.MERGE: "Để ghi nhận đơn vị này nhập vào một đơn vị khác từ một ngày. Lịch sử, phiếu trả lời và "
    "kết quả cũ được giữ; quầy đóng lại, đơn vị trực thuộc chuyển sang đơn vị tiếp nhận. "
    "Bước sau cho xem trước mọi thay đổi.",
    SuccessionKind.SPLIT: "Để ghi nhận đơn vị này được chia thành hai hay nhiều đơn vị. Các đơn vị mới phải được thêm "
    "trước, hoạt động từ ngày chia; đơn vị trực thuộc phải được chuyển trước. Bước sau cho xem trước mọi thay đổi.",
    SuccessionKind.DISSOLVE: "Để ghi nhận đơn vị này ngừng hoạt động. Nếu có đơn vị tiếp nhận công việc, xin nêu để "
    "người quét mã cũ được chỉ đến đúng nơi. Bước sau cho xem trước mọi thay đổi.",
}


@blueprint.get("/<int:unit_id>/<any(merge, split, dissolve):kind>")
@requires(MANAGE)
def choose(unit_id: int, kind: str) -> str:
    """The form: who follows, from which day."""
    return acts.page(_act(unit_id, SuccessionKind(kind)))


@blueprint.post("/<int:unit_id>/<any(merge, split, dissolve):kind>")
@requires(MANAGE)
def choose_submit(unit_id: int, kind: str) -> Answer:
    """Show what will happen; with the yes from that page, do it."""
    chosen = SuccessionKind(kind)
    act = _act(unit_id, chosen)
    if act.form.confirmed.data == "1" or not act.form.validate():
        return acts.perform(act)
    on = day_of(act.form.on)
    with reading() as session:
        try:
            news = _followers(session, act.form)
            preview = services.preview_succession(session, chosen, unit_id, [new.id for new in news], on)
        except DomainError as error:
            acts.refused(act, error)
            return acts.page(act), 400
        name = queries.name_on(session, unit_id, preview.last_day)
        told = consequences(session, unit_id, on)
    codes = [(field.name, new.code) for field, new in zip(act.form.typed(), news, strict=True)]
    return render_template(
        "units/succession_preview.html", act=act, name=name, preview=preview, told=told, on=on, codes=codes
    )


def _act(unit_id: int, kind: SuccessionKind) -> Act:
    form = FORMS[kind]()

    def do(session: Session) -> str:
        news, on = [new.id for new in _followers(session, form)], day_of(form.on)
        who = actor().officer_id
        if kind is SuccessionKind.MERGE:
            services.merge_units(session, [unit_id], news[0], on, who)
        elif kind is SuccessionKind.SPLIT:
            services.split_unit(session, unit_id, news, on, who)
        else:
            services.close_unit(session, unit_id, on, news[0] if news else None, who)
        return url_for(UNIT_PAGE, unit_id=unit_id, done=kind.value)

    title = f"{TITLES[kind]}: {managed_name(unit_id)}"
    return Act(form, title, HELP[kind], url_for(UNIT_PAGE, unit_id=unit_id), do)


def _followers(session: Session, form: SuccessionForm) -> list[Unit]:
    on = day_of(form.on)
    return [managed_unit(session, field, on) for field in form.typed()]
