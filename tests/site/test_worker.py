"""The worker gives way to pages and doors."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import os, sys, django
django.setup()
from toancanh.site import worker
worker._give_way()
print(os.nice(0), sys.getswitchinterval() < 0.005)
"""


def test_the_worker_runs_with_lower_priority_and_lets_its_threads_change_often() -> None:
    done = subprocess.run((sys.executable, "-c", CODE), capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["5", "True"]
