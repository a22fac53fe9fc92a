"""A few people of a small province, with and without addresses, and what is said to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text
from toancanh.notify.messages import Message, Topic
from toancanh.notify.models import Contact
from toancanh.people.models import User
from toancanh.people.roles import Role
from toancanh.units import register
from toancanh.units.models import Unit

PASSWORD = "mot-cau-rat-dai-de-nho"
MONDAY_MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 9:00 in Việt Nam


class Clock:
    """The time as the room sees it."""

    def __init__(self, now: datetime) -> None:
        self.now = now


@pytest.fixture(autouse=True)
def quiet_house(settings, tmp_path, monkeypatch) -> None:
    settings.DATA = tmp_path
    for name in ("TOANCANH_SMTP", "TOANCANH_WEBHOOK_INTERNAL", "TOANCANH_PUSH_INTERNAL", "TOANCANH_MAIL_FROM", "TOANCANH_URL"):
        monkeypatch.delenv(name, raising=False)
    register.forget()


@pytest.fixture
def clock(monkeypatch) -> Iterator[Clock]:
    clock = Clock(MONDAY_MORNING)
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock


@pytest.fixture
def health(db) -> Unit:
    Unit.objects.create(scheme="sample", code="MS", level="province", name="Minh Sơn", full_name="Tỉnh Minh Sơn")
    return Unit.objects.create(scheme="sample", code="SYT", level="agency", name="Y tế", full_name="Sở Y tế")


@pytest.fixture
def person(db):
    """Makes an account, with an address when one is given."""

    def make(name: str, role: str = "operator", *, agency: Unit | None = None, contact: dict | None = None, **columns) -> User:
        user = User(username=name, full_name=name.title(), role=Role(role).value, agency=agency, **columns)
        user.set_password(PASSWORD)
        user.save()
        if contact is not None:
            Contact.objects.create(user=user, **contact)
        return user

    return make


def said(key: str = "alert:12:raised", severity: Severity = Severity.HIGH, **columns) -> Message:
    """One message."""
    return Message(
        key=key, topic=columns.pop("topic", Topic.ALERT), severity=severity,
        title=Text("Bụi mịn vượt ngưỡng tại Bắc Sơn", "Fine dust over the limit"),
        body=Text("PM2.5 cao hơn ngưỡng 12 µg/m³", "PM2.5 is 12 µg/m³ over the limit"), link="/alerts/12",
        subject=columns.pop("subject", "alert:12"), **columns,
    )  # fmt: skip
