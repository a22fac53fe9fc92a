"""The province and the people of the incidents' tests, and whoever configures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.response.incidents.conftest import (  # noqa: F401 - fixtures
    Clock,
    binh,
    browser,
    clock,
    lan,
    person,
    province,
)

from toancanh.people.models import User


@pytest.fixture
def chief(person: Callable[..., User]) -> User:  # noqa: F811
    return person("administrator", name="Quản Trị")


@pytest.fixture
def analyst(person: Callable[..., User]) -> User:  # noqa: F811
    return person("analyst", name="Phân Tích")
