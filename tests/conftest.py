"""What every test may ask for, and how the tests are shared out among workers."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

REPOSITORY = Path(__file__).parents[1]
TOGETHER = ("tests/units/", "tests/indicators/", "tests/packs/", "tests/store/")  # a register or a store is opened once for all


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data (units, statistics, air quality, addresses); loud when it is absent."""
    folder = Path(os.environ.get("TOANCANH_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    if folder.is_dir():
        return folder
    reason = f"real data not found at {folder}; set TOANCANH_REAL_DATA"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def what_is_recorded_has_words() -> Iterator[None]:
    """Fails the test in which an act of the product records a value without a name for it on the audit page."""
    from tests.support.audited import nameless

    from toancanh.audit import services
    from toancanh.audit.chain import Link
    from toancanh.audit.models import AuditEntry
    from toancanh.audit.words import words_of

    append = services._append

    def checked(link: Link) -> AuditEntry:
        unknown = nameless(json.loads(link.detail)) if words_of(link.action) else []
        assert unknown == [], f"{link.action}: give {unknown} words in toancanh/audit/detail_names.py"
        return append(link)

    services._append = checked
    yield
    services._append = append


class ByFile(LoadScopeScheduling):
    """The tests of a file stay with one worker; so do those of a room whose costly set-up is made once a worker."""

    def _split_scope(self, nodeid: str) -> str:
        room = next((each for each in TOGETHER if nodeid.startswith(each)), "")
        return room or nodeid.split("::", 1)[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return ByFile(config, log)
