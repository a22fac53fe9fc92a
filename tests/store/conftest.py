"""One embedded store for the tests of this folder, emptied before each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis
from tests.store.datasets import ALL

from toancanh.store import engine, lifecycle, tables

hypothesis.register_profile("house", derandomize=True, database=None, deadline=None, max_examples=60)
hypothesis.load_profile("house")


@pytest.fixture(scope="package")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a store that stays open while this folder's tests run."""
    folder = tmp_path_factory.mktemp("rows") / "store"
    with engine.use(f"chdb://{folder}"):
        yield folder


@pytest.fixture
def store(opened: Path) -> Path:
    """An empty store with the tables of the test datasets."""
    lifecycle.drop_all()
    tables.ensure(ALL)
    return opened
