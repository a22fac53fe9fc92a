"""Every figure on a page of figures leads to its proof."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from tests.boards.conftest import NOW

from toancanh.indicators.models import Cell
from toancanh.intake.models import Source

PAGES = (
    "/",
    "/fields/socio_economic",
    "/fields/public_services",
    "/indicators/pub_inv_rate",
    "/indicators/dossiers_on_time",
    "/indicators/pub_inv_rate?unit=sample:MS03",
    "/places/sample:MS",
    "/places/sample:MS03",
    "/agencies/agency:STC",
)
# Columns of numbers that are no figures: what a figure is held against, dates, ranks, counts of rows, what is known of a unit.
OTHERS = frozenset({
    "Hạng", "Mục tiêu", "Kế hoạch", "Giới hạn", "Không quá", "Số liệu đến", "Hạn nộp", "Dân số", "km²", "Ngày", "Phần",
    "Dòng nhận", "Nhịp gửi", "Chờ rà soát", "Lần gửi cuối", "Chậm", "Dòng hôm nay", "Lỗi 24 giờ",
})  # fmt: skip


def figures_of(page: str) -> Iterator[tuple[str, str, str]]:
    """(where, text, address of the proof) of each number in a table and on each card."""
    for table in re.findall(r"(?s)<table.*?</table>", page):
        heads = [_text(each) for each in re.findall(r'(?s)<th scope="col".*?</th>', table)]
        for row in re.findall(r"(?s)<tr>.*?</tr>", table.partition("<tbody>")[2]):
            for head, cell in zip(heads, re.findall(r"(?s)<t[hd].*?</t[hd]>", row), strict=True):
                if head not in OTHERS and cell.startswith('<td class="num'):
                    yield from _numbers(head, cell)
    head = r'(?s)<section class="panel indicator-head.*?</section>'  # its proof is the button below the figure
    for card in (*re.findall(head, page), *re.findall(r'(?s)<(?:a|span) class="figure".*?</p>', re.sub(head, "", page))):
        yield from _numbers("card", card)


def _numbers(where: str, part: str) -> Iterator[tuple[str, str, str]]:
    if any(map(str.isdigit, _text(part))):
        yield where, _text(part), "".join(re.findall(r'href="(/values/\d+/proof[^"]*)"', part))


def _text(part: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", part)).strip()


@pytest.fixture
def corrected(cell: Callable[..., Cell], figures: dict[str, Cell]) -> None:
    cell("pub_inv_rate", "2026-10-ytd", 61.0, known_to=NOW)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.slow
def test_every_figure_of_a_page_leads_to_its_proof(
    path: str, figures: dict[str, Cell], feeds: dict[str, Source], corrected: None, sign_in: Callable[..., Client]
) -> None:
    client = sign_in()
    found = list(figures_of(client.get(path).content.decode()))
    assert found, path
    assert [(where, text) for where, text, href in found if not href.startswith("/values/")] == []
    for href in {href for _, _, href in found}:
        assert client.get(href).status_code == 200


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_link_of_a_figure_says_what_it_does(language: str, figures: dict[str, Cell], sign_in: Callable[..., Client]) -> None:
    page = sign_in(language=language).get("/indicators/pub_inv_rate").content.decode()
    spoken = "prove this figure" if language == "en" else "chứng minh số này"
    assert page.count(f", {spoken}</span></a>") == page.count('href="/values/') - 1 > 20  # and the button


def test_figures_of_last_year_and_replaced_ones_are_proved_too(
    figures: dict[str, Cell], corrected: None, sign_in: Callable[..., Client]
) -> None:
    found = list(figures_of(sign_in().get("/indicators/pub_inv_rate").content.decode()))
    for column in ("Cùng kỳ", "Số cũ", "Số mới"):
        assert any(where == column for where, _, _ in found), column
