"""The sample province has work of every kind: due, late, reported and done, each explained by its clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from toancanh.people import services as people
from toancanh.people.actors import SYSTEM
from toancanh.response import clocks
from toancanh.response.models import Directive, Task
from toancanh.response.queries import work as queries
from toancanh.response.queries.work import Filters, Show
from toancanh.site.sample import agencies, places
from toancanh.site.sample import work as sample
from toancanh.site.sample_load import _unit
from toancanh.units import queries as units
from toancanh.units import register
from toancanh.units.services import put_units


@pytest.fixture
def minh_son(db: None, settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.ROOT_UNIT, settings.DATA = "sample:MS", tmp_path
    register.forget()
    put_units(SYSTEM, [_unit(each) for each in (*places.units(), *agencies.agencies())])
    register.forget()
    for each in agencies.people():
        profile = people.Profile(full_name=each.full_name, agency=units.by_key(each.agency))
        people.create_user(SYSTEM, each.username, "mot-mat-khau-rat-dai-2026", each.role, profile, temporary=False)
    yield
    register.forget()


def test_sample_work_is_given_once_and_stands_in_every_list(minh_son: None) -> None:
    assert sample.give() == 9
    assert sample.give() == 0
    counted = queries.counts(SYSTEM, Filters())
    assert counted[Show.OVERDUE] >= 2
    assert counted[Show.AWAITED] == 1
    assert counted[Show.OPEN] == 7
    for record in (*Directive.objects.all(), *Task.objects.all()):
        clock = clocks.of(record._meta.model_name or "", record.pk).get()
        assert clock.due_at == record.due_at
        assert clocks.explain(clock)[-1].total == clock.amount
        assert record.sample
        assert record.opened_at < timezone.now()
