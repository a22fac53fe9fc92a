"""Held rows: seen by those who may, corrected, accepted, dismissed with a reason, checked again; each act is on record."""

from __future__ import annotations

import pytest
from tests.intake.deliveries import held, reading, send, stored

from toancanh.audit.models import AuditEntry
from toancanh.intake import landing, queries, services
from toancanh.intake.models import Delivery, QuarantinedRow, RowState, Source
from toancanh.kernel.problem import Problem
from toancanh.people.models import User
from toancanh.people.roles import Role
from toancanh.units import register
from toancanh.units.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_landing")]


@pytest.fixture
def officer(place: dict[str, Unit]) -> User:
    """An officer of the agency that owns the source."""
    return User.objects.create(username="officer", full_name="Trần Thị Bình", role=Role.OFFICER, agency=place["agency"])


@pytest.fixture
def stranger(place: dict[str, Unit]) -> User:
    """An officer of another agency."""
    other = Unit.objects.create(
        scheme="agency", code="STC", level="agency", name="Tài chính", full_name="Sở Tài chính", parent=place["province"],
    )
    return User.objects.create(username="stranger", full_name="Lê Văn An", role=Role.OFFICER, agency=other)


def _acts() -> list[str]:
    return list(AuditEntry.objects.order_by("number").values_list("action", flat=True))


def test_a_corrected_row_lands_as_a_delivery_of_its_own(source: Source, officer: User, store: None) -> None:
    send(source, "test_air", [reading(), reading(station="s2", pm25="mười")])
    receipt = services.fix_row(officer, held()[0].pk, {**reading(station="s2"), "pm25": "10,5"})
    landing.land("test_air")
    assert [(row.values["station"], row.values["pm25"]) for row in stored("test_air")] == [("s1", 12.5), ("s2", 10.5)]
    fixed = QuarantinedRow.objects.get()
    mended = Delivery.objects.get(uid=receipt.id)
    assert (fixed.state, fixed.decided_by, fixed.fixed_in) == (RowState.FIXED, "officer", mended)
    assert (mended.via, mended.sender, mended.follows) == ("fix", "officer", fixed.delivery)
    assert _acts()[-1] == "intake.fix_row"


def test_a_correction_that_is_still_wrong_says_why_and_changes_nothing(source: Source, officer: User) -> None:
    send(source, "test_air", [reading(pm25="mười")])
    with pytest.raises(Problem) as caught:
        services.fix_row(officer, held()[0].pk, reading(pm25="10 hoặc 11"))
    assert (caught.value.code, caught.value.status) == ("still-wrong", 422)
    assert "10 hoặc 11" in caught.value.detail.vi
    assert Delivery.objects.count() == 1
    assert held()[0].state == RowState.OPEN


def test_a_very_old_reading_is_accepted_by_a_person(source: Source, officer: User, store: None) -> None:
    send(source, "test_air", [reading(measured_at="2024-01-05T09:00:00+07:00")])
    row = held()[0]
    assert row.problems[0]["code"] == "too-old"
    services.fix_row(officer, row.pk, row.raw)
    landing.land("test_air")
    assert len(stored("test_air")) == 1


def test_a_row_is_decided_once(source: Source, officer: User) -> None:
    send(source, "test_air", [reading(pm25="mười")])
    row = held()[0].pk
    services.fix_row(officer, row, reading())
    for act in (lambda: services.fix_row(officer, row, reading()), lambda: services.dismiss_row(officer, row, "sai")):
        with pytest.raises(Problem) as caught:
            act()
        assert caught.value.status == 409


def test_dismissing_needs_a_reason_and_keeps_it(source: Source, officer: User) -> None:
    send(source, "test_air", [reading(pm25="mười")])
    row = held()[0].pk
    with pytest.raises(Problem):
        services.dismiss_row(officer, row, "  ")
    services.dismiss_row(officer, row, "Trạm thử nghiệm")
    assert (held()[0].state, held()[0].reason) == (RowState.DISMISSED, "Trạm thử nghiệm")
    entry = AuditEntry.objects.latest("number")
    assert (entry.action, entry.actor, entry.reason) == ("intake.dismiss_row", "officer", "Trạm thử nghiệm")


def test_rows_that_pass_today_land_on_replay_and_the_others_wait(source: Source, officer: User, store: None) -> None:
    rows = [reading(area="Phường Mới Lập"), reading(station="s2", pm25="x"), reading(station="s3", area="Phường Mới Lập")]
    send(source, "test_air", rows)
    delivery = Delivery.objects.get()
    assert services.replay(officer, delivery.pk) == services.Replayed(0, 3)
    Unit.objects.create(scheme="sample", code="MS09", level="commune", name="Mới Lập", full_name="Phường Mới Lập")
    register.forget()
    done = services.replay(officer, delivery.pk)
    assert (done.landed, done.waiting) == (2, 1)
    landing.land("test_air")
    assert [row.values["area"] for row in stored("test_air")] == ["sample:MS09", "sample:MS09"]
    assert list(delivery.held.order_by("position").values_list("state", flat=True)) == ["fixed", "open", "fixed"]
    assert services.replay(officer, delivery.pk) == services.Replayed(0, 1)
    assert _acts()[-1] == "intake.replay"


def test_a_replay_reads_numbers_as_the_whole_file_wrote_them(source: Source, officer: User, store: None) -> None:
    text = "item;area;period;value\nrevenue;Xã Mới;9/2026;1.234\nrevenue;MS;10/2026;7.842,5\n"
    send(source, "test_figures", text)
    Unit.objects.create(scheme="sample", code="MS09", level="commune", name="Mới", full_name="Xã Mới")
    register.forget()
    assert services.replay(officer, Delivery.objects.get().pk).landed == 1
    landing.land("test_figures")
    assert {row.values["value"] for row in stored("test_figures")} == {1234.0, 7842.5}


def test_dismissed_rows_stay_out_of_a_replay(source: Source, officer: User) -> None:
    send(source, "test_air", [reading(area="Phường Mới Lập")])
    services.dismiss_row(officer, held()[0].pk, "bỏ")
    Unit.objects.create(scheme="sample", code="MS09", level="commune", name="Mới Lập", full_name="Phường Mới Lập")
    register.forget()
    assert services.replay(officer, Delivery.objects.get().pk).landed == 0


def test_strangers_neither_see_nor_touch_anothers_rows(source: Source, officer: User, stranger: User) -> None:
    send(source, "test_air", [reading(pm25="mười")])
    row, delivery = held()[0], Delivery.objects.get()
    assert [each.pk for each in queries.held_rows(officer)] == [row.pk]
    assert list(queries.held_rows(stranger)) == []
    acts = (
        lambda: services.fix_row(stranger, row.pk, reading()), lambda: services.dismiss_row(stranger, row.pk, "x"),
        lambda: services.replay(stranger, delivery.pk), lambda: queries.held_row(stranger, row.pk),
    )
    for act in acts:
        with pytest.raises(Problem) as caught:
            act()
        assert caught.value.status in (403, 404)
    assert held()[0].state == RowState.OPEN


@pytest.mark.parametrize("role", [Role.LEADER, Role.ANALYST, Role.ADMINISTRATOR, Role.AUDITOR])
def test_those_who_do_not_enter_data_do_not_see_held_rows(source: Source, place: dict[str, Unit], role: Role) -> None:
    send(source, "test_air", [reading(pm25="mười")])
    person = User.objects.create(username=role.value, full_name="Người Xem", role=role, agency=place["agency"])
    assert list(queries.held_rows(person)) == []
    assert len(queries.deliveries(person)) == 1


def test_sources_and_keys_are_made_by_those_who_configure(source: Source, officer: User, place: dict[str, Unit]) -> None:
    analyst = User.objects.create(username="analyst", full_name="Phân Tích", role=Role.ANALYST)
    key = services.make_key(analyst, source)
    assert "intake.make_key" in _acts()
    assert key not in str(list(AuditEntry.objects.values_list("detail", flat=True)))
    with pytest.raises(Problem) as caught:
        services.make_key(officer, source)
    assert caught.value.status == 403
