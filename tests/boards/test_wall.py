"""What a wall shows, how it is steered, and what guests do not see."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from toancanh.audit.models import AuditEntry
from toancanh.boards.models import Wall
from toancanh.boards.wall import services, takeover
from toancanh.indicators.models import Cell
from toancanh.intake.models import Source
from toancanh.kernel.registry import registry
from toancanh.people.actors import SYSTEM
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.units.models import Unit

SignIn = Callable[..., Client]
SCENES = ["overview", *(scene.code for scene in registry.scenes())]


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_scene_is_shown_in_both_languages(
    scene: str, language: str, figures: object, feeds: dict[str, Source], sign_in: SignIn
) -> None:
    answer = sign_in("operator", language=language).get("/wall/main", {"scene": scene})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert f'data-scene="{scene}"' in page
    assert ("Intelligent operations centre" if language == "en" else "Trung tâm điều hành thông minh") in page


def test_a_wall_says_how_many_incidents_it_leaves_out(
    figures: object, feeds: dict[str, Source], province: dict[str, Unit], sign_in: SignIn
) -> None:
    for number in range(7):
        open_incident(SYSTEM, IncidentForm(kind="road", title=f"Ổ gà {number}", unit=province["sample:MS01"], severity="medium"))
    page = sign_in("operator").get("/wall/main", {"scene": "overview"}).content.decode()
    assert page.count("<b>Ổ gà ") == 5
    assert re.search(r'on-wide"> · còn 2 việc nữa<.*on-single"> · còn 4 việc nữa<', page)


def test_rankings_say_highest_where_more_is_worse(figures: object, feeds: dict[str, Source], sign_in: SignIn) -> None:
    page = sign_in("operator").get("/wall/main", {"scene": "air_quality"}).content.decode()
    assert "VN_AQI giờ: cao nhất" in page
    assert "yếu nhất" not in page
    page = sign_in("operator").get("/wall/main", {"scene": "public_services"}).content.decode()
    assert "Đúng hạn: yếu nhất" in page


def test_a_breakdown_names_its_unit(cell: Callable[..., Cell], feeds: dict[str, Source], sign_in: SignIn) -> None:
    cell("rain_24h", "2026-11-22T08", 120.0)
    cell("rain_24h", "2026-11-22T08", 120.0, dimension="station=MA02")
    page = "".join(sign_in("operator").get("/wall/main", {"scene": "rainfall"}).content.decode().split())
    assert "MA02" in page
    assert ">mm</th>" in page
    assert "Sốlượng" not in page


def test_the_wall_follows_the_state_that_somebody_sets(figures: object, sign_in: SignIn) -> None:
    operator = sign_in("operator")
    operator.post("/wall-control/main/push", {"scene": "public_services"})
    state = operator.get("/wall/main/state").json()
    assert (state["scene"], state["held"]) == ("public_services", True)
    assert 'data-scene="public_services"' in operator.get("/wall/main").content.decode()


def test_next_goes_round_and_previous_goes_back(figures: object, sign_in: SignIn) -> None:
    operator = sign_in("operator")
    for _ in SCENES:
        operator.post("/wall-control/main/next")
    assert Wall.objects.get(code="main").current == "overview"
    operator.post("/wall-control/main/previous")
    assert Wall.objects.get(code="main").current == SCENES[-1]


def test_a_look_at_a_wall_writes_nothing(figures: object, sign_in: SignIn) -> None:
    operator = sign_in("operator")
    for path in ("/wall/main", "/wall/main/state", "/wall-control"):
        assert operator.get(path).status_code == 200
    assert not Wall.objects.exists()


def test_two_nexts_at_once_go_on_by_two(figures: object, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    services.go_on(SYSTEM, "main")
    whole = services.kept

    def after_another(code: str) -> Wall:
        monkeypatch.setattr(services, "kept", whole)
        services.go_on(SYSTEM, code)  # somebody else was quicker to the lock
        return whole(code)

    monkeypatch.setattr(services, "kept", after_another)
    services.go_on(SYSTEM, "main")
    assert Wall.objects.get(code="main").current == SCENES[3]


def test_another_wall_has_its_own_address_scenes_and_control_page(figures: object, sign_in: SignIn) -> None:
    operator = sign_in("operator")
    made = operator.post("/wall-control/new", {"name": "Phòng họp", "code": "phong-hop"})
    assert made["Location"] == "/wall-control?wall=phong-hop"
    operator.post("/wall-control/phong-hop/scenes", {"scene": ["public_services"]})
    page = operator.get("/wall-control?wall=phong-hop").content.decode()
    assert "Phòng họp" in page
    assert "Tường chính" in page
    assert operator.get("/wall/phong-hop/state").json()["scene"] == "public_services"
    assert operator.get("/wall/main/state").json()["scene"] == "overview"
    assert AuditEntry.objects.filter(action="wall.make_wall", subject="wall:phong-hop").exists()


@pytest.mark.parametrize("given", [{"name": "", "code": "a"}, {"name": "A", "code": "phòng"}, {"name": "A", "code": "main"},
                                   {"name": "A", "code": "new wall"}])  # fmt: skip
def test_a_wall_without_a_name_or_a_usable_code_is_refused_in_words(
    given: dict[str, str], figures: object, sign_in: SignIn
) -> None:
    answer = sign_in("operator").post("/wall-control/new", given)
    assert answer.status_code == 422
    assert "tường" in answer.content.decode().lower()
    assert not Wall.objects.exists()


def test_visitor_mode_turns_on_as_the_control_page_says(figures: object, sign_in: SignIn) -> None:
    operator = sign_in("operator")
    operator.post("/wall-control/main/visitor", {"on": "1"})
    assert "Đang luân phiên" in operator.get("/wall-control").content.decode()
    assert operator.get("/wall/main/state").json()["held"] is False


def test_a_preview_follows_no_command(figures: object, sign_in: SignIn) -> None:
    page = sign_in("operator").get("/wall/main", {"preview": "socio_economic"}).content.decode()
    assert 'data-scene="socio_economic"' in page
    assert "data-wall-state" not in page


def test_guests_see_no_place_agency_or_source_by_name(figures: object, feeds: dict[str, Source], sign_in: SignIn) -> None:
    operator = sign_in("operator")
    before = operator.get("/wall/main").content.decode()
    assert "Thạch Bình" in before
    assert "Nguồn one_stop" in before
    operator.post("/wall-control/main/visitor", {"on": "1"})
    after = operator.get("/wall/main").content.decode()
    for name in ("Thạch Bình", "Nguồn one_stop", "Yên Phong"):
        assert name not in after
    assert "63,5" in after


def test_a_guests_wall_refreshes_from_itself_and_never_from_a_page_with_names(
    figures: object, feeds: dict[str, Source], sign_in: SignIn
) -> None:
    operator = sign_in("operator")
    operator.post("/wall-control/main/visitor", {"on": "1"})
    for scene in SCENES:
        page = operator.get("/wall/main", {"scene": scene}).content.decode()
        assert "data-live-key" in page
        assert set(re.findall(r'data-live-href="([^"]*)"', page)) == {""}, scene


def test_guests_see_no_agency_that_owes_a_figure(province: dict[str, Unit], sign_in: SignIn) -> None:
    operator = sign_in("operator")
    before = operator.get("/wall/main", {"scene": "socio_economic"}).content.decode()
    assert "Sở Tài chính" in before
    operator.post("/wall-control/main/visitor", {"on": "1"})
    after = operator.get("/wall/main", {"scene": "socio_economic"}).content.decode()
    assert "Sở Tài chính" not in after
    assert "/agencies/" not in after
    assert "Chưa có số liệu" in after


@pytest.mark.parametrize(
    ("language", "guest", "staff", "no_data"),
    [
        ("vi", "Không hiển thị ở đây", "Bạn chưa có quyền xem. Đề nghị Văn phòng UBND tỉnh cấp quyền.", "Chưa có số liệu"),
        ("en", "Not shown here", "You may not see this yet.", "No data"),
    ],
)
@pytest.mark.parametrize("scene", ["overview", "public_services"])
def test_a_locked_tile_tells_guests_neither_whom_to_ask_nor_that_there_are_no_data(
    scene: str, language: str, guest: str, staff: str, no_data: str, figures: object, sign_in: SignIn
) -> None:
    reader = sign_in("officer", area="sample:MS03", language=language)

    def locked() -> list[str]:
        page = reader.get("/wall/main", {"preview": scene}).content.decode()
        return re.findall(r'<article class="wall-tile[^"]*state-denied.*?</article>', page, re.S)

    before = locked()
    assert before
    assert any(staff in each for each in before)
    sign_in("operator").post("/wall-control/main/visitor", {"on": "1"})
    after = locked()
    assert len(after) == len(before)
    for each in after:
        assert guest in each
        assert staff not in each
        assert no_data not in each
        assert "class=\"status" not in each


def test_the_pace_has_bounds_and_says_them(figures: object, sign_in: SignIn) -> None:
    operator = sign_in("operator")
    answer = operator.post("/wall-control/main/pace", {"seconds": "3"})
    assert answer.status_code == 422
    assert "10 đến 600" in answer.content.decode()
    operator.post("/wall-control/main/pace", {"seconds": "45"})
    assert operator.get("/wall/main/state").json()["seconds"] == 45


def test_only_chosen_scenes_rotate(figures: object, sign_in: SignIn) -> None:
    operator = sign_in("operator")
    operator.post("/wall-control/main/scenes", {"scene": ["overview", "public_services"]})
    assert [each["code"] for each in operator.get("/wall/main/state").json()["scenes"]] == ["overview", "public_services"]


def test_who_may_not_direct_steers_no_wall(figures: object, sign_in: SignIn) -> None:
    analyst = sign_in("analyst")
    assert analyst.get("/wall-control").status_code == 403
    assert analyst.post("/wall-control/main/next").status_code == 403
    assert Client().get("/wall/main").status_code == 302


def test_every_act_on_a_wall_is_in_the_record(figures: object, sign_in: SignIn) -> None:
    operator = sign_in("operator")
    before = AuditEntry.objects.filter(action__startswith="wall.").count()
    operator.post("/wall-control/main/hold", {"on": "1"})
    operator.post("/wall-control/main/next")
    found = list(AuditEntry.objects.filter(action__startswith="wall.").order_by("number").values_list("action", flat=True))
    assert found[before:] == ["wall.hold", "wall.go_on"]


def test_an_unknown_wall_scene_or_act_is_a_404(figures: object, sign_in: SignIn) -> None:
    operator = sign_in("operator")
    assert operator.get("/wall/khac").status_code == 404
    assert operator.get("/wall/main", {"scene": "khong_co"}).status_code == 404
    assert operator.post("/wall-control/main/tat").status_code == 404


def test_news_that_was_lost_reaches_the_wall_by_the_clock(sign_in: Callable[..., Client], province: dict[str, Unit]) -> None:
    client = sign_in("operator")
    client.get("/wall/main")
    form = IncidentForm(kind="fire", title="Cháy chợ", unit=province["sample:MS01"])
    incident = open_incident(SYSTEM, form)  # in a test nothing is told after the commit: as when the process falls
    assert client.get("/wall/main/state").json()["scene"] == "overview"
    takeover.look_again()
    assert client.get("/wall/main/state").json()["scene"] == f"urgent-{incident.pk}"
