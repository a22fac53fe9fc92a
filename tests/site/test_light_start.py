"""What a process carries from its first second: nothing heavy that only few of its pages need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HEAVY = ("shapely", "numpy", "pandas", "pyarrow", "chdb", "clickhouse_connect", "psycopg", "openpyxl")
LOAD = (
    "import sys\nfrom toancanh.site.wsgi import application\nfrom django.urls import get_resolver\n"
    "assert get_resolver().url_patterns\nprint(*(name for name in sys.argv[1:] if name in sys.modules))"
)


def test_the_pages_start_without_geometry_store_driver_and_sheets(tmp_path: Path) -> None:
    environment = {**os.environ, "TOANCANH_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "toancanh.site.settings"}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run((sys.executable, "-c", LOAD, *HEAVY), env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
