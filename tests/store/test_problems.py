"""What the engine says when it is away or its disk is full becomes a problem with a status and a cure."""

from __future__ import annotations

import pytest
from tests.store import owning

from toancanh.store import engine, lifecycle
from toancanh.store.problems import StoreFull, StoreUnavailable, store_problem

FULL = (
    "Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)",
    "Received ClickHouse exception, code: 243, server response: Code: 243. DB::Exception: not enough space",
    "Code: 75. DB::ErrnoException: Cannot write to file /x: , errno: 28, strerror: No space left on device",
)
AWAY = (
    "Code: 241. DB::Exception: Memory limit (total) exceeded",
    "Code: 242. DB::Exception: Table is in readonly mode",
    "Code: 279. DB::NetException: All connection tries failed",
    "Code: 60. DB::Exception: Table default.rows_dossiers does not exist. Maybe you meant x?. (UNKNOWN_TABLE)",
    "Code: 159. DB::Exception: Timeout exceeded",
)


@pytest.mark.parametrize("words", FULL)
def test_a_full_disk_is_507_and_says_what_to_do(words: str) -> None:
    problem = store_problem(words)
    assert isinstance(problem, StoreFull)
    assert (problem.status, problem.code) == (507, "store-full")
    assert "dung lượng" in problem.detail.vi
    assert "disk" in problem.detail.en


@pytest.mark.parametrize("words", AWAY)
def test_a_store_that_cannot_answer_is_503(words: str) -> None:
    problem = store_problem(words)
    assert isinstance(problem, StoreUnavailable)
    assert (problem.status, problem.code) == (503, "store-unavailable")


def test_a_mistake_in_a_query_is_no_problem_of_the_store() -> None:
    assert store_problem("Code: 47. DB::Exception: Unknown identifier `x`") is None


def test_an_address_where_nobody_listens_is_unavailable() -> None:
    with engine.use(f"http://127.0.0.1:{owning.free_port()}"):
        with pytest.raises(StoreUnavailable):
            engine.ping()
        with pytest.raises(StoreUnavailable):
            lifecycle.wait_ready(seconds=0.3)
