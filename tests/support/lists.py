"""The lists of officer pages, each with what tests seek, choose and expect in it (data: tests/factories/lists.py)."""

from dataclasses import dataclass

from tests.factories.lists import MANY


@dataclass(frozen=True)
class List:
    """One list: where it is, what to seek in it, what a filter shows, who sees less of it.

    ``sought`` (without marks) finds rows with ``found`` and not ``hidden``; ``narrowed`` is a filter that leaves
    ``narrowed_to`` and not ``narrowed_away``; a leader of the other ward sees ``own`` and not ``foreign``. Without
    ``sort`` the list has one order for good.
    """

    name: str
    path: str
    sought: str
    found: str
    hidden: str
    narrowed: str
    narrowed_to: str
    narrowed_away: str
    sort: str
    total: int
    file: str = "list"
    base: str = ""
    is_shared: bool = False
    own: str = ""
    foreign: str = ""

    @property
    def query(self) -> str:
        """What must stand in the address for the list to be there at all."""
        return f"?{self.base}" if self.base else "?"


LISTS: tuple[List, ...] = (
    List(
        name="units",
        path="/officer/units",
        sought="phuong ho tay",
        found="Phường Hồ Tây",
        hidden="Phường Số 7",
        narrowed="type=commune",
        narrowed_to="Xã Đất Mũi",
        narrowed_away="Phường Hồ Tây",
        sort="code",
        total=MANY + 4,
        own="Phường Hồ Tây",
        foreign="Xã Đất Mũi",
    ),
    List(
        name="counters",
        path="/officer/units/counters",
        sought="ho tich",
        found="Hộ tịch",
        hidden="Đất đai 7",
        narrowed="field=1",
        narrowed_to="Hộ tịch",
        narrowed_away="Đất đai 7",
        sort="unit_name",
        total=MANY + 1,
        own="Hộ tịch",
        foreign="Đất đai 7",
    ),
    List(
        name="procedures",
        path="/officer/procedures",
        sought="khai sinh",
        found="Đăng ký khai sinh",
        hidden="Cấp giấy 7",
        narrowed="state=ended",
        narrowed_to="Thủ tục đã bãi bỏ",
        narrowed_away="Đăng ký khai sinh",
        sort="name",
        total=MANY + 1,
        is_shared=True,
    ),
    List(
        name="fields",
        path="/officer/procedures/fields",
        sought="ho tich",
        found="Hộ tịch",
        hidden="Lĩnh vực 7",
        narrowed="",
        narrowed_to="",
        narrowed_away="",
        sort="procedures",
        total=MANY + 1,
        is_shared=True,
    ),
    List(
        name="unit-codes",
        path="/officer/codes",
        sought="ho tay",
        found="Phường Hồ Tây",
        hidden="Phường Số 7",
        narrowed="codes=missing",
        narrowed_to="Phường Số 7",
        narrowed_away="Phường Hồ Tây",
        sort="missing",
        total=MANY + 1,
        own="Phường Hồ Tây",
        foreign="Phường Số 7",
    ),
    List(
        name="codes",
        path="/officer/codes/all",
        sought="ho tay",
        found="Phường Hồ Tây",
        hidden="Phường Số 8",
        narrowed="state=retired",
        narrowed_to="Phường Số 8",
        narrowed_away="Phường Hồ Tây",
        sort="issued",
        total=MANY,
        own="Phường Hồ Tây",
        foreign="Phường Số 8",
    ),
    List(
        name="rounds",
        path="/officer/rounds",
        sought="dot dau nam",
        found="Đợt đầu năm",
        hidden="Đợt 7 ",
        narrowed="state=upcoming",
        narrowed_to="Đợt sang năm",
        narrowed_away="Đợt đầu năm",
        sort="starts",
        total=MANY + 2,
        is_shared=True,
    ),
    List(
        name="officers",
        path="/officer/officers",
        sought="duong thi mai",
        found="Dương Thị Mãi",
        hidden="Cán bộ 7",
        narrowed="role=surveyor&unit=so 7",
        narrowed_to="Cán bộ 7",
        narrowed_away="Dương Thị Mãi",
        sort="username",
        total=MANY + 3,
        is_shared=True,
    ),
    List(
        name="invitations",
        path="/officer/officers/invitations",
        sought="can bo 8",
        found="Cán bộ 8",
        hidden="Cán bộ 7",
        narrowed="state=used",
        narrowed_to="Dương Thị Mãi",
        narrowed_away="Cán bộ 8",
        sort="name",
        total=MANY + 1,
        is_shared=True,
    ),
    List(
        name="holders",
        path="/officer/rights",
        base="unit=hotay",
        sought="duong thi mai",
        found="Dương Thị Mãi",
        hidden="Cán bộ 9",
        narrowed="unit=hotay&role=case_officer",
        narrowed_to="Cán bộ 9",
        narrowed_away="Dương Thị Mãi",
        sort="role",
        total=2 * MANY + 1,  # each officer's own role; lent ones but two; the leader, and two of who manages all
        is_shared=True,
    ),
    List(
        name="delegations",
        path="/officer/rights/delegations",
        sought="duong thi mai",
        found="Dương Thị Mãi",
        hidden="Lê Không Ai",
        narrowed="state=over",
        narrowed_to="nghỉ lần 7",
        narrowed_away="nghỉ lần 8",
        sort="deputy",
        total=MANY,
        own="nghỉ lần 60",
        foreign="Lê Không Ai",
    ),
    List(
        name="reviews",
        path="/officer/rights/reviews",
        sought="ho tay",
        found="Phường Hồ Tây",
        hidden="Phường Số 7",
        narrowed="state=overdue",
        narrowed_to="Phường Hồ Tây",
        narrowed_away="Phường Số 7",
        sort="unit",
        total=MANY + 1,
        own="Phường Hồ Tây",
        foreign="Phường Số 7",
    ),
    List(
        name="officer-contacts",
        path="/officer/officers/contacts",
        sought="duong thi mai",
        found="Dương Thị Mãi",
        hidden="Cán bộ 7",
        narrowed="state=waiting",
        narrowed_to="Dương Thị Mãi",
        narrowed_away="Cán bộ 7",
        sort="username",
        total=MANY + 3,
        is_shared=True,
    ),
    List(
        name="messages",
        path="/officer/messages",
        sought="co thong tin moi",
        found="Báo cán bộ: đơn có thông tin mới",
        hidden="Báo lãnh đạo, cấp trên: quá hạn",
        narrowed="state=cancelled",
        narrowed_to="Báo cán bộ: đơn có thông tin mới",
        narrowed_away="Báo lãnh đạo, cấp trên: quá hạn",
        sort="",
        total=MANY,
        is_shared=True,
    ),
    List(
        name="routes",
        path="/officer/case-routes",
        sought="ho tay",
        found="Phường Hồ Tây",
        hidden="Phường Số 7",
        narrowed="kind=complaint",
        narrowed_to="Phường Hồ Tây",
        narrowed_away="Phường Số 7",
        sort="unit",
        total=MANY + 1,
        own="Phường Hồ Tây",
        foreign="Phường Số 7",
    ),
)
