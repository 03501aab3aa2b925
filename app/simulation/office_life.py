"""What goes on in the sample offices beside single cases: templates, rosters, routes, re-checks, denunciations."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.analysis.casework import findings, rechecks
from app.analysis.casework.models import RecheckCase
from app.calendar.queries import calendar
from app.errors import DomainError
from app.feedback.answering import reply_templates
from app.feedback.conflicts.duty import services as duty
from app.feedback.conflicts.duty.services import Duty
from app.feedback.conflicts.kinds import Shift, mask
from app.feedback.denunciations import services as denunciations
from app.feedback.denunciations.models import Denunciation
from app.feedback.inbox import views
from app.feedback.intake.services import Report, open_denunciation
from app.feedback.routing import table
from app.rules.kinds import Kind
from app.simulation.case_office import Person, Place
from app.simulation.case_year import Year
from app.simulation.known_officers import CLERK, HOME_AFFAIRS, LEADER, TOP
from app.units.models import Counter
from app.units.queries import name_on

ROSTER_DAYS, RECHECK_DAYS = 75, 12
RECHECKED, RECHECKED_DAYS = 36, 200
WHOLE_WEEK, FIRST_HALF, SECOND_HALF = mask(range(1, 6)), mask((1, 2, 3)), mask((4, 5))
WITHOUT_ACCOUNT = (
    "Nguyễn Thị Trực (mô phỏng)",
    "Trần Văn Quầy (mô phỏng)",
    "Lê Thị Tiếp Nhận (mô phỏng)",
    "Phạm Văn Hướng (mô phỏng)",
)
TEMPLATES = (
    (
        "Xin lỗi vì trả kết quả chậm",
        "{đơn_vị} xin lỗi Ông/Bà vì kết quả {thủ_tục} trả chậm. Nguyên nhân: … Kết quả sẽ có ngày …",
    ),
    (
        "Thái độ của người trực quầy",
        "{đơn_vị} đã xem lại sự việc tại {nơi_xảy_ra}, nhắc nhở người trực và xin lỗi Ông/Bà.",
    ),
    (
        "Cảm ơn góp ý",
        "Cảm ơn Ông/Bà đã gửi {loại_đơn} số {số_đơn} ngày {ngày_nhận}. {đơn_vị} sẽ …",
    ),
)
OF_THE_CENTRE = (
    (
        "Hồ sơ doanh nghiệp phải sửa nhiều lần",
        "Về đơn số {số_đơn}: {đơn_vị} đã xem lại các lần thông báo sửa đổi. Những điểm còn phải sửa là: …",
    ),
    (
        "Hướng dẫn sang cơ quan khác",
        "Việc Ông/Bà nêu ngày {ngày_nhận} thuộc thẩm quyền của … {đơn_vị} đã chuyển nội dung đến đó ngày …",
    ),
)
OF_A_COMMUNE = (
    (
        "Trợ cấp chi trả chậm",
        "{đơn_vị} xin lỗi Ông/Bà và gia đình. Phần trợ cấp còn thiếu đã được chi trả ngày … qua …",
    ),
)
VIEWS: Mapping[str, Sequence[tuple[str, str]]] = {
    CLERK: (
        ("Việc của tôi sắp đến hạn", "due=soon&mine=1"),
        ("Đất đai đang xử lý", "q=%C4%91%E1%BA%A5t&state=in_progress"),
    ),
    LEADER: (("Chưa giao, chưa trả lời", "mine=none&measure=unfinished"), ("Khiếu nại", "kind=complaint")),
    TOP: (("Đề nghị chờ quyết định", "asked=1"),),
    HOME_AFFAIRS: (("Quá hạn toàn tỉnh", "due=late"), ("Khiếu nại chưa trả lời", "kind=complaint&measure=unfinished")),
}
FOUND = (
    "Câu trả lời không nói rõ bao giờ khắc phục xong.",
    "Đã trả lời nhưng chưa kiểm tra lại tại quầy như đã hứa.",
    "Chỉ trả lời một trong hai việc người gửi nêu.",
)
GOOD = ("", "", "Trả lời đúng việc, lời lẽ đúng mực.")
UNIT_SAYS = "Đơn vị tiếp thu, đã bổ sung câu trả lời và gọi điện cho người gửi."
TOLD = (
    (
        "Tôi tố cáo việc người nhận hồ sơ ở quầy đất đai đòi đưa thêm tiền để được làm nhanh. Tôi có giữ tin nhắn. "
        "(Nội dung mô phỏng.)"
    ),
    (
        "Có việc nhận hồ sơ ngoài giờ cho người quen rồi ghi lùi ngày. Đề nghị kiểm tra sổ tiếp nhận tháng trước. "
        "(Nội dung mô phỏng.)"
    ),
    "Người ký chứng thực ký khống nhiều bản sao khi không có bản chính. (Nội dung mô phỏng.)",
)
INSPECTORATE = "Thanh tra tỉnh (mô phỏng)"


class OfficeLife:
    """Each of its methods happens on a day of its own."""

    def __init__(self, year: Year, centre_id: int, people: Mapping[str, Person]) -> None:
        self._year, self._people = year, people
        self._centre = year.office.places[centre_id]
        others = [place for unit_id, place in year.office.places.items() if unit_id != centre_id and place.counters]
        self._commune = others[0] if others else self._centre

    def plan(self, session: Session, last_day: date) -> None:
        """Put it into the calendar of the year."""
        working = calendar(session)
        for back, act in (
            (ROSTER_DAYS + 40, self.templates),
            (ROSTER_DAYS, self.rosters),
            (ROSTER_DAYS - 5, self.routes),
            (60, self.views),
            (45, self.first_denunciation),
            (20, self.further_denunciations),
            (RECHECK_DAYS, self.recheck),
            (RECHECK_DAYS - 4, self.answer_findings),
        ):
            self._year.plan(working.working_day_from(last_day - timedelta(days=back)), act)

    def templates(self, session: Session) -> None:
        """Heads keep some words that come up again."""
        top = self._year.office.top
        for place, kept in ((top, TEMPLATES), (self._centre, OF_THE_CENTRE), (self._commune, OF_A_COMMUNE)):
            for title, text in kept:
                with self._year.minute():
                    reply_templates.create(session, place.people[0], place.unit_id, f"{title} (mô phỏng)", text)

    def rosters(self, session: Session) -> None:
        """Who sits at which counter; an officer with an account among them is excluded from what is said there."""
        self._roster(session, self._centre, self._centre.people[-1], at=2)
        if self._commune is not self._centre:
            self._roster(session, self._commune, self._commune.people[-1], at=0)

    def _roster(self, session: Session, place: Place, officer: Person, at: int) -> None:
        today = clock.local_date()
        for number, counter_id in enumerate(place.counters):
            first, second = WITHOUT_ACCOUNT[number % 4], WITHOUT_ACCOUNT[(number + 1) % 4]
            entries = [
                Duty(None, first, FIRST_HALF, Shift.DAY, today, None),
                Duty(None, second, SECOND_HALF, Shift.DAY, today, None),
            ]
            if number == at:
                entries[1] = Duty(officer.officer_id, "", SECOND_HALF, Shift.DAY, today, None)
            with self._year.minute():
                duty.add(session, place.people[0].officer_id, counter_id, entries)

    def routes(self, session: Session) -> None:
        """What concerns one field goes to one officer."""
        clerk, leader = self._people[CLERK], self._people[LEADER]
        fields = session.get_one(Counter, self._centre.counters[0]).fields
        unit_id = self._centre.unit_id
        with self._year.minute():
            table.set_route(session, leader, table.Wanted(unit_id, fields[0].id, None, unit_id, clerk.officer_id))

    def views(self, session: Session) -> None:
        """Officers save how they look at the list."""
        for username, kept in VIEWS.items():
            for name, query in kept:
                with self._year.minute():
                    views.save(session, self._people[username].officer_id, name, query)

    def first_denunciation(self, session: Session) -> None:
        """Something about the centre is told; it goes to the province, where it is passed on."""
        key = self._told(session, TOLD[0], self._centre)
        top = self._people[TOP]
        self._act(session, top, key, "check", "Giao bộ phận thanh tra nội bộ xác minh ban đầu.", "")
        self._act(
            session, top, key, "pass-on", "Có dấu hiệu vi phạm, chuyển để xác minh theo thẩm quyền.", INSPECTORATE
        )

    def further_denunciations(self, session: Session) -> None:
        """One is looked into, one has just come."""
        key = self._told(session, TOLD[1], self._centre)
        self._act(session, self._people[TOP], key, "check", "Yêu cầu trung tâm nộp sổ tiếp nhận để đối chiếu.", "")
        self._told(session, TOLD[2], self._centre)

    def _told(self, session: Session, text: str, place: Place) -> str:
        with self._year.minute():
            report = Report(Kind.DENUNCIATION, Kind.DENUNCIATION, text, place.unit_id)
            return open_denunciation(session, report).case_id

    def _act(self, session: Session, reader: Person, key: str, name: str, words: str, where: str) -> None:
        version = session.get_one(Denunciation, key).version
        with self._year.minute():
            denunciations.act(session, reader, key, version, name, words=words, place=where)

    def recheck(self, session: Session) -> None:
        """Home Affairs draws some closed cases by lot and looks at most of them."""
        viewer, today = self._people[HOME_AFFAIRS], clock.local_date()
        last = today - timedelta(days=1)  # of a day that is over nothing more is closed
        try:
            with self._year.minute():
                draw = rechecks.make(session, viewer, today - timedelta(days=RECHECKED_DAYS), last, RECHECKED)
        except DomainError:
            return  # a small province in which nothing was closed
        session.flush()
        drawn = rechecks.lines(session, viewer, draw.id)
        mine = name_on(session, self._centre.unit_id, today)
        drawn = sorted(drawn, key=lambda line: line.unit_name != mine)
        own = next((number for number, line in enumerate(drawn) if line.unit_name == mine), None)
        for number, line in enumerate(drawn[: len(drawn) * 3 // 4]):
            is_good = number % 7 != 1 and number != own
            words = GOOD[number % len(GOOD)] if is_good else FOUND[number % len(FOUND)]
            with self._year.minute():
                rechecks.note(session, viewer, draw.id, line.case_id, is_good=is_good, words=words)

    def answer_findings(self, session: Session) -> None:
        """A unit answers what was found about one of its cases."""
        rows = session.scalars(select(RecheckCase).where(RecheckCase.is_good.is_(False)).order_by(RecheckCase.case_id))
        others = [row for row in rows if row.unit_id != self._centre.unit_id]  # what the centre says is left to try
        for row in others[:2]:
            with self._year.minute():
                findings.answer(
                    session, self._year.office.at(row.unit_id).people[0], row.draw_id, row.case_id, UNIT_SAYS
                )
