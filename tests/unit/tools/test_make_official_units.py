"""Writing the files of the official list, and comparing lists."""

import json
from datetime import date
from pathlib import Path

from tools.compare_official_units import compare, keyed
from tools.make_official_units import Sources, corrected, dated_rows, make, with_later_names
from tools.official_lists import ListedUnit

LATER = date(2026, 4, 30)


def _commune(code: str, name: str, type_code: str = "commune", parent: str = "22") -> ListedUnit:
    return ListedUnit(code, "commune", type_code, name, parent)


def _listed(*units: ListedUnit) -> dict[str, ListedUnit]:
    return {unit.code: unit for unit in units}


def test_a_change_of_type_gives_two_dated_rows() -> None:
    first, latest = _commune("26368", "Long Thành"), _commune("26368", "Long Thành", "ward")
    assert dated_rows(_listed(first), _listed(latest), LATER) == [
        ("26368", "commune", "Long Thành", "commune", "22", "2025-07-01", "2026-04-29"),
        ("26368", "commune", "Long Thành", "ward", "22", "2026-04-30", ""),
    ]


def test_a_corrected_name_is_taken_over_and_a_moved_tone_mark_is_not() -> None:
    first = _listed(_commune("00745", "Phó Bảng"), _commune("00922", "Thuận Hòa"))
    latest = _listed(_commune("00745", "Phố Bảng"), _commune("00922", "Thuận Hoà"))
    assert [unit.name for unit in with_later_names(first, latest).values()] == ["Phố Bảng", "Thuận Hòa"]


def test_a_code_the_register_gives_otherwise_is_corrected() -> None:
    assert list(corrected([_commune("06978", "Ba Chẽ")])) == ["06970"]


def _write_sources(folder: Path) -> None:
    old = [{"Code": "06970", "FullName": "Thị trấn Ba Chẽ"}, {"Code": "06973", "FullName": "Xã Thanh Sơn"}]
    district = {"Code": "202", "FullName": "Huyện Ba Chẽ", "Ward": old}
    new = {"Code": "22", "FullName": "Tỉnh Quảng Ninh", "Wards": [{"Code": "06978", "FullName": "Xã Ba Chẽ"}]}
    before = {"Code": "22", "FullName": "Tỉnh Quảng Ninh", "District": [district]}
    for name, content in (("before", before), ("first", new), ("latest", new)):
        (folder / f"{name}.json").write_text(json.dumps([content]), encoding="utf-8")
    row = "Tỉnh Quảng Ninh (22),Xã Ba Chẽ,06970,{},Nhập toàn bộ,Huyện Ba Chẽ (202),Tỉnh Quảng Ninh (22),\n"
    rows = [row.format("Thị trấn Ba Chẽ,06970"), row.format("Xã Thanh Sơn,06973")]
    (folder / "conversion.csv").write_text("".join(rows), encoding="utf-8")


def test_the_files_are_written_the_same_every_time(tmp_path: Path) -> None:
    _write_sources(tmp_path)
    before, first, latest = (tmp_path / f"{name}.json" for name in ("before", "first", "latest"))
    sources = Sources(before, first, latest, LATER, tmp_path / "conversion.csv")
    written = []
    for name in ("one", "two"):
        out = tmp_path / name
        out.mkdir()
        assert make(sources, out) == ([], [])
        written.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert written[0] == written[1]
    assert written[0]["communes.csv"].decode().splitlines() == [
        "code,level,name,type,parent_code,valid_from,valid_to",
        "06970,commune,Ba Chẽ,commune,22,2025-07-01,",
    ]
    assert written[0]["successions.csv"].decode().splitlines() == [
        "old_code,old_level,new_code,new_level,kind,on,extent",
        "22,province,22,province,keep,2025-07-01,whole",
        "202,district,,,dissolve,2025-07-01,",
        "06970,commune,06970,commune,merge,2025-07-01,whole",
        "06973,commune,06970,commune,merge,2025-07-01,whole",
    ]


def test_differences_are_sorted_by_what_they_are() -> None:
    ours = keyed([_commune("00001", "A"), _commune("00002", "Hòa"), _commune("00003", "C"), _commune("00004", "D")])
    theirs = keyed(
        [_commune("00009", "A"), _commune("00002", "Hoà"), _commune("00003", "E"), _commune("00004", "D", "ward")]
    )
    found = {heading: len(lines) for heading, lines in compare(ours, theirs)}
    assert found == {
        "same unit under another code": 1,
        "only in our list": 0,
        "only in the other list": 0,
        "another type": 1,
        "another parent": 0,
        "another name": 1,
        "only another place of the tone mark or another capital": 1,
    }
