"""Where an incident may be: in the province with a margin, swapped degrees are pointed out, an emergency is taken anywhere."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from toancanh.kernel.problem import Problem
from toancanh.people.actors import MachineActor
from toancanh.people.models import User
from toancanh.response import timeline
from toancanh.response.models import Incident, Kind
from toancanh.response.pages.incident_map import incident_map
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.response.services.receiving import Sent, receive
from toancanh.units import boundaries, queries, register
from toancanh.units.models import Boundary, Unit

HANOI = (21.03, 105.85)  # a degree south of the sample province


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    boundaries._extent.cache_clear()
    yield
    boundaries._extent.cache_clear()


def opened(lan: User, at: tuple[float, float], **more: Any) -> Incident:
    return open_incident(lan, IncidentForm(**({"kind": "road", "title": "Ổ gà", "severity": "low"} | more), lat=at[0], lon=at[1]))


@pytest.mark.parametrize("at", [(22.21, 105.71), (22.55, 105.5)], ids=["inside", "in the margin"])
def test_a_position_in_the_province_is_taken(lan: User, at: tuple[float, float]) -> None:
    assert opened(lan, at).lat == at[0]


@pytest.mark.parametrize("origin", ["operator", "citizen", "camera", "agency"])
def test_a_position_elsewhere_is_refused_in_both_languages_with_the_range(lan: User, origin: str) -> None:
    with pytest.raises(Problem, match="bad-incident") as refused:
        opened(lan, HANOI, origin=origin)
    assert refused.value.status == 422
    vi, en = refused.value.detail.vi, refused.value.detail.en
    assert vi.startswith("Vị trí 21,0300; 105,8500 nằm ngoài địa bàn Tỉnh Minh Sơn")
    assert "(vĩ độ 21,9 đến 22,6, kinh độ 105,4 đến 106,1)" in vi
    assert "ghi địa chỉ" in vi
    assert "The position 21.0300, 105.8500 is outside" in en
    assert "(latitude 21.9 to 22.6, longitude 105.4 to 106.1)" in en
    assert "đổi chỗ" not in vi
    assert not Incident.objects.exists()


def test_degrees_that_changed_places_are_pointed_out(lan: User) -> None:
    with pytest.raises(Problem, match="bad-incident") as refused:
        opened(lan, (105.71, 22.21), origin="call")
    assert "bị đổi chỗ" in refused.value.detail.vi
    assert "changed places" in refused.value.detail.en


@pytest.mark.parametrize("more", [{"origin": "call"}, {"severity": "urgent"}], ids=["a call", "an urgent matter"])
def test_an_emergency_elsewhere_is_taken_and_says_that_it_is_outside(
    lan: User, browser: Callable[[User], Client], more: dict[str, str]
) -> None:
    made = opened(lan, HANOI, **more)
    first = timeline.of(Kind.INCIDENT, made.pk).first()
    assert first is not None
    assert first.words_vi.endswith(". Vị trí ngoài địa bàn")
    assert first.words_en.endswith(". Position outside the area")
    assert "Vị trí ngoài địa bàn" in html.unescape(browser(lan).get(f"/incidents/{made.pk}").content.decode())
    inside = opened(lan, (22.21, 105.71), **more)
    assert "ngoài địa bàn" not in browser(lan).get(f"/incidents/{inside.pk}").content.decode()


def test_the_form_keeps_what_was_typed_when_it_refuses_a_position(lan: User, browser: Callable[[User], Client]) -> None:
    said = {"kind": "road", "title": "Ổ gà sâu", "severity": "low", "origin": "operator", "lat": "21,03", "lon": "105,85"}
    answer = browser(lan).post("/incidents/new", said)
    assert answer.status_code == 422
    page = html.unescape(answer.content.decode())
    assert "nằm ngoài địa bàn" in page
    assert "Ổ gà sâu" in page


def test_without_points_or_outlines_it_must_be_in_vietnam_with_its_archipelagos(lan: User) -> None:
    Unit.objects.update(lat=None, lon=None)
    for at in (HANOI, (16.5, 112.0), (8.65, 111.92)):
        assert opened(lan, at).lat == at[0]
    with pytest.raises(Problem, match="bad-incident"):
        opened(lan, (0.0, 0.0))


def test_a_surveyed_outline_decides_and_islands_of_the_open_sea_belong_to_their_province(province: dict[str, Unit]) -> None:
    ring = [[105.0, 22.0], [106.0, 22.0], [106.0, 22.5], [105.0, 22.5], [105.0, 22.0]]
    Boundary.objects.create(unit=province["sample:MS"], geometry={"type": "MultiPolygon", "coordinates": [[ring]]})
    box = queries.extent(province["sample:MS"])
    assert [round(each, 2) for each in (box.south, box.west, box.north, box.east)] == [21.95, 104.95, 22.55, 106.05]
    assert not box.holds(22.7, 105.5)
    Unit.objects.filter(key="sample:MS02").update(lat=16.5, lon=112.0)
    boundaries._extent.cache_clear()
    assert queries.extent(province["sample:MS"]).holds(17.1, 111.5)


@pytest.mark.parametrize("origin", ["api", "citizen"])
def test_what_a_system_sends_from_elsewhere_is_taken_and_says_that_it_is_outside(province: dict[str, Unit], origin: str) -> None:
    form = IncidentForm(kind="road", title="Tàu trôi", severity="high", origin=origin, lat=HANOI[0], lon=HANOI[1])
    made = receive(MachineActor.of("1022", None), form, Sent("source:1022", "1"))
    first = timeline.of(Kind.INCIDENT, made.pk).first()
    assert first is not None
    assert first.words_en.endswith(". Position outside the area")


def test_a_position_that_is_none_is_refused_from_a_system_too(province: dict[str, Unit]) -> None:
    form = IncidentForm(kind="road", title="Tàu trôi", origin="api", lat=105.71, lon=22.21)
    with pytest.raises(Problem, match="bad-incident"):
        receive(MachineActor.of("1022", None), form, Sent("source:1022", "1"))


def test_the_map_of_an_incident_asks_no_more_for_more_others_and_draws_none_that_is_outside(lan: User) -> None:
    this, far = opened(lan, (22.21, 105.71)), opened(lan, HANOI, origin="call")
    others = [opened(lan, (22.22, 105.7 + number / 100)) for number in range(4)]

    def drawn(*beside: Incident) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as asked:
            view = incident_map(this, beside)
        assert view is not None
        return len(view.marks) - 1, len(asked)

    drawn()
    few, many = drawn(others[0], far), drawn(*others, far)
    assert (few[0], many[0]) == (1, 4)
    assert few[1] == many[1]


def test_a_box_is_made_again_when_a_unit_moves_even_if_the_new_register_lies_where_the_old_one_lay(
    province: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    where_it_lay = register.current()
    assert not queries.extent(province["sample:MS"]).holds(17.1, 111.5)
    monkeypatch.setattr(register, "current", lambda: where_it_lay)
    later = timezone.now() + timedelta(seconds=1)
    Unit.objects.filter(key="sample:MS02").update(lat=16.5, lon=112.0, changed_at=later)
    assert queries.extent(province["sample:MS"]).holds(17.1, 111.5)
