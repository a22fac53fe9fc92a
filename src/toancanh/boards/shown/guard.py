"""A part that cannot be made leaves the rest of its page standing: it says so, with the code of the fault on record."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import TypeVar

from toancanh.kernel.problem import Problem
from toancanh.ui.language import t
from toancanh.ui.parts import Link
from toancanh.ui.tables import TableView

log = logging.getLogger(__name__)
V = TypeVar("V")


def guarded(title: str, make: Callable[[], V]) -> V | TableView:
    """What `make` makes, or a part of this title in the state "error". A refusal is an answer of the whole page and goes on."""
    try:
        return make()
    except Problem:
        raise
    except Exception:
        code = secrets.token_hex(3).upper()
        log.exception("A part of a page could not be made: %s, code %s", title, code)
        return TableView(
            title=title,
            caption=title,
            columns=(),
            rows=(),
            state="error",
            message=t(f"Không tải được phần này. Mã lỗi {code}.", f"This part could not be loaded. Code {code}."),
            action=Link(t("Thử lại", "Try again"), ""),
        )
