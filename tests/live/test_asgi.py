"""The stream as a browser meets it: who is let in, what they hear, its beat, and its end when they may listen no more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import OperationalError

from toancanh.live import asgi
from toancanh.live.broadcast import Broadcast

Answers = Iterable[frozenset[str] | Exception | None]
MS = frozenset({"sample:MS"})


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beats and questions in hundredths of a second."""
    monkeypatch.setattr(asgi, "HEARTBEAT", 0.02)
    monkeypatch.setattr(asgi, "AGAIN", 0.04)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answers], list[tuple[str, ...]]]:
    """What admission answers, one after another, the last for ever; the questions it was asked."""

    def set_(given: Answers) -> list[tuple[str, ...]]:
        waiting, asked = list(given), []

        def admitted(cookie: str, scopes: Iterable[str]) -> frozenset[str] | None:
            asked.append((cookie, *scopes))
            answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(asgi, "admitted", admitted)
        return asked

    return set_


class Talk:
    """One request to the stream: what was sent, and a step to take after some messages."""

    def __init__(self, *scopes: str, then: Callable[[], object] = lambda: None, messages: int = 4) -> None:
        self.sent: list[dict[str, Any]] = []
        self.then, self.messages, self.left = then, messages, False
        query = urlencode([("scope", each) for each in scopes]).encode()
        self.scope = {"type": "http", "path": "/live/stream", "headers": [(b"cookie", b"sessionid=1")], "query_string": query}

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def text(self) -> str:
        return b"".join(each.get("body", b"") for each in self.sent).decode()

    @property
    def ended_by_the_stream(self) -> bool:
        return not self.left

    def run(self) -> Talk:
        asyncio.run(self._run())
        return self

    async def _run(self) -> None:
        asgi.broadcast = Broadcast(lambda _number: [])
        step, enough = asyncio.Event(), asyncio.Event()

        async def send(message: Any) -> None:
            self.sent.append(message)
            if len(self.sent) == 2:
                self.then()
                step.set()
            if len(self.sent) >= self.messages:
                enough.set()

        async def receive() -> Any:
            await enough.wait()
            self.left = True
            return {"type": "http.disconnect"}

        await asyncio.wait_for(asgi.application(self.scope, receive, send), 5)


def test_nobody_unknown_hears_anything(answers: Any) -> None:
    answers([None])
    talk = Talk("sample:MS", messages=2).run()
    assert talk.status == 401
    assert "Đăng nhập" in talk.text


def test_the_stream_beats_as_an_event_from_its_beginning(answers: Any) -> None:
    answers([MS])
    talk = Talk("sample:MS").run()
    assert talk.sent[1]["body"] == b"retry: 2000\nevent: beat\ndata: 1\n\n"
    assert talk.text.count("event: beat\ndata: 1\n\n") >= 2


def test_a_page_hears_what_it_was_admitted_to_and_nothing_else_it_asked_for(answers: Any) -> None:
    asked = answers([MS])

    def news() -> None:
        asgi.broadcast.publish([(1, "iip@sample:MS"), (2, "iip@sample:MS02"), (3, "sources@*")])

    text = Talk("sample:MS", "sample:MS02", then=news).run().text
    assert asked[0] == ("sessionid=1", "sample:MS", "sample:MS02")
    assert "data: iip@sample:MS\n" in text
    assert "data: sources@*\n" in text
    assert "MS02" not in text


def test_the_stream_ends_for_somebody_who_is_known_no_more(answers: Any) -> None:
    answers([MS, None])
    assert Talk("sample:MS", messages=200).run().ended_by_the_stream


def test_who_may_listen_goes_on_after_every_question(answers: Any) -> None:
    asked = answers([MS])
    assert not Talk("sample:MS", messages=12).run().ended_by_the_stream
    assert len(asked) >= 3


def test_a_scope_that_was_taken_away_is_heard_no_more(answers: Any) -> None:
    asked = answers([MS, frozenset()])

    def later() -> None:
        asyncio.get_running_loop().call_later(0.1, lambda: asgi.broadcast.publish([(1, "iip@sample:MS"), (2, "sources@*")]))

    text = Talk("sample:MS", then=later, messages=12).run().text
    assert len(asked) >= 2
    assert "sources@*" in text
    assert "iip" not in text


def test_a_database_that_is_away_ends_no_stream(answers: Any) -> None:
    answers([MS, OperationalError("away")])
    assert not Talk("sample:MS", messages=12).run().ended_by_the_stream
