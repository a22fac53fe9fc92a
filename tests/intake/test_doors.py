"""Pull, drop folder and MQTT: each hands over to the same receiving, and none loses or doubles anything."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from tests.intake.deliveries import reading

from toancanh.intake import keeping, services
from toancanh.intake.doors import drop, mqtt, pull
from toancanh.intake.models import Delivery, PullSchedule, Refusal, Source
from toancanh.jobs import outbound
from toancanh.kernel.problem import Problem
from toancanh.people.actors import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_landing")]
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
Handler = Callable[[httpx.Request], httpx.Response]


# --- pull ---


@pytest.fixture
def schedule(source: Source) -> PullSchedule:
    form = services.PullForm(
        source=source, dataset="test_air", address="https://tram.example.vn/so-lieu.json?k=1", secret_header="X-Key",
        secret="khóa"
    )
    made = pull.schedule_pull(SYSTEM, form)
    PullSchedule.objects.update(next_at=NOW)
    made.refresh_from_db()
    return made


def _due(schedule: PullSchedule, handler: Handler, now: datetime = NOW) -> PullSchedule:
    PullSchedule.objects.filter(pk=schedule.pk).update(next_at=now)
    pull.pull_due(now, httpx.MockTransport(handler))
    return PullSchedule.objects.get(pk=schedule.pk)


def test_a_pull_delivers_and_asks_again_only_for_what_is_new(schedule: PullSchedule) -> None:
    asked: list[httpx.Headers] = []

    def server(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers)
        if request.headers.get("If-None-Match") == '"v1"':
            return httpx.Response(304)
        return httpx.Response(200, json=[reading()], headers={"ETag": '"v1"', "Last-Modified": "Sun, 22 Nov 2026 02:00:00 GMT"})

    after = _due(schedule, server)
    assert (after.etag, after.failures, after.last_at, after.next_at) == ('"v1"', 0, NOW, NOW + schedule.every)
    _due(schedule, server)
    assert Delivery.objects.get().via == "pull"
    assert asked[0].raw[-1] == (b"X-Key", "khóa".encode())
    assert asked[1]["If-Modified-Since"] == "Sun, 22 Nov 2026 02:00:00 GMT"


def test_failures_back_off_and_success_forgets_them(schedule: PullSchedule) -> None:
    pauses = []
    for _ in range(10):
        after = _due(schedule, lambda _request: httpx.Response(503))
        pauses.append((after.next_at - NOW).total_seconds())
    assert pauses[:4] == [30, 60, 120, 240]
    assert pauses[-1] == 3600
    assert "503" in after.last_error_vi
    after = _due(schedule, lambda _request: httpx.Response(200, json=[reading()]))
    assert (after.failures, after.last_error_vi) == (0, "")


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectTimeout("slow"), httpx.ConnectError("refused"), httpx.TooManyRedirects("round and round"),
        OSError("no such host"),
    ],
)
def test_whatever_the_network_does_is_noted(schedule: PullSchedule, failure: Exception) -> None:
    def server(_request: httpx.Request) -> httpx.Response:
        raise failure

    after = _due(schedule, server)
    assert after.failures == 1
    assert str(failure) in after.last_error_en


def test_a_bad_answer_is_a_refusal_and_its_tag_is_not_believed(schedule: PullSchedule) -> None:
    after = _due(schedule, lambda _request: httpx.Response(200, content=b"[{", headers={"ETag": '"bad"'}))
    assert (after.etag, after.failures) == ("", 1)
    assert Refusal.objects.get().code == "cut"


def test_an_endless_answer_is_cut_off(schedule: PullSchedule, settings: object) -> None:
    settings.LARGEST_DELIVERY = 1000  # type: ignore[attr-defined]
    after = _due(schedule, lambda _request: httpx.Response(200, content=b"x" * 5000))
    assert after.failures == 1
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:a00:1", "0.0.0.0", "192.168.1.1", "224.0.0.1",
        "64:ff9b::a00:1", "64:ff9b::7f00:1", "2002:a00:1::1", "2002:7f00:1::1",
    ],
)
def test_private_addresses_are_out_of_bounds_unless_allowed(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(0, 0, 0, "", (host, 0))])
    with pytest.raises(Problem) as caught:
        outbound.safe_address("tram.example.vn", pull.NETWORKS)
    assert caught.value.code == "forbidden-address"
    monkeypatch.setenv(pull.NETWORKS, "10.0.0.0/8, 127.0.0.0/8")
    if host in ("127.0.0.1", "10.1.2.3", "::ffff:a00:1"):
        assert outbound.safe_address("tram.example.vn", pull.NETWORKS) == host


def test_the_connection_goes_to_the_judged_address_under_the_asked_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(0, 0, 0, "", ("93.184.215.14", 0))])
    seen: list[httpx.Request] = []

    def inner(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    with httpx.Client(transport=outbound.GuardedTransport(pull.NETWORKS, httpx.MockTransport(inner))) as client:
        client.get("https://tram.example.vn/x")
    assert (
        seen[0].url.host, seen[0].headers["Host"], seen[0].extensions["sni_hostname"],
    ) == ("93.184.215.14", "tram.example.vn", "tram.example.vn")


@pytest.mark.parametrize("to", ["https://other.example.vn/x", "http://tram.example.vn/x", "https://tram.example.vn:8443/x"])
def test_a_secret_does_not_follow_a_redirect_to_another_server(schedule: PullSchedule, to: str) -> None:
    asked: list[str] = []

    def server(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"Location": to})

    after = _due(schedule, server)
    assert asked == [schedule.address]
    assert "redirects" in after.last_error_en


def test_a_redirect_within_the_server_is_followed_with_the_secret(schedule: PullSchedule) -> None:
    def server(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/new":
            return httpx.Response(302, headers={"Location": "/new"})
        assert "X-Key" in request.headers
        return httpx.Response(200, json=[reading()])

    assert _due(schedule, server).failures == 0


def test_a_redirect_is_reckoned_from_the_name_that_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(0, 0, 0, "", ("93.184.215.14", 0))])
    hosts: list[str] = []

    def inner(request: httpx.Request) -> httpx.Response:
        hosts.append(request.headers["Host"])
        return httpx.Response(200) if request.url.path == "/new" else httpx.Response(302, headers={"Location": "/new"})

    transport = outbound.GuardedTransport(pull.NETWORKS, httpx.MockTransport(inner))
    with httpx.Client(transport=transport, follow_redirects=True) as client:
        assert client.get("https://tram.example.vn/x").url.host == "tram.example.vn"
    assert hosts == ["tram.example.vn", "tram.example.vn"]


def test_an_answer_that_trickles_is_given_up_after_the_deadline(schedule: PullSchedule, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10_000, 29))
    monkeypatch.setattr(pull, "time", SimpleNamespace(monotonic=lambda: float(next(clock))))
    sent: list[bytes] = []

    class Trickle(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for _ in range(1000):
                sent.append(b"x")
                yield b"x"

    after = _due(schedule, lambda _request: httpx.Response(200, stream=Trickle()))
    assert "too long" in after.last_error_en
    assert len(sent) < 4


def test_one_address_that_fails_oddly_does_not_end_the_others(schedule: PullSchedule, source: Source) -> None:
    form = services.PullForm(source=source, dataset="test_air", address="https://khac.example.vn/")
    other = pull.schedule_pull(SYSTEM, form)
    PullSchedule.objects.filter(pk=other.pk).update(next_at=NOW)

    def server(request: httpx.Request) -> httpx.Response:
        if request.url.host == "tram.example.vn":
            raise UnicodeDecodeError("ascii", b"\xff", 0, 1, "not a host name")
        return httpx.Response(200, json=[reading()])

    assert _due(schedule, server).failures == 1
    assert Delivery.objects.count() == 1


def test_slow_pulls_run_beside_the_worker_and_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        go_on.wait(10)

    monkeypatch.setattr(pull, "pull_due", slow)
    first = pull.pull_beside()
    assert begun.wait(10)
    assert pull.pull_beside() is None
    go_on.set()
    assert first is not None
    first.join(10)
    again = pull.pull_beside()
    assert again is not None
    again.join(10)


def test_a_secret_lies_in_a_file_of_its_own(schedule: PullSchedule) -> None:
    path = pull._secret_path(schedule)
    assert pull.read_secret(schedule)
    assert path.stat().st_mode & 0o077 == 0


# --- drop folder ---


def _lay(source: Source, name: str, content: bytes, age: float = 60) -> Path:
    place = drop.folder() / source.code / "test_air"
    place.mkdir(parents=True, exist_ok=True)
    path = place / name
    path.write_bytes(content)
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_dropped_files_are_taken_and_moved_aside(source: Source) -> None:
    path = _lay(source, "Số liệu.csv", b"station,area,measured_at\ns1,MS01,22/11/2026 09:00\n")
    drop.pick_up()
    assert not path.exists()
    assert len(list((path.parent / "done").iterdir())) == 1
    assert (Delivery.objects.get().via, Delivery.objects.get().filename) == ("drop", "Số liệu.csv")


def test_a_refused_file_lies_beside_its_reason(source: Source) -> None:
    path = _lay(source, "hong.csv", b"a,b\n1,2\n")
    drop.pick_up()
    reason = next((path.parent / "refused").glob("*.txt")).read_text(encoding="utf-8")
    assert "Thiếu cột" in reason
    assert "Missing columns" in reason


def test_files_still_being_written_links_and_hidden_files_are_left_alone(source: Source, tmp_path: Path) -> None:
    _lay(source, "fresh.csv", b"x", age=0)
    _lay(source, "x.csv.part", b"x")
    _lay(source, ".hidden", b"x")
    secret = tmp_path / "secret.csv"
    secret.write_bytes(b"x")
    (drop.folder() / source.code / "test_air" / "link.csv").symlink_to(secret)
    drop.pick_up()
    assert not Delivery.objects.exists()
    assert not Refusal.objects.exists()


def test_no_room_leaves_the_file_for_later_and_a_stop_before_the_move_doubles_nothing(
    source: Source, monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = _lay(source, "a.json", json.dumps([reading()]).encode())

    def full(*_arguments: object) -> str:
        raise keeping.disk_full()

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "keep", full)
        drop.pick_up()
    assert path.exists()
    with monkeypatch.context() as patch:
        patch.setattr(drop, "_move", lambda *_arguments: None)
        drop.pick_up()
    drop.pick_up()
    assert not path.exists()
    assert Delivery.objects.count() == 1


def test_a_file_with_an_odd_name_or_one_that_cannot_be_moved_keeps_no_other_waiting(
    source: Source, monkeypatch: pytest.MonkeyPatch,
) -> None:
    odd = os.fsdecode(b"so\xff\nlieu.csv")
    _lay(source, odd, b"station,area,measured_at\ns1,MS01,22/11/2026 09:00\n", age=90)
    _lay(source, "b.json", json.dumps([reading(station="s2")]).encode(), age=60)
    real = os.rename

    def rename(path: Path, target: Path) -> None:
        if Path(path).name == odd:
            raise PermissionError("read-only")
        real(path, target)

    monkeypatch.setattr(drop.os, "rename", rename)
    drop.pick_up()
    drop.pick_up()
    assert Delivery.objects.count() == 2
    assert not Refusal.objects.exists()


# --- MQTT ---


def _message(mid: int, payload: object, topic: str = "air/s1/readings") -> SimpleNamespace:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return SimpleNamespace(mid=mid, qos=1, topic=topic, payload=body)


@pytest.fixture
def listener(source: Source, monkeypatch: pytest.MonkeyPatch) -> mqtt.Listener:
    source.config = {"mqtt": {"topics": [{"filter": "air/+/readings", "dataset": "test_air"}]}}
    source.save()
    made = mqtt.Listener(mqtt.broker_of("mqtt://127.0.0.1:1"), mqtt.routes())
    made.acked = []  # type: ignore[attr-defined]
    monkeypatch.setattr(made.client, "ack", lambda mid, _qos: made.acked.append(mid))  # type: ignore[attr-defined]
    return made


def test_messages_that_come_together_are_one_delivery_acknowledged_after_it_is_kept(listener: mqtt.Listener) -> None:
    for number in range(3):
        listener.waiting.put(_message(number, reading(station=f"s{number}")))
    assert listener.work(0.01) == 3
    delivery = Delivery.objects.get()
    assert (delivery.received, delivery.via, listener.acked) == (3, "mqtt", [0, 1, 2])  # type: ignore[attr-defined]


def test_a_bad_message_is_held_or_refused_and_does_not_come_back(listener: mqtt.Listener) -> None:
    for number, payload in enumerate([reading(), b"{broken", b"[1", reading(station="s2", pm25="x")]):
        listener.waiting.put(_message(number, payload))
    listener.waiting.put(_message(9, b"{}", topic="other/topic"))
    assert listener.work(0.01) == 5
    assert sorted(listener.acked) == [0, 1, 2, 3, 9]  # type: ignore[attr-defined]
    assert sum(Delivery.objects.values_list("accepted", flat=True)) == 1
    assert Refusal.objects.count() >= 1


def test_without_room_nothing_is_acknowledged_and_the_connection_is_given_up(
    listener: mqtt.Listener, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_arguments: object) -> str:
        raise keeping.disk_full()

    monkeypatch.setattr(keeping, "keep", full)
    listener.waiting.put(_message(1, reading()))
    listener.work(0.01)
    assert listener.failed
    assert listener.acked == []  # type: ignore[attr-defined]


def test_a_message_that_meets_a_fault_of_ours_is_not_acknowledged_and_the_others_are(
    listener: mqtt.Listener, source: Source, monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = services.receive

    def receive(to: Source, dataset: str, payload: mqtt.Payload) -> object:
        if b"poison" in payload.body:
            raise RuntimeError("a bug")
        return real(to, dataset, payload)

    monkeypatch.setattr(mqtt.services, "receive", receive)
    listener.waiting.put(_message(1, [reading(station="poison")]))
    listener.waiting.put(_message(2, [reading()]))
    assert mqtt._work(listener, lambda: False, 3) == 3, "the next try waits longer"
    assert (listener.failed, listener.acked) == (True, [2])  # type: ignore[attr-defined]


def test_a_broker_address_is_read_or_explained() -> None:
    assert mqtt.broker_of("mqtts://u:p%40@host") == mqtt.Broker("host", 8883, "u", "p@", True, 5)
    with pytest.raises(Problem):
        mqtt.broker_of("http://host")


def test_an_absent_broker_is_tried_again_until_told_to_stop(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt, "PAUSES", (0.01,))
    monkeypatch.setattr(mqtt, "close_old_connections", lambda: None)
    rounds = iter(range(6))
    end = datetime.now(UTC) + timedelta(seconds=20)
    mqtt.listen(mqtt.broker_of("mqtt://127.0.0.1:1"), lambda: next(rounds, None) is None)
    assert datetime.now(UTC) < end
