"""What was acknowledged survives the sudden death of every process."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faults import kill_minus_nine


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_doubled_when_everything_is_killed_under_load(tmp_path: Path) -> None:
    outcome = kill_minus_nine.run(tmp_path / "data", rounds=3, seed=9)
    assert outcome.wrong == []
    assert (outcome.rounds, outcome.lost, outcome.doubled) == (3, 0, 0)
    assert outcome.rows > 0
