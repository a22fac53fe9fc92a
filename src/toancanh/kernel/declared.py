"""Where a declaration stands, so that a start-up check can name its file and line."""

from __future__ import annotations

import sys
from pathlib import PurePath


def declaration_site() -> str:
    """"folder/file.py:line" of the nearest caller outside the kernel."""
    frame = sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if not module.startswith("toancanh.kernel") and frame.f_code.co_filename != "<string>":
            path = PurePath(frame.f_code.co_filename)
            return f"{path.parent.name}/{path.name}:{frame.f_lineno}"
        frame = frame.f_back  # type: ignore[assignment]
    return "?"
