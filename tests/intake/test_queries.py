"""How sources are doing, and who may see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.intake.deliveries import held, reading, send

from toancanh.intake import queries, services
from toancanh.intake.models import Delivery, PullSchedule, Source
from toancanh.intake.reading.payload import Payload
from toancanh.kernel.problem import Problem
from toancanh.people.actors import PUBLIC, SYSTEM
from toancanh.people.models import Grant, User
from toancanh.people.roles import Role
from toancanh.units.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_landing")]


def _health(dataset: str = "test_air") -> queries.SourceHealth:
    return next(each for each in queries.source_health(SYSTEM) if each.dataset == dataset)


def test_where_there_is_no_source_nothing_is_asked_about_deliveries() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert queries.source_health(SYSTEM) == []
    assert len(asked) == 1


def test_a_source_is_silent_until_it_sends_then_well_then_late(source: Source) -> None:
    assert (_health().state, _health().lag, _health().last_delivery) == ("silent", None, None)
    send(source, "test_air", [reading(), reading(station="s2", pm25="x")])
    now = _health()
    assert (now.state, now.rows_today, now.quarantined, now.waiting, now.cadence) == ("ok", 1, 1, 1, timedelta(hours=1))
    Delivery.objects.update(received_at=timezone.now() - timedelta(hours=2))
    assert _health().state == "late"
    Source.objects.update(cadence=timedelta(days=1))
    assert _health().state == "ok"
    Source.objects.update(active=False)
    assert _health().state == "off"


def test_a_refusal_after_the_last_delivery_is_an_error_until_the_next_delivery(source: Source) -> None:
    send(source, "test_air", [reading()])
    with pytest.raises(Problem):
        send(source, "test_air", "a;b\n1;2\n")
    now = _health()
    assert (now.state, now.errors) == ("errors", 1)
    assert now.last_error is not None
    assert "Thiếu cột" in now.last_error.vi
    send(source, "test_air", [reading(pm25=3)])
    assert (_health().state, _health().errors) == ("ok", 1)


def test_a_failing_pull_is_an_error(source: Source) -> None:
    services.make_pull(SYSTEM, services.PullForm(source=source, dataset="test_air", address="https://tram.example.vn/"))
    PullSchedule.objects.update(failures=2, last_error_vi="Hết giờ", last_error_en="Timed out")
    now = _health()
    assert now.state == "errors"
    assert now.last_error is not None
    assert now.last_error.en == "Timed out"


def test_a_delivery_that_was_answered_but_not_landed_is_an_error_until_it_lands(source: Source) -> None:
    send(source, "test_air", [reading()])
    Delivery.objects.update(state="failed", failure="no such column")
    now = _health()
    assert (now.state, now.errors, queries.failed_deliveries()) == ("errors", 1, 1)
    assert now.last_error is not None
    assert "intake recover" in now.last_error.en
    assert "no such column" not in now.last_error.en
    Delivery.objects.update(state="done")
    assert (_health().state, queries.failed_deliveries()) == ("ok", 0)


def test_a_corrected_row_is_no_sign_of_life(source: Source, place: dict[str, Unit]) -> None:
    officer = User.objects.create(username="o", full_name="O", role=Role.OFFICER, agency=place["agency"])
    send(source, "test_air", [reading(pm25="x")])
    Delivery.objects.update(received_at=timezone.now() - timedelta(days=9))
    services.fix_row(officer, held()[0].pk, reading())
    assert _health().state == "late"


def test_the_worst_come_first_and_the_totals_add_up(source: Source) -> None:
    send(source, "test_air", [reading(), reading(station="s2", pm25="x")])
    assert [each.state for each in queries.source_health(SYSTEM)] == ["silent", "silent", "ok"]
    assert queries.delivery_totals() == queries.Totals(1, 1, 1)
    assert queries.waiting_deliveries() == 1


def test_deliveries_and_sources_are_seen_within_ones_scope(source: Source, place: dict[str, Unit]) -> None:
    send(source, "test_air", [reading()])
    send(source, "test_figures", [{"item": "revenue", "area": "MS", "period": "10/2026", "value": 1}])
    narrow = User.objects.create(username="n", full_name="N", role=Role.ANALYST, only_grants=True)
    assert queries.deliveries(narrow) == queries.deliveries(PUBLIC) == queries.source_health(narrow) == []
    elsewhere = Unit.objects.create(scheme="agency", code="STC", level="agency", name="Tài chính", full_name="Sở Tài chính")
    Grant.objects.create(user=narrow, actions=["view"], field="test_pack", agency=elsewhere, given_by="x")
    assert queries.deliveries(User.objects.get(pk=narrow.pk)) == []
    Grant.objects.create(user=narrow, actions=["view"], field="test_pack", agency=place["agency"], given_by="x")
    assert len(queries.deliveries(User.objects.get(pk=narrow.pk))) == 2
    assert len(queries.source_health(User.objects.get(pk=narrow.pk))) == 3


def test_leave_to_enter_for_one_area_opens_no_delivery(source: Source, place: dict[str, Unit]) -> None:
    send(source, "test_air", [reading(pm25="x")])
    ward = User.objects.create(username="w", full_name="W", role=Role.ANALYST, only_grants=True)
    Grant.objects.create(user=ward, actions=["view", "enter"], field="test_pack", area=place["an_hoa"], given_by="x")
    ward = User.objects.get(pk=ward.pk)
    made = Delivery.objects.get()
    assert [each.pk for each in queries.deliveries(ward)] == [made.pk]
    assert list(queries.held_rows(ward)) == queries.sources(ward, queries.WORK) == []
    with pytest.raises(Problem):
        queries.delivery(ward, str(made.uid), queries.WORK)
    for forbidden in (
        lambda: services.fix_row(ward, held()[0].pk, reading()),
        lambda: services.replay(ward, made.pk),
        lambda: services.upload(ward, source, "test_air", Payload(b"[]")),
    ):
        with pytest.raises(Problem) as caught:
            forbidden()
        assert caught.value.status == 403
    Grant.objects.create(user=ward, actions=["enter"], field="test_pack", agency=place["agency"], given_by="x")
    assert len(queries.held_rows(User.objects.get(pk=ward.pk))) == 1


def test_deliveries_are_filtered_and_paged(source: Source) -> None:
    for number in range(5):
        send(source, "test_air", [reading(pm25=number)])
    found = queries.deliveries(SYSTEM, limit=2)
    following = queries.deliveries(SYSTEM, before=found[-1].pk, limit=2)
    assert [each.pk for each in (*found, *following)] == sorted((each.pk for each in Delivery.objects.all()), reverse=True)[:4]
    assert queries.deliveries(SYSTEM, dataset="test_figures") == queries.deliveries(SYSTEM, source="other") == []
    assert len(queries.deliveries(SYSTEM, state="received")) == 5


def test_an_unknown_delivery_is_a_problem_and_not_a_crash(source: Source) -> None:
    with pytest.raises(Problem) as caught:
        queries.delivery(SYSTEM, "5e0e2e4e-0000-4000-8000-000000000000")
    assert caught.value.status == 404
