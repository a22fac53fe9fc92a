"""What every test may ask for."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


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
