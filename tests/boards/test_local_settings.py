"""What a province sets itself about an indicator: through the page, with a reason, and named by the proof."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.test import Client

from toancanh.audit.models import AuditEntry
from toancanh.indicators.models import Cell, IndicatorOverride, TargetOverride
from toancanh.indicators.overrides import effective

SignIn = Callable[..., Client]
ADDRESS = "/indicators/pub_inv_rate/local"
BASIS = "Nghị quyết 12/NQ-HĐND"
PATH = ";".join(f"{month * 7},5" for month in range(1, 13))


def _now(period: str = "2026-10-01") -> Cell:
    return Cell.objects.get(
        indicator="pub_inv_rate", unit__key="sample:MS", cumulative=True, known_to=None, dimension="",
        period_start__range=("2026-09-30T00:00Z", "2026-10-02T00:00Z"),
    )  # fmt: skip


@pytest.mark.parametrize(("values", "target"), [("80", 80.0), (PATH, 70.5)])
def test_a_target_set_on_the_page_holds_at_once_and_its_old_version_is_kept(
    values: str, target: float, figures: dict[str, Cell], sign_in: SignIn
) -> None:
    analyst = sign_in("analyst")
    assert f'href="{ADDRESS}"' in analyst.get("/indicators/pub_inv_rate").content.decode()
    before = _now()
    answer = analyst.post(ADDRESS, {"act": "target", "year": "2026", "values": values, "reason": BASIS})
    assert answer.status_code == 302
    assert _now().target == target
    before.refresh_from_db()
    assert (before.target, before.known_to is None) == (75.0, False)
    assert BASIS in analyst.get(ADDRESS).content.decode()
    entry = AuditEntry.objects.get(action="indicators.set_target")
    assert entry.details["basis"] == BASIS
    proof = analyst.get(f"/values/{_now().pk}/proof").content.decode()
    assert "Mục tiêu do tỉnh đặt" in proof
    assert BASIS in proof


def test_a_target_is_withdrawn_with_a_reason_and_the_declared_one_holds_again(figures: dict[str, Cell], sign_in: SignIn) -> None:
    analyst = sign_in("analyst")
    fixed = "/indicators/dossiers_on_time/local"
    assert "Bỏ mục tiêu đã đặt" not in analyst.get(fixed).content.decode()
    analyst.post(fixed, {"act": "target", "year": "2026", "values": "80", "reason": BASIS})
    held = Cell.objects.filter(indicator="dossiers_on_time", known_to=None, period_start__year=2026, dimension="")
    assert set(held.values_list("target", flat=True)) == {80.0}
    kept = TargetOverride.objects.get()
    blank = analyst.post(fixed, {"act": "withdraw", "which": kept.pk, "reason": " "})
    assert (blank.status_code, TargetOverride.objects.count()) == (422, 1)
    assert analyst.post(fixed, {"act": "withdraw", "which": kept.pk, "reason": "Hết hiệu lực"}).status_code == 302
    assert set(held.values_list("target", flat=True)) == {98.0}
    entry = AuditEntry.objects.get(action="indicators.withdraw_target")
    assert (entry.reason, entry.details["values"]) == ("Hết hiệu lực", ["80.0"])
    assert not TargetOverride.objects.exists()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("dossiers_on_time", ("98%", "5%")),
        ("pub_inv_rate", ("40; 55", "75")),
        ("budget_rev", ("Kế hoạch năm theo báo cáo",)),
    ],
)
def test_the_page_shows_what_holds_without_a_local_setting(
    code: str, said: tuple[str, ...], figures: dict[str, Cell], sign_in: SignIn
) -> None:
    page = sign_in("analyst").get(f"/indicators/{code}/local").content.decode()
    declared = page[page.index("Theo khai báo của lĩnh vực") : page.index("Mục tiêu đã đặt")]
    for each in said:
        assert each in declared


def test_owner_and_thresholds_are_set_with_a_reason_and_taken_back(figures: dict[str, Cell], sign_in: SignIn) -> None:
    analyst = sign_in("analyst")
    given = {"act": "definition", "owner": "office", "tolerance": "12,5", "smallest_base": "30", "reason": "Phân công lại"}
    assert analyst.post(ADDRESS, given).status_code == 302
    kept = IndicatorOverride.objects.get()
    assert (kept.owner, kept.tolerance, kept.smallest_base) == ("office", 0.125, 30)
    assert AuditEntry.objects.get(action="indicators.override").reason == "Phân công lại"
    assert 'value="12,5"' in analyst.get(ADDRESS).content.decode()
    analyst.post(ADDRESS, {"act": "definition", "owner": "", "tolerance": "", "smallest_base": "", "reason": "Bỏ"})
    kept.refresh_from_db()
    assert (kept.owner, kept.tolerance, kept.smallest_base) == ("", None, None)


def test_map_colours_and_the_legal_basis_are_the_provinces_too(figures: dict[str, Cell], sign_in: SignIn) -> None:
    analyst = sign_in("analyst")
    given = {"act": "definition", "classes": "1.000; 2.000,5; 3.000; 4.000", "basis": "Quyết định 9/QĐ-UBND", "reason": "Dễ đọc"}
    assert analyst.post(ADDRESS, given).status_code == 302
    assert effective("pub_inv_rate").classes == (1000, 2000.5, 3000, 4000)
    assert "1.000; 2.000,5; 3.000; 4.000" in analyst.get(ADDRESS).content.decode()
    assert "Quyết định 9/QĐ-UBND" in analyst.get("/indicators/pub_inv_rate").content.decode()
    analyst.post(ADDRESS, {"act": "definition", "reason": "Bỏ"})
    assert effective("pub_inv_rate").classes != (1000, 2000.5, 3000, 4000)
    assert "Quyết định 9/QĐ-UBND" not in analyst.get("/indicators/pub_inv_rate").content.decode()


@pytest.mark.parametrize("page", ["/?on_map=pub_inv_rate", "/indicators/pub_inv_rate", "/fragments/places/pub_inv_rate"])
def test_map_boundaries_set_here_colour_every_map_of_the_indicator(page: str, figures: dict[str, Cell], sign_in: SignIn) -> None:
    analyst = sign_in("analyst")
    analyst.post(ADDRESS, {"act": "definition", "classes": "51,5; 52,5; 53,5; 54,5", "reason": "Dễ đọc"})
    shown = analyst.get(page).content.decode()
    assert "dưới 51,5" in shown
    assert "52,5 – 53,5" in shown
    assert 'class="area seq-5"' in shown, "55 per cent is above the highest boundary"


def test_numbers_are_typed_as_the_language_of_the_page_writes_them(figures: dict[str, Cell], sign_in: SignIn) -> None:
    analyst = sign_in("analyst")
    analyst.post("/me/language", {"language": "en"})
    assert analyst.post(ADDRESS, {"act": "definition", "tolerance": "12.5", "reason": "As agreed"}).status_code == 302
    assert IndicatorOverride.objects.get().tolerance == 0.125
    assert 'value="12.5"' in analyst.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"act": "definition", "classes": "1; 2; 3", "reason": "a"}, "bốn số tăng dần"),
        ({"act": "definition", "classes": "1; 3; 2; 4", "reason": "a"}, "bốn số tăng dần"),
        ({"act": "target", "year": "26", "values": "80", "reason": BASIS}, "Nhập năm"),
        ({"act": "target", "year": "2026", "values": "tám mươi", "reason": BASIS}, "không phải là số"),
        ({"act": "target", "year": "2026", "values": "1;2", "reason": BASIS}, "mười hai số"),
        ({"act": "target", "year": "2026", "values": "80", "reason": " "}, "Nhập căn cứ"),
        ({"act": "definition", "owner": "khong_co", "reason": "a"}, "Chọn cơ quan chủ trì"),
        ({"act": "definition", "tolerance": "300", "reason": "a"}, "từ 0 đến 100%"),
        ({"act": "definition", "smallest_base": "ba", "reason": "a"}, "số nguyên"),
        ({"act": "khac"}, "các biểu"),
        ({"act": "withdraw", "which": "99", "reason": "a"}, "Chọn mục tiêu cần bỏ"),
    ],
)
def test_what_cannot_be_set_is_refused_beside_what_was_typed(
    given: dict[str, str], words: str, figures: dict[str, Cell], sign_in: SignIn
) -> None:
    answer = sign_in("analyst").post(ADDRESS, given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not TargetOverride.objects.exists()
    assert not IndicatorOverride.objects.exists()


def test_who_may_not_configure_sees_no_settings(figures: dict[str, Cell], sign_in: SignIn) -> None:
    officer = sign_in("officer", area="sample:MS")
    assert ADDRESS not in officer.get("/indicators/pub_inv_rate").content.decode()
    assert officer.get(ADDRESS).status_code == 403
    assert officer.post(ADDRESS, {"act": "target", "year": "2026", "values": "80", "reason": BASIS}).status_code == 403


def test_every_field_of_the_page_has_a_label_of_its_own(figures: dict[str, Cell], sign_in: SignIn) -> None:
    page = sign_in("analyst").get(ADDRESS).content.decode()
    ids = re.findall(r'\bid="(f-[^"]+)"', page)
    assert len(ids) == len(set(ids)) > 5
    assert {each for each in ids if not each.endswith("-hint")} <= set(re.findall(r'for="(f-[^"]+)"', page))


@pytest.mark.parametrize(
    ("code", "values", "vi", "en"),
    [
        ("dossiers_on_time", "500", "là 500%. Nhập số từ 0% đến 100%.", "be 500%. Enter a number between 0% and 100%."),
        ("dossiers_on_time", "-1", "không thể là -1%", "cannot be -1%"),
        ("dossiers_on_time", "97;" * 11 + "197", "không thể là 197%", "cannot be 197%"),
        ("dossiers_received", "-5", "Nhập số từ 0 hồ sơ trở lên.", "Enter a number of at least 0 dossiers."),
        ("grdp_growth", "-150", "Nhập số từ -100% trở lên.", "Enter a number of at least -100%."),
        ("iip", "1000", "Nhập số từ 20% đến", "Enter a number between 20% and"),
    ],
)
def test_a_target_that_can_never_be_is_refused_in_both_languages_with_the_range(
    code: str, values: str, vi: str, en: str, figures: dict[str, Cell], sign_in: SignIn
) -> None:
    form = {"act": "target", "year": "2026", "values": values, "reason": BASIS}
    for language, said in (("vi", vi), ("en", en)):
        answer = sign_in("analyst", language=language).post(f"/indicators/{code}/local", form)
        page = html.unescape(answer.content.decode())
        assert answer.status_code == 422
        assert said in page
        assert values.rpartition(";")[2] in page, "what was typed is kept"
    assert not TargetOverride.objects.exists()


@pytest.mark.parametrize(("code", "values"), [("pub_inv_rate", "105"), ("budget_rev_pct", "120"), ("grdp_growth", "-3")])
def test_the_share_of_a_plan_may_be_more_than_all_of_it_and_growth_less_than_nothing(
    code: str, values: str, figures: dict[str, Cell], sign_in: SignIn
) -> None:
    form = {"act": "target", "year": "2026", "values": values, "reason": BASIS}
    assert sign_in("analyst").post(f"/indicators/{code}/local", form).status_code == 302


def test_the_form_says_the_range_before_a_number_is_typed(figures: dict[str, Cell], sign_in: SignIn) -> None:
    assert "Mỗi số từ 0% đến 100%." in sign_in("analyst").get("/indicators/dossiers_on_time/local").content.decode()
