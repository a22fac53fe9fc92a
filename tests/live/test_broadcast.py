"""The stream's one reader: groups changes, filters by scope, remembers enough for a browser that comes back."""

import asyncio

from toancanh.live.broadcast import REMEMBERED, Broadcast

MS = frozenset({"sample:MS", "*"})


def reader(rows: list[tuple[int, str]]):
    return lambda number: [row for row in rows if row[0] > number]


def test_a_browser_hears_only_its_scope() -> None:
    stream = Broadcast(reader([]))
    stream.publish([(1, "dossiers_waiting@sample:MS"), (2, "dossiers_waiting@sample:MS07"), (3, "sources@*")])
    message = stream.since(0, MS).decode()
    assert "data: dossiers_waiting@sample:MS\n" in message
    assert "sources@*" in message
    assert "MS07" not in message
    assert message.startswith("id: 3\ndata: ")


def test_a_key_that_changed_often_is_told_once() -> None:
    stream = Broadcast(reader([]))
    stream.publish([(1, "a@*"), (2, "a@*")])
    stream.publish([(3, "a@*")])
    assert stream.since(0, MS).count(b"data:") == 1


def test_nothing_new_in_a_scope_sends_nothing() -> None:
    stream = Broadcast(reader([]))
    stream.publish([(1, "a@sample:MS07")])
    assert stream.since(0, MS) == b""


def test_a_browser_that_was_away_too_long_is_told_to_reload() -> None:
    stream = Broadcast(reader([]))
    for number in range(1, REMEMBERED + 2):
        stream.publish([(number, "a@*")])
    assert stream.missed(0)
    assert not stream.missed(stream.last)


def test_a_browser_from_before_a_restart_of_the_stream_is_told_to_reload() -> None:
    stream = Broadcast(reader([]))
    stream.begin(50)
    assert stream.since(40, MS) == b"id: 50\ndata: *\n\n"
    assert stream.since(50, MS) == b""


def test_a_browser_that_knows_numbers_of_another_database_is_told_to_reload() -> None:
    stream = Broadcast(reader([]))
    stream.publish([(3, "a@*")])
    assert stream.since(900, MS) == b"id: 3\ndata: *\n\n"


def test_the_reader_wakes_the_streams_and_survives_a_database_that_is_away() -> None:
    rows = [(1, "a@*")]
    fails = iter([True, False])

    def read(number: int) -> list[tuple[int, str]]:
        if next(fails, False):
            raise OSError("database is away")
        return [row for row in rows if row[0] > number]

    async def scenario() -> None:
        stream = Broadcast(read)
        waiting = stream.waiting
        task = asyncio.create_task(stream.run())
        await asyncio.wait_for(waiting.wait(), 5)
        task.cancel()
        assert stream.last == 1

    asyncio.run(scenario())
