"""A rule made by an analyst without code, through HTTP: from an indicator to a saved version that rings."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.watch.conftest import HOUR, Hand
from tests.watch.test_backtest import history

from toancanh.kernel.conditions import Threshold
from toancanh.kernel.contracts import Level
from toancanh.people.models import Grant, User
from toancanh.watch.definitions import watched
from toancanh.watch.models import RuleVersion

pytestmark = pytest.mark.django_db
People = dict[str, User]
NEW = {
    "indicator": "dust", "c_kind": "threshold", "c_was": "threshold", "c_side": "above", "c_limit": "150", "c_clears": "130",
    "every": "commune", "severity": "high", "hold": "0", "title_vi": "Bụi gần trường học", "title_en": "Dust near schools",
    "basis": "Luật 72/2020",
}  # fmt: skip


@pytest.fixture
def analyst(client: Client, hand: Hand, people: People) -> Client:
    client.force_login(people["analyst"])
    return client


def body(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def posted(client: Client, given: dict[str, str], status: int = 200) -> str:
    return body(client.post("/rules/new", given), status)  # type: ignore[arg-type]


def tried(page: str) -> dict[str, str]:
    found = re.search(r'name="tried" value="(\w*)"', page)
    assert found
    return {"tried": found[1]}


def test_a_rule_begins_with_its_indicator(analyst: Client) -> None:
    assert "/rules/new" in body(analyst.get("/rules"))
    begin = body(analyst.get("/rules/new"))
    assert "Theo dõi thử: Chỉ tiêu dust" in begin
    form = body(analyst.get("/rules/new?indicator=share"))
    assert "Chậm so với kế hoạch" in form
    assert '<option value="below" selected>' in form, "of a share that is to be high, low ones are bad"
    assert "Chậm so với kế hoạch" not in body(analyst.get("/rules/new?indicator=dust")), "dust has no target"
    assert analyst.get("/rules/new?indicator=nothing").status_code == 404


def test_a_new_rule_is_tried_then_saved_and_it_rings(analyst: Client, hand: Hand) -> None:
    history(hand.units, {"A": [50, 120, 180, 90, 70, 160, 60], "B": [10, 160, 30, 20, 10, 20, 10]})
    page = posted(analyst, NEW | {"act": "try", "title_vi": "", "title_en": ""})
    assert "Sẽ báo 3 lần trong 90 ngày qua, tại 2 nơi" in page
    assert "Người sẽ được báo: Officer, Operator." in page
    assert "Indicator dust" not in page, "one language on a page"
    assert not RuleVersion.objects.exists()
    answer = analyst.post("/rules/new", NEW | tried(page) | {"act": "save"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/rules/bui_gan_truong_hoc")
    held = watched(["bui_gan_truong_hoc"])["bui_gan_truong_hoc"]
    assert (held.version, held.active, held.rule.every) == (1, True, Level.COMMUNE)
    assert held.rule.condition == Threshold(above=150.0, clears_at=130.0)
    hand.now += HOUR
    hand.move("dust", {"A": 170.0})
    assert [each.unit.code for each in hand.open("bui_gan_truong_hoc")] == ["A"]
    assert "Bụi gần trường học" in body(analyst.get("/rules"))
    assert "Tạo quy tắc" in body(analyst.get("/rules/bui_gan_truong_hoc"))


def test_a_new_rule_can_be_saved_switched_off(analyst: Client) -> None:
    page = posted(analyst, NEW | {"act": "try"})
    assert analyst.post("/rules/new", NEW | tried(page) | {"act": "keep"}).status_code == 302
    assert not watched(["bui_gan_truong_hoc"])["bui_gan_truong_hoc"].active


def test_what_was_not_tried_as_it_stands_is_tried_first(analyst: Client) -> None:
    page = posted(analyst, NEW | {"act": "save"})
    assert "bấm Lưu lần nữa" in page
    changed = NEW | {"c_limit": "90", "c_clears": ""}
    assert "bấm Lưu lần nữa" in posted(analyst, changed | tried(page) | {"act": "save"})
    assert not RuleVersion.objects.exists()
    renamed = NEW | {"title_en": "Another name"}
    assert analyst.post("/rules/new", renamed | tried(page) | {"act": "save"}).status_code == 302


def test_a_name_that_is_taken_is_refused_beside_its_field(analyst: Client) -> None:
    page = posted(analyst, NEW | {"act": "try"})
    analyst.post("/rules/new", NEW | tried(page) | {"act": "save"})
    again = posted(analyst, NEW | tried(page) | {"act": "save", "title_vi": "Bụi gần trường học!"}, 422)
    assert "Đặt tên khác" in again.split('id="f-title_vi-error"')[1]
    assert 'value="Bụi gần trường học!"' in again
    assert RuleVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "name"),
    [({"c_limit": ""}, "c_limit"), ({"title_en": ""}, "title_en"), ({"basis": ""}, "basis"), ({"c_clears": "151"}, "c_clears")],
)
def test_what_is_missing_comes_back_beside_its_field(analyst: Client, wrong: dict[str, str], name: str) -> None:
    page = posted(analyst, NEW | wrong | {"act": "save"}, 422)
    assert f'id="f-{name}-error"' in page
    assert 'value="Bụi gần trường học"' in page
    assert not RuleVersion.objects.exists()


def test_the_kind_and_the_parts_of_a_new_rule_are_changed_without_script(analyst: Client) -> None:
    page = posted(analyst, NEW | {"c_kind": "all", "act": "shape"})
    assert 'name="c_0_limit" required value="150"' in page
    assert 'name="c_1_limit" required value=""' in page
    assert not RuleVersion.objects.exists()


def test_who_configures_another_field_or_one_place_makes_no_rule(client: Client, hand: Hand, people: People) -> None:
    other = User.objects.create(username="other", role="officer", only_grants=True, password="!")
    Grant.objects.create(user=other, actions=["view", "configure"], field="elsewhere", given_by="test")
    local = User.objects.create(username="local", role="officer", only_grants=True, password="!")
    Grant.objects.create(user=local, actions=["view", "configure"], area=hand.units["A"], given_by="test")
    expert = User.objects.create(username="expert", role="officer", only_grants=True, password="!")
    Grant.objects.create(user=expert, actions=["view", "configure"], field="watched", given_by="test")
    for user, status in ((other, 403), (local, 403), (expert, 200)):
        client.force_login(user)
        assert client.get("/rules/new?indicator=dust").status_code == status, user
        assert client.post("/rules/new", NEW | {"act": "try"}).status_code == status, user
    assert not RuleVersion.objects.exists()


def test_a_new_rule_is_made_in_english_too(analyst: Client, people: People) -> None:
    people["analyst"].language = "en"
    people["analyst"].save()
    page = posted(analyst, NEW | {"c_limit": "1,500.5", "c_clears": "", "act": "try"})
    assert "Indicator dust: above 1,500.5 mg." in page
    assert "Chỉ tiêu dust" not in page, "one language on a page"
    assert "There are no values of the last 90 days" in page
