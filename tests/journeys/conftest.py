"""The sample province behind its own doors: a journey speaks HTTP only, as a sending system or as a person with a browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.journeys.at_a_browser import AtABrowser
from tests.journeys.person import PASSWORD, Person
from tests.support.in_browser import chromium, served

from toancanh.intake import services as intake
from toancanh.intake.doors import keys
from toancanh.kernel.text import Text
from toancanh.people import services as people
from toancanh.people.actors import SYSTEM
from toancanh.site.sample import agencies, places
from toancanh.site.sample_load import _unit
from toancanh.store import engine, lifecycle
from toancanh.units import queries as units
from toancanh.units import register
from toancanh.units.services import put_units


class Clock:
    """The journey's time; it moves when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 4, 13, 2, 0, tzinfo=UTC)  # 9:00 in Viet Nam

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(scope="package")
def store(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with engine.use(f"chdb://{tmp_path_factory.mktemp('journeys') / 'store'}"):
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def province(db: None, store: None, clock: Clock, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Minh Sơn today, with its communes and agencies; nothing has been sent yet."""
    settings.DATA, settings.ROOT_UNIT = tmp_path, "sample:MS"
    lifecycle.drop_all()
    register.forget()
    put_units(SYSTEM, [_unit(each) for each in places.units() if each.scheme == "sample"])
    put_units(SYSTEM, [_unit(each) for each in agencies.agencies()])
    register.forget()
    keys.forget()
    yield
    register.forget()


class Sender:
    """A system that sends as a source, with the source's key."""

    def __init__(self, code: str, owner: str, *datasets: str) -> None:
        form = intake.SourceForm(code=code, title=Text(f"Hệ thống {code}", f"System {code}"), datasets=datasets, owner=owner)
        self.key = intake.make_key(SYSTEM, intake.make_source(SYSTEM, form))
        self.client, self.sent = Client(), 0

    def post(self, dataset: str, body: Any, content_type: str = "application/json", status: int = 201) -> dict[str, Any]:
        """Deliver; the answer."""
        self.sent += 1
        content = json.dumps(body) if not isinstance(body, bytes) else body
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": f"{self.key[:8]}-{self.sent}"}
        path = f"/api/v1/datasets/{dataset}/deliveries"
        answer = self.client.post(path, content, content_type=content_type, headers=headers)
        assert answer.status_code == status, answer.content.decode()
        return dict(answer.json())

    def get(self, path: str) -> Any:
        return self.client.get(path, headers={"Authorization": f"Bearer {self.key}"}).json()


@pytest.fixture
def sender(province: None) -> Callable[..., Sender]:
    return Sender


@pytest.fixture(params=["http", pytest.param("browser", marks=[pytest.mark.browser, pytest.mark.slow])])
def hands(request: pytest.FixtureRequest, province: None) -> Callable[[str], Person]:
    """Signs somebody in: at a plain HTTP client, and once more at a real browser."""
    if request.param == "http":
        return Person
    return request.getfixturevalue("at_a_browser")


@pytest.fixture
def at_a_browser(transactional_db: None) -> Iterator[Callable[[str], Person]]:
    with chromium() as browser, served() as address:
        yield lambda username: AtABrowser(username, browser, address)


class People:
    """Makes accounts and signs them in: person("leader"), person("officer", agency="agency:MS15", sees="sample:MS15")."""

    def __init__(self, sign_in: Callable[[str], Person]) -> None:
        self.again = sign_in  # somebody who has an account already

    def __call__(self, role: str, *, agency: str = "", sees: str = "") -> Person:
        profile = people.Profile(full_name=f"Người {role}", agency=units.by_key(agency) if agency else None)
        user = people.create_user(SYSTEM, role, PASSWORD, role, profile, temporary=False)
        if sees:
            people.change_role(SYSTEM, user, role, only_grants=True)
            people.add_grant(SYSTEM, user, ["view"], people.Scope(area=units.by_key(sees)))
        return self.again(role)


@pytest.fixture
def person(province: None) -> People:
    """People who read and post over HTTP."""
    return People(Person)


@pytest.fixture
def anyone(hands: Callable[[str], Person]) -> People:
    """The same people, over HTTP and in a real browser: the journey is walked both ways."""
    return People(hands)


def figure(item: str, area: str, period: str, value: float, status: str = "official") -> dict[str, Any]:
    """One reported figure as a sending system writes it."""
    return {"item": item, "area": area, "period": period, "value": value, "status": status}


def dossier(code: str, desk: str, **more: str) -> dict[str, Any]:
    """One dossier accepted at the desk of a commune on 10/04/2026."""
    at = "2026-04-10T09:00:00+07:00"
    row = {
        "dossier_code": code, "procedure": "1.001612", "agency": f"agency:{desk}", "commune": f"sample:{desk}", "state": "2",
        "channel": "2", "submitted_at": at, "received_at": at, "updated_at": at,
    }  # fmt: skip
    return row | more
