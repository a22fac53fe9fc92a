"""A task that nobody finishes: the agency hears of it, then the office, then the chairman, each once; its end explains itself."""

from __future__ import annotations

from tests.journeys.conftest import Clock, People

from toancanh.response.services.climbing import climb


def test_an_overdue_task_climbs_to_the_chairman(transactional_db: None, anyone: People, clock: Clock) -> None:
    operator = anyone("operator")
    anyone("leader")
    officer = anyone("officer", agency="agency:MS-SXD")
    title = "Sửa mặt cầu Suối Đá"
    task = operator.sends("/tasks/new", {"title": title, "lead": "agency:MS-SXD", "deadline": "w3", "once": "a"})
    officer.sends(f"{task}/begin", {"version": "1"})

    # from Monday 13/4 09:00; due Thursday 16/4 17:00
    for days, who, words in (
        (2.5, "officer", f"Sắp đến hạn: {title}"),
        (1, "officer", f"Quá hạn: {title}"),
        (1, "operator", f"Quá hạn 1 ngày làm việc: {title}"),
        (4, "leader", f"Quá hạn 3 ngày làm việc: {title}"),
    ):
        assert title not in anyone.again("leader").opens("/inbox"), "the chairman hears last"
        assert words not in anyone.again(who).opens("/inbox")
        clock.forward(days=days)
        climb()
        climb()
        assert anyone.again(who).opens("/inbox").count(f"{words} (chưa đọc)") == 1

    page = anyone.again("leader").opens("/tasks")
    assert "1 việc quá hạn, đều ở Sở Xây dựng" in page
    officer = anyone.again("officer")
    officer.tries(f"{task}/report_done", {"version": "2", "words": "Đã sửa xong"}, "giải trình lý do")
    officer.sends(f"{task}/report_done", {"version": "2", "words": "Đã sửa xong", "overdue_reason": "Chờ vật tư"})
    anyone.again("operator").sends(f"{task}/confirm", {"version": "3"})
    page = anyone.again("leader").opens(task)
    assert "xong trễ hạn" in page
    assert "Chờ vật tư" in page
