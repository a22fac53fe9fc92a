"""The on-time rule written as expressions gives, dossier by dossier, what the national portal's rule gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from tests.packs.conftest import dataset

from toancanh.kernel.measures import count
from toancanh.kernel.periods import Period
from toancanh.kernel.scoring.dossiers import Dossier, Limit, Supplement, TimeUnit, on_time
from toancanh.kernel.working_days import WorkingCalendar
from toancanh.packs.public_services.dossiers import IS_ON_TIME, IS_OVERDUE, RECEIVED, SETTLED, SETTLED_IN_TIME
from toancanh.store import lifecycle, rows, tables
from toancanh.store.evaluate import ByColumn, evaluate

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
CALENDAR = WorkingCalendar()
pytestmark = pytest.mark.django_db


@dataclass
class Case:
    code: str
    row: dict[str, Any]
    rule: Dossier


def case(number: int, luck: Random) -> Case:
    """A dossier with any mix of due date, limit, supplement, end and refusal."""
    received = NOW - timedelta(hours=luck.randrange(30, 900))
    later = lambda: received + timedelta(hours=luck.randrange(1, 500))  # noqa: E731
    due = later() if luck.random() < 0.7 else None
    limit = luck.choice((None, 24, 240)) if due is None else None
    finished = min(later(), NOW) if luck.random() < 0.6 else None
    asked = received + timedelta(hours=luck.randrange(1, 20)) if luck.random() < 0.4 else None
    given = asked + timedelta(hours=luck.randrange(1, 300)) if asked and luck.random() < 0.6 else None
    if given and given > NOW:
        given = None
    times = 0 if asked is None else (1 if given or luck.random() < 0.7 else 2)
    refused = later() if finished is None and luck.random() < 0.1 else None
    asks = () if asked is None else (Supplement(asked, given),) * times
    row = {
        "dossier_code": f"D{number:04}", "procedure": "1.000000", "agency": "agency:MS15", "commune": "sample:MS15", "state": "4",
        "submitted_at": received, "received_at": received, "due_at": due, "finished_at": finished, "refused_at": refused,
        "supplement_asked_at": asked, "supplement_done_at": given, "supplements": float(times),
        "limit_hours": None if limit is None else float(limit), "updated_at": received,
    }  # fmt: skip
    rule = Dossier(
        received, due, finished, closed_at=refused, supplements=asks, limit=Limit(limit, TimeUnit.HOUR) if limit else None
    )
    return Case(row["dossier_code"], row, rule)


@pytest.fixture
def cases(opened: None, shelf: None) -> list[Case]:
    lifecycle.drop_all()
    dossiers, luck = dataset("dossiers"), Random(766)
    made = [case(number, luck) for number in range(400)]
    tables.ensure([dossiers])
    columns = {each.name: [one.row.get(each.name) for one in made] for each in dossiers.fields}
    rows.append(dossiers, rows.Batch(1, NOW, list(range(1, len(made) + 1)), columns))
    return made


def asked_of_the_store(measure: Any) -> dict[str, float | None]:
    year = Period.parse("2026")
    found = evaluate(dataset("dossiers"), [measure], [year], ByColumn("dossier_code"), now=NOW)
    return {code: values[measure] for (code, _), values in found.items()}


def test_every_dossier_is_judged_as_the_portal_judges_it(cases: list[Case]) -> None:
    found = asked_of_the_store(count(IS_ON_TIME, at=RECEIVED))
    judged = {each.code: bool(on_time(each.rule, NOW, CALENDAR)) for each in cases}
    assert {code for code, late in judged.items() if late != bool(found[code])} == set()
    assert 50 < sum(judged.values()) < 350, "the cases must be of both kinds"


def test_a_settled_dossier_is_judged_alike_without_asking_for_the_present(cases: list[Case]) -> None:
    with_now = asked_of_the_store(count(IS_ON_TIME & SETTLED.known(), at=RECEIVED))
    without = asked_of_the_store(count(SETTLED_IN_TIME & SETTLED.known(), at=RECEIVED))
    assert with_now == without


def test_a_dossier_is_open_until_it_is_finished_returned_or_refused(cases: list[Case]) -> None:
    found = asked_of_the_store(count(SETTLED.missing(), at=RECEIVED))
    assert {code for code, value in found.items() if value} == {
        each.code for each in cases if not (each.rule.settled_at or each.rule.closed_at)
    }


def test_only_a_passed_due_time_makes_an_open_dossier_overdue(cases: list[Case]) -> None:
    found = asked_of_the_store(count(IS_OVERDUE & SETTLED.missing(), at=RECEIVED))
    expected = {each.code for each in cases if each.rule.due_at and each.rule.due_at < NOW and not _ended(each.rule)}
    assert {code for code, value in found.items() if value} == expected


def _ended(rule: Dossier) -> bool:
    return bool(rule.settled_at or rule.closed_at)
