"""Readings go bad, the rule fires, an incident is opened and routed, a task is given, done, confirmed; the incident is closed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.journeys.conftest import Clock, People, Sender

from toancanh.kernel.periods import VIETNAM


def readings(clock: Clock, hours: int, dust: float) -> list[dict[str, object]]:
    """The last full hours of one station, one reading each."""
    last = clock.now.astimezone(VIETNAM).replace(minute=0, second=0, microsecond=0)
    return [
        {"station": "KK04", "area": "sample:MS15", "measured_at": (last - timedelta(hours=back)).isoformat(), "pm25": dust}
        for back in range(hours, 0, -1)
    ]


@pytest.mark.slow
def test_a_bad_air_hour_becomes_a_closed_task(
    transactional_db: None, sender: Callable[..., Sender], anyone: People, clock: Clock
) -> None:
    stations, desk = sender("air", "agency:MS-SNNMT", "air_hourly"), anyone("operator")
    officer = anyone("officer", agency="agency:MS-SNNMT")
    stations.post("air_hourly", readings(clock, 12, 20.0))
    assert "Chờ xử lý 0" in desk.opens("/desk")
    clock.forward(hours=6)
    stations.post("air_hourly", readings(clock, 6, 420.0))
    queue = desk.source_of("/desk")
    assert "Chờ xử lý 1" in desk.opens("/desk"), "one incident, however many rules rang"
    number = re.findall(r'data-row="(\d+)"', queue)[0]
    incident = f"/incidents/{number}"
    page = desk.opens(incident)
    assert "Ô nhiễm không khí" in page
    assert "Sở Nông nghiệp và Môi trường" in page
    assert "Ứng phó ô nhiễm không khí" in page
    assert "Xã Thạch Bình" in page

    desk.sends(f"{incident}/assign", {"words": "Kiểm tra đốt rơm rạ quanh trạm"})
    task_form = {
        "title": "Kiểm tra nguồn đốt quanh trạm", "lead": "agency:MS-SNNMT", "incident": number, "once": "t1",
        "deadline": "today",
    }  # fmt: skip
    task = desk.sends("/tasks/new", task_form)
    assert re.fullmatch(r"/tasks/\d+", task), task
    officer.sends(f"{task}/begin", {})
    officer.sends(f"{task}/report_done", {"words": "Đã dập ba điểm đốt rơm"})
    desk.sends(f"{task}/confirm", {})
    assert "Hoàn thành" in desk.opens(task)

    clock.forward(hours=6)
    desk, officer = anyone.again("operator"), anyone.again("officer")  # the session of the morning has ended
    stations.post("air_hourly", readings(clock, 6, 12.0))
    assert "Số liệu đã trở lại bình thường" in desk.opens(incident)
    officer.sends(f"{incident}/report_fixed", {"reason": "Ba giờ liên tiếp đạt"})
    assert desk.sends(f"{incident}/close", {"reason": "Số liệu đã trở lại, nguồn đốt đã dập"}) == incident
    assert "Đã kết thúc" in desk.opens(incident)
    assert "Chờ xử lý 0" in desk.opens("/desk")
