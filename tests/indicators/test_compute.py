"""Deliveries become cells: only what they touch, once, with every correction kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.indicators.conftest import NOW, Hand, at, cell, value
from tests.indicators.sample_pack import AIR, CASES, REPORTS

from toancanh.indicators import compute
from toancanh.indicators.evaluators import rows
from toancanh.indicators.events import IndicatorMoved
from toancanh.indicators.models import Cell
from toancanh.intake.models import Delivery, Source
from toancanh.jobs import events
from toancanh.kernel.periods import Period
from toancanh.units import register
from toancanh.units.models import Unit, UnitChange


def figure(item: str, code: str, number: float, area: str = "P", status: str = "official") -> dict[str, Any]:
    return {"item": item, "area": f"t:{area}", "period": Period.parse(code), "value": number, "status": status}


def case(code: str, received: str, done: str | None = None, due: str = "2026-12-01T00:00", **more: Any) -> dict[str, Any]:
    times = {"received_at": at(received), "due_at": at(due), "done_at": at(done) if done else None}
    return {"code": code, "area": "t:A", "agency": "t:S", "kind": "k1"} | times | more


def reading(station: str, moment: str, dust: float | None, area: str = "A") -> dict[str, Any]:
    return {"station": station, "area": f"t:{area}", "at": at(moment), "dust": dust}


def test_a_reported_figure_becomes_its_month_quarter_year_and_cumulative_cells(hand: Hand) -> None:
    hand.send(REPORTS, figure("rev", "2026-10", 100))
    assert [value("rev", "P", code) for code in ("2026-10", "2026-Q4", "2026", "2026-10-ytd")] == [100, 100, 100, 100]
    assert cell("rev", "P", "2026").coverage_have == 1
    assert cell("rev", "P", "2026").coverage_want == 12
    assert cell("rev", "P", "2026-10").as_of == at("2026-10-31T23:59:59")


def test_the_same_figure_sent_again_makes_no_version(hand: Hand) -> None:
    hand.send(REPORTS, figure("rev", "2026-10", 100))
    assert hand.send(REPORTS, figure("rev", "2026-10", 100), now=NOW + timedelta(hours=1)) == 0
    assert Cell.objects.filter(indicator="rev", known_to__isnull=False).count() == 0


def test_a_correction_closes_the_old_version_and_keeps_it(hand: Hand) -> None:
    hand.send(REPORTS, figure("rev", "2026-10", 100))
    later = NOW + timedelta(hours=1)
    hand.send(REPORTS, figure("rev", "2026-10", 103), now=later)
    old, new = Cell.objects.filter(indicator="rev", grain="month", cumulative=False).order_by("known_from")
    assert (old.value, old.known_to, new.value, new.known_from, new.known_to) == (100, later, 103, later, None)


def test_a_figure_that_becomes_official_is_a_new_version(hand: Hand) -> None:
    hand.send(REPORTS, figure("rev", "2026-10", 100, status="estimate"))
    hand.send(REPORTS, figure("rev", "2026-10", 100, status="official"), now=NOW + timedelta(days=1))
    assert cell("rev", "P", "2026-10").status == "official"
    assert Cell.objects.filter(indicator="rev", grain="month", cumulative=False).count() == 2


def test_two_corrections_within_a_minute_are_two_versions_of_a_reported_figure(hand: Hand) -> None:
    for number, seconds in ((100, 0), (101, 10), (102, 20)):
        hand.send(REPORTS, figure("rev", "2026-11", number), now=NOW + timedelta(seconds=seconds))
    assert Cell.objects.filter(indicator="rev", grain="month", cumulative=False).count() == 3


def test_the_old_provinces_are_the_base_of_the_new_ones_growth(hand: Hand) -> None:
    hand.send(REPORTS, figure("rev", "2025-05", 20, "X"), figure("rev", "2025-05", 30, "Y"), figure("rev", "2026-05", 60))
    assert value("rev_growth", "P", "2026-05") == pytest.approx(20)
    assert cell("rev", "P", "2025-05").method == "forerunners"
    assert cell("rev", "X", "2025-05").method == ""


def test_a_forerunner_is_what_it_took_in_later_too(hand: Hand, units: dict[str, Unit]) -> None:
    """Hà Nội kept its code when it took in Hà Tây in 2008, and has another one since 2025: its 2007 is that of both."""
    taken = Unit.objects.create(scheme="t", code="W", level="province", name="W", full_name="W", valid_to=date(2024, 12, 31))
    UnitChange.objects.create(before=taken, after=units["X"], date=date(2025, 1, 1), kind="merge", share=1.0)
    register.forget()
    for month in ("2024-05", "2025-05"):
        hand.send(REPORTS, figure("rev", month, 20, "X"), figure("rev", month, 30, "Y"))
    hand.send(REPORTS, figure("rev", "2024-05", 7, "W"))
    old, later = cell("rev", "P", "2024-05"), cell("rev", "P", "2025-05")
    assert (old.value, old.method, old.coverage_have, old.coverage_want) == (57, "forerunners", 3, 3)
    assert (later.value, later.coverage_want) == (50, 2)
    assert value("rev", "X", "2024-05") == 20, "as measured it stays what it was"


def test_a_plan_that_arrives_later_sets_the_target_of_the_months_before(hand: Hand) -> None:
    hand.send(REPORTS, figure("rev", "2026-01", 90))
    hand.send(REPORTS, figure("rev_plan", "2026", 1200), now=NOW + timedelta(hours=1))
    assert cell("rev", "P", "2026-01-ytd").target == pytest.approx(100)


def test_moved_values_are_told_by_indicator_and_unit(hand: Hand) -> None:
    hand.send(REPORTS, figure("rev", "2026-10", 100, "A"))
    assert {"rev:t:A", "rev:t:P", "rev:t:C"} == set(hand.moved[0].keys)


def test_records_are_counted_for_the_commune_the_custom_area_the_province_and_the_agency(hand: Hand) -> None:
    hand.send(
        CASES, case("1", "2026-11-02T08:00"), case("2", "2026-11-20T08:00", area="t:B"), case("3", "2026-11-20T09:00", area=None)
    )
    assert [value("received", unit, "2026-11") for unit in ("A", "B", "C", "P", "S")] == [1, 1, 1, 3, 3]
    assert value("received", "P", "2026-11-20") == 2


def test_a_breakdown_is_kept_for_the_whole_place_and_emptied_when_its_rows_move(hand: Hand) -> None:
    hand.send(CASES, case("1", "2026-11-02T08:00"))
    assert value("received", "P", "2026-11", "kind=k1") == 1
    hand.send(CASES, case("1", "2026-11-02T08:00", kind="k2"), now=NOW + timedelta(hours=1))
    assert value("received", "P", "2026-11", "kind=k2") == 1
    assert value("received", "P", "2026-11", "kind=k1") is None


def test_a_record_that_moves_to_another_commune_leaves_the_first(hand: Hand) -> None:
    hand.send(CASES, case("1", "2026-11-02T08:00"))
    hand.send(CASES, case("1", "2026-11-02T08:00", area="t:B"), now=NOW + timedelta(hours=1))
    assert [value("received", unit, "2026-11") for unit in ("A", "B", "P")] == [0, 1, 1]


def test_a_rate_of_nothing_is_no_value(hand: Hand) -> None:
    hand.send(CASES, case("1", "2026-11-02T08:00"))
    assert cell("on_time", "A", "2026-11") is None
    hand.send(CASES, case("1", "2026-11-02T08:00", done="2026-11-05T08:00"), now=NOW + timedelta(hours=1))
    found = cell("on_time", "A", "2026-11")
    assert (found.value, found.numerator, found.denominator, found.base, found.target) == (100, 1, 1, 1, 90)


def test_a_stock_counts_what_is_alive_at_the_end_of_each_period(hand: Hand) -> None:
    hand.send(CASES, case("1", "2026-08-02T08:00", done="2026-10-05T08:00"), case("2", "2026-09-02T08:00"))
    assert [value("waiting", "P", f"2026-{month:02}") for month in (8, 9, 10, 11)] == [1, 2, 1, 1]


def test_the_clock_alone_makes_things_overdue(hand: Hand) -> None:
    hand.send(CASES, case("1", "2026-11-02T08:00", due="2026-11-23T00:00"))
    assert value("overdue", "A", "2026-11") == 0
    before = cell("overdue", "A", "2026-11").as_of
    assert compute.follow_the_clock(NOW + timedelta(days=2)) > 0
    assert [value("overdue", unit, "2026-11") for unit in ("A", "P", "S")] == [1, 1, 1]
    assert cell("overdue", "A", "2026-11").as_of == before, "no data came: they reach no further than before"


def test_the_stock_of_a_new_month_is_there_without_a_delivery(hand: Hand) -> None:
    hand.send(CASES, case("1", "2026-11-02T08:00"))
    compute.follow_the_clock(NOW + timedelta(days=12))
    assert value("waiting", "P", "2026-12") == 1


def test_a_live_value_keeps_one_version_a_minute_while_its_period_is_open(hand: Hand) -> None:
    for number, seconds in enumerate((0, 20, 40, 70)):
        hand.send(CASES, case(f"{number}", "2026-11-20T08:00"), now=NOW + timedelta(seconds=seconds))
    versions = Cell.objects.filter(indicator="received", unit__key="t:P", grain="month", dimension="").order_by("known_from")
    assert [each.value for each in versions] == [3, 4]


def test_the_history_before_the_merger_is_counted_for_the_old_unit_and_for_what_it_became(hand: Hand) -> None:
    hand.send(CASES, case("1", "2025-03-02T08:00", area="t:XA"))
    assert [value("received", unit, "2025-03") for unit in ("XA", "X", "A", "P")] == [1, 1, 1, 1]
    assert cell("received", "A", "2025-03").method == "forerunners"
    assert cell("received", "XA", "2025-08") is None


def test_a_late_reading_recomputes_only_the_hours_that_look_back_on_it(hand: Hand) -> None:
    hand.send(AIR, *(reading("s1", f"2026-11-20T{hour:02}:00", 10.0 * hour) for hour in (1, 2, 3, 4, 5, 6)))
    assert value("dust", "A", "2026-11-20T03") == pytest.approx(20)
    known = {each.pk for each in Cell.objects.filter(indicator="dust", known_to=None)}
    hand.send(AIR, reading("s1", "2026-11-20T03:00", 90), now=NOW + timedelta(hours=1))
    changed = Cell.objects.filter(indicator="dust", known_to=None, unit__key="t:A").exclude(pk__in=known)
    assert sorted(each.period.code for each in changed) == ["2026-11-20T03", "2026-11-20T04", "2026-11-20T05"]


def test_the_worst_station_is_the_value_of_the_area_and_each_station_has_its_own(hand: Hand) -> None:
    hand.send(
        AIR,
        reading("s1", "2026-11-20T01:00", 10),
        reading("s2", "2026-11-20T01:00", 30),
        reading("s3", "2026-11-20T01:00", 20, "B"),
    )
    assert [value("dust", unit, "2026-11-20T01") for unit in ("A", "B", "P")] == [30, 20, 30]
    assert value("dust", "P", "2026-11-20T01", "station=s1") == 10
    assert (cell("dust", "A", "2026-11-20T01").coverage_have, cell("dust", "A", "2026-11-20T01").coverage_want) == (2, 2)


def test_a_dry_station_that_reports_first_does_not_bring_the_worst_down(hand: Hand) -> None:
    sent = (("wet", 90, "A"), ("dry", 10, "A"), ("b", 40, "B"))
    hand.send(AIR, *(reading(station, "2026-11-20T01:00", dust, area) for station, dust, area in sent))
    hand.send(AIR, reading("dry", "2026-11-20T02:00", 10), now=NOW + timedelta(minutes=1))
    assert [value("dust", unit, "2026-11-20T02") for unit in ("A", "B", "P")] == [90, 40, 90]
    assert [value("dust", "P", "2026-11-20T02", f"station={name}") for name in ("wet", "dry", "b")] == [90, 10, 40]
    counted = [cell("dust", unit, "2026-11-20T02") for unit in ("A", "B", "P")]
    assert [(each.coverage_have, each.coverage_want) for each in counted] == [(1, 2), (0, 1), (1, 3)]


def test_a_value_that_stays_is_as_old_as_its_reading(hand: Hand) -> None:
    hand.send(AIR, reading("a", "2026-11-20T01:00", 90), reading("b", "2026-11-20T02:30", 40, "B"))
    silent, fresh = (cell("dust", unit, "2026-11-20T02").as_of for unit in ("A", "B"))
    assert silent < at("2026-11-20T01:01") < at("2026-11-20T02:30") < fresh


def test_a_station_that_stays_silent_counts_no_longer_than_its_readings_stay(hand: Hand) -> None:
    hand.send(AIR, reading("wet", "2026-11-20T01:00", 90), *(reading("dry", f"2026-11-20T0{hour}:00", 10) for hour in (1, 2, 3)))
    assert [value("dust", "A", f"2026-11-20T0{hour}") for hour in (1, 2, 3)] == [90, 90, 10]


def test_a_late_reading_recomputes_the_hours_in_which_it_stays(hand: Hand) -> None:
    hand.send(AIR, *(reading("dry", f"2026-11-20T0{hour}:00", 10) for hour in (1, 2, 3)))
    hand.send(AIR, reading("wet", "2026-11-20T01:00", 90), now=NOW + timedelta(minutes=1))
    assert [value("dust", "A", f"2026-11-20T0{hour}") for hour in (1, 2, 3)] == [90, 90, 10]
    everything = list(range(1, hand.seq + 1))
    assert compute.recompute(AIR.code, everything, NOW + timedelta(minutes=2)) == 0


def test_a_function_may_ask_for_readings_of_the_period_itself(hand: Hand) -> None:
    hand.send(AIR, reading("wet", "2026-11-20T01:00", 90), reading("dry", "2026-11-20T01:00", 10))
    hand.send(AIR, reading("dry", "2026-11-20T02:00", 10), now=NOW + timedelta(minutes=1))
    assert value("dust_now", "A", "2026-11-20T02") == 10


def test_an_hour_without_readings_has_no_value(hand: Hand) -> None:
    hand.send(AIR, reading("s1", "2026-11-20T01:00", 10))
    assert cell("dust", "A", "2026-11-20T02") is None


def test_computing_everything_again_changes_nothing(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.send(REPORTS, figure("rev", "2026-10", 100), figure("rev_plan", "2026", 1200))
    hand.send(CASES, case("1", "2026-08-02T08:00", done="2026-10-05T08:00"), case("2", "2025-03-02T08:00", area="t:XA"))
    hand.send(AIR, reading("s1", "2026-11-20T01:00", 10))
    for dataset in (REPORTS, CASES, AIR):
        assert compute.recompute(dataset.code, list(range(1, hand.seq + 1)), NOW + timedelta(seconds=30)) == 0


def test_a_provinces_figures_say_nothing_of_the_country(hand: Hand, units: dict[str, Unit]) -> None:
    country = Unit.objects.create(scheme="t", code="VN", level="country", name="VN", full_name="VN")
    Unit.objects.filter(pk=units["P"].pk).update(parent=country)
    register.forget()
    hand.send(REPORTS, figure("rev", "2026-10", 100))
    hand.send(CASES, case("1", "2026-11-02T08:00"))
    assert not Cell.objects.filter(unit=country).exists()


def test_a_load_of_years_keeps_hours_of_the_last_quarter_and_days_of_the_last_year(hand: Hand) -> None:
    hand.send(AIR, reading("s1", "2026-01-20T01:00", 10), reading("s1", "2026-11-20T01:00", 20))
    assert (value("dust", "A", "2026-01-20T01"), value("dust", "A", "2026-11-20T01")) == (None, 20)
    hand.send(CASES, case("1", "2025-07-02T08:00"), case("2", "2026-11-02T08:00"))
    assert [value("received", unit, "2025-07-02") for unit in ("A", "P")] == [None, 1]
    assert value("received", "A", "2025-07") == 1


def test_a_year_is_the_sum_of_its_months_also_of_those_computed_before(hand: Hand) -> None:
    hand.send(CASES, case("1", "2026-02-02T08:00", "2026-02-05T08:00"), case("2", "2026-03-02T08:00", "2026-03-05T08:00"))
    late = case("3", "2026-05-02T08:00", "2026-05-05T08:00", due="2026-05-03T00:00")
    hand.send(CASES, late, now=NOW + timedelta(hours=1))
    found = cell("on_time", "A", "2026")
    assert (found.value, found.numerator, found.denominator) == (pytest.approx(200 / 3), 2, 3)
    assert value("on_time", "P", "2026-Q1") == 100


def test_what_asks_for_the_present_is_renewed_by_the_clock_in_long_periods(hand: Hand) -> None:
    hand.send(CASES, case("1", "2026-11-02T08:00", due="2026-11-10T00:00"))
    assert (value("late_now", "A", "2026-11"), value("late_now", "A", "2026")) == (100, None)
    compute.follow_the_clock(NOW + timedelta(minutes=1))
    assert value("late_now", "A", "2026") == 100


def test_asking_group_by_group_gives_what_asking_at_once_gave(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    spread = [{"area": "t:A" if n % 2 else "t:B", "kind": f"k{n % 3}"} for n in range(9)]
    hand.send(CASES, *(case(str(n), f"2026-11-{n + 1:02}T08:00", **more) for n, more in enumerate(spread)))
    compute.follow_the_clock(NOW)
    monkeypatch.setattr(rows, "MANY", 0)
    assert compute.recompute(CASES.code, [hand.seq], NOW + timedelta(seconds=30)) == 0


def test_computing_all_anew_a_day_later_moves_nothing_and_makes_no_data_younger(hand: Hand) -> None:
    source = Source.objects.create(code="s", title_vi="S", title_en="S", datasets=[CASES.code])
    hand.send(CASES, case("1", "2026-11-02T08:00"))
    Delivery.objects.create(
        pk=1, source=source, dataset=CASES.code, once="1", content_hash="x", via="push", content_type="text/csv", kept="k",
        size=1, received_at=NOW, received=1, accepted=1, quarantined=0,
    )  # fmt: skip
    before = cell("received", "P", "2026-11").as_of
    compute.follow_the_clock(NOW + timedelta(days=1))
    compute.recompute_all(CASES.code, NOW + timedelta(days=1))
    assert compute.recompute_all(CASES.code, NOW + timedelta(days=1, hours=1)) == 0
    assert cell("received", "P", "2026-11").as_of == before


def test_news_that_could_not_be_told_is_told_when_it_is_tried_again(hand: Hand) -> None:
    def fails(_event: IndicatorMoved) -> None:
        raise ConnectionError("the stream is away")

    events.wire({IndicatorMoved: [fails]})
    with pytest.raises(ConnectionError):
        hand.send(REPORTS, figure("rev", "2026-10", 100))
    assert not Cell.objects.exists(), "a value whose news is lost would never be told again"
    events.wire({IndicatorMoved: [hand.moved.append]})
    assert compute.recompute(REPORTS.code, [hand.seq], NOW) > 0
    assert "rev:t:P" in hand.moved[0].keys
    assert compute.recompute(REPORTS.code, [hand.seq], NOW) == 0
    assert len(hand.moved) == 1
