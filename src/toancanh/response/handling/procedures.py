"""Procedures (SOP) as data: numbered steps with role, timer and legal basis, started when an incident of the kind is opened.

`PROCEDURES` are what the product declares; a province changes them and adds its own (see `handling.local`), `procedure_of` is
where the two are merged. One that changes gets the next version; incidents keep the steps they were started with.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from toancanh.kernel.text import Text
from toancanh.response.handling import local
from toancanh.response.handling.kept import LocalVersion, Of

log = logging.getLogger(__name__)

_CIVIL = "Luật Phòng thủ dân sự 18/2023/QH15"
_DISASTER = "Luật Phòng, chống thiên tai 33/2013/QH13, sửa đổi 60/2020/QH14"
_FIRE = "Luật Phòng cháy, chữa cháy và cứu nạn, cứu hộ 55/2024/QH15"
_ENVIRONMENT = "Luật Bảo vệ môi trường 72/2020/QH14"
_ONE_STOP = "Nghị định 118/2025/NĐ-CP"
_SHARING = "Nghị định 278/2025/NĐ-CP"
ROLES = {
    "duty": Text("Trực ban", "Duty desk"),
    "lead": Text("Cơ quan chủ trì", "Lead agency"),
    "supporting": Text("Cơ quan phối hợp", "Supporting agencies"),
    "leader": Text("Lãnh đạo", "Leader"),
    "press": Text("Người phát ngôn", "Spokesperson"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: what, whose role, within how many minutes of the start (None: no timer), and on what legal ground."""

    words: Text
    role: str
    minutes: int | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """How one kind of incident is handled."""

    code: str
    version: int
    title: Text
    stages: tuple[Stage, ...]

    @property
    def name(self) -> str:
        """Code and version as kept with the steps: "flood@1"."""
        return f"{self.code}@{self.version}"


PROCEDURES = (
    Procedure("flood", 1, Text("Ứng phó mưa lũ, sạt lở", "Flood and landslide response"), (
        Stage(Text("Xác minh với xã và trạm đo: mực nước, lượng mưa, số hộ bị ảnh hưởng",
                   "Check with commune and gauges: water level, rainfall, households affected"), "duty", 10),
        Stage(Text("Báo lãnh đạo trực và Ban Chỉ huy phòng thủ dân sự tỉnh",
                   "Tell the leader on duty and the provincial civil defence command"), "duty", 15, _CIVIL),
        Stage(Text("Cảnh báo người dân vùng trũng, ven suối qua loa, tin nhắn và 1022",
                   "Warn people in low land and along streams by loudspeaker, message and 1022"), "lead", 30,
              "Quyết định 18/2021/QĐ-TTg"),
        Stage(Text("Sơ tán các hộ trong vùng nguy hiểm, lập danh sách nơi ở tạm",
                   "Evacuate households in danger and list where they stay"), "lead", 90, _DISASTER),
        Stage(Text("Cấm người và xe qua ngầm, tràn, đoạn đường ngập; đặt biển và người gác",
                   "Close flooded fords and roads; put up signs and guards"), "supporting", 60, _DISASTER),
        Stage(Text("Bố trí lực lượng, phương tiện, vật tư theo phương châm bốn tại chỗ",
                   "Place people, vehicles and material: four on the spot"), "supporting", 90, _DISASTER),
        Stage(Text("Thông tin cho báo chí và người dân, bác tin sai",
                   "Inform press and public, correct false news"), "press", 120),
        Stage(Text("Thống kê thiệt hại ban đầu, đề xuất hỗ trợ", "Count first losses and propose support"), "lead", 720,
              "Nghị định 66/2021/NĐ-CP"),
    )),
    Procedure("air", 1, Text("Ứng phó ô nhiễm không khí", "Response to bad air"), (
        Stage(Text("Kiểm tra trạm: thiết bị, số liệu bất thường, trạm lân cận",
                   "Check the station: device, odd values, stations nearby"), "duty", 20, "Thông tư 10/2021/TT-BTNMT"),
        Stage(Text("Xác định nguồn phát thải có thể: đốt rơm rạ, công trình, nhà máy, giao thông",
                   "Find the likely source: straw burning, building sites, factories, traffic"), "lead", 120, _ENVIRONMENT),
        Stage(Text("Khuyến cáo người dân theo mức VN_AQI; thông báo trường học và cơ sở y tế",
                   "Advise people by the AQI level; tell schools and clinics"), "duty", 60, "Quyết định 1459/QĐ-TCMT"),
        Stage(Text("Yêu cầu tạm dừng hoặc giảm hoạt động phát thải, kiểm tra tại chỗ",
                   "Have emitting work stopped or reduced, inspect on the spot"), "lead", 240, _ENVIRONMENT),
        Stage(Text("Theo dõi ba giờ liên tiếp, xác nhận số liệu đã trở lại", "Watch three hours in a row, confirm recovery"),
              "duty", None),
    )),
    Procedure("dossiers", 1, Text("Xử lý hồ sơ hành chính quá hạn", "Clearing overdue dossiers"), (
        Stage(Text("Lập danh sách hồ sơ quá hạn theo thủ tục và bước đang vướng",
                   "List overdue dossiers by procedure and the step where they wait"), "lead", 240, _ONE_STOP),
        Stage(Text("Gửi phiếu xin lỗi và hẹn lại ngày trả cho từng hồ sơ",
                   "Send the apology and the new date for every dossier"), "lead", 480, _ONE_STOP),
        Stage(Text("Bố trí thêm người, giải quyết hồ sơ cũ nhất trước", "Add people, settle the oldest first"), "lead", 1440),
        Stage(Text("Báo cáo nguyên nhân và biện pháp không để tái diễn", "Report the cause and how it will not recur"),
              "lead", 4320, "Quyết định 766/QĐ-TTg"),
    )),
    Procedure("source", 1, Text("Khôi phục nguồn dữ liệu", "Restoring a data source"), (
        Stage(Text("Gọi đầu mối kỹ thuật của cơ quan quản lý nguồn", "Call the technical contact of the source's owner"),
              "duty", 30, _SHARING),
        Stage(Text("Xác định lỗi ở nguồn, đường truyền hay cửa nhận", "Find out: the source, the line or the door"), "lead", 120),
        Stage(Text("Gửi bù số liệu bằng tệp trong lúc chờ", "Send the missing data as a file meanwhile"), "lead", 480, _SHARING),
        Stage(Text("Kiểm tra số liệu gửi bù và chỉ tiêu bị ảnh hưởng", "Check what was sent and the indicators it feeds"),
              "duty", None),
    )),
    Procedure("fire", 1, Text("Ứng phó cháy, nổ", "Response to fire and explosion"), (
        Stage(Text("Chuyển ngay 114; xác nhận địa điểm, người mắc kẹt, hóa chất",
                   "Pass to 114; confirm place, people trapped, chemicals"), "duty", 2, _FIRE),
        Stage(Text("Điều y tế 115 và công an phân luồng", "Send 115 and traffic police"), "duty", 5),
        Stage(Text("Cắt điện, khí đốt khu vực", "Cut power and gas of the area"), "supporting", 10, "Luật Điện lực 61/2024/QH15"),
        Stage(Text("Báo lãnh đạo trực; lập sở chỉ huy tại hiện trường", "Tell the leader on duty; set up command on the spot"),
              "lead", 15, _FIRE),
        Stage(Text("Thông tin chính thức cho báo chí", "Official word to the press"), "press", 60),
        Stage(Text("Thống kê thiệt hại, chăm lo người bị nạn", "Count losses, care for those hurt"), "lead", 480),
    )),
)  # fmt: skip
DECLARED = {each.code: each for each in PROCEDURES}


def procedure_of(code: str) -> Procedure | None:
    """The procedure in force with this code; None when there is none."""
    return _merged(code, local.in_force(Of.PROCEDURE).get(code))


def procedures(on: date | None = None) -> dict[str, Procedure]:
    """Every procedure by code as it holds today (or will `on` a day): the declared ones first, then those made here."""
    held = local.in_force(Of.PROCEDURE, on=on)
    found = {code: _merged(code, held.get(code)) for code in dict.fromkeys((*DECLARED, *held))}
    return {code: each for code, each in found.items() if each is not None}


def procedure_named(name: str) -> Procedure | None:
    """The procedure that steps were started with ("flood@2"), in force or not; None for a version that nobody kept."""
    code, _, number = name.partition("@")
    row = next((each for each in local.history(Of.PROCEDURE).get(code, ()) if str(each.version) == number), None)
    declared = DECLARED.get(code)
    return kept(row) if row is not None else declared if declared is not None and declared.name == name else None


def as_data(procedure: Procedure) -> dict[str, Any]:
    """A procedure as plain values, without code and version."""
    steps = [
        {"words": {"vi": each.words.vi, "en": each.words.en}, "role": each.role, "minutes": each.minutes, "basis": each.basis}
        for each in procedure.stages
    ]
    return {"title": {"vi": procedure.title.vi, "en": procedure.title.en}, "steps": steps}


def of_data(code: str, version: int, data: Mapping[str, Any]) -> Procedure:
    """The procedure of plain values. Raises KeyError, TypeError or ValueError for what is none."""
    stages = tuple(
        Stage(Text(str(each["words"]["vi"]), str(each["words"]["en"])), str(each["role"]), each["minutes"], str(each["basis"]))
        for each in data["steps"]
    )
    return Procedure(str(code), version, Text(str(data["title"]["vi"]), str(data["title"]["en"])), stages)


def kept(row: LocalVersion) -> Procedure | None:
    """The procedure of a version; what is declared for one that says so or cannot be read."""
    declared = DECLARED.get(row.code)
    if row.definition is not None:
        try:
            return of_data(row.code, row.version, row.definition)
        except (KeyError, TypeError, ValueError, AttributeError):
            log.exception("version %s of the procedure %s cannot be read; what is declared holds instead", row.version, row.code)
    return replace(declared, version=row.version) if declared is not None else None


def _merged(code: str, row: LocalVersion | None) -> Procedure | None:
    return kept(row) if row is not None else DECLARED.get(code)
