"""Acts on accounts, grants and walls: what they do, whom they refuse, and that each leaves an audit entry."""

from __future__ import annotations

import inspect

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from toancanh.audit import queries as audit
from toancanh.audit.models import AuditEntry
from toancanh.kernel.problem import Problem
from toancanh.people import services
from toancanh.people.actors import PUBLIC, SYSTEM, PreviewActor, wall_of_token
from toancanh.people.entrance import sessions
from toancanh.people.models import User
from toancanh.people.queries import Asked
from toancanh.people.roles import Action, Role
from toancanh.people.services import Profile, Scope

from .conftest import PASSWORD

NEW = "mot-cau-khac-cung-dai"
PROFILE = Profile(full_name="Trần Thị Mai", post="Chuyên viên")


@pytest.fixture
def chief(person):
    return person("administrator", "chief", full_name="Quản trị")


@pytest.fixture
def officer(person, province):
    return person("officer", agency=province.health)


def request_of(actor, user=None) -> HttpRequest:
    request = HttpRequest()
    request.session = SessionStore()
    request.META |= {"REMOTE_ADDR": "203.0.113.9", "SERVER_NAME": "testserver", "SERVER_PORT": "80"}
    request.actor, request.user = actor, user or actor
    return request


def signed_out_from(user: User) -> None:
    request = request_of(user)
    sessions.sign_out(request)


def preview_stopped(chief: User, officer: User) -> None:
    request = request_of(PreviewActor.of(chief, officer), chief)
    sessions.stop_preview(request)


ACTS = {
    "create_user": lambda s, c, o: s.create_user(c, "mai", NEW, "officer", PROFILE),
    "change_profile": lambda s, c, o: s.change_profile(c, o, PROFILE),
    "change_role": lambda s, c, o: s.change_role(c, o, "analyst", reason="QĐ 12"),
    "set_password": lambda s, c, o: s.set_password(c, o, NEW),
    "change_own_password": lambda s, c, o: s.change_own_password(o, PASSWORD, NEW),
    "close_account": lambda s, c, o: s.close_account(c, o),
    "open_account": lambda s, c, o: s.open_account(c, o),
    "add_grant": lambda s, c, o: s.add_grant(c, o, ["approve"], Scope(field="health")),
    "remove_grant": lambda s, c, o: s.remove_grant(c, o.grants.create(actions=["view"], given_by="x")),
    "add_wall": lambda s, c, o: s.add_wall(c, "Phòng trực"),
    "revoke_wall": lambda s, c, o: s.revoke_wall(c, s.WallDevice.objects.create(name="x", token_hash="y")),
    "set_preferences": lambda s, c, o: s.set_preferences(o, theme="dark"),
    "read_audit": lambda s, c, o: s.read_audit(c, Asked()),
    "export_audit": lambda s, c, o: s.export_audit(c, Asked(), "Công văn 12"),
    "take_anchor": lambda s, c, o: s.take_anchor(c),
    "sign_in": lambda s, c, o: s.sign_in(request_of(PUBLIC), "officer", PASSWORD),
    "sign_out": lambda s, c, o: signed_out_from(o),
    "start_preview": lambda s, c, o: s.start_preview(request_of(c), o),
    "stop_preview": lambda s, c, o: preview_stopped(c, o),
}
OF_EVERYBODY_OR_AUDITORS = ("sign_", "stop_", "set_pref", "change_own", "read_audit", "export_audit", "take_anchor")
BY_ADMINISTRATORS = [name for name in ACTS if not name.startswith(OF_EVERYBODY_OR_AUDITORS)]


NOT_ACTS = ("wrong", "forget_ended")  # a refusal; housekeeping by the clock, which has no actor


def verbs() -> dict[str, object]:
    """Every public function of the two modules that write."""
    return {
        name: module
        for module in (services, sessions)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_") and name not in NOT_ACTS
    }


def test_every_service_is_tried_here():
    assert set(verbs()) == set(ACTS)


@pytest.mark.parametrize("verb", sorted(ACTS))
def test_every_service_writes_exactly_one_audit_entry_of_its_name(chief, officer, verb):
    before = AuditEntry.objects.count()
    ACTS[verb](verbs()[verb], chief, officer)
    entries = list(AuditEntry.objects.order_by("number")[before:])
    assert [entry.action for entry in entries] == [f"people.{verb}"]
    assert PASSWORD not in entries[0].detail
    assert NEW not in entries[0].detail
    assert audit.verify() is None


@pytest.mark.parametrize("verb", sorted(BY_ADMINISTRATORS))
@pytest.mark.parametrize("role", [each for each in Role if each not in (Role.ADMINISTRATOR, Role.LEADER, Role.OPERATOR)])
def test_nobody_else_may_do_an_administrators_act_and_nothing_is_kept(person, officer, verb, role):
    someone = person(role, f"some.{role}")
    before = AuditEntry.objects.count()
    with pytest.raises(Problem) as refused:
        ACTS[verb](verbs()[verb], someone, officer)
    assert refused.value.status == 403
    assert AuditEntry.objects.count() == before
    assert not User.objects.filter(username="mai").exists()


def test_an_administrator_in_preview_changes_nothing(chief, officer, person):
    preview = PreviewActor.of(chief, person("administrator", "second"))
    with pytest.raises(Problem, match="read-only"):
        services.close_account(preview, officer)


def test_a_new_account_signs_in_with_a_temporary_password(chief):
    mai = services.create_user(chief, "  Mai.Tran ", NEW, "officer", PROFILE)
    assert (mai.username, mai.must_change_password, mai.check_password(NEW)) == ("mai.tran", True, True)


@pytest.mark.parametrize(
    ("username", "password", "role", "full_name", "code"),
    [
        ("a", NEW, "officer", "Mai", "bad-username"),
        ("Mai Trần", NEW, "officer", "Mai", "bad-username"),
        ("System", NEW, "officer", "Mai", "bad-username"),
        ("public", NEW, "officer", "Mai", "bad-username"),
        ("mai\x00", "short", "officer", "Mai", "bad-password"),
        ("mai", "mai-mai-mai-mai", "officer", "Mai", "bad-password"),
        ("mai", "a" * 300, "officer", "Mai", "bad-password"),
        ("chief", NEW, "officer", "Mai", "username-taken"),
        ("mai", NEW, "king", "Mai", "unknown-role"),
        ("mai", NEW, "officer", "  ", "name-missing"),
    ],
)
def test_an_unusable_account_is_refused_with_its_reason(chief, username, password, role, full_name, code):
    with pytest.raises(Problem) as refused:
        services.create_user(chief, username, password, role, Profile(full_name=full_name))
    assert refused.value.code == code
    assert refused.value.detail.vi != refused.value.detail.en


def test_a_common_password_is_refused(chief, officer, settings):
    with pytest.raises(Problem, match="bad-password"):
        services.set_password(chief, officer, "qwerty123456")


def test_nobody_changes_their_own_rights(chief):
    for act in (
        lambda: services.change_role(chief, chief, "leader"),
        lambda: services.close_account(chief, chief),
        lambda: services.add_grant(chief, chief, ["view"], Scope()),
    ):
        with pytest.raises(Problem, match="not-oneself"):
            act()


def test_the_last_administrator_stays(chief, officer):
    for act in (
        lambda: services.close_account(SYSTEM, chief),
        lambda: services.change_role(SYSTEM, chief, "leader"),
        lambda: services.change_role(SYSTEM, chief, "administrator", only_grants=True),
    ):
        with pytest.raises(Problem, match="last-administrator"):
            act()
        chief.refresh_from_db()
        assert chief.can(Action.ADMINISTER)


def test_one_of_two_administrators_may_go(chief, person):
    services.close_account(chief, person("administrator", "second"))
    assert not User.objects.get(username="second").is_active


def test_grants_that_would_mix_duties_are_refused(chief, person):
    auditor = person("auditor")
    with pytest.raises(Problem, match="duties-apart"):
        services.add_grant(chief, auditor, ["enter"], Scope())
    for wrong in ([], ["administer"], ["view", "fly"]):
        with pytest.raises(Problem, match="unknown-actions"):
            services.add_grant(chief, auditor, wrong, Scope())


def test_ones_own_password_needs_the_old_one_and_a_different_new_one(officer):
    with pytest.raises(Problem, match="wrong-password"):
        services.change_own_password(officer, "guess", NEW)
    with pytest.raises(Problem, match="same-password"):
        services.change_own_password(officer, PASSWORD, PASSWORD)
    assert services.change_own_password(officer, PASSWORD, NEW).check_password(NEW)


def test_a_wall_is_known_by_its_token_until_it_is_revoked(chief):
    device, token = services.add_wall(chief, "Phòng trực tầng 2")
    assert token not in (device.token_hash, device.name)
    assert wall_of_token(token) == device
    services.revoke_wall(chief, device)
    assert wall_of_token(token) is None
    assert wall_of_token("") is None


def test_a_shift_leader_makes_a_wall_but_an_officer_does_not(person, officer):
    services.add_wall(person("operator"), "Tường")
    narrow = person("operator", "narrow", only_grants=True)
    narrow.grants.create(actions=["direct"], given_by="test")
    narrow.grants.create(actions=["view"], field="air_quality", given_by="test")
    with pytest.raises(Problem):  # a wall would show more than its maker may see
        services.add_wall(narrow, "Tường")
    with pytest.raises(Problem, match="not-allowed"):
        services.add_wall(officer, "Tường")


def test_unknown_preferences_are_left_out(officer):
    services.set_preferences(officer, language="fr", theme="neon", single_keys="maybe")
    assert AuditEntry.objects.count() == 0
    services.set_preferences(officer, language="en", theme="neon")
    officer.refresh_from_db()
    assert (officer.language, officer.theme) == ("en", "auto")
