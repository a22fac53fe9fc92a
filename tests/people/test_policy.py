"""Who may do what: the roles' table, and grants as exact boxes."""

from __future__ import annotations

import pytest

from toancanh.kernel.problem import Problem
from toancanh.people import policy
from toancanh.people.actors import PUBLIC, SYSTEM, MachineActor, PreviewActor
from toancanh.people.models import Grant, User
from toancanh.people.roles import BY_ROLE_ONLY, STANDINGS, Action, Role
from toancanh.units.models import Unit

V, E, A, D, H, C, M, U = Action
MATRIX = {  # action allowed: "+" everywhere, "o" for the own agency only
    Role.LEADER: {V: "+", A: "+", D: "+", H: "+"},
    Role.OPERATOR: {V: "+", E: "+", D: "+", H: "+"},
    Role.OFFICER: {V: "+", E: "o", H: "o"},
    Role.ANALYST: {V: "+", C: "+"},
    Role.ADMINISTRATOR: {V: "+", C: "+", M: "+", U: "+"},
    Role.AUDITOR: {V: "+", U: "+"},
    Role.MACHINE: {E: "o"},
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_each_role_may_do_what_the_table_says_and_nothing_else(person, province, role, action):
    user = person(role, agency=province.health)
    right = MATRIX[role].get(action, "")
    assert user.can(action) == bool(right)
    assert user.can(action, agency=province.health) == bool(right)
    assert user.can(action, agency=province.education) == (right == "+")
    assert user.can(action, field="health", area=province.north) == bool(right)


def test_every_role_and_action_is_in_the_matrix_and_the_table():
    assert set(MATRIX) == set(STANDINGS) == set(Role)


def test_an_officer_without_an_agency_enters_nothing(person):
    assert not person("officer").can(Action.ENTER)


def test_a_closed_account_may_do_nothing(person):
    assert person("administrator", is_active=False).permissions == ()


def test_the_public_may_do_nothing_and_the_system_everything():
    assert not any(PUBLIC.can(action) for action in Action)
    assert all(SYSTEM.can(action, "health", "sample:MS01", "sample:MS01") for action in Action)


def test_a_source_enters_for_its_own_agency_in_its_fields_only(province):
    source = MachineActor.of("his", province.health, ("health",))
    assert source.can(Action.ENTER, "health", province.health, province.south)
    assert not source.can(Action.ENTER, "education", province.health)
    assert not source.can(Action.ENTER, "health", province.education)
    assert not source.can(Action.VIEW)
    assert (source.label, source.role) == ("source:his", "machine")


def grant(user: User, *actions: Action, **box) -> None:
    Grant.objects.create(user=user, actions=[each.value for each in actions], given_by="test", **box)
    user.__dict__.pop("permissions", None)


@pytest.fixture
def narrow(person):
    """Somebody who has only what is granted."""
    return person("officer", only_grants=True)


def test_without_any_grant_such_a_person_sees_nothing(narrow):
    assert policy.visible_fields(narrow) == set()
    assert list(policy.restrict(Unit.objects.all(), narrow, area="pk")) == []


def test_a_grant_on_an_area_covers_what_is_below_it_and_what_became_part_of_it(narrow, province):
    grant(narrow, Action.VIEW, area=province.itself)
    covered = {province.itself, province.north, province.south, province.old, province.old_north}
    seen = set(policy.restrict(Unit.objects.all(), narrow, area="pk"))
    assert covered <= seen
    assert province.elsewhere not in seen
    assert narrow.can(Action.VIEW, area="sample-old:A1")
    assert not narrow.can(Action.VIEW, area=province.elsewhere)


def test_a_grant_on_a_commune_does_not_reach_its_province_or_neighbours(narrow, province):
    grant(narrow, Action.VIEW, area=province.north)
    assert not narrow.can(Action.VIEW, area=province.itself)
    assert set(policy.restrict(Unit.objects.all(), narrow, area="pk")) == {province.north, province.old_north}


def test_the_sides_of_a_grant_hold_together(narrow, province):
    """Health in the north and education in the south is not health in the south."""
    grant(narrow, Action.VIEW, field="health", area=province.north)
    grant(narrow, Action.VIEW, field="education", area=province.south)
    assert policy.visible_fields(narrow) == {"health", "education"}
    assert not narrow.can(Action.VIEW, "health", area=province.south)
    units = Unit.objects.all()  # a unit's role stands in for a field column here
    Unit.objects.filter(pk__in=[province.north.pk, province.south.pk]).update(role="health")
    seen = policy.restrict(units, narrow, field="role", area="pk")
    assert set(seen) == {province.north}
    codes = {"health": ["MS01", "MS02"], "education": []}
    finer = policy.restrict(units, narrow, field="code", area="pk", fields_to=codes.__getitem__)
    assert set(finer) == {province.north}


def test_a_grant_on_an_agency_holds_for_that_agency_alone(narrow, province):
    grant(narrow, Action.ENTER, Action.APPROVE, agency=province.education)
    assert set(policy.restrict(Unit.objects.all(), narrow, Action.APPROVE, agency="pk")) == {province.education}
    assert set(policy.restrict(Unit.objects.all(), narrow, Action.ENTER, agency="pk")) == {province.education}
    assert list(policy.restrict(Unit.objects.all(), narrow, Action.VIEW, agency="pk")) == []


def test_a_grant_adds_to_the_role(person, province):
    officer = person("officer", agency=province.health)
    grant(officer, Action.APPROVE, field="health")
    assert officer.can(Action.APPROVE, "health")
    assert not officer.can(Action.APPROVE, "education")
    assert policy.visible_fields(officer) is None


@pytest.mark.parametrize("action", sorted(BY_ROLE_ONLY))
def test_a_grant_never_carries_power_over_people_or_the_record(narrow, action):
    grant(narrow, action)
    assert not narrow.can(action)


def test_an_auditor_may_not_be_granted_what_the_auditor_judges(person):
    auditor = person("auditor")
    grant(auditor, Action.ENTER)
    assert not auditor.can(Action.ENTER)


def test_a_limited_right_is_not_enough_for_an_act_without_a_place(narrow, province):
    grant(narrow, Action.DIRECT, area=province.north)
    policy.require(narrow, Action.DIRECT)
    with pytest.raises(Problem) as refused:
        policy.require_everywhere(narrow, Action.DIRECT)
    assert refused.value.status == 403


def test_a_preview_sees_what_the_other_sees_and_writes_nothing(person, province):
    preview = PreviewActor.of(person("administrator"), person("officer", agency=province.health))
    assert preview.can(Action.ENTER, agency=province.health)
    assert not preview.can(Action.ADMINISTER)
    policy.require(preview, Action.VIEW)
    with pytest.raises(Problem, match="read-only"):
        policy.require(preview, Action.ENTER, agency=province.health)


def test_a_refusal_names_the_permission_in_both_languages(person):
    with pytest.raises(Problem) as refused:
        policy.require(person("leader"), Action.ADMINISTER)
    assert "Quản trị người dùng" in refused.value.detail.vi
    assert "Administer people" in refused.value.detail.en


def test_units_are_ones_own_by_what_may_be_seen_of_them(narrow, province):
    grant(narrow, Action.ENTER, agency=province.education)
    grant(narrow, Action.VIEW, agency=province.health)
    grant(narrow, Action.VIEW, area=province.north)
    assert policy.named_units(narrow) == [province.north.key, province.health.key]
