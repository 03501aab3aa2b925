"""The letter of apology as a paper to finish and sign (form 04). What is not known yet is dotted."""

from collections.abc import Sequence

from app.documents.paper import BLANK, Paper
from app.dossiers.letter_queries import LetterView
from app.i18n.formats import format_date


def paper_of(found: LetterView, names: Sequence[str], *, simulated: str = "") -> Paper:
    """What stands in the letter. ``names``: the unit, then those above it."""
    letter = found.owed or (found.letters[-1] if found.letters else None)
    dossier, office = found.dossier, names[0] if names else found.unit_name
    name = found.name or BLANK
    address = f", địa chỉ: {found.address}" if found.address else ""
    procedure = f"; thủ tục: {found.procedure}" if found.procedure else ""
    due = format_date(dossier.due_on) if dossier.due_on else BLANK
    received = (
        f"Ngày {format_date(dossier.received_on)}, {office} tiếp nhận hồ sơ của {name}{address}; mã hồ sơ: "
        f"{dossier.code}{procedure}. Ngày hẹn trả kết quả: {due}{_told_again(found)}."
    )
    stands = (
        f"Hồ sơ giải quyết xong ngày {format_date(dossier.finished_on)}, sau ngày hẹn"
        if dossier.finished_on
        else "Đến nay hồ sơ chưa giải quyết xong"
    )
    why = f"{stands}. Lý do: {(letter.reason if letter else None) or BLANK}."
    new_due = letter.new_due_on if letter else None
    is_asking = new_due is not None or (found.owed is not None and found.may_promise)
    asks = (
        f" và đề nghị gia hạn thời gian giải quyết; ngày hẹn trả kết quả mới: "
        f"{format_date(new_due) if new_due else BLANK}"
    )
    sorry = f"{office} xin lỗi Ông/Bà về sự chậm trễ này{asks if is_asking else ''}."
    return Paper(
        title=f"Văn bản xin lỗi {dossier.code}",
        office=office,
        above=names[1] if len(names) > 1 else "",
        symbol="TXL",
        kind="Văn bản xin lỗi",
        subject="và đề nghị gia hạn thời gian giải quyết hồ sơ" if is_asking else "về việc chậm trả kết quả hồ sơ",
        to=(name,),
        body=(received, why, sorry, "Rất mong Ông/Bà thông cảm"),
        receivers=("Như trên;", "Bộ phận Một cửa;"),
        signer=(letter.signed_by if letter else None) or "",
        simulated=simulated,
    )


def _told_again(found: LetterView) -> str:
    """The new days the applicant was given before the letter that is printed."""
    told = [one.new_due_on for one in found.letters if one.new_due_on is not None]
    before = told if found.owed else told[:-1]
    return f"; đã hẹn lại ngày {format_date(max(before))}" if before else ""
