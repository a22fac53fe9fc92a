"""Values that were put on another day's map say so, wherever they are shown; pages without any stay as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.boards.test_pages import opens, words

from toancanh.boards import memory
from toancanh.indicators.models import Cell
from toancanh.kernel.contracts import Level
from toancanh.people.actors import SYSTEM
from toancanh.units import register, services
from toancanh.units.loading.records import ChangeRecord, UnitRecord
from toancanh.units.models import Unit

MERGED, HERE = date(2025, 7, 1), "sample:MS01"
BASIS = "Nghị quyết 1660/NQ-UBTVQH15"
Write = Callable[..., Cell]


def old_commune(code: str, name: str) -> UnitRecord:
    return UnitRecord(
        scheme="sample-old", code=code, level=Level.COMMUNE, kind="Xã", name=name, full_name=f"Xã {name}", name_en=f"{name} (en)",
        sample=True, valid_from=date(2000, 1, 1), valid_to=date(2025, 6, 30),
    )  # fmt: skip


def change(before: str, after: str, day: date, kind: str, share: float | None = 1.0, basis: str = BASIS) -> ChangeRecord:
    return ChangeRecord(before=before, after=after, date=day, kind=kind, share=share, legal_basis=basis)


@pytest.fixture
def merged(province: dict[str, Unit], cell: Write) -> dict[str, Unit]:
    """Đông Sơn (MS01) took in Đại Hà and Tân Lập whole on 01/07/2025."""
    services.put_units(SYSTEM, [old_commune("TL", "Tân Lập")])
    services.put_changes(SYSTEM, [change("sample-old:TL", HERE, MERGED, "merge")])
    memory.forget_all()
    province.update({each.key: each for each in Unit.objects.all()})
    return province


@pytest.fixture
def rates(merged: dict[str, Unit], cell: Write) -> None:
    """A rate of either old commune, and of the new one, with numerators and denominators."""
    for month in range(1, 7):
        cell("pub_inv_rate", f"2025-{month:02}", 50.0, "sample-old:DH", numerator=10.0, denominator=20.0)
        cell("pub_inv_rate", f"2025-{month:02}", 90.0, "sample-old:TL", numerator=72.0, denominator=80.0)
    for month in range(7, 13):
        cell("pub_inv_rate", f"2025-{month:02}", 60.0, HERE, numerator=60.0, denominator=100.0)
    for month in range(1, 11):
        cell("pub_inv_rate", f"2026-{month:02}", 63.0, HERE, numerator=63.0, denominator=100.0)


ALONE = f"/indicators/pub_inv_rate?unit={HERE}&cumulative=0"


def test_a_rate_divided_again_is_on_the_line_with_its_method_and_the_break_names_what_went_in(
    rates: None, sign_in: Callable[..., Client]
) -> None:
    page = opens(sign_in(), ALONE)
    assert page.count('class="made made-this"') == 6 + 1, "six months, and the key of the mark"
    said = words(page)
    assert f"Sáp nhập 01/07/2025: Đại Hà, Tân Lập (thử; {BASIS})" in said
    assert "Quy đổi về địa giới 22/11/2026: 6 chính xác" in said
    assert "Tháng 6/2025" in said
    assert "82" in said  # (10 + 72) / (20 + 80)
    assert "Chính xác 100% phần hợp thành có số" in said


def test_the_words_are_english_for_an_english_reader(rates: None, sign_in: Callable[..., Client]) -> None:
    said = words(opens(sign_in(language="en"), ALONE))
    assert f"Merger 01/07/2025: Đại Hà (en), Tân Lập (en) (thử; {BASIS})" in said
    assert "Re-based to the map of 22/11/2026: 6 exact" in said
    assert "Exact 100% of the parts known" in said


def test_the_months_of_last_year_say_that_they_are_re_based(rates: None, sign_in: Callable[..., Client]) -> None:
    assert "cùng kỳ: chính xác" in words(opens(sign_in(), ALONE))


def test_with_a_part_missing_a_rate_is_an_estimate_and_tells_its_coverage(
    rates: None, merged: dict[str, Unit], sign_in: Callable[..., Client]
) -> None:
    Cell.objects.filter(unit=merged["sample-old:TL"]).delete()
    said = words(opens(sign_in(), ALONE))
    assert "6 ước tính" in said
    assert "Ước tính 50% phần hợp thành có số" in said


def test_a_part_of_a_sum_is_not_comparable_and_says_why(
    merged: dict[str, Unit], cell: Write, sign_in: Callable[..., Client]
) -> None:
    cell("budget_rev", "2025-05", 10.0, "sample-old:DH")
    cell("budget_rev", "2025-08", 30.0, HERE)
    cell("budget_rev", "2026-10", 30.0, HERE)
    page = opens(sign_in(), f"/indicators/budget_rev?unit={HERE}&cumulative=0")
    assert "Không so sánh được 50% phần hợp thành có số · Thiếu số liệu của một số đơn vị hợp thành." in words(page)
    assert 'class="made' not in page


def test_a_rate_that_cannot_be_made_again_says_so_in_place_of_its_line(
    merged: dict[str, Unit], cell: Write, sign_in: Callable[..., Client]
) -> None:
    for code in ("DH", "TL"):
        cell("iip", "2025-05", 104.0, f"sample-old:{code}")
    said = words(opens(sign_in(), f"/indicators/iip?unit={HERE}&cumulative=0&period=2025-05&map=2026-11-22"))
    assert "Không so sánh được. Chỉ số này không tính lại được từ các phần." in said


def test_a_divided_commune_is_weighed_by_its_share(
    merged: dict[str, Unit], cell: Write, sign_in: Callable[..., Client]
) -> None:
    services.put_units(SYSTEM, [old_commune("CH", "Cẩm Hà")])
    services.put_changes(SYSTEM, [change("sample-old:CH", "sample:MS02", MERGED, "split", 0.25),
                                  change("sample-old:CH", "sample:MS03", MERGED, "split", 0.75)])  # fmt: skip
    memory.forget_all()
    merged.update({each.key: each for each in Unit.objects.all()})
    cell("budget_rev", "2025-05", 40.0, "sample-old:CH")
    cell("budget_rev", "2026-10", 30.0, "sample:MS02")
    said = words(opens(sign_in(), "/indicators/budget_rev?unit=sample:MS02&cumulative=0"))
    assert "Chia tách 01/07/2025" in said
    assert "1 có trọng số" in said
    assert "Tháng 5/2025 10 " in said


def test_a_page_without_re_basing_has_neither_column_nor_mark(figures: dict[str, Cell], sign_in: Callable[..., Client]) -> None:
    for path in ("/", "/indicators/pub_inv_rate", "/indicators/dossiers_on_time", "/places/sample:MS01"):
        page = opens(sign_in(), path)
        assert "uy đổi" not in page, path
        assert "Sáp nhập" not in page, path


def test_a_rename_is_no_break_and_a_new_status_is_one(rates: None, sign_in: Callable[..., Client]) -> None:
    services.put_changes(
        SYSTEM,
        [
            change(HERE, HERE, date(2026, 2, 1), "rename"),
            change(HERE, HERE, date(2026, 4, 30), "upgrade", basis="Nghị quyết 237/NQ-UBTVQH16"),
        ],
    )
    page = opens(sign_in(), ALONE)
    assert page.count('class="break"') == 2
    assert "Nâng cấp 30/04/2026 (Nghị quyết 237/NQ-UBTVQH16)" in words(page)
    assert "01/02/2026" not in page


def test_the_break_is_drawn_on_a_cumulative_line_that_crosses_it(
    merged: dict[str, Unit], cell: Write, sign_in: Callable[..., Client]
) -> None:
    for month in range(1, 13):
        cell("budget_rev", f"2025-{month:02}-ytd", 10.0 * month, HERE, method="forerunners" if month < 7 else "",
             coverage_have=2, coverage_want=2)  # fmt: skip
    client = sign_in()
    crossing = opens(client, f"/indicators/budget_rev?unit={HERE}&period=2025-12")
    assert crossing.count('class="break"') == 1
    assert crossing.count('class="made made-this"') == 6 + 1
    cell("budget_rev", "2026-10-ytd", 30.0, HERE)
    later = opens(client, f"/indicators/budget_rev?unit={HERE}")
    assert 'class="break"' not in later
    assert later.count('class="made made-before"') == 6, "last year's line keeps its marks"


def _rows(answer: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.decode("utf-8-sig")), delimiter=";"))


def test_the_export_says_what_was_re_based(rates: None, sign_in: Callable[..., Client]) -> None:
    client = sign_in()
    taken = client.get(ALONE.replace("pub_inv_rate?", "pub_inv_rate/values.csv?")).getvalue()
    rows = {each["Mã kỳ"]: each for each in _rows(taken)}
    assert (rows["2025-06"]["Quy đổi"], rows["2025-06"]["Phần hợp thành có số (%)"]) == ("Chính xác", "100")
    assert rows["2025-07"]["Quy đổi"] == ""
    everyone = _rows(client.get("/indicators/pub_inv_rate/values.csv?level=commune&cumulative=0").getvalue())
    assert {each["Quy đổi"] for each in everyone if each["Mã đơn vị"] == HERE and each["Mã kỳ"] < "2025-07"} == {"Chính xác"}


def test_an_export_without_re_basing_keeps_its_columns(figures: dict[str, Cell], sign_in: Callable[..., Client]) -> None:
    rows = _rows(sign_in().get("/indicators/pub_inv_rate/values.csv").getvalue())
    assert "Quy đổi" not in rows[0]


def test_map_and_ranking_of_an_old_month_on_todays_map_say_which_places_are_re_based(
    rates: None, cell: Write, sign_in: Callable[..., Client]
) -> None:
    page = opens(sign_in(), "/indicators/pub_inv_rate?period=2025-05&map=2026-11-22&cumulative=0")
    assert "Đông Sơn: 82% (quy đổi: chính xác)" in page
    said = words(page)
    assert "Quy đổi về địa giới 22/11/2026: 1 chính xác" in said
    assert "Phường Đông Sơn quy đổi: chính xác 82%" in said


def test_a_merger_still_to_come_leaves_the_running_month_on_line_map_ranking_and_export(
    province: dict[str, Unit], cell: Write, sign_in: Callable[..., Client]
) -> None:
    Unit.objects.filter(key="sample:MS02").update(valid_to=date(2026, 11, 27))
    services.put_changes(SYSTEM, [change("sample:MS02", HERE, date(2026, 11, 28), "merge")])
    memory.forget_all()
    register.forget()
    cell("pub_inv_rate", "2026-11", 63.0, HERE, numerator=63.0, denominator=100.0)
    cell("pub_inv_rate", "2026-11", 40.0, "sample:MS02", numerator=40.0, denominator=100.0)
    client = sign_in()
    for path in ("pub_inv_rate?period=2026-11&cumulative=0", f"pub_inv_rate?unit={HERE}&period=2026-11&cumulative=0"):
        said = words(opens(client, f"/indicators/{path}"))
        assert "63" in said
        assert "Không so sánh được" not in said, path
    taken = _rows(client.get("/indicators/pub_inv_rate/values.csv?level=commune&period=2026-11&cumulative=0").getvalue())
    shown = {each["Mã đơn vị"]: each["Giải ngân đầu tư công (%)"] for each in taken}
    assert shown == {HERE: "63,00", "sample:MS02": "40,00"}


def test_a_card_says_that_its_figure_or_its_comparison_is_re_based(
    merged: dict[str, Unit], cell: Write, sign_in: Callable[..., Client]
) -> None:
    made = {"method": "forerunners", "coverage_have": 2, "coverage_want": 2}
    cell("budget_rev", "2025-05-ytd", 40.0, HERE, **made)
    cell("budget_rev", "2026-05-ytd", 50.0, HERE)
    client = sign_in()
    assert "so cùng kỳ (quy đổi)" in words(opens(client, f"/places/{HERE}?period=2026-05"))
    assert "quy đổi: chính xác" in words(opens(client, f"/places/{HERE}?period=2025-05"))


def _fields(made: Cell) -> dict[str, object]:
    return {each.attname: getattr(made, each.attname) for each in Cell._meta.fields if each.name not in ("id", "unit")}


def test_the_number_of_queries_grows_neither_with_periods_nor_with_places(
    rates: None, drawn: Write, sign_in: Callable[..., Client]
) -> None:
    client, path = sign_in(), "/indicators/pub_inv_rate?period=2025-05&map=2026-11-22&cumulative=0"
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for code in ("MS02", "MS03", "MS04"):
        services.put_units(SYSTEM, [old_commune(f"{code}A", code), old_commune(f"{code}B", code)])
        services.put_changes(
            SYSTEM, [change(f"sample-old:{code}{part}", f"sample:{code}", MERGED, "merge") for part in ("A", "B")]
        )
        unit = Unit.objects.get(key=f"sample-old:{code}A")
        for number, month in enumerate(("2025-04", "2025-05")):
            Cell.objects.create(**{**_fields(drawn("pub_inv_rate", month, 50.0 + number)), "unit": unit})
    memory.forget_all()
    register.forget()
    client.get(path)
    with CaptureQueriesContext(connection) as more:
        client.get(path)
    assert len(more) <= len(few)
