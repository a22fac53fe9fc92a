"""A fresh data folder per test run, jobs at once, a store per test that asks for one."""

import os
import tempfile
from pathlib import Path

os.environ["TOANCANH_DATA"] = tempfile.mkdtemp(prefix="toancanh-test-")
os.environ.setdefault("TOANCANH_JOBS", "immediate")
os.environ.setdefault("TOANCANH_ROOT", "sample:MS")
REPOSITORY = Path(__file__).parents[1]

import pytest  # noqa: E402  (the environment comes first)


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
