"""The national register loaded once for the tests of this folder, inside a transaction that is rolled back at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from django.db import transaction

from toancanh.units import register, services
from toancanh.units.policy import CommandLine

ACTOR = CommandLine("tester")


@pytest.fixture(scope="package")
def _national_register(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, float]]:
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        begun = process_time()
        done: dict[str, float] = {**services.load_national(ACTOR)}
        done["seconds"] = process_time() - begun
    yield done
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)
        register.forget()


@pytest.fixture
def national(_national_register: dict[str, float], db: None) -> dict[str, float]:
    """All units of Viet Nam. What a test changes is undone."""
    return _national_register


@pytest.fixture
def admin_units(real_data: Path) -> Path:
    return real_data / "admin-units"
