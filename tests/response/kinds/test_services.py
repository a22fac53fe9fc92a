"""Kinds and procedures are changed here as versions: what is new gets them, what runs keeps what it was opened with."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.response.incidents.conftest import Clock

from toancanh.audit.models import AuditEntry
from toancanh.kernel.contracts import Severity
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.response import clocks
from toancanh.response.handling import kinds, local, procedures
from toancanh.response.handling.competence import propose
from toancanh.response.handling.kept import LocalVersion, Of
from toancanh.response.handling.kinds import SEVERITIES, IncidentKind, Term, kind_of, kind_of_field
from toancanh.response.handling.procedures import Procedure, Stage, procedure_named, procedure_of
from toancanh.response.handling.routes import RouteForm, add_route, end_route
from toancanh.response.models import Incident, Kind, Step
from toancanh.response.services import incidents
from toancanh.response.services import kinds as services
from toancanh.response.services.incidents import IncidentForm, open_incident
from toancanh.response.services.kinds import Saving, save_kind, save_procedure
from toancanh.response.services.severity import set_severity
from toancanh.units.models import Unit

Province = dict[str, Unit]
WHY = "Theo quy chế mới của tỉnh"


def saving(of: Of, code: str, **more: Any) -> Saving:
    return Saving(seen=services.number_of(of, code), why=WHY, **more)


def kind(actor: User, code: str = "road", **changed: Any) -> LocalVersion:
    """Save a kind with some of it changed."""
    return save_kind(actor, replace(kind_of(code), **changed), saving(Of.KIND, code))


def flood(actor: User, **changed: Any) -> LocalVersion:
    held = procedure_of("flood")
    assert held is not None
    return save_procedure(actor, replace(held, **changed), saving(Of.PROCEDURE, "flood"))


def hours(amount: float) -> dict[Severity, Term]:
    return dict.fromkeys(SEVERITIES, Term(amount))


def opened(lan: User, code: str = "road", severity: str = "") -> Incident:
    return open_incident(lan, IncidentForm(kind=code, title="Ngập ngã tư", severity=severity))


def due(incident: Incident, name: str) -> timedelta:
    running = clocks.of(Kind.INCIDENT, incident.pk).get(name=name, stopped_at=None)
    return running.due_at - running.started_at


def test_a_new_incident_gets_the_term_of_the_province_and_a_running_one_keeps_its_own(
    lan: User, chief: User, clock: Clock, province: Province
) -> None:
    before = opened(lan)
    clock.forward(minutes=1)
    kind(chief, take=hours(3), handle=hours(5), severity=Severity.HIGH, title=Text("Hạ tầng đô thị", "City works"))
    after = opened(lan)
    assert (before.severity, after.severity) == ("medium", "high")
    assert (due(before, "take"), due(after, "take")) == (timedelta(minutes=30), timedelta(hours=3))
    for each in (before, after):
        incidents.assign(lan, each, province["agency:SXD"])
    assert due(after, "handle") == timedelta(hours=5)
    running = clocks.of(Kind.INCIDENT, before.pk).get(name="handle")
    assert (running.amount, running.regime) == (16, "working_hours")  # also a stage that begins later
    set_severity(lan, before, "high", "Đã có người ngã")
    assert clocks.of(Kind.INCIDENT, before.pk).get(name="handle", stopped_at=None).amount == 24
    assert kind_of(before.kind).title.vi == "Hạ tầng đô thị"  # its name is today's


def test_a_new_incident_gets_the_new_steps_and_a_running_one_keeps_its_own(lan: User, chief: User, clock: Clock) -> None:
    before = opened(lan, "flood")
    clock.forward(minutes=1)
    flood(chief, title=Text("Ứng phó lũ quét", "Flash flood"), stages=(Stage(Text("Gọi xã", "Call the commune"), "duty", 7),))
    after = opened(lan, "flood")
    assert (before.steps.count(), after.steps.count()) == (8, 1)
    step = Step.objects.get(incident=after)
    assert (step.procedure, due(after, "step 1")) == ("flood@2", timedelta(minutes=7))
    assert {each.procedure for each in before.steps.all()} == {"flood@1"}
    assert [procedure_named(name).title.vi for name in ("flood@1", "flood@2")] == [  # type: ignore[union-attr]
        "Ứng phó mưa lũ, sạt lở", "Ứng phó lũ quét",
    ]  # fmt: skip
    assert procedure_named("flood@9") is None


def test_going_back_to_the_default_is_a_version_too(chief: User) -> None:
    flood(chief, title=Text("Khác", "Other"))
    services.restore(chief, Of.PROCEDURE, "flood", saving(Of.PROCEDURE, "flood"))
    held = procedure_of("flood")
    assert held is not None
    assert (held.version, held.title.vi) == (3, "Ứng phó mưa lũ, sạt lở")
    assert procedure_named("flood@2").title.vi == "Khác"  # type: ignore[union-attr]
    kind(chief, title=Text("Khác", "Other kind"))
    services.restore(chief, Of.KIND, "road", saving(Of.KIND, "road"))
    assert kinds.as_data(kind_of("road")) == kinds.as_data(kinds.DECLARED["road"])
    rows = LocalVersion.objects.filter(of="kind").values_list("version", "made_by", "note")
    assert list(rows) == [(2, chief.label, WHY), (3, chief.label, WHY)]


def test_every_change_is_audited_with_what_was_and_what_is(chief: User) -> None:
    kind(chief, take=hours(3))
    entry = AuditEntry.objects.get(action="response.save_kind")
    assert (entry.actor, entry.subject, entry.reason) == (chief.label, "kind:road", WHY)
    assert entry.details["changed"]["terms.take.low"] == "2 calendar_hours → 3 calendar_hours"
    assert entry.details["changed"]["terms.take.urgent"] == "3 minutes → 3 calendar_hours"
    flood(chief, stages=(Stage(Text("Gọi xã", "Call the commune"), "duty", 7),))
    changed = AuditEntry.objects.get(action="response.save_procedure").details["changed"]
    assert changed["steps.1.minutes"] == "10 → 7"
    assert changed["steps.8.minutes"] == "720 → –"


def test_one_that_is_planned_holds_from_its_day_on(lan: User, chief: User, clock: Clock) -> None:
    save_kind(chief, replace(kind_of("road"), take=hours(9)), saving(Of.KIND, "road", valid_from=date(2026, 11, 22)))
    assert due(opened(lan), "take") == timedelta(minutes=30)
    clock.forward(days=2)
    assert due(opened(lan), "take") == timedelta(hours=9)


def test_a_later_save_gives_up_what_was_planned_for_its_day_or_later(chief: User, clock: Clock) -> None:
    def plan(name: str, day: date | None) -> None:
        save_kind(chief, replace(kind_of("road"), title=Text(name, name)), saving(Of.KIND, "road", valid_from=day))

    plan("from the 24th", date(2026, 11, 24))
    plan("from the 28th", date(2026, 11, 28))
    plan("from the 26th", date(2026, 11, 26))
    assert [row.version for row in local.planned(Of.KIND, "road")] == [2, 4]
    names = {day: kinds.kinds(date(2026, 11, day))["road"].title.en for day in (23, 24, 26, 28)}
    assert names == {23: "Roads, pavements, lighting", 24: "from the 24th", 26: "from the 26th", 28: "from the 26th"}
    plan("today", None)
    assert local.planned(Of.KIND, "road") == []
    assert AuditEntry.objects.filter(action="response.save_kind").latest("number").details["given_up"] == "2, 4"
    clock.forward(days=9)
    assert kind_of("road").title.en == "today"


def test_what_is_planned_is_cancelled_by_going_back_to_the_default(chief: User, clock: Clock) -> None:
    save_kind(chief, replace(kind_of("road"), take=hours(9)), saving(Of.KIND, "road", valid_from=date(2026, 11, 22)))
    services.restore(chief, Of.KIND, "road", saving(Of.KIND, "road"))
    clock.forward(days=5)
    assert kind_of("road") == kinds.DECLARED["road"]
    with pytest.raises(Problem, match="no-change"):
        services.restore(chief, Of.KIND, "road", saving(Of.KIND, "road"))


def test_a_kind_made_here_is_offered_and_routed_by_its_own_rules(lan: User, chief: User, province: Province) -> None:
    tree = IncidentKind(
        code="cay_do", title=Text("Cây đổ", "Fallen tree"), icon="leaf", role="construction", procedure="cay_do"
    )  # fmt: skip
    steps = (Stage(Text("Cắt điện", "Cut the power"), "supporting", 10, "Luật Điện lực"),)
    save_procedure(chief, Procedure("cay_do", 0, Text("Xử lý cây đổ", "Fallen trees"), steps), Saving(seen=0, why=WHY))
    save_kind(chief, tree, Saving(seen=0, why=WHY))
    assert [each.code for each in kinds.offered()][-1] == "cay_do"
    made = opened(lan, "cay_do")
    assert made.steps.get().procedure == "cay_do@1"
    assert propose("cay_do", province["sample:MS02"]).agency == province["agency:SXD"]
    with pytest.raises(Problem, match="exists-already"):
        save_kind(chief, tree, Saving(seen=0, why=WHY))


def test_one_that_is_switched_off_opens_nothing_and_its_incidents_keep_their_words(lan: User, chief: User) -> None:
    before = opened(lan)
    kind(chief, offered=False)
    with pytest.raises(Problem, match="bad-incident"):
        opened(lan)
    assert kind_of(before.kind).title.vi == "Đường, vỉa hè, chiếu sáng"
    kind(chief, offered=True)
    opened(lan)


def test_alerts_of_a_field_are_of_the_kind_that_has_it_and_of_none_they_are_other(chief: User) -> None:
    kind(chief, "air", fields=())
    assert kind_of_field("air_quality").code == "other"
    kind(chief, "environment", fields=("air_quality",))
    assert kind_of_field("air_quality").code == "environment"
    with pytest.raises(Problem) as caught:
        kind(chief, "air", fields=("air_quality",))
    assert "Rác thải" in caught.value.detail.vi
    kind(chief, "source", offered=False)
    assert kinds.kind_of_silence().code == "other"


def test_what_the_desk_and_routes_still_need_is_not_switched_off(chief: User, province: Province, clock: Clock) -> None:
    with pytest.raises(Problem) as caught:
        kind(chief, "other", offered=False)
    assert "Việc khác" in caught.value.detail.vi
    route = add_route(chief, RouteForm(agency=province["agency:VP"], kind="road"))
    with pytest.raises(Problem) as caught:
        kind(chief, offered=False)
    assert f"dòng {route.pk}" in caught.value.detail.vi
    end_route(chief, route.pk, date(2026, 11, 19))
    kind(chief, offered=False)
    with pytest.raises(Problem, match="bad-route"):
        add_route(chief, RouteForm(agency=province["agency:VP"], kind="road"))


NO_TERM = hours(3) | {Severity.LOW: Term(0)}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"icon": "dragon"}, "biểu tượng"), ({"role": "kings"}, "vai trò"), ({"procedure": "none"}, "quy trình"),
    ({"fields": ("rain",)}, "lĩnh vực"), ({"title": Text("", "x y")}, "tên"), ({"title": Text("x" * 81, "x y")}, "80"),
    ({"take": NO_TERM}, "lớn hơn 0"), ({"handle": hours(-1)}, "lớn hơn 0"), ({"handle": hours(9999)}, "một năm"),
    ({"handle": hours(float("nan"))}, "lớn hơn 0"),
    ({"handle": dict.fromkeys(SEVERITIES, Term(1.5, "working_days"))}, "trọn ngày"),
    ({"handle": dict.fromkeys(SEVERITIES, Term(1, "moons"))}, "cách tính"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "words"), WRONG, ids=[str(number) for number, _ in enumerate(WRONG)])
def test_a_wrong_kind_is_refused_in_both_languages(chief: User, wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(Problem) as caught:
        kind(chief, **wrong)
    assert words in caught.value.detail.vi
    assert caught.value.detail.en != caught.value.detail.vi
    assert not LocalVersion.objects.exists()


GOOD = Stage(Text("Gọi xã", "Call the commune"), "duty")


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        ((), "một bước"), ((replace(GOOD, minutes=0),), "số phút"), ((replace(GOOD, minutes=-5),), "số phút"),
        ((replace(GOOD, minutes=1.5),), "số phút"), ((replace(GOOD, role="king"),), "vai trò"),
        ((replace(GOOD, basis="x" * 201),), "200"), ((replace(GOOD, words=Text("x" * 301, "ab")),), "300"),
        ((replace(GOOD, words=Text("Gọi xã", "")),), "việc phải làm"), ((GOOD,) * 41, "40"),
    ],
)  # fmt: skip
def test_a_wrong_procedure_is_refused(chief: User, stages: tuple[Stage, ...], words: str) -> None:
    with pytest.raises(Problem) as caught:
        flood(chief, stages=stages)
    assert words in caught.value.detail.vi
    assert not LocalVersion.objects.exists()


def test_words_are_kept_as_people_type_them_whatever_the_keyboard_sends(chief: User) -> None:
    kind(chief, title=Text(unicodedata.normalize("NFD", " Hạ  tầng\n"), "City works"))
    assert kind_of("road").title.vi == unicodedata.normalize("NFC", "Hạ tầng")


def test_of_two_administrators_the_second_is_told_what_the_first_saved(chief: User, analyst: User) -> None:
    seen = saving(Of.KIND, "road")
    save_kind(chief, replace(kind_of("road"), take=hours(3)), seen)
    with pytest.raises(Problem, match="changed-meanwhile") as caught:
        save_kind(analyst, replace(kind_of("road"), take=hours(4)), seen)
    assert chief.label in caught.value.detail.vi
    assert WHY in caught.value.detail.en


def test_no_reason_no_change_and_a_day_that_has_passed_save_nothing(chief: User) -> None:
    changed = replace(kind_of("road"), icon="flag")
    for what, problem in (
        (lambda: save_kind(chief, changed, Saving(seen=1, why=" ")), "reason-missing"),
        (lambda: kind(chief), "no-change"),
        (lambda: save_kind(chief, changed, saving(Of.KIND, "road", valid_from=date(2026, 11, 19))), "cannot-work"),
        (lambda: services.restore(chief, Of.KIND, "no_such", Saving(seen=0, why=WHY)), "not-found"),
    ):
        with pytest.raises(Problem, match=problem):
            what()
    assert not LocalVersion.objects.exists()


@pytest.mark.parametrize("role", ["leader", "operator", "officer", "auditor"])
def test_only_who_configures_writes(person: Callable[..., User], role: str) -> None:
    who = person(role, "agency:SXD" if role == "officer" else "")
    for act in (
        lambda: kind(who, icon="flag"), lambda: flood(who, stages=(GOOD,)),
        lambda: services.restore(who, Of.KIND, "road", saving(Of.KIND, "road")),
        lambda: services.bring_in(who, services.unpacked(services.packed()), WHY),
    ):  # fmt: skip
        with pytest.raises(Problem, match="not-allowed"):
            act()


def test_a_version_that_cannot_be_read_gives_way_to_the_declaration(chief: User, caplog: pytest.LogCaptureFixture) -> None:
    row = kind(chief, take=hours(3))
    LocalVersion.objects.create(
        of="kind", code="road", version=3, definition={"title": 5}, valid_from=row.valid_from, note="x", made_by="x",
        made_at=row.made_at,
    )  # fmt: skip
    assert kind_of("road").take == kinds.DECLARED["road"].take
    assert "cannot be read" in caplog.text


def test_reading_costs_one_small_statement_and_sees_what_another_process_wrote(
    chief: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    row = kind(chief, take=hours(3))
    kind_of("road")
    with django_assert_num_queries(1):
        assert kind_of("road").take == hours(3)
    definition = kinds.as_data(replace(kind_of("road"), take=hours(6)))
    LocalVersion.objects.create(
        of="kind", code="road", version=3, definition=definition, valid_from=row.valid_from, note="x", made_by="x",
        made_at=row.made_at,
    )  # fmt: skip
    assert kind_of("road").take == hours(6)


def test_every_declared_kind_and_procedure_can_be_saved_as_it_stands(province: Province) -> None:
    for code, each in kinds.kinds().items():
        assert kinds.as_data(kinds.of_data(code, kinds.as_data(each))) == kinds.as_data(each)
        save_kind(SYSTEM, replace(each, title=Text(f"{each.title.vi}.", f"{each.title.en}.")), saving(Of.KIND, code))
    for code, way in procedures.procedures().items():
        save_procedure(SYSTEM, replace(way, title=Text(f"{way.title.vi}.", f"{way.title.en}.")), saving(Of.PROCEDURE, code))
