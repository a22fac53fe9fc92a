"""The police's month ends on the 14th, the statistics office's on its last day: one name, two intervals, from door to proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from tests.journeys.conftest import Sender, figure
from tests.journeys.person import Person
from tests.support.shelf import on_the_shelf

from toancanh.kernel.agency_roles import POLICE
from toancanh.kernel.contracts import Figures, Good, Indicator, Item, Pack, YearPlan
from toancanh.kernel.figures_dataset import figures
from toancanh.kernel.measures import Adds, Reported
from toancanh.kernel.periods import Grain, Regime
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text

CASES = Text("vụ", "cases")
REPORTED, COUNTED = "accidents_reported", "accidents_counted"
MARCH = "Tháng 3/2026 (15/02/2026 - 14/03/2026)"


def dataset(code: str, item: str, regime: Regime) -> Figures:
    title = Text(f"Báo cáo {code}", f"Report {code}")
    items = tuple(Item(each, Text(each, each), CASES) for each in (item, f"{item}_plan"))
    return figures(
        code, title, items=items, grain=Grain.MONTH, owner=POLICE, cadence=timedelta(days=31), regime=regime
    )


def accidents(code: str, of: Figures) -> Indicator:
    return Indicator(
        code=code, title=Text(f"Tai nạn {code}", f"Accidents {code}"), dataset=of, measure=Reported(code), unit=CASES,
        definition=Text("Số vụ tai nạn giao thông.", "Road accidents."), basis="Nghị định 09/2019/NĐ-CP", owner=POLICE,
        good=Good.DOWN, grains=(Grain.MONTH, Grain.QUARTER, Grain.YEAR), cumulative=True, places=0,
        target=YearPlan(Reported(f"{code}_plan", over_time=Adds.LAST, of=Grain.YEAR)),
    )  # fmt: skip


BY_REPORT = dataset("road_reports", REPORTED, Regime.ADMINISTRATIVE)
BY_COUNT = dataset("road_statistics", COUNTED, Regime.STATISTICAL)
PACK = Pack(
    code="road_safety", title=Text("An toàn giao thông", "Road safety"), icon="alert", owner=POLICE,
    datasets=(BY_REPORT, BY_COUNT), indicators=(accidents(REPORTED, BY_REPORT), accidents(COUNTED, BY_COUNT)),
)  # fmt: skip


@pytest.fixture
def both(province: None) -> Iterator[Sender]:
    """Either dataset with January to March of two years, under the same month names; the counts differ by a hundred."""
    with on_the_shelf([*registry.packs(), PACK]):
        yield sender()


def sender() -> Sender:
    police = Sender("police", "agency:MS-CA", "road_reports", "road_statistics")
    for name, code, more in (("road_reports", REPORTED, 0), ("road_statistics", COUNTED, 100)):
        rows = [figure(f"{code}_plan", "sample:MS", "2026", 1200)]
        for year in (2025, 2026):
            rows += [figure(code, "sample:MS", f"{year}-{month:02}", month + year - 2000 + more) for month in (1, 2, 3)]
        police.post(name, rows)
    return police


def test_the_door_takes_both_and_the_api_says_which_days_each_covers(both: Sender, person: Callable[..., Person]) -> None:
    leader = person("leader")
    for code, value, first, last, regime in (
        (REPORTED, 29, "2026-02-15", "2026-03-14", "administrative"), (COUNTED, 129, "2026-03-01", "2026-03-31", "statistical"),
    ):  # fmt: skip
        items = leader.asks(f"/api/v1/indicators/{code}/values?unit=sample:MS&grain=month&from=2026-03-01")["items"]
        assert [(each["period"], each["value"], each["from_day"], each["to_day"], each["regime"]) for each in items] == [
            ("2026-03", value, first, last, regime)
        ]


@pytest.mark.parametrize("chosen", ["", "&period=2026-03"])
def test_the_page_shows_the_month_of_its_regime_and_its_days(both: Sender, person: Callable[..., Person], chosen: str) -> None:
    leader = person("leader")
    reported = leader.opens(f"/indicators/{REPORTED}?cumulative=0{chosen}")
    assert f"Tỉnh Minh Sơn · {MARCH} 29 vụ" in reported
    assert "Kỳ báo cáo hành chính: từ ngày 15 của tháng trước đến hết ngày 14" in reported
    counted = leader.opens(f"/indicators/{COUNTED}?cumulative=0{chosen}")
    assert "Tỉnh Minh Sơn · Tháng 3/2026 129 vụ" in counted
    assert "hành chính" not in counted.partition("Định nghĩa và nguồn")[0].partition("Tai nạn")[2]


def test_cumulative_months_begin_in_december_of_the_year_before(both: Sender, person: Callable[..., Person]) -> None:
    page = person("leader").opens(f"/indicators/{REPORTED}")
    assert "Lũy kế 3 tháng 2026 (15/12/2025 - 14/03/2026) 84 vụ" in page
    assert "▲ 3 so cùng kỳ" in page
    assert "Kế hoạch 300" in page


def test_the_table_and_the_export_name_the_days_too(both: Sender, person: Callable[..., Person]) -> None:
    leader = person("leader")
    page = leader.opens(f"/indicators/{REPORTED}?cumulative=0").replace(" , chứng minh số này", "")
    assert f"{MARCH} 29 28 100 Chính thức 14/03/2026" in page
    body = leader.client.get(f"/indicators/{REPORTED}/values.csv?cumulative=0").getvalue().decode("utf-8-sig")
    assert MARCH in body


def test_the_proof_leads_to_the_row_of_its_own_dataset_and_computes_it_again(both: Sender, person: Callable[..., Person]) -> None:
    leader = person("leader")
    for code, value, days in ((REPORTED, 29, MARCH), (COUNTED, 129, "Tháng 3/2026 (01/03/2026 - 31/03/2026)")):
        item = leader.asks(f"/api/v1/indicators/{code}/values?unit=sample:MS&grain=month&from=2026-03-01")["items"][0]
        proof = leader.asks(f"/api/v1/values/{item['id']}/proof")
        assert (proof["value"], proof["recomputed_value"], proof["equal"]) == (value, value, True)
        assert [(each["values"]["item"], each["values"]["value"]) for each in proof["rows"]] == [(code, value)]
        page = leader.opens(f"/values/{item['id']}/proof")
        assert f"Kỳ {days}" in page
        assert "hệ thống police" in page.lower()


def test_a_quarter_of_reports_is_made_of_its_own_months(both: Sender, person: Callable[..., Person]) -> None:
    items = person("leader").asks(f"/api/v1/indicators/{REPORTED}/values?unit=sample:MS&grain=quarter&from=2026-01-01")["items"]
    assert [(each["period"], each["value"], each["from_day"], each["to_day"]) for each in items] == [
        ("2026-Q1", 84, "2025-12-15", "2026-03-14")
    ]


def test_a_corrected_report_moves_its_own_month_alone(both: Sender, person: Callable[..., Person]) -> None:
    both.post("road_reports", [figure(REPORTED, "sample:MS", "Tháng 3/2026", 31)])
    leader = person("leader")
    assert f"{MARCH} 31 vụ" in leader.opens(f"/indicators/{REPORTED}?cumulative=0")
    assert "Tháng 3/2026 129 vụ" in leader.opens(f"/indicators/{COUNTED}?cumulative=0")
