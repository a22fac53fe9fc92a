"""What a reader finds on the pages."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.boards.conftest import NOW

from toancanh.indicators.models import Cell
from toancanh.intake.models import Delivery, Source

EVERY_PAGE = (
    "/",
    "/?period=2026-10",
    "/?period=2026-Q3&cumulative=0",
    "/?on_map=dossiers_on_time",
    "/map-choice",
    "/fields/socio_economic",
    "/fields/public_services",
    "/fields/air_quality",
    "/indicators/pub_inv_rate",
    "/indicators/pub_inv_rate?cumulative=0",
    "/indicators/dossiers_on_time?level=agency",
    "/indicators/poor_reduced",
    "/indicators/grdp_growth?period=2026",
    "/indicators/pub_inv_rate?unit=sample:MS03",
    "/places/sample:MS",
    "/places/sample:MS01",
    "/places/sample-old:DH",
    "/agencies/agency:NNMT",
    "/agencies/agency:TK",
    "/search?q=hoa+binh",
    "/search",
    "/sources",
    "/fragments/tile/pub_inv_rate",
    "/fragments/places/dossiers_on_time",
    "/fragments/sources",
    "/indicators/pub_inv_rate/values.csv",
    "/indicators/pub_inv_rate/values.xlsx?level=commune",
    "/indicators/pub_inv_rate/series.json",
)


def words(page: str) -> str:
    """What a reader reads: no tags, single spaces."""
    text = re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|svg)\b.*?</\1>", " ", page))
    return re.sub(r"\s+", " ", html.unescape(text))


def opens(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, f"{path}: {answer.status_code}"
    return answer.content.decode()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", EVERY_PAGE)
@pytest.mark.slow
def test_every_page_opens_in_both_languages(
    path: str, language: str, figures: dict[str, Cell], feeds: dict[str, Source], sign_in: Callable[..., Client]
) -> None:
    assert sign_in("leader", language=language).get(path).status_code == 200


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page_opens_before_anything_was_sent(path: str, sign_in: Callable[..., Client]) -> None:
    assert sign_in("leader").get(path).status_code == 200


@pytest.mark.parametrize("path", [*EVERY_PAGE, "/values/1/proof", "/indicators/pub_inv_rate/rows"])
def test_nobody_sees_a_page_without_signing_in(path: str, figures: dict[str, Cell]) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in")


def test_the_overview_says_first_what_is_wrong(
    figures: dict[str, Cell], feeds: dict[str, Source], sign_in: Callable[..., Client]
) -> None:
    page = words(opens(sign_in("leader"), "/"))
    assert "1 chỉ tiêu chưa đạt, 1 cần chú ý" in page
    assert "Giải ngân đầu tư công 63,5%, kế hoạch 75%" in page
    assert "▲ 5,4 điểm % so cùng kỳ" in page
    assert "Sở Nông nghiệp và Môi trường nợ 1 chỉ tiêu" in page
    assert "12 chỉ tiêu chưa có số liệu" in page, "one that is late, eleven that the one-stop system could send"
    assert "Dữ liệu mẫu" in page


def test_a_figure_that_is_owed_is_a_dash_with_who_owes_it_and_since_when(
    figures: dict[str, Cell], sign_in: Callable[..., Client]
) -> None:
    card = words(opens(sign_in("leader"), "/fragments/tile/poor_reduced"))
    assert "–" in card
    assert "Chưa có số liệu" in card
    assert "Sở Nông nghiệp và Môi trường trễ 7 ngày" in card
    assert "Gần nhất: 30/09" in card


def test_a_silent_source_turns_its_automatic_figures_grey(
    figures: dict[str, Cell], feeds: dict[str, Source], sign_in: Callable[..., Client]
) -> None:
    client = sign_in("leader")
    assert "Cần chú ý" in words(opens(client, "/fragments/tile/dossiers_on_time"))
    Delivery.objects.filter(dataset="dossiers").update(received_at=NOW - timedelta(hours=3))
    page = opens(client, "/fragments/tile/dossiers_on_time")
    assert "state-stale" in page
    assert "Số liệu lúc 06:42, nguồn gửi chậm" in words(page)


def test_partial_estimated_and_revised_figures_say_so(
    figures: dict[str, Cell], cell: Callable[..., Cell], sign_in: Callable[..., Client]
) -> None:
    client = sign_in("leader")
    assert "state-provisional" in opens(client, "/fragments/tile/iip")
    assert "Ước tính" in words(opens(client, "/fragments/tile/iip"))
    Cell.objects.filter(pk=figures["budget_rev"].pk).update(coverage_have=30, coverage_want=39)
    assert "30/39 nơi đã báo cáo" in words(opens(client, "/fragments/tile/budget_rev"))
    Cell.objects.filter(pk=figures["budget_rev"].pk).update(coverage_have=9, coverage_want=10, method="periods")
    assert "9/10 kỳ đã báo cáo" in words(opens(client, "/fragments/tile/budget_rev"))
    assert "Độ phủ 9/10 kỳ" in words(opens(client, f"/values/{figures['budget_rev'].pk}/proof"))
    cell("pub_inv_rate", "2026-10-ytd", 62.9, known_from=NOW - timedelta(days=20), known_to=NOW - timedelta(days=10))
    assert "Đã điều chỉnh 12/11: 62,9 → 63,5" in words(opens(client, "/fragments/tile/pub_inv_rate"))
    assert "62,9" in words(opens(client, "/indicators/pub_inv_rate")), "the page lists what was corrected"


def test_a_chosen_period_shows_exactly_that_period(figures: dict[str, Cell], sign_in: Callable[..., Client]) -> None:
    client = sign_in("leader")
    assert "31,8" in words(opens(client, "/fragments/tile/pub_inv_rate?period=2026-05")), "31.75 is read half up"
    assert "6,3" in words(opens(client, "/fragments/tile/pub_inv_rate?period=2026-05&cumulative=0"))
    later = words(opens(client, "/fragments/tile/pub_inv_rate?period=2026-11"))
    assert "Chưa có số liệu" in later


def test_every_figure_leads_to_its_proof_and_every_link_keeps_the_period(
    figures: dict[str, Cell], sign_in: Callable[..., Client]
) -> None:
    page = opens(sign_in("leader"), "/?period=2026-10")
    assert f'href="/values/{figures["pub_inv_rate"].pk}/proof"' in page
    assert 'href="/indicators/pub_inv_rate?period=2026-10&amp;unit=sample%3AMS"' in page
    assert 'href="/places/sample:MS03?period=2026-10"' in page


def test_too_few_records_are_hatched_and_left_out_of_the_ranking(
    figures: dict[str, Cell], sign_in: Callable[..., Client]
) -> None:
    page = opens(sign_in("leader"), "/fragments/places/dossiers_on_time")
    assert "ít hồ sơ (5)" in page
    ranking = words(page[page.index("ranking") :])
    assert "Đông Sơn" not in ranking
    assert ranking.index("Chợ Rã") < ranking.index("Văn Lang") < ranking.index("Hòa Bình"), "the worst first"


def test_the_map_and_its_colours(figures: dict[str, Cell], sign_in: Callable[..., Client]) -> None:
    page = opens(sign_in("leader"), "/fragments/places/pub_inv_rate")
    assert page.count('class="area seq-2"') == 5, "50 to 54 per cent"
    assert page.count('class="area seq-3"') == 1, "55 per cent begins the third class"
    assert "Ranh giới minh họa" in page
    for word in ("dưới 40%", "40 – 55", "từ 75%"):
        assert word in words(page)


def test_the_indicator_page_has_definition_line_places_breakdown_and_numbers(
    figures: dict[str, Cell], feeds: dict[str, Source], sign_in: Callable[..., Client]
) -> None:
    page = words(opens(sign_in("leader"), "/indicators/dossiers_on_time"))
    for said in (
        "97,8",
        "Chứng minh số này",
        "Quyết định 766/QĐ-TTg",
        "Văn phòng UBND tỉnh",
        "Trực tuyến",
        "Bảng số",
        "Lần gửi gần đây",
    ):
        assert said in page
    page = words(opens(sign_in("leader"), "/indicators/pub_inv_rate"))
    assert "Cao hơn cùng kỳ 5,4 điểm %, thấp hơn kế hoạch 11,5 điểm %." in page
    assert "Lũy kế 3 tháng 2026" in page


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/indicators/pub_inv_rate", "5.4 pp above last year, 11.5 pp below the plan."),
        ("/indicators/pub_inv_rate", "Issue a directive"),
        ("/places/sample:MS03", "Sample data (a fictional province)"),
    ],
)
def test_english_pages_speak_english(figures: dict[str, Cell], sign_in: Callable[..., Client], path: str, said: str) -> None:
    page = html.unescape(sign_in("leader", language="en").get(path).content.decode())
    assert said in page
    assert "tỉnh hư cấu" not in page


def test_the_place_page_ranks_it_among_its_peers_and_tells_where_it_came_from(
    figures: dict[str, Cell], sign_in: Callable[..., Client]
) -> None:
    page = words(opens(sign_in("leader"), "/places/sample:MS01"))
    assert "Xã Đại Hà" in page
    assert "20.000 người" in page
    assert "6/6" in page, "the lowest disbursement of six"


def test_the_agency_page_tells_what_it_owes(
    figures: dict[str, Cell], feeds: dict[str, Source], sign_in: Callable[..., Client]
) -> None:
    page = words(opens(sign_in("leader"), "/agencies/agency:NNMT"))
    assert "Nợ 1 chỉ tiêu" in page
    assert "Hộ nghèo giảm trong năm" in page
    assert "trễ 7 ngày" in page
    assert "Nguồn reports" in words(opens(sign_in("leader"), "/agencies/agency:TK"))


def test_keys_lead_to_the_right_kind_of_page(figures: dict[str, Cell], sign_in: Callable[..., Client]) -> None:
    client = sign_in("leader")
    assert client.get("/places/agency:TK").url == "/agencies/agency:TK"
    assert client.get("/agencies/sample:MS01").url == "/places/sample:MS01"


@pytest.mark.parametrize(
    "path",
    [
        "/?period=banana",
        "/?period=2026-10-05",
        "/?map=yesterday",
        "/fields/nope",
        "/indicators/nope",
        "/places/nope",
        "/agencies/x:y",
        "/values/999999/proof",
        "/indicators/nope/values.csv",
        "/?on_map=nope",
        "/indicators/pub_inv_rate?unit=nope",
    ],
)
def test_what_does_not_exist_is_told_in_words(path: str, figures: dict[str, Cell], sign_in: Callable[..., Client]) -> None:
    page = words(opens(sign_in("leader"), path, status=404))
    assert "Về Tổng quan" in page


@pytest.mark.parametrize("q", ["hoa binh", "Hoà Bình", "phường Hòa Bình", "HÒA BÌNH"])
def test_search_folds_marks_tones_and_prefixes(q: str, province: Any, sign_in: Callable[..., Client]) -> None:
    assert "/places/sample:MS02" in opens(sign_in("leader"), f"/search?q={q}")


def test_search_finds_indicators_and_agencies_and_answers_the_box_with_links(
    province: Any, sign_in: Callable[..., Client]
) -> None:
    client = sign_in("leader")
    found = client.get("/search?q=giai+ngan", headers={"HX-Request": "true"}).content.decode()
    assert "/indicators/pub_inv_rate" in found
    assert "<html" not in found
    assert "/agencies/agency:STC" in opens(client, "/search?q=so+tai+chinh")


def test_an_officer_of_one_commune_sees_its_figures_and_no_others(
    figures: dict[str, Cell], sign_in: Callable[..., Client]
) -> None:
    client = sign_in("officer", area="sample:MS03")
    assert "95" in words(opens(client, "/fragments/tile/dossiers_on_time?unit=sample:MS03"))
    for path in (
        "/",
        "/fragments/tile/dossiers_on_time",
        "/indicators/dossiers_on_time",
        "/fields/public_services",
        "/places/sample:MS",
    ):
        page = words(opens(client, path))
        assert "97,8" not in page, path
        assert "89" not in page.replace("sample", ""), f"{path}: the figure of another commune"
    text = client.get("/indicators/dossiers_on_time/values.csv?level=commune").content.decode("utf-8-sig")
    assert {line.split(";")[0] for line in text.splitlines()[1:]} == {"sample:MS03"}
    assert client.get(f"/values/{figures['on_time'].pk}/proof").status_code == 404


def test_a_field_that_one_may_not_see_is_shut(figures: dict[str, Cell], sign_in: Callable[..., Client]) -> None:
    client = sign_in("officer", field="public_services")
    assert client.get("/fields/socio_economic").status_code == 403
    assert client.get("/indicators/pub_inv_rate").status_code == 403
    page = opens(client, "/")
    assert "63,5" not in page
    assert "/fields/socio_economic" not in page


def test_the_csv_opens_in_vietnamese_excel_and_the_workbook_holds_numbers(
    figures: dict[str, Cell], sign_in: Callable[..., Client]
) -> None:
    client = sign_in("leader")
    body = client.get("/indicators/pub_inv_rate/values.csv?period=2026-10").content
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert rows[-1][2:5] == ["2026-10-ytd", "Lũy kế 10 tháng 2026", "63,50"]
    sheet = load_workbook(io.BytesIO(client.get("/indicators/pub_inv_rate/values.xlsx?level=commune").content)).active
    assert sheet is not None
    assert sorted(float(row[4].value) for row in sheet.iter_rows(min_row=2, max_row=7)) == [50.0, 51.0, 52.0, 53.0, 54.0, 55.0]


def test_the_explored_chart_gets_the_same_numbers(figures: dict[str, Cell], sign_in: Callable[..., Client]) -> None:
    told = json.loads(opens(sign_in("leader"), "/indicators/pub_inv_rate/series.json"))
    own = next(each for each in told["series"] if each["role"] == "this")
    assert own["points"][9] == pytest.approx(63.5)
    assert own["points"][10:] == [None, None]
    target = next(each for each in told["series"] if each["role"] == "target")
    assert target["points"][11] == 95.0, "the declared path goes on to December"


def test_live_parts_carry_their_key_and_ask_a_page_that_prints_them_in_the_same_order(
    figures: dict[str, Cell], feeds: dict[str, Source], sign_in: Callable[..., Client]
) -> None:
    client = sign_in("leader")
    page = opens(client, "/")
    parts = re.findall(r'data-live-key="([^"]+)" data-live-href="([^"]*)"', page)
    assert {"pub_inv_rate@sample:MS", "sources@*"} <= {each for key, _ in parts for each in key.split()}
    assert any(key.endswith("@*") and "/fragments/places/" in href for key, href in parts)
    for href in {href for _, href in parts}:
        here = [key for key, other in parts if other == href]
        fresh = re.findall(r'data-live-key="([^"]+)"', opens(client, html.unescape(href)))
        assert fresh == here, href
    assert 'data-live="/live/stream?scope=sample:MS' in page


def test_who_makes_rules_finds_the_way_from_the_number(figures: dict[str, Cell], sign_in: Callable[..., Client]) -> None:
    way = "/rules/new?indicator=pub_inv_rate"
    assert way in opens(sign_in("analyst"), "/indicators/pub_inv_rate")
    assert way not in opens(sign_in("leader"), "/indicators/pub_inv_rate")
