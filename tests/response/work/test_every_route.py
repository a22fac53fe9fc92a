"""Every address of directives and tasks, asked by every role and by another agency: nothing tells that the work exists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from tests.response.work.conftest import Clockwork, Staff

from toancanh.people import services as people
from toancanh.people.actors import SYSTEM
from toancanh.response.models import Directive, Entry, Task
from toancanh.response.pages.work_acts import DIRECTIVE, TASK
from toancanh.response.services import evidence, extensions
from toancanh.units.models import Unit

READS = (
    "/directives/{directive}",
    "/tasks/{task}",
    "/evidence/{file}",
    "/tasks/new?parent={task}",
    "/tasks/new?directive={directive}",
)
WRITES = (
    *(f"/directives/{{directive}}/{verb}" for verb in DIRECTIVE), *(f"/tasks/{{task}}/{verb}" for verb in TASK),
    "/directives/{directive}/evidence", "/tasks/{task}/evidence", "/extensions/{asked}/decide",
)  # fmt: skip
SEES = {"leader", "deputy", "operator", "builder", "auditor"}
EVERYBODY = ("leader", "deputy", "operator", "builder", "banker", "doctor", "clerk", "analyst", "auditor")


@pytest.fixture
def known(directive: Callable[..., Directive], task: Callable[..., Task], staff: Staff, clock: Clockwork) -> dict[str, int]:
    """The numbers of one directive, task, request and file of Sở Xây dựng."""
    order, own = directive(), task()
    assert own.due_at is not None
    asked = extensions.ask(staff.builder, own, own.due_at + timedelta(days=5), "chờ mặt bằng")
    file = evidence.add(staff.builder, own, "a.pdf", BytesIO(b"%PDF-1.7"))
    return {"directive": order.pk, "task": own.pk, "asked": asked.pk, "file": file.pk}


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.slow
def test_reading(who: str, known: dict[str, int], sign_in: Callable[..., Client]) -> None:
    client = sign_in(who)
    nothing = dict.fromkeys(known, 999_999)
    for path in READS:
        found, absent = client.get(path.format(**known)), client.get(path.format(**nothing))
        if found.streaming:
            assert b"".join(found.streaming_content)  # type: ignore[attr-defined]
        if who in SEES and "new" not in path:
            assert found.status_code == 200, path
        if who not in SEES:
            assert found.status_code == absent.status_code, path
            assert found.status_code in (403, 404), path
            if "new" not in path:
                assert found.status_code == 404, path


@pytest.mark.parametrize("who", [each for each in EVERYBODY if each not in SEES])
@pytest.mark.slow
def test_writing_to_work_that_is_not_seen(who: str, known: dict[str, int], sign_in: Callable[..., Client]) -> None:
    client, before = sign_in(who), Entry.objects.count()
    for path in WRITES:
        answer = client.post(path.format(**known), {"words": "x", "version": "1", "granted": "1", "date": "2026-12-31"})
        assert answer.status_code == 404, path
    assert Entry.objects.count() == before


def test_who_only_reads_changes_nothing(known: dict[str, int], sign_in: Callable[..., Client]) -> None:
    client, before = sign_in("auditor"), Entry.objects.count()
    for path in WRITES:
        answer = client.post(path.format(**known), {"words": "x", "granted": "1", "date": "2026-12-31", "progress": "1"})
        assert answer.status_code in (403, 409, 422), path
    assert Entry.objects.count() == before


def test_a_grant_draws_a_box_around_the_work_too(
    known: dict[str, int], staff: Staff, province: dict[str, Unit], sign_in: Callable[..., Client]
) -> None:
    people.change_role(SYSTEM, staff.banker, "officer", only_grants=True)
    people.add_grant(SYSTEM, staff.banker, ["view", "handle"], people.Scope(agency=province["agency:SXD"]))
    assert sign_in("banker").get(f"/tasks/{known['task']}").status_code == 200
    people.change_role(SYSTEM, staff.doctor, "officer", only_grants=True)
    people.add_grant(SYSTEM, staff.doctor, ["view", "handle"], people.Scope(agency=province["agency:SXD"], field="air_quality"))
    assert sign_in("doctor").get(f"/tasks/{known['task']}").status_code == 404


def test_the_public_sees_the_entrance_only(known: dict[str, int]) -> None:
    for path in (*READS, *WRITES):
        call = Client().get if path in READS else Client().post
        answer = call(path.format(**known))
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/sign-in"), path
