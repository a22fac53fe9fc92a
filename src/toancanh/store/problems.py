"""What can go wrong with the store that is no mistake in a query: it is away, its disk is full, a table is of another shape."""

from __future__ import annotations

import re

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

# Engine error codes: cannot write to a file, not enough space on the disk; and what the system itself says.
_FULL = re.compile(r"Code: (?:75|243)\b|No space left on device|errno: 28\b", re.IGNORECASE)
# Too much at once, out of memory, trouble between shards, a table in read-only mode (its Keeper is away), an owner stopping; and
# a table that is away for a moment because the store is being built anew (names of tables come from declarations alone).
_BUSY = re.compile(
    r"Code: (?:60|159|202|209|210|241|242|279|319|999)\b|status 503|server closed|Connection refused", re.IGNORECASE,
)


class StoreUnavailable(Problem):
    """The store cannot answer now. Asking again later is right; nothing was lost."""

    def __init__(self, cause: str = "") -> None:
        super().__init__(
            "store-unavailable", 503, Text("Kho dữ liệu tạm thời không trả lời", "The data store does not answer right now"),
            Text(
                "Hệ thống đang khởi động lại hoặc quá tải. Hãy thử lại sau ít phút; số liệu đã nhận vẫn được giữ nguyên.",
                "The system is restarting or overloaded. Try again in a few minutes; everything received is kept.",
            ),
        )
        self.cause = cause


class StoreFull(Problem):
    """The store's disk is full: reading goes on, writing waits."""

    def __init__(self, cause: str = "") -> None:
        super().__init__(
            "store-full", 507, Text("Ổ đĩa của kho dữ liệu đã đầy", "The data store's disk is full"),
            Text(
                "Hãy báo quản trị viên giải phóng hoặc thêm dung lượng đĩa, sau đó số liệu đã nhận sẽ tự được nạp tiếp.",
                "Ask the administrator to free or add disk space; what was received will then be loaded by itself.",
            ),
        )
        self.cause = cause


class StoreShape(Problem):
    """A table on disk holds a column of another type than the pack declares now."""

    def __init__(self, table: str, column: str, found: str, wanted: str) -> None:
        super().__init__(
            "store-shape", 500, Text("Bảng dữ liệu khác với khai báo", "A table differs from its declaration"),
            Text(
                f"Cột {column} của bảng {table} có kiểu {found}, khai báo cần {wanted}. "
                "Hãy chạy toancanh store rebuild để dựng lại kho từ các lần gửi đã giữ.",
                f"Column {column} of table {table} is {found}, the pack declares {wanted}. "
                "Run toancanh store rebuild to build the store anew from the kept deliveries.",
            ),
        )


def store_problem(message: str) -> Problem | None:
    """The problem that an engine's or a driver's message tells of; None when it is a mistake in a query."""
    if _FULL.search(message):
        return StoreFull(message)
    if _BUSY.search(message):
        return StoreUnavailable(message)
    return None
