"""Administrators who save in the same moment: one version wins, the others are told, and every process sees what won."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.response.work.conftest import Staff, make_staff, units_of
from tests.response.work.test_at_once import Counter, at_once

from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM, MachineActor
from toancanh.response.handling.kept import LocalVersion
from toancanh.response.handling.kinds import DECLARED, kind_of
from toancanh.response.services.incidents import IncidentForm, refuse
from toancanh.response.services.kinds import Saving, save_kind
from toancanh.response.services.receiving import Sent, receive
from toancanh.units.models import Unit

CODES = ("road", "flood", "fire", "air")


@pytest.fixture
def province(transactional_db: None, settings: Any, tmp_path: Any) -> Iterator[dict[str, Unit]]:
    yield from units_of(settings, tmp_path)


@pytest.fixture
def staff(province: dict[str, Unit]) -> Staff:
    return make_staff(province)


@pytest.mark.slow
def test_of_many_who_save_one_kind_one_does_and_the_versions_of_all_kinds_are_seen(staff: Staff) -> None:
    def save(number: int) -> None:
        code = CODES[number % len(CODES)]
        kind = replace(DECLARED[code], title=Text(f"Tên {number}", f"Name {number}"))
        save_kind(SYSTEM, kind, Saving(seen=1, why=f"Lần {number}"))
        assert kind_of(code).title.vi == f"Tên {number}"

    assert at_once(40, save) == Counter({"done": 4, "changed-meanwhile": 36})
    for row in LocalVersion.objects.all():
        assert kind_of(row.code).title.vi == row.definition["title"]["vi"]
    assert LocalVersion.objects.count() == len(CODES)


@pytest.mark.slow
def test_one_report_through_many_doors_is_one_incident(staff: Staff, province: dict[str, Unit]) -> None:
    form = IncidentForm(kind="road", title="Cây đổ", origin="citizen", number="PA-1")
    found: list[int] = []
    hotline = MachineActor.of("1022", None)
    outcomes = at_once(20, lambda each: found.append(receive(hotline, form, Sent("source:1", f"{each % 5}")).pk))
    assert outcomes == Counter({"done": 20})
    assert len(set(found)) == 1


@pytest.mark.slow
def test_a_number_that_is_used_anew_through_many_doors_opens_one_more_incident(staff: Staff, province: dict[str, Unit]) -> None:
    form = IncidentForm(kind="road", title="Cây đổ", origin="citizen", number="PA-1")
    hotline, found = MachineActor.of("1022", None), []
    first = receive(hotline, form, Sent("source:1", "first"))
    refuse(staff.operator, first, "Không thuộc địa bàn")
    outcomes = at_once(20, lambda each: found.append(receive(hotline, form, Sent("source:1", f"{each % 5}")).pk))
    assert outcomes == Counter({"done": 20})
    assert len({*found, first.pk}) == 2
