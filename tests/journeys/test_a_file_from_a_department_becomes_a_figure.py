"""A spreadsheet program's file with Vietnamese numbers and headings, handed in on the page, is on the screen a moment later."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.journeys.conftest import Sender
from tests.journeys.person import Person

FILE = (
    "Chỉ tiêu;Địa bàn;Kỳ báo cáo;Giá trị;Trạng thái\n"
    "Kế hoạch vốn đầu tư công được giao;Tỉnh Minh Sơn;2026;5.000;Chính thức\n"
    "Giải ngân vốn đầu tư công;Tỉnh Minh Sơn;Tháng 3/2026;565,0;Chính thức\n"
    "Giải ngân vốn đầu tư công;Xã Không Có;Tháng 3/2026;1,0;Chính thức\n"
)


def test_a_file_from_a_department_becomes_a_figure(sender: Callable[..., Sender], person: Callable[..., Person]) -> None:
    sender("treasury", "agency:MS-KBNN", "socio_economic_figures")
    officer, leader = person("officer", agency="agency:MS-KBNN"), person("leader")
    for encoding in ("utf-8-sig", "cp1258"):
        body = FILE.encode(encoding) if encoding != "cp1258" else in_windows_1258(FILE)
        file = SimpleUploadedFile(f"giai-ngan-{encoding}.csv", body)
        answer = officer.client.post("/data/upload", {"what": "treasury/socio_economic_figures", "act": "send", "file": file})
        assert answer.status_code == 200
        assert "Không Có" in answer.content.decode(), "the row of an unknown commune is held and shown"
    assert "11,3" in leader.opens("/indicators/pub_inv_rate")
    values = leader.asks("/api/v1/indicators/pub_inv_rate/values?unit=sample:MS&grain=month&cumulative=true")["items"]
    assert [each["value"] for each in values if each["period"] == "2026-03-ytd"] == [11.3]


def in_windows_1258(text: str) -> bytes:
    """As old programs write it: letters with their hats as one byte, tones as a second one."""
    import unicodedata

    marks = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    out = []
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(each for each in parts if each in marks)
        rest = unicodedata.normalize("NFC", "".join(each for each in parts if each not in marks))
        out.append((rest + tones).encode("cp1258"))
    return b"".join(out)
