"""The sample province behind its own doors: a journey speaks HTTP only, as a sending system or as a person with a browser."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

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

PASSWORD = "mot-cau-rat-dai-de-nho"


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


class Person:
    """Somebody at a browser, signed in through the page."""

    def __init__(self, username: str) -> None:
        self.client = Client()
        answer = self.client.post("/sign-in", {"username": username, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()

    def opens(self, path: str, status: int = 200) -> str:
        """The page as text without tags."""
        answer = self.client.get(html.unescape(path))
        assert answer.status_code == status, f"{path}: {answer.status_code}"
        return text_of(answer.content.decode())

    def source_of(self, path: str) -> str:
        """The page with its tags."""
        return self.client.get(html.unescape(path)).content.decode()

    def sends(self, path: str, form: dict[str, str]) -> str:
        """Post a form; the address one is led to, or the text of the page that says what is wrong."""
        answer = self.client.post(path, form)
        return str(answer.url) if answer.status_code == 302 else text_of(answer.content.decode())

    def asks(self, path: str) -> Any:
        """The API's answer to this person."""
        return self.client.get(path).json()


def text_of(page: str) -> str:
    """What a reader reads: no tags, single spaces."""
    visible = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", page)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", visible)))  # no-break spaces are \\s too


@pytest.fixture
def sender(province: None) -> Callable[..., Sender]:
    return Sender


@pytest.fixture
def person(province: None) -> Callable[..., Person]:
    """Makes an account and signs it in: person("leader"), person("officer", agency="agency:MS15", sees="sample:MS15")."""

    def make(role: str, *, agency: str = "", sees: str = "") -> Person:
        profile = people.Profile(full_name=f"Người {role}", agency=units.by_key(agency) if agency else None)
        user = people.create_user(SYSTEM, role, PASSWORD, role, profile, temporary=False)
        if sees:
            people.change_role(SYSTEM, user, role, only_grants=True)
            people.add_grant(SYSTEM, user, ["view"], people.Scope(area=units.by_key(sees)))
        return Person(role)

    return make


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
