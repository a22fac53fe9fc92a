"""Held rows: seen by those who may, corrected, accepted, dismissed with a reason, checked again; each act is on record."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import OperationalError
from tests.intake.deliveries import held, reading, send, stored

from toancanh.audit.models import AuditEntry
from toancanh.intake import keeping, landing, queries, services
from toancanh.intake.checking import held_rows
from toancanh.intake.models import Delivery, QuarantinedRow, RowState, Source
from toancanh.intake.reading.payload import Payload
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.people.models import Grant, User
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


def test_of_two_officers_at_one_row_only_the_first_lands_anything(
    source: Source, officer: User, store: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(source, "test_air", [reading(pm25="x")])
    row = held()[0]
    real = held_rows.mended

    def mended_meanwhile(*arguments: Any) -> Any:
        monkeypatch.setattr(held_rows, "mended", real)
        services.fix_row(officer, row.pk, reading(pm25=1))
        return real(*arguments)

    monkeypatch.setattr(held_rows, "mended", mended_meanwhile)
    with pytest.raises(Problem) as caught:
        services.fix_row(officer, row.pk, reading(pm25=2))
    assert (caught.value.status, caught.value.code) == (409, "already-decided")
    assert "officer" in caught.value.detail.vi
    landing.land("test_air")
    assert [each.values["pm25"] for each in stored("test_air")] == [1.0]
    assert len(list(keeping.places())) == Delivery.objects.count() == 2
    assert _acts().count("intake.fix_row") == 1


def test_an_act_that_cannot_be_put_on_record_is_not_done(
    source: Source, officer: User, monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(source, "test_air", [reading(pm25="x")])
    row = held()[0]

    def no_record(*_arguments: Any, **_more: Any) -> None:
        raise OperationalError("the record is away")

    monkeypatch.setattr(services.audit, "record", no_record)
    for act in (
        lambda: services.fix_row(officer, row.pk, reading()), lambda: services.dismiss_row(officer, row.pk, "sai"),
        lambda: services.upload(officer, source, "test_air", Payload(json.dumps([reading(station="s9")]).encode())),
    ):
        with pytest.raises(OperationalError):
            act()
    row.refresh_from_db()
    assert (row.state, Delivery.objects.count(), len(list(keeping.places()))) == (RowState.OPEN, 1, 1)


def test_sources_are_set_up_only_within_ones_field_and_agency(source: Source, place: dict[str, Unit]) -> None:
    narrow = User.objects.create(username="n", full_name="N", role=Role.LEADER, only_grants=True)
    Grant.objects.create(user=narrow, actions=["configure"], field="test_pack", agency=place["agency"], given_by="x")
    narrow = User.objects.get(pk=narrow.pk)
    other = Unit.objects.create(scheme="agency", code="STC", level="agency", name="Tài chính", full_name="Sở Tài chính")
    register.forget()

    def form(owner: str | None, code: str = "new") -> services.SourceForm:
        return services.SourceForm(code=code, title=Text("X", "X"), datasets=["test_air"], owner=owner)

    mine = services.make_source(narrow, form("agency:SYT"))
    assert services.make_key(narrow, mine)
    anothers = services.make_source(SYSTEM, form("agency:STC", "anothers"))
    assert anothers.owner == other
    key = services.make_key(SYSTEM, anothers)
    pull = services.PullForm(source=anothers, dataset="test_air", address="https://tram.example.vn/")
    for act in (
        lambda: services.make_source(narrow, form("agency:STC")), lambda: services.make_source(narrow, form(None)),
        lambda: services.make_source(narrow, form("agency:SYT", "anothers")), lambda: services.make_key(narrow, anothers),
        lambda: services.make_pull(narrow, pull), lambda: services.revoke_key(narrow, anothers.keys.get(prefix=key[:9])),
    ):
        with pytest.raises(Problem) as caught:
            act()
        assert caught.value.status == 403
