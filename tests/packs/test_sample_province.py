"""The sample province is the same every time, whole, in order, and says what the pictures of the product say."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from toancanh.kernel.contracts import Level
from toancanh.kernel.periods import Period
from toancanh.site.sample import agencies, places
from toancanh.site.sample.figure_files import figure_deliveries
from toancanh.site.sample.figures import figures_of
from toancanh.site.sample.live import live
from toancanh.site.sample.places import PROVINCE
from toancanh.site.sample.province import history
from toancanh.site.sample.shapes import SampleDelivery

NOW = datetime(2026, 11, 22, 2, 42, tzinfo=UTC)


@pytest.fixture(scope="module")
def three_months() -> list[SampleDelivery]:
    return list(history(NOW, months=3))


def lines(deliveries: list[SampleDelivery], dataset: str) -> list[dict[str, str]]:
    """Rows of the well-made CSV files of a dataset."""
    found = []
    for each in deliveries:
        if each.dataset == dataset and each.content_type == "text/csv" and "broken" not in each.key:
            found.extend(csv.DictReader(io.StringIO(each.body.decode("utf-8-sig"))))
    return found


def total(item: str, first: str, last: str) -> float:
    months = Period.parse(first).until(Period.parse(last))
    return sum(each.value for month in months for each in figures_of(month) if (each.item, each.area) == (item, PROVINCE))


def test_thirty_nine_communes_came_from_three_districts_of_two_provinces() -> None:
    units = {each.key: each for each in places.units()}
    now = [each for each in units.values() if each.level is Level.COMMUNE and each.valid_to is None]
    before = [each for each in units.values() if each.valid_to is not None]
    assert len(now) == 39
    assert Counter(each.level for each in before) == {Level.PROVINCE: 2, Level.DISTRICT: 3, Level.COMMUNE: 88}
    assert len({each.full_name for each in now}) == 39
    merged = Counter(change.after for change in places.changes())
    assert all(merged[each.key] >= 2 for each in now)
    assert all(change.before in units and change.after in units for change in places.changes())
    assert len(places.custom_members()) == 39


def test_every_source_and_account_belongs_to_an_agency_that_exists() -> None:
    known = {each.key for each in agencies.agencies()}
    assert len(known) == 59
    assert {each.owner for each in agencies.sources()} <= known
    assert {each.agency for each in agencies.people()} <= known
    assert {each.role for each in agencies.people()} == {"leader", "operator", "officer", "analyst", "administrator", "auditor"}


@pytest.mark.slow
def test_the_history_is_the_same_every_time(three_months: list[SampleDelivery]) -> None:
    again = list(history(NOW, months=3))
    assert [(each.key, hash(each.body), each.received_at) for each in again] == [
        (each.key, hash(each.body), each.received_at) for each in three_months
    ]


def test_deliveries_come_in_order_before_now_and_each_key_once(three_months: list[SampleDelivery]) -> None:
    times = [each.received_at for each in three_months]
    assert times == sorted(times)
    assert times[-1] <= NOW
    assert max(Counter(each.key for each in three_months).values()) == 1
    sources = {each.code: each.datasets for each in agencies.sources()}
    assert all(each.dataset in sources[each.source] for each in three_months)


def test_the_figures_of_october_are_those_of_the_pictures() -> None:
    revenue, before = total("budget_rev", "2026-01", "2026-10"), total("budget_rev", "2025-01", "2025-10")
    assert revenue == pytest.approx(7842, abs=0.5)
    assert revenue / before == pytest.approx(1.084, abs=0.0005)
    assert total("pub_inv_disb", "2026-01", "2026-10") / 5200 == pytest.approx(0.635, abs=0.0005)
    assert total("pub_inv_disb", "2025-01", "2025-10") / 4800 == pytest.approx(0.581, abs=0.0005)


def test_the_poverty_figure_of_october_is_missing() -> None:
    assert total("poor_reduced", "2026-10", "2026-10") == 0
    assert total("poor_reduced", "2026-09", "2026-09") > 0


def test_parts_of_the_budget_add_up_to_the_whole() -> None:
    for month in Period.parse("2026-01").until(Period.parse("2026-10")):
        known = {each.item: each.value for each in figures_of(month) if each.area == PROVINCE}
        parts = known["budget_rev_domestic"] + known["budget_rev_trade"] + known["budget_rev_oil"]
        assert known["budget_rev"] == pytest.approx(parts)


def test_counts_of_communes_add_up_to_the_province() -> None:
    rows = [each for each in figures_of(Period.parse("2026-08")) if each.item == "jobs"]
    province = next(each.value for each in rows if each.area == PROVINCE)
    assert sum(each.value for each in rows if each.area != PROVINCE) == province


def test_the_treasury_corrects_its_newest_month() -> None:
    files = [each for each in figure_deliveries(NOW - timedelta(days=60), NOW) if each.source == "treasury"]
    assert files[-1].filename == "treasury-2026-10-dieu-chinh.ndjson"
    assert files[-1].received_at > files[-2].received_at


def test_tet_halts_the_work() -> None:
    months = {number: total("retail", f"2026-{number:02}", f"2026-{number:02}") for number in (1, 2, 3)}
    assert months[2] < months[1]
    assert months[2] < months[3]


def test_dossiers_are_lawful(three_months: list[SampleDelivery]) -> None:
    rows = lines(three_months, "dossiers")
    assert len({row["MaHoSo"] for row in rows}) == len(rows)
    for row in rows:
        received, ended = row["NgayTiepNhan"], row["NgayKetThucXuLy"]
        assert row["NgayNopHoSo"] <= (received or row["NgayTuChoi"])
        assert not ended or received < ended
        assert bool(ended) == (row["TrangThaiHoSo"] in ("7", "9", "10"))
        assert max(received, ended, row["NgayTra"]) <= "2026-11-22T09:42:00+07:00"


def test_the_desks_are_as_late_as_in_the_pictures(three_months: list[SampleDelivery]) -> None:
    late = Counter(
        row["MaDiaBan"]
        for row in lines(three_months, "dossiers")
        if row["NgayTiepNhan"] and not row["NgayKetThucXuLy"] and row["TrangThaiHoSo"] not in ("5", "6")
        and row["NgayHenTra"] < "2026-11-22T09:42:00+07:00"
    )  # fmt: skip
    worst = [unit for unit, _ in late.most_common() if unit != PROVINCE][:3]
    assert worst == ["sample:MS15", "sample:MS31", "sample:MS29"]
    assert (late["sample:MS15"], late["sample:MS31"], late["sample:MS29"]) == (41, 37, 29)
    assert 380 <= sum(late.values()) <= 430


def test_two_desks_have_sent_nothing_this_month(three_months: list[SampleDelivery]) -> None:
    rows = lines(three_months, "dossiers")
    for area in ("sample:MS24", "sample:MS34"):
        mine = [row for row in rows if row["MaDiaBan"] == area]
        assert mine
        assert not [row for row in mine if row["NgayKetThucXuLy"].startswith("2026-11")]


def test_air_has_gaps_late_readings_and_three_silent_stations(three_months: list[SampleDelivery]) -> None:
    files = [each for each in three_months if each.key.startswith("sample-kk-")]
    rows = lines(files, "air_hourly")
    codes = {row["station"] for row in rows}
    newest = {code: max(row["measured_at"] for row in rows if row["station"] == code) for code in codes}
    assert sum(moment < "2026-11-22T00" for moment in newest.values()) == 3
    assert max(newest.values()) == "2026-11-22T07:00:00+07:00"
    assert len(rows) < 6 * 24 * 83, "there are gaps"
    assert any(row["measured_at"] < "2026-10-01" for row in lines(files[1:2], "air_hourly")), "some hours come with the next file"


def test_live_feeds_repeat_exactly_and_tell_the_later_states_of_a_dossier() -> None:
    begun, later = (b"".join(each.body for each in live(NOW, tick)) for tick in (100, 112))
    assert begun == b"".join(each.body for each in live(NOW, 100))
    codes = {line.split(b'"')[3] for line in begun.splitlines() if b'"TrangThaiHoSo": "2"' in line}
    settled = {line.split(b'"')[3] for line in later.splitlines() if b'"TrangThaiHoSo": "9"' in line}
    assert codes == settled


@pytest.mark.slow
def test_three_years_are_large_enough_and_not_too_large() -> None:
    counted: Counter[str] = Counter()
    deliveries = 0
    for each in history(NOW):
        deliveries += 1
        counted[each.dataset] += each.body.count(b"\n")
    assert 250 <= deliveries <= 600
    assert 150_000 <= counted["dossiers"] <= 200_000
    assert 140_000 <= counted["air_hourly"] <= 158_000
