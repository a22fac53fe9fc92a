"""A number is late, a leader gives an order, the agency reports, and the number itself says whether the order may be closed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from tests.journeys.conftest import Clock, People, Sender, figure

FIGURES = "socio_economic_figures"


def ordered_and_reported(sender: Callable[..., Sender], anyone: People, clock: Clock) -> tuple[Sender, str]:
    """From the late number to the report of the agency: the source, and the address of the directive."""
    treasury = sender("treasury", "agency:MS-KBNN", FIGURES)
    leader, officer = anyone("leader"), anyone("officer", agency="agency:MS-STC")
    treasury.post(
        FIGURES, [figure("pub_inv_plan", "sample:MS", "2026", 5000.0), figure("pub_inv_disb", "sample:MS", "2026-03", 565.0)]
    )
    found = re.search(r'href="(/directives/new\?[^"]+)"', leader.source_of("/indicators/pub_inv_rate"))
    assert found, "the number offers an order"
    form = leader.source_of(found[1])
    assert "11,3%" in leader.opens(found[1])
    assert '<option value="agency:MS-STC" selected' in form, "who owns the number is proposed"
    once = re.search(r'name="once" value="([^"]+)"', form)
    assert once
    directive = leader.sends(
        "/directives/new",
        {
            "title": "Khắc phục: giải ngân 11,3%, mục tiêu 20%", "lead": "agency:MS-STC", "deadline": "w3", "once": once[1],
            "indicator": "pub_inv_rate", "unit": "sample:MS", "watch": "1", "goal": "20", "periods": "1",
        },
    )  # fmt: skip
    assert re.fullmatch(r"/directives/\d+", directive), directive
    assert "Khắc phục: giải ngân 11,3%" in officer.opens("/inbox")
    clear = {"person": "Trần Văn Bình, Phó Giám đốc", "result": "Giải ngân đạt từ 20% kế hoạch"}
    officer.sends(f"{directive}/accept", {"version": "1"} | clear)
    assert "Trần Văn Bình, Phó Giám đốc" in leader.opens(directive)
    officer.sends(f"{directive}/report_done", {"version": "2", "words": "Đã phân bổ hết vốn, nghiệm thu 4 dự án"})
    assert "Đang theo dõi chỉ tiêu" in leader.opens(directive)
    clock.forward(days=25)
    return treasury, directive


@pytest.mark.slow
def test_a_late_disbursement_becomes_a_directive_that_closes_itself_when_the_rate_recovers(
    transactional_db: None, sender: Callable[..., Sender], anyone: People, clock: Clock
) -> None:
    treasury, directive = ordered_and_reported(sender, anyone, clock)
    treasury.post(FIGURES, [figure("pub_inv_disb", "sample:MS", "2026-04", 500.0)])
    leader = anyone.again("leader")
    page = leader.opens(directive)
    assert "Chờ lãnh đạo xác nhận" in page
    assert "21,3%" in page
    proof = re.search(r'href="(/values/\d+/proof)"', leader.source_of(directive))
    assert proof
    assert "Tính lại bây giờ: bằng nhau" in leader.opens(proof[1])
    assert "đề xuất kết thúc" in leader.opens("/inbox")
    version = re.search(r'name="version" value="(\d+)"', leader.source_of(directive))
    assert version
    leader.sends(f"{directive}/close", {"version": version[1]})
    assert "Đã kết thúc" in leader.opens(directive)
    assert "Xác nhận kết thúc" in leader.opens(directive), "the timeline keeps who confirmed it"


@pytest.mark.slow
def test_a_directive_whose_number_does_not_recover_opens_again_with_the_numbers(
    transactional_db: None, sender: Callable[..., Sender], anyone: People, clock: Clock
) -> None:
    treasury, directive = ordered_and_reported(sender, anyone, clock)
    treasury.post(FIGURES, [figure("pub_inv_disb", "sample:MS", "2026-04", 100.0)])
    officer = anyone.again("officer")
    page = officer.opens(directive)
    assert "Đang thực hiện" in page
    assert "Mở lại vì chỉ tiêu chưa đạt sau 1 kỳ" in page
    assert "13,3%" in page
    assert "còn 3 ngày" in page or "còn 2 ngày" in page or "còn 5 ngày" in page, "a new deadline as long as the first"
    assert "Mở lại vì chỉ tiêu chưa đạt" in officer.opens("/inbox")
