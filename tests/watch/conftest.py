"""A province of three communes with a finance department, a field of rules, people of each role, and a hand that moves values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.support.shelf import on_the_shelf
from tests.watch.field import PACK

from toancanh.indicators import cells
from toancanh.indicators.cells import Place
from toancanh.indicators.evaluators.value import Value
from toancanh.indicators.events import IndicatorMoved
from toancanh.jobs import events
from toancanh.kernel.measures import Outcome
from toancanh.kernel.periods import Period
from toancanh.people.models import Grant, User
from toancanh.people.roles import Role
from toancanh.units import register
from toancanh.units.models import Unit
from toancanh.watch.evaluation import runs
from toancanh.watch.events import AlertChanged, AlertCleared, AlertRaised
from toancanh.watch.models import Alert

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # 10:00 in Viet Nam
HOUR = timedelta(hours=1)


@pytest.fixture
def field(settings: Any) -> Iterator[None]:
    """The small field alone on the shelf; nobody listens."""
    wiring = dict(events._wiring)
    settings.ROOT_UNIT = "t:P"
    with on_the_shelf([PACK]):
        events.wire({})
        yield
    events.wire(wiring)


@pytest.fixture
def units(db: None, field: None) -> Iterator[dict[str, Unit]]:
    """P > A, B, C and the agency S (finance)."""
    register.forget()
    made = {"P": _unit("P", "province")}
    made |= {code: _unit(code, "commune", parent=made["P"]) for code in ("A", "B", "C")}
    made["S"] = _unit("S", "agency", parent=made["P"], role="finance")
    register.forget()
    yield made
    register.forget()


def _unit(code: str, level: str, **more: Any) -> Unit:
    return Unit.objects.create(scheme="t", code=code, level=level, name=code, full_name=f"Đơn vị {code}", **more)


@pytest.fixture
def people(units: dict[str, Unit]) -> dict[str, User]:
    """One person of each role; the officer belongs to S, the outsider to nobody and sees another field only."""
    made = {role.value: _person(role.value, role) for role in Role if role is not Role.MACHINE}
    made["officer"].agency = units["S"]
    made["officer"].save()
    made["outsider"] = _person("outsider", Role.OFFICER, only_grants=True)
    Grant.objects.create(user=made["outsider"], actions=["view", "handle"], field="other", given_by="test")
    made["of_a"] = _person("of_a", Role.OFFICER, only_grants=True)
    Grant.objects.create(user=made["of_a"], actions=["view", "handle"], area=units["A"], given_by="test")
    return {name: User.objects.get(pk=each.pk) for name, each in made.items()}


def _person(name: str, role: Role, **more: Any) -> User:
    user = User(username=name, full_name=name.title(), role=role, **more)
    user.set_unusable_password()
    user.save()
    return user


class Hand:
    """Moves values at a clock of its own and lets the room judge them."""

    def __init__(self, units: dict[str, Unit], commit: Any) -> None:
        self.units, self.now, self.told, self._commit = units, NOW, list[object](), commit
        events.wire({
            IndicatorMoved: [lambda event: runs.note_moved(event.keys)],
            **{kind: [self.told.append] for kind in (AlertRaised, AlertChanged, AlertCleared)},
        })  # fmt: skip

    def move(self, indicator: str, values: dict[str, float | None], period: str = "", **more: Any) -> None:
        """Set values by unit code (or "A/station=K1") in a period: the hour before now by default. Judged at once."""
        span = Period.parse(period) if period else Period.parse(f"{(self.now + 6 * HOUR):%Y-%m-%dT%H}")
        fresh = {}
        for name, value in values.items():
            unit, _, dimension = name.partition("/")
            outcome = Outcome(value, base=more.get("base"))
            fresh[Place(indicator, self.units[unit].pk, span, dimension)] = Value(outcome, target=more.get("target"))
        with self._commit(execute=True):
            cells.write(fresh, {indicator: 1}, self.now)
            events.tell(IndicatorMoved(tuple(sorted({f"{indicator}:t:{each.partition('/')[0]}" for each in values}))))

    def wait(self, span: timedelta) -> None:
        """Let time pass, minute schedule included."""
        self.now += span
        with self._commit(execute=True):
            runs.evaluate_clock()

    def open(self, rule: str = "dust_high") -> list[Alert]:
        """Open alerts of a rule, by unit."""
        return list(Alert.objects.filter(rule=rule, cleared_at=None).select_related("unit").order_by("unit__code", "subject"))


@pytest.fixture
def hand(units: dict[str, Unit], monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Hand:
    found = Hand(units, django_capture_on_commit_callbacks)
    monkeypatch.setattr(timezone, "now", lambda: found.now)
    return found
