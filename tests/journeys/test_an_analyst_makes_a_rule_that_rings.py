"""An analyst without code sets a rule on a number she looks at, sees what it would have done, saves it, and it rings."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from tests.journeys.conftest import Clock, Sender, figure
from tests.journeys.person import Person, text_of

FIGURES = "socio_economic_figures"
TITLE = "Giải ngân dưới mức tỉnh cam kết"


@pytest.mark.slow
def test_an_analyst_makes_a_rule_tries_it_saves_it_and_it_rings(
    transactional_db: None, sender: Callable[..., Sender], person: Callable[..., Person], clock: Clock
) -> None:
    treasury, analyst, operator = sender("treasury", "agency:MS-KBNN", FIGURES), person("analyst"), person("operator")
    plan, spent = figure("pub_inv_plan", "sample:MS", "2026", 5000.0), figure("pub_inv_disb", "sample:MS", "2026-03", 565.0)
    treasury.post(FIGURES, [plan, spent])
    way = re.search(r'href="(/rules/new\?[^"]+)"', analyst.source_of("/indicators/pub_inv_rate"))
    assert way, "the number offers a rule to who may make one"
    assert "/rules/new" not in operator.source_of("/indicators/pub_inv_rate")
    assert "Quy tắc mới" in analyst.opens(way[1])

    form = {
        "indicator": "pub_inv_rate", "c_kind": "threshold", "c_was": "threshold", "c_side": "below", "c_limit": "20",
        "c_clears": "21", "every": "province", "grain": "month", "cumulative": "1", "severity": "high", "hold": "0",
        "title_vi": TITLE, "title_en": "Disbursement under the province's promise", "basis": "Luật Đầu tư công 58/2024/QH15",
    }  # fmt: skip
    page = analyst.client.post("/rules/new", form | {"act": "try"}).content.decode()
    assert "Sẽ báo 1 lần trong 90 ngày qua, tại 1 nơi" in text_of(page)
    assert "Người operator" in text_of(page), "who would have been woken"
    assert "dưới 20%; hết khi về 21%" in text_of(page)
    assert "below 20%" not in text_of(page), "one language on a page"
    assert TITLE not in operator.opens("/alerts")

    tried = re.search(r'name="tried" value="(\w+)"', page)
    assert tried
    rule = analyst.sends("/rules/new", form | {"act": "save", "tried": tried[1]})
    assert rule == "/rules/giai_ngan_duoi_muc_tinh_cam_ket"
    assert "Tạo quy tắc" in analyst.opens(rule)
    assert TITLE in operator.opens("/alerts")
    assert TITLE in operator.opens("/inbox")

    clock.forward(days=25)
    treasury.post(FIGURES, [figure("pub_inv_disb", "sample:MS", "2026-04", 500.0)])
    later = Person("operator")
    assert TITLE not in later.opens("/alerts")
    assert TITLE in later.opens("/alerts?state=over")
