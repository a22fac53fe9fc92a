"""An operator works a shift, hands over what is open with a note, and the next one takes it: log, items and names agree."""

from __future__ import annotations

from tests.journeys.conftest import Clock, People

from toancanh.people.models import User

NOTE = "Chờ xã báo mực nước lúc 15 giờ"


def test_an_operator_hands_over_a_shift(transactional_db: None, anyone: People, clock: Clock) -> None:
    lan, binh = anyone("operator"), anyone("leader")
    User.objects.filter(username="operator").update(full_name="Nguyễn Thị Lan")
    User.objects.filter(username="leader").update(full_name="Trần Văn Bình")
    assert lan.sends("/shifts/begin", {}) == "/shifts"
    binh.tries("/shifts/begin", {}, "Đang có ca trực")
    flood = lan.sends("/incidents/new", {"title": "Nước lên nhanh", "kind": "flood", "unit": "sample:MS15", "once": "1"})
    lan.sends(f"{flood}/take", {"version": "1"})
    lan.sends("/shifts/log", {"words": "Đã gọi trực ban xã"})
    clock.forward(hours=7)
    page = lan.opens("/shifts")
    assert "Nước lên nhanh" in page
    assert "Đã gọi trực ban xã" in page
    code = next(each for each in page.split() if each.startswith("SV-"))
    binh.tries("/shifts/take_over", {}, "Ca chưa bàn giao")
    assert lan.sends("/shifts/hand_over", {"note": NOTE, "item": code}) == "/shifts"
    waiting = binh.opens("/shifts")
    assert NOTE in waiting
    assert code in waiting
    assert binh.sends("/shifts/take_over", {}) == "/shifts"
    taken = binh.opens("/shifts")
    assert "Đang trực: Trần Văn Bình" in taken
    assert "Các ca trước" in taken
    assert "Người trực nhận Trần Văn Bình" in binh.opens(flood)
    assert "Nhận bàn giao ca" in lan.opens(flood)
    assert "Trần Văn Bình" in lan.opens("/desk?tab=all")
