"""What was acknowledged survives the sudden death of every process."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faults import kill_minus_nine, killed_work


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_doubled_when_everything_is_killed_under_load(tmp_path: Path) -> None:
    outcome = kill_minus_nine.run(tmp_path / "data", rounds=3, seed=9)
    assert outcome.wrong == []
    assert (outcome.rounds, outcome.lost, outcome.doubled) == (3, 0, 0)
    assert outcome.rows > 0


@pytest.mark.slow
def test_work_and_its_notices_survive_when_everything_is_killed_while_they_are_given(tmp_path: Path) -> None:
    outcome = killed_work.run(tmp_path / "data", rounds=3, seed=9)
    assert outcome.wrong == []
    assert (outcome.rounds, outcome.lost, outcome.doubled, outcome.not_handed_over) == (3, 0, 0, 0)
    assert outcome.acknowledged > 0
