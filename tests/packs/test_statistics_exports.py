"""The statistics office's exports, exactly as published, become rows that name their figure, place, year and status."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.packs.conftest import dataset

from toancanh.intake.reading.payload import read_payload
from toancanh.kernel.contracts import Row
from toancanh.packs.socio_economic.long_table import read_long_table
from toancanh.packs.socio_economic.parse import read_export
from toancanh.packs.socio_economic.publisher import place
from toancanh.packs.socio_economic.yearbook import ITEMS

CODES = {each.code for each in ITEMS}
COUNTS = {
    "Area_population": 1260,
    "Foreign_direct": 125,
    "Monthly_average_income": 1392,
    "Monthly_consumer_price_index.csv": 359,
    "base_preriod_2009": 192,
    "same_period_of_previous_year": 1344,
    "compared_to_December": 2784,
    "compared_to_previous_month": 2784,
    "patient_beds": 4693,
    "Number_of_pupils": 4210,
    "Outcome_of_tourism": 144,
    "Poverty_rate": 560,
    "Retail_sales": 1528,
}


@pytest.fixture(scope="module")
def exports(real_data: Path) -> dict[str, list[Row]]:
    folder = real_data / "socio-economic" / "raw_samples"
    return {path.name: read_export(path.read_bytes()) for path in sorted(folder.glob("*.csv"))}


def of(exports: dict[str, list[Row]], part: str) -> list[Row]:
    return next(rows for name, rows in exports.items() if part in name)


def value(rows: list[Row], item: str, area: str, period: str) -> Any:
    return next(row["value"] for row in rows if (row["item"], row["area"], row["period"]) == (item, area, period))


@pytest.mark.real_data
def test_all_thirteen_exports_are_read_to_the_last_figure(exports: dict[str, list[Row]]) -> None:
    assert len(exports) == 13
    assert {part: len(of(exports, part)) for part in COUNTS} == COUNTS


@pytest.mark.real_data
def test_the_file_door_reads_them_by_the_packs_own_reading(exports: dict[str, list[Row]], real_data: Path, shelf: None) -> None:
    """A generic reading of wide sheets would lose the places: the entrance must come to the same rows as the pack."""
    for name, rows in exports.items():
        body = (real_data / "socio-economic" / "raw_samples" / name).read_bytes()
        table = read_payload(dataset("statistics_yearbook"), body, "text/csv", name)
        assert (name, table.size) == (name, len(rows))
        assert (name, set(table.columns["area"])) == (name, {row["area"] for row in rows})


@pytest.mark.real_data
def test_every_figure_is_known_and_every_value_a_number(exports: dict[str, list[Row]]) -> None:
    rows = [row for each in exports.values() for row in each]
    assert {row["item"] for row in rows} <= CODES
    assert all(isinstance(row["value"], float) for row in rows)


@pytest.mark.real_data
def test_only_two_printed_names_are_no_places(exports: dict[str, list[Row]]) -> None:
    areas = {str(row["area"]) for each in exports.values() for row in each}
    assert {area for area in areas if ":" not in area} == {"Oil and gas", "Pupils in universities"}
    assert "vn64:28" in areas, "old Hà Tây keeps its own figures"
    assert len({area for area in areas if area.startswith("vn63:")}) == 63


@pytest.mark.real_data
def test_known_figures_of_bac_kan_in_2015(exports: dict[str, list[Row]]) -> None:
    area = of(exports, "Area_population")
    assert value(area, "land_area", "vn63:06", "2015") == 4859.4
    assert value(area, "population_thousand", "vn63:06", "2015") == 313.1
    assert value(of(exports, "Poverty_rate"), "poor_share", "vn63:06", "2015") == 17.1


@pytest.mark.real_data
def test_provinces_add_up_to_the_country_where_the_source_says_so(exports: dict[str, list[Row]]) -> None:
    for part, item, year in (("Area_population", "population_thousand", "2015"), ("Retail_sales", "retail_value", "2015")):
        rows = [row for row in of(exports, part) if (row["item"], row["period"]) == (item, year)]
        provinces = sum(float(str(row["value"])) for row in rows if str(row["area"]).startswith("vn6"))
        assert provinces == pytest.approx(value(rows, item, "vn:VN", year), rel=0.0005)


@pytest.mark.real_data
def test_preliminary_years_are_provisional_and_starred_ones_carry_a_note(exports: dict[str, list[Row]]) -> None:
    poverty = Counter((row["period"], row["status"]) for row in of(exports, "Poverty_rate"))
    assert poverty["2016", "provisional"] == 69
    assert poverty["2016", "official"] == 0
    notes = {row["period"] for row in of(exports, "Area_population") if row["note"]}
    assert notes == {"2016"}


@pytest.mark.real_data
def test_months_of_price_indices_are_months(exports: dict[str, list[Row]]) -> None:
    assert value(of(exports, "compared_to_previous_month"), "cpi_month_all", "vn:VN", "2016-03") == 100.57
    assert value(of(exports, "Monthly_consumer_price_index.csv"), "cpi_month_all", "vn:VN", "1995-01") == 103.80
    assert value(of(exports, "Monthly_consumer_price_index.csv"), "cpi_since_2010", "vn:VN", "2016") == 148.44


@pytest.mark.real_data
def test_the_long_table_is_read_whole(real_data: Path) -> None:
    rows = read_long_table((real_data / "socio-economic" / "gso_provincial_long.csv").read_bytes())
    assert len(rows) == 153_481
    assert len({(row["series"], row["area"], row["period"]) for row in rows}) == 153_481
    assert len({row["series"] for row in rows}) == 199


@pytest.mark.parametrize(
    ("printed", "key"),
    [(" WHOLE COUNTRY", "vn:VN"), ("Quang  Nam", "vn63:49"), ("Thua Thien-Hue", "vn63:46"), ("Thua Thien - Hue", "vn63:46"),
     ("Ho Chi Minh city", "vn63:79"), ("Ba Ria - Vung Tau", "vn63:77"), ("Ha Tay", "vn64:28"), ("Oil and gas", "Oil and gas")],
)  # fmt: skip
def test_a_printed_name_is_one_place(printed: str, key: str) -> None:
    assert place(printed) == key


def test_a_table_that_is_not_of_the_yearbook_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="Number of elephants"):
        read_export(b'"Number of elephants by province"\r\n\r\n"Cities";"2015"\r\n"Ha Noi";3\r\n')
    with pytest.raises(ValueError, match="title"):
        read_export(b"item;area\n1;2\n3;4\n")


def test_a_cell_that_is_no_number_goes_on_as_text_for_review() -> None:
    rows = read_export(b'"Poverty rate by province"\r\n"Cities, provincies";"2014"\r\n"Ha Noi";4,5x\r\n"Ha Nam";..\r\n')
    assert [(row["area"], row["value"]) for row in rows] == [("vn63:01", "4,5x")]


def test_columns_missing_from_the_long_table_are_named() -> None:
    with pytest.raises(ValueError, match="geo_code, item"):
        read_long_table(b"table_id,year,value,preliminary\n1,2015,3,0\n")
