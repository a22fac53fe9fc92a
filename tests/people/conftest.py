"""A small province, its agencies and its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client

from toancanh.people.models import User
from toancanh.people.roles import Role
from toancanh.units import register
from toancanh.units.models import ChangeKind, Unit, UnitChange

PASSWORD = "mot-cau-rat-dai-de-nho"
MERGED_ON = date(2025, 7, 1)


@pytest.fixture(autouse=True)
def fresh_register():
    register.forget()


@dataclass(frozen=True)
class Province:
    """A province of two communes, the old province that went into it with one old commune, and two agencies."""

    itself: Unit
    north: Unit
    south: Unit
    old: Unit
    old_north: Unit
    elsewhere: Unit
    health: Unit
    education: Unit


def unit(code: str, level: str, name: str, parent: Unit | None = None, scheme: str = "sample", **more) -> Unit:
    return Unit.objects.create(scheme=scheme, code=code, level=level, name=name, full_name=name, parent=parent, **more)


@pytest.fixture
def province(db) -> Province:
    itself = unit("MS", "province", "Minh Sơn")
    north = unit("MS01", "commune", "Bắc Sơn", itself)
    south = unit("MS02", "commune", "Nam Sơn", itself)
    old = unit("A", "province", "Minh Bắc", scheme="sample-old", valid_to=date(2025, 6, 30))
    old_north = unit("A1", "commune", "Bắc Cũ", old, scheme="sample-old", valid_to=date(2025, 6, 30))
    for before, after in ((old, itself), (old_north, north)):
        UnitChange.objects.create(before=before, after=after, date=MERGED_ON, kind=ChangeKind.MERGE, share=1.0)
    elsewhere = unit("XX", "province", "Nơi Khác")
    health = unit("MS-SYT", "agency", "Sở Y tế", itself, role="health")
    education = unit("MS-SGD", "agency", "Sở Giáo dục và Đào tạo", itself, role="education")
    register.forget()
    return Province(itself, north, south, old, old_north, elsewhere, health, education)


@pytest.fixture
def person(province):
    """Makes an account: person("leader"), person("officer", agency=...)."""

    def make(role: str, username: str = "", *, agency: Unit | None = None, **columns) -> User:
        columns = {"full_name": f"Người {role}", **columns}
        user = User(username=username or role, role=Role(role).value, agency=agency, **columns)
        user.set_password(PASSWORD)
        user.save()
        return user

    return make


@pytest.fixture
def browser():
    """A browser of somebody who signed in through the page; CSRF is checked as in life."""

    def make(user: User | None = None, address: str = "203.0.113.7") -> Client:
        client = Client(enforce_csrf_checks=False, REMOTE_ADDR=address)
        if user is not None:
            answer = client.post("/sign-in", {"username": user.username, "password": PASSWORD})
            assert answer.status_code == 302, answer.content.decode()
        return client

    return make
