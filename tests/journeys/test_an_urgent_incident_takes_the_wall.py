"""An urgent incident takes the wall and lets it go when somebody has acknowledged it; guests are shown no names."""

from __future__ import annotations

import re

from tests.journeys.conftest import Clock, People

from toancanh.notify.models import Notice

FIRE = {
    "title": "Cháy chợ Đông Sơn",
    "kind": "fire",
    "unit": "sample:MS01",
    "address": "12 Lê Lợi",
    "origin": "call",
    "once": "f1",
}


def test_an_urgent_incident_takes_the_wall_and_lets_it_go(
    transactional_db: None, anyone: People, clock: Clock
) -> None:
    desk = anyone("operator")
    assert desk.asks("/wall/main/state")["scene"] == "overview"
    fire = desk.sends("/incidents/new", FIRE)
    state = desk.asks("/wall/main/state")
    assert state["scene"] == f"urgent-{fire.rsplit('/', 1)[1]}"
    assert state["held"] is True
    shown = desk.opens(state["href"])
    for words in ("Sự việc khẩn cấp", "Cháy chợ Đông Sơn", "12 Lê Lợi", "Chưa ai nhận"):
        assert words in shown
    assert re.search(r"\b(03:00|02:[0-5]\d)\b", shown)  # it runs while the page is read
    assert "đang chiếm tường màn hình" in desk.opens("/wall-control")
    desk.sends("/wall-control/main/visitor", {"on": "1"})
    visited = desk.opens(state["href"])
    assert "Cháy, nổ, cứu nạn" in visited
    assert "Cháy chợ" not in visited
    assert "Lê Lợi" not in visited
    desk.sends(f"{fire}/take", {"version": "1"})
    assert desk.asks("/wall/main/state")["scene"] == "overview"
    assert "Sự việc khẩn cấp" not in desk.opens(state["href"])


def test_confirming_the_notice_lets_the_wall_go_before_anybody_has_taken_it(
    transactional_db: None, anyone: People, clock: Clock
) -> None:
    desk, leader = anyone("operator"), anyone("leader")
    fire = desk.sends("/incidents/new", FIRE)
    assert desk.asks("/wall/main/state")["held"] is True
    notice = Notice.objects.get(user__role="operator", needs_answer=True)
    desk.sends(f"/inbox/{notice.pk}/confirm", {})
    assert desk.asks("/wall/main/state")["scene"] == "overview"
    assert "Đã biết, chưa nhận xử lý" in desk.opens(fire)
    proof = leader.opens(f"/notify/proof?subject=incident:{fire.rsplit('/', 1)[1]}")
    assert "Đã có người xác nhận" in proof
    assert "xác nhận đã biết lúc 09:00 13/04/2026" in proof
    desk.sends(f"{fire}/take", {"version": "1"})


def test_whoever_may_not_see_the_incident_sees_the_wall_as_it_was(transactional_db: None, anyone: People) -> None:
    desk, officer = anyone("operator"), anyone("officer", agency="agency:MS-SYT")
    desk.sends("/incidents/new", FIRE)
    assert officer.asks("/wall/main/state")["scene"] == "overview"
    assert "Cháy chợ" not in officer.opens("/wall/main")


def test_of_two_urgent_ones_the_next_follows_when_the_first_is_taken(
    transactional_db: None, anyone: People, clock: Clock
) -> None:
    desk = anyone("operator")
    first = desk.sends("/incidents/new", FIRE)
    clock.forward(minutes=1)
    second = desk.sends("/incidents/new", FIRE | {"once": "f2", "title": "Nổ bình ga"})
    assert desk.asks("/wall/main/state")["scene"] == f"urgent-{first.rsplit('/', 1)[1]}"
    desk.sends(f"{first}/take", {"version": "1"})
    assert desk.asks("/wall/main/state")["scene"] == f"urgent-{second.rsplit('/', 1)[1]}"


def test_a_leader_is_told_of_it_before_anything_else(transactional_db: None, anyone: People) -> None:
    desk, leader = anyone("operator"), anyone("leader")
    fire = desk.sends("/incidents/new", FIRE)
    page = leader.opens("/")
    assert "Khẩn cấp Cháy chợ Đông Sơn Phường Đông Sơn · chưa ai nhận" in page
    desk.sends(f"{fire}/take", {"version": "1"})
    desk.sends(f"{fire}/close", {"reason": "Đã dập", "version": "2"})
    assert "Cháy chợ" not in leader.opens("/")
