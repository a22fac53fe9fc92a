"""Who is competent: by kind, place and date; an agency that has ended is followed; what nobody answers for stays at the desk."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from toancanh.kernel.problem import Problem
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.response.handling.competence import DUTY_DESK, propose, propose_for
from toancanh.response.handling.routes import RouteForm, add_route, end_route
from toancanh.response.models import Incident
from toancanh.response.services import incidents
from toancanh.response.services.alerts import open_for_alert
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.units.models import Unit
from toancanh.watch.models import Alert

Province = dict[str, Unit]


def test_a_road_in_a_ward_is_the_wards_and_elsewhere_the_departments(province: Province) -> None:
    assert propose("road", province["sample:MS01"]).name.vi == "UBND phường Đông Sơn"
    assert propose("road", province["sample:MS02"]).name.vi == "Sở Xây dựng"


def test_a_route_wins_by_the_nearest_place_and_says_its_ground(province: Province) -> None:
    add_route(SYSTEM, RouteForm(agency=province["agency:SXD"], kind="road", basis="Quyết định 12/2026"))
    near = RouteForm(agency=province["agency:VP"], kind="road", area=province["sample:MS01"], valid_from=date(2026, 11, 1))
    add_route(SYSTEM, near)
    assert propose("road", province["sample:MS01"]).agency == province["agency:VP"]
    other = propose("road", province["sample:MS02"])
    assert other.agency == province["agency:SXD"]
    assert "Quyết định 12/2026" in other.reason.vi


def test_a_route_holds_between_its_days(province: Province) -> None:
    route = add_route(SYSTEM, RouteForm(agency=province["agency:VP"], kind="road", valid_from=date(2026, 11, 1)))
    end_route(SYSTEM, route.pk, date(2026, 11, 10))
    place = province["sample:MS02"]
    assert propose("road", place, date(2026, 11, 10)).agency == province["agency:VP"]
    assert propose("road", place, date(2026, 11, 11)).agency == province["agency:SXD"]


def test_an_agency_that_has_ended_is_followed_to_its_successor(province: Province) -> None:
    add_route(SYSTEM, RouteForm(agency=province["agency:GTVT"], kind="traffic"))
    found = propose("traffic", province["sample:MS02"])
    assert found.agency == province["agency:SXD"]
    assert "Sở Giao thông vận tải không còn" in found.reason.vi


def test_giving_work_to_an_agency_that_has_ended_names_the_successor(lan: User, pothole: Incident, province: Province) -> None:
    with pytest.raises(Problem, match="agency-not-there") as refused:
        incidents.assign(lan, pothole, province["agency:GTVT"])
    assert "Chọn cơ quan kế thừa: Sở Xây dựng" in refused.value.detail.vi


@pytest.mark.parametrize("part", ["lead", "supporting"])
def test_a_commune_is_no_agency_that_could_handle_something(part: str, lan: User, pothole: Incident, province: Province) -> None:
    agency, area = province["agency:SXD"], province["sample:MS02"]
    given = (area, []) if part == "lead" else (agency, [area])
    with pytest.raises(Problem, match="not-an-agency"):
        incidents.assign(lan, pothole, *given)
    pothole.refresh_from_db()
    assert (pothole.state, pothole.lead) == ("new", None)


def test_the_owner_of_the_figure_that_rang_comes_before_the_usual_agency_of_the_kind(province: Province) -> None:
    alert = ring(province, "dossiers_on_time", owner=province["agency:SXD"])
    opened = open_for_alert(alert.pk)
    assert opened is not None
    assert propose("dossiers", opened.unit).agency == province["agency:VP"]
    assert propose_for(opened).agency == province["agency:SXD"]


def test_a_route_of_one_rule_wins_at_its_place_and_holds_for_that_rule_alone(province: Province) -> None:
    add_route(SYSTEM, RouteForm(agency=province["agency:VP"], kind="dossiers"))
    add_route(SYSTEM, RouteForm(agency=province["agency:NNMT"], rule="dossiers_on_time_low"))
    low = ring(province, "dossiers_on_time", rule="dossiers_on_time_low", owner=province["agency:SXD"])
    other = ring(province, "dossiers_on_time", rule="another", owner=province["agency:SXD"])
    place = province["sample:MS02"]
    assert propose("dossiers", place, alert=low).agency == province["agency:NNMT"]
    assert propose("dossiers", place, alert=other).agency == province["agency:VP"]
    assert propose("dossiers", place).agency == province["agency:VP"]
    with pytest.raises(Problem, match="bad-route"):
        add_route(SYSTEM, RouteForm(agency=province["agency:VP"], rule="no-such-rule"))


def ring(province: Province, indicator: str, owner: Unit, rule: str = "r") -> Alert:
    now = timezone.now()
    return Alert.objects.create(
        rule=rule, indicator=indicator, unit=province["sample:MS02"], owner=owner, severity="high", since=now, raised_at=now,
        last_seen=now, words_vi="dưới 95%", words_en="below 95%", cause="x",
    )  # fmt: skip


def test_what_nobody_is_competent_for_stays_at_the_named_desk(lan: User, province: Province) -> None:
    found = propose("cyber", province["sample:MS02"])
    assert found.agency is None
    assert found.name == DUTY_DESK
    incident = open_incident(lan, IncidentForm(kind="cyber", title="Trang giả mạo"))
    with pytest.raises(Problem, match="no-competent-agency"):
        incidents.assign(lan, incident)
    assert incidents.assign(lan, incident, province["agency:VP"]).lead == province["agency:VP"]


def test_the_proposal_tells_how_punctual_the_agency_was(lan: User, province: Province) -> None:
    for number in range(3):
        incident = open_incident(lan, IncidentForm(kind="road", title=f"Việc {number}", unit=province["sample:MS01"]))
        incidents.assign(lan, incident)
        incidents.close(lan, incident, "Xong")
    found = propose("road", province["sample:MS01"])
    assert (found.given, found.on_time) == (3, 3)
