"""What "/" says to whom the province's own figures are closed: what is theirs comes first, and nothing is called missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.boards.test_pages import opens, words

from toancanh.indicators.models import Cell
from toancanh.people.models import Grant, User
from toancanh.units.models import Unit

SignIn = Callable[..., Client]
HERS = "sample:MS03"


def heading(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.S)
    assert found is not None
    return words(found[1])


def test_an_officer_of_one_commune_reads_of_her_commune_above_the_locks(figures: Any, sign_in: SignIn) -> None:
    page = opens(sign_in("officer", area=HERS), "/")
    assert heading(page) == "Xã Thạch Bình: 1 chỉ tiêu chưa đạt, 1 cần chú ý"
    assert "Chưa có quyền xem số liệu chung của Tỉnh Minh Sơn." in words(page)
    hers, province = page.index("95<"), page.index("Chỉ tiêu trọng tâm: Tỉnh Minh Sơn")
    assert hers < province < page.index("state-denied")
    assert f'href="/places/{HERS}">Xem trang địa bàn</a>' in page
    assert "97,8" not in page
    assert 'class="panel map' not in page


def test_what_waits_for_a_decision_is_about_the_commune_and_leads_there(figures: Any, sign_in: SignIn) -> None:
    page = opens(sign_in("officer", area=HERS), "/")
    decisions = re.findall(r'<li class="panel decision.*?</li>', page, re.S)
    assert decisions
    assert all(f"unit={HERS}".replace(":", "%3A") in each for each in decisions)


def test_the_stream_and_the_head_asked_again_are_of_the_commune(figures: Any, sign_in: SignIn) -> None:
    officer = sign_in("officer", area=HERS)
    page, again = opens(officer, "/"), opens(officer, "/fragments/summary")
    assert re.search(r'data-live="[^"]*MS03', page)
    assert f"*@{HERS} incidents@*" in page
    assert heading(again) == heading(page)


def test_the_agency_comes_after_the_place_and_each_has_its_page(figures: Any, sign_in: SignIn) -> None:
    page = opens(sign_in("officer", agency="agency:VP", area=HERS), "/")
    assert page.index("Xem trang địa bàn") < page.index("Xem trang cơ quan") < page.index("Chỉ tiêu trọng tâm")
    assert 'href="/agencies/agency:VP"' in page


@pytest.mark.parametrize(
    ("language", "said", "ask", "none"),
    [
        ("vi", "Chưa được xem chỉ tiêu nào ở đây", "Đề nghị quản trị hệ thống cấp quyền", "Chưa có chỉ tiêu nào để đánh giá"),
        ("en", "None of these figures is open to you", "Ask the administrator for access.", "Nothing to judge yet"),
    ],
)
def test_an_officer_without_a_single_open_figure_is_told_so_and_whom_to_ask(
    sign_in: SignIn, language: str, said: str, ask: str, none: str
) -> None:
    page = opens(sign_in("officer", area=HERS, language=language), "/")
    assert heading(page) == said
    assert ask in words(page)
    assert none not in words(page)
    assert f'href="/places/{HERS}"' in page


def test_pages_of_closed_figures_do_not_say_that_there_are_none(figures: Any, sign_in: SignIn) -> None:
    officer = sign_in("officer", area=HERS)
    for path in ("/places/sample:MS04", "/fields/public_services"):
        said = heading(opens(officer, path))
        assert said.endswith("chưa được xem chỉ tiêu nào ở đây"), path
    assert "chưa được xem" not in heading(opens(officer, f"/places/{HERS}"))


def test_the_side_bar_tells_nothing_of_closed_figures(figures: Any, sign_in: SignIn) -> None:
    def told(client: Client) -> bool:
        return 'class="status is-bad"' in opens(client, "/sources").split("</nav>")[0]

    assert told(sign_in("leader"))
    assert not told(sign_in("officer", area=HERS))


def test_who_sees_the_province_has_no_section_of_ones_own(figures: Any, sign_in: SignIn) -> None:
    for client in (sign_in("leader"), sign_in("officer", field="socio_economic"), sign_in("officer", agency="agency:STC")):
        page = opens(client, "/")
        assert "Xem trang" not in page
        assert 'class="row-map"' in page


def test_a_fourth_unit_with_figures_comes_before_three_that_have_none(
    figures: Any, province: dict[str, Unit], sign_in: SignIn
) -> None:
    officer = sign_in("officer", area="sample:MS01")
    for code in ("MS02", "MS04", "MS03"):
        Grant.objects.create(user=User.objects.get(), actions=["view"], area=province[f"sample:{code}"], given_by="test")
    Cell.objects.filter(unit__code__in=("MS01", "MS02", "MS04")).delete()
    own = re.findall(r'href="/places/(sample:MS\d+)">Xem trang địa bàn', opens(officer, "/"))
    assert own == [HERS, "sample:MS01", "sample:MS02"]


@pytest.mark.parametrize("path", ["/", "/fragments/summary"])
def test_the_page_stands_when_what_is_ones_own_cannot_be_made(
    figures: Any, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def falls(*_given: object) -> object:
        raise RuntimeError("the part is broken")

    monkeypatch.setattr("toancanh.boards.pages.overview.own", falls)
    page = words(opens(sign_in("officer", area=HERS), path))
    assert "Chưa được xem chỉ tiêu nào ở đây" in page
    assert ("Nơi và cơ quan của bạn Không tải được phần này. Mã lỗi" in page) == (path == "/")


@pytest.mark.parametrize(
    ("language", "closed", "nothing"),
    [
        ("vi", "Bạn chưa được xem số liệu của các nơi cùng cấp.", "Chưa có chỉ tiêu nào so sánh được"),
        ("en", "The figures of its peers are closed to you.", "Nothing to compare with its peers yet"),
    ],
)
def test_a_rank_among_closed_peers_is_called_closed_not_missing(
    figures: Any, sign_in: SignIn, language: str, closed: str, nothing: str
) -> None:
    page = words(opens(sign_in("officer", area=HERS, language=language), f"/places/{HERS}"))
    assert closed in page
    assert nothing not in page
    Cell.objects.all().delete()
    page = words(opens(sign_in("leader", language=language), f"/places/{HERS}"))
    assert nothing in page
    assert closed not in page
