"""The pages of rules through HTTP: shown, changed in every part, tried, saved, switched, gone back to; limits of places."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.watch.conftest import HOUR, Hand
from tests.watch.field import PACK
from tests.watch.test_backtest import history

from toancanh.kernel.conditions import Against as Than
from toancanh.kernel.conditions import AllOf, AnyOf, Behind, By, Change, Condition, Rate, Seasonal, Silent, Threshold, TooLong
from toancanh.kernel.contracts import After, Level, Severity
from toancanh.kernel.text import Text
from toancanh.people.models import User
from toancanh.watch.definitions import watched
from toancanh.watch.models import LocalLimit, RuleVersion
from toancanh.watch.services.answers import acknowledge, mark_false
from toancanh.watch.views.rule_forms import whole

pytestmark = pytest.mark.django_db
People = dict[str, User]
LIMITS = {"c_limit": "150", "c_clears": "130", "hold": "0", "severity": "high", "seen": "0", "note": "Báo nhiều quá"}
SAVE = {"act": "save"}


@pytest.fixture
def analyst(client: Client, hand: Hand, people: People) -> Client:
    client.force_login(people["analyst"])
    return client


def body(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def posted(client: Client, path: str, given: dict[str, str], status: int = 200) -> str:
    return body(client.post(path, given), status)  # type: ignore[arg-type]


def rule_now(code: str = "dust_high") -> whole.Rule:
    return watched([code])[code].rule


def own(unit: str, limit: str, reason: str, **more: str) -> dict[str, str]:
    return {"unit": unit, "local_limit_0": limit, "local_clears_0": "", "local_reason": reason, "local_rule": "0"} | more


@pytest.mark.parametrize("code", [each.code for each in PACK.rules])
@pytest.mark.slow
def test_every_kind_of_rule_stands_on_its_page_and_saved_as_it_stands_is_the_same_rule(analyst: Client, code: str) -> None:
    before = rule_now(code)
    assert "Ngưỡng báo" in body(analyst.get(f"/rules/{code}"))
    assert analyst.post(f"/rules/{code}", whole.filled(before) | {"seen": "0"} | SAVE).status_code == 302
    assert rule_now(code) == before


@pytest.mark.parametrize("name", ["leader", "operator", "officer", "auditor"])
def test_who_may_not_configure_sees_the_rule_and_changes_nothing(client: Client, hand: Hand, people: People, name: str) -> None:
    client.force_login(people[name])
    page = body(client.get("/rules/dust_high"))
    assert 'value="save"' not in page
    assert "Thử trên 90 ngày qua" in page
    assert "/rules/new" not in body(client.get("/rules"))
    for path, given in (
        ("/rules/dust_high", LIMITS | SAVE),
        ("/rules/dust_high/switch", {"active": "", "seen": "0"}),
        ("/rules/dust_high/limits", own(hand.units["A"].key, "200", "Một lý do")),
        ("/rules/new", {"indicator": "dust"}),
    ):
        assert client.post(path, given).status_code == 403, path
    assert client.get("/rules/new").status_code == 403
    assert not RuleVersion.objects.exists()
    assert not LocalLimit.objects.exists()


def test_a_rule_is_tried_on_ninety_days_before_it_is_saved(analyst: Client, hand: Hand) -> None:
    history(hand.units, {"A": [50, 120, 180, 90, 70, 160, 60], "B": [10, 160, 30, 20, 10, 20, 10]})
    page = posted(analyst, "/rules/dust_high", LIMITS | {"act": "try"})
    assert "Sẽ báo 3 lần trong 90 ngày qua, tại 2 nơi; 3 lần có người được báo." in page
    assert "Người sẽ được báo: Officer, Operator." in page
    assert "180 mg" in page
    assert 'value="150"' in page, "what was typed stays"
    assert "Chỉ tiêu dust: trên 150 mg; hết khi về 130 mg." in page
    assert "Indicator dust" not in page, "one language on a page"
    assert not RuleVersion.objects.exists()
    assert "Sẽ không báo lần nào" in posted(analyst, "/rules/dust_high", LIMITS | {"c_limit": "1.500", "act": "try"})


def test_a_rule_is_saved_as_a_version_and_switched(analyst: Client) -> None:
    assert analyst.post("/rules/dust_high", LIMITS | SAVE).status_code == 302
    page = body(analyst.get("/rules/dust_high"))
    assert "trên 150 mg; hết khi về 130 mg" in page
    assert "Báo nhiều quá" in page
    assert analyst.post("/rules/dust_high/switch", {"active": "", "seen": "1"}).status_code == 302
    assert "Quy tắc đang tắt." in body(analyst.get("/rules/dust_high"))
    assert "đang tắt" in body(analyst.get("/rules"))


def test_two_analysts_at_one_rule_are_told_of_each_other(analyst: Client, people: People) -> None:
    analyst.post("/rules/dust_high", LIMITS | SAVE)
    analyst.force_login(people["administrator"])
    page = posted(analyst, "/rules/dust_high", LIMITS | {"c_limit": "90", "c_clears": ""} | SAVE, 409)
    assert "analyst đã lưu phiên bản 1" in page
    assert 'name="seen" value="0"' in page, "the other's change must be looked at before this is sent again"
    assert analyst.post("/rules/dust_high/switch", {"active": "", "seen": "0"}).status_code == 409


def test_everything_of_a_rule_is_changed_on_its_page(analyst: Client) -> None:
    more = {
        "every": "province", "sample": "30", "severity": "medium", "rise_high": "1,5", "rise_urgent": "", "fall_medium": "",
        "fall_low": "3", "title_vi": "Bụi lâu", "title_en": "Long dust", "advice_vi": "Gọi trạm", "advice_en": "Call the station",
        "basis": "Luật 72/2020", "by": "station", "hold": "0,5",
    }  # fmt: skip
    assert analyst.post("/rules/dust_graded", LIMITS | {"c_limit": "500", "c_clears": "400"} | more | SAVE).status_code == 302
    rule = rule_now("dust_graded")
    assert (rule.smallest_base, rule.every, rule.hold) == (30, Level.PROVINCE, timedelta(minutes=30))
    assert rule.rises == (After(timedelta(hours=1.5), Severity.HIGH),)
    assert rule.falls == (After(timedelta(hours=3), Severity.LOW),)
    assert (rule.title, rule.advice) == (Text("Bụi lâu", "Long dust"), Text("Gọi trạm", "Call the station"))
    assert (rule.basis, rule.by.name if rule.by else "") == ("Luật 72/2020", "station")


KINDS: list[tuple[dict[str, str], Condition]] = [
    ({"c_kind": "threshold", "c_side": "below", "c_limit": "10"}, Threshold(below=10.0)),
    ({"c_kind": "behind", "c_limit": "10", "c_by": "points"}, Behind(above=10.0, by=By.POINTS)),
    (
        {"c_kind": "change", "c_side": "below", "c_limit": "-20", "c_against": "year_before", "c_by": "percent"},
        Change(against=Than.YEAR_BEFORE, below=-20.0),
    ),
    (
        {"c_kind": "rate", "c_side": "above", "c_limit": "2,5", "c_per": "24", "c_periods": "3"},
        Rate(per=timedelta(days=1), periods=3, above=2.5),
    ),
    (
        {"c_kind": "seasonal", "c_side": "above", "c_limit": "4", "c_clears": "2", "c_least": "0,5", "c_seasons": "6"},
        Seasonal(above=4.0, clears_at=2.0, least=0.5, seasons=6),
    ),
    ({"c_kind": "silent", "c_limit": "3"}, Silent(above=3.0)),
    ({"c_kind": "too_long", "c_limit": "7", "c_counted": "hour"}, TooLong(above=7.0, counted_in=HOUR)),
]


@pytest.mark.parametrize(("typed", "condition"), KINDS, ids=[each["c_kind"] for each, _ in KINDS])
@pytest.mark.slow
def test_the_kind_of_a_condition_is_changed_without_script(analyst: Client, typed: dict[str, str], condition: Condition) -> None:
    page = posted(analyst, "/rules/share_far", {"c_kind": typed["c_kind"], "c_was": "behind", "act": "shape"})
    for name in typed:
        assert f'name="{name}"' in page or name == "c_clears", name
    given = {"c_was": typed["c_kind"], "c_clears": ""} | typed
    assert analyst.post("/rules/share_far", given | {"seen": "0"} | SAVE).status_code == 302
    assert rule_now("share_far").condition == condition


def test_a_kind_that_was_chosen_but_not_filled_in_is_never_saved(analyst: Client) -> None:
    page = posted(analyst, "/rules/dust_high", LIMITS | {"c_kind": "rate", "c_was": "threshold"} | SAVE)
    assert 'name="c_per"' in page
    assert "Điền các ô của loại điều kiện vừa chọn" in page
    assert 'name="c_limit" required value="150"' in page.replace(' aria-describedby="f-c_limit-hint"', ""), "the limit stays"
    assert not RuleVersion.objects.exists()


def test_parts_are_added_and_taken_away_without_script(analyst: Client) -> None:
    page = posted(analyst, "/rules/dust_high", {"c_kind": "any", "c_was": "threshold", "act": "shape"})
    assert 'name="c_0_limit"' in page
    given = {"c_kind": "any", "c_was": "any", "c_parts": "2", "c_0_kind": "threshold", "c_0_limit": "100"}
    given |= {"c_1_kind": "threshold"}
    page = posted(analyst, "/rules/dust_high", given | {"act": "add:c"})
    assert 'name="c_2_limit"' in page
    page = posted(analyst, "/rules/dust_high", given | {"c_parts": "3", "c_2_kind": "rate", "c_2_limit": "9", "act": "drop:c_1"})
    assert 'name="c_2_kind"' not in page
    assert 'value="9"' in page, "the parts after the one that went keep what was typed"
    assert posted(analyst, "/rules/dust_high", given | {"act": "drop:c_1_x_9"})
    assert 'name="c_0_kind"' not in posted(analyst, "/rules/dust_high", given | {"act": "drop:c_1"}), "one part is no group"


def test_a_group_within_a_group_is_saved(analyst: Client) -> None:
    given = {
        "c_kind": "any", "c_was": "any", "c_parts": "2", "c_0_kind": "threshold", "c_0_side": "above", "c_0_limit": "100",
        "c_1_kind": "all", "c_1_was": "all", "c_1_parts": "2", "c_1_0_kind": "threshold", "c_1_0_side": "above",
        "c_1_0_limit": "60", "c_1_1_kind": "rate", "c_1_1_side": "above", "c_1_1_limit": "5", "c_1_1_per": "1",
        "c_1_1_periods": "1",
    }  # fmt: skip
    assert analyst.post("/rules/dust_high", given | {"seen": "0"} | SAVE).status_code == 302
    inner = AllOf((Threshold(above=60.0), Rate(per=HOUR, above=5.0)))
    assert rule_now().condition == AnyOf((Threshold(above=100.0), inner))
    assert "[trên 60 mg] và [tốc độ thay đổi trên 5 mg/1 giờ]" in body(analyst.get("/rules/dust_high"))


WRONG = [
    ({"c_limit": "nhiều"}, "c_limit", "không phải là số hợp lệ"),
    ({"c_limit": ""}, "c_limit", "Nhập một số"),
    ({"c_limit": "99999999999"}, "c_limit", "Nhập số từ"),
    ({"c_clears": "200"}, "c_clears", "Mức hết phải bằng hoặc thấp hơn ngưỡng báo"),
    ({"c_side": "across"}, "c_side", "Chọn một mục"),
    ({"c_kind": "magic", "c_was": "magic"}, "c_kind", "Chọn một loại điều kiện"),
    ({"c_kind": "behind", "c_was": "behind"}, "c_kind", "không có kế hoạch"),
    ({"c_kind": "all", "c_was": "all", "c_parts": "1"}, "c_kind", "Cần ít nhất hai điều kiện"),
    ({"hold": "-1"}, "hold", "Nhập số từ 0"),
    ({"severity": "huge"}, "severity", "Chọn một mục"),
    ({"every": "district"}, "every", "Chọn một mục"),
    ({"sample": "-3"}, "sample", "Nhập số từ 0"),
    ({"sample": "2,5"}, "sample", "Nhập số nguyên"),
    ({"rise_high": "2"}, "rise_high", "Bắt đầu đã ở mức cao"),
    ({"severity": "low", "rise_medium": "5", "rise_high": "5"}, "rise_high", "Phải lâu hơn bước trước"),
    ({"fall_medium": "-1"}, "fall_medium", "Nhập số từ"),
    ({"fall_medium": "5", "fall_low": "1"}, "fall_low", "Phải lâu hơn bước trước"),
    ({"advice_vi": "Gọi trạm"}, "advice_en", "cả hai thứ tiếng"),
    ({"title_en": ""}, "title_en", "Nhập vài từ"),
    ({"title_vi": "x" * 121}, "title_vi", "Rút gọn còn 120 ký tự"),
    ({"basis": " "}, "basis", "Nhập vài từ"),
]


@pytest.mark.parametrize(("wrong", "name", "said"), WRONG, ids=[f"{name} {place}" for place, (_, name, _) in enumerate(WRONG)])
def test_what_cannot_be_read_comes_back_beside_its_field(
    analyst: Client, people: People, wrong: dict[str, str], name: str, said: str
) -> None:
    for act in ("try", "save"):
        page = posted(analyst, "/rules/dust_high", LIMITS | wrong | {"act": act}, 422)
        assert said in page.split(f'id="f-{name}-error"')[1].split("</p>")[0]
        assert f'href="#f-{name}"' in page
    assert not RuleVersion.objects.exists()
    people["analyst"].language = "en"
    people["analyst"].save()
    english = posted(analyst, "/rules/dust_high", LIMITS | {"c_limit": "a lot"} | SAVE, 422)
    assert "“a lot” is no valid number. Write it as 1,234.5." in english


def test_a_rule_goes_back_to_an_earlier_version_as_a_new_one(analyst: Client) -> None:
    analyst.post("/rules/dust_high", LIMITS | SAVE)
    analyst.post("/rules/dust_high", LIMITS | {"c_limit": "190", "hold": "2", "seen": "1", "note": "Vẫn nhiều"} | SAVE)
    page = body(analyst.get("/rules/dust_high"))
    assert "Điều kiện: trên 150 mg; hết khi về 130 mg → trên 190 mg; hết khi về 130 mg; Kéo dài ít nhất: ngay → 2 giờ" in page
    assert "Khai báo của lĩnh vực: trên 100 mg; hết khi về 80 mg" in page
    earlier = body(analyst.get("/rules/dust_high?version=1"))
    assert "Kéo dài ít nhất: 2 giờ → ngay" in earlier
    assert 'value="150"' in earlier
    assert 'name="seen" value="2"' in earlier
    assert 'value="100"' in body(analyst.get("/rules/dust_high?version=0"))
    assert analyst.get("/rules/dust_high?version=7").status_code == 404
    assert analyst.post("/rules/dust_high", LIMITS | {"seen": "2", "note": "Quay lại phiên bản 1"} | SAVE).status_code == 302
    assert [each.version for each in RuleVersion.objects.all()] == [3, 2, 1]
    assert rule_now().condition == Threshold(above=150.0, clears_at=130.0)


def test_a_place_gets_its_own_limit_and_drops_it_and_the_page_remembers(analyst: Client, hand: Hand) -> None:
    unit = hand.units["A"].key
    assert analyst.post("/rules/dust_high/limits", own(unit, "200", "Gần nhà máy")).status_code == 302
    page = body(analyst.get(f"/rules/dust_high?unit={unit}"))
    assert "trên 200 mg" in page
    assert 'name="local_limit_0" required value="200"' in page
    assert f'name="local_seen_{unit}" value="1"' in page
    gone = own(unit, "", "Nhà máy đã dời", local_how="rule", **{f"local_seen_{unit}": "1"})
    assert analyst.post("/rules/dust_high/limits", gone).status_code == 302
    page = body(analyst.get("/rules/dust_high"))
    assert "Nơi có mức riêng" not in page
    for said in ("Lịch sử mức riêng", "Gần nhà máy", "Nhà máy đã dời", "theo quy tắc chung"):
        assert said in page
    assert analyst.post("/rules/dust_high/limits", own("t:nowhere", "200", "Gần nhà máy")).status_code == 404


def test_limits_of_a_place_that_cannot_be_read_or_are_stale_come_back(analyst: Client, hand: Hand) -> None:
    unit = hand.units["A"].key
    page = posted(analyst, "/rules/dust_high/limits", own(unit, "rất cao", ""), 422)
    assert "không phải là số hợp lệ" in page.split('id="f-local_limit_0-error"')[1]
    assert "Nhập vài từ" in page.split('id="f-local_reason-error"')[1]
    assert 'value="rất cao"' in page
    posted(analyst, "/rules/dust_high/limits", own(unit, "200", "Gần nhà máy", local_clears_0="300"), 422)
    assert not LocalLimit.objects.exists()
    assert analyst.post("/rules/dust_high/limits", own(unit, "200", "Gần nhà máy")).status_code == 302
    page = posted(analyst, "/rules/dust_high/limits", own(unit, "90", "Trường học"), 409)
    assert "analyst vừa đổi mức riêng của nơi này" in page
    assert 'value="Trường học"' in page


def test_the_reason_of_another_places_limit_is_not_shown(analyst: Client, people: People, hand: Hand) -> None:
    analyst.post("/rules/dust_high/limits", own(hand.units["B"].key, "200", "Gần nhà máy"))
    assert "Gần nhà máy" in body(analyst.get("/rules/dust_high"))
    analyst.force_login(people["of_a"])
    assert "Gần nhà máy" not in body(analyst.get("/rules/dust_high"))


def test_limits_made_for_another_condition_are_shown_as_no_longer_used(analyst: Client, hand: Hand) -> None:
    analyst.post("/rules/dust_high/limits", own(hand.units["B"].key, "200", "Gần nhà máy"))
    given = {"c_kind": "rate", "c_was": "rate", "c_per": "1", "c_periods": "1"}
    assert analyst.post("/rules/dust_high", LIMITS | given | SAVE).status_code == 302
    assert "200 (không còn dùng: điều kiện đã đổi dạng)" in body(analyst.get("/rules/dust_high"))


def test_the_rules_own_record_stands_on_its_page(analyst: Client, hand: Hand, people: People) -> None:
    hand.move("dust", {"A": 120.0, "B": 130.0})
    first, second = hand.open()
    mark_false(people["operator"], first.pk, "Trạm đang hiệu chuẩn")
    hand.now += 2 * HOUR
    acknowledge(people["operator"], second.pk)
    page = " ".join(body(analyst.get("/rules/dust_high")).split())
    assert '<dt>Báo nhầm</dt><dd class="num">1</dd>' in page
    assert '<dt>Báo đúng</dt><dd class="num">50%</dd>' in page
    assert '<dt>Có người nhận sau (trung vị)</dt><dd class="num">2 giờ</dd>' in page


def test_a_version_that_cannot_be_read_any_more_is_said_so_and_hides_no_other(analyst: Client) -> None:
    analyst.post("/rules/dust_high", LIMITS | SAVE)
    RuleVersion.objects.update(definition={"condition": {"kind": "gone"}})
    assert 'name="seen" value="1"' in body(analyst.get("/rules/dust_high"))
    assert analyst.post("/rules/dust_high", LIMITS | {"c_limit": "190", "seen": "1"} | SAVE).status_code == 302
    page = body(analyst.get("/rules/dust_high"))
    assert "Không còn đọc được" in page
    assert "/rules/dust_high?version=1" not in page
    assert analyst.get("/rules/dust_high?version=1").status_code == 404
