"""The MQTT door against a real broker: messages of QoS 1 that were not taken come again and count once."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from tests.intake.deliveries import reading

from toancanh.intake import keeping
from toancanh.intake.doors import mqtt
from toancanh.intake.models import Delivery, Source

pytestmark = [pytest.mark.service, pytest.mark.django_db, pytest.mark.usefixtures("no_landing")]
PATIENCE = 20.0


class _Broker:
    """A broker on a free port of loopback that remembers its sessions when it is stopped and started again."""

    def __init__(self, program: str, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.config = folder / "broker.conf"
        words = f"listener {self.port} 127.0.0.1\nallow_anonymous true\nuser {getpass.getuser()}\n"
        self.config.write_text(f"{words}persistence true\npersistence_location {folder}/\n", encoding="utf-8")
        self.program = program
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen([self.program, "-c", str(self.config)], stderr=subprocess.DEVNULL)
        _until(self._listens)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def _until(true: object, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Broker]:
    program = shutil.which("mosquitto")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("the broker mosquitto is not installed")
        pytest.skip("the broker mosquitto is not installed")
    made = _Broker(program, tmp_path_factory.mktemp("broker"))
    yield made
    made.stop()


@pytest.fixture(params=[4, 5], ids=["mqtt-3.1.1", "mqtt-5"])
def listening(request: pytest.FixtureRequest, source: Source, broker: _Broker) -> Iterator[list[mqtt.Listener]]:
    """Listeners that were connected one after the other; the last one is listening."""
    source.config = {"mqtt": {"topics": [{"filter": "air/+/readings", "dataset": "test_air"}]}}
    source.save()
    found: list[mqtt.Listener] = []
    request.node.connect = lambda: found.append(_connected(broker, request.param))
    request.node.connect()
    yield found
    for each in found:
        each.close()


def _connected(broker: _Broker, version: int) -> mqtt.Listener:
    listener = mqtt.Listener(mqtt.broker_of(f"mqtt://127.0.0.1:{broker.port}", version), mqtt.routes())
    listener.connect()
    _until(lambda: listener.connected)
    time.sleep(0.2)  # the subscription's own answer
    return listener


def _publish(broker: _Broker, first: int, count: int, topic: str = "air/s{n}/readings") -> None:
    """QoS 1, each one acknowledged by the broker."""
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    sent = [
        client.publish(topic.format(n=n), json.dumps(reading(station=f"s{n}")), qos=1) for n in range(first, first + count)
    ]
    for each in sent:
        each.wait_for_publish(PATIENCE)
    client.disconnect()
    client.loop_stop()


def _taken() -> int:
    return sum(Delivery.objects.values_list("accepted", flat=True))


def test_messages_arrive_and_are_acknowledged(broker: _Broker, listening: list[mqtt.Listener]) -> None:
    _publish(broker, 0, 40)
    _until(lambda: listening[-1].work(0.05) >= 0 and _taken() == 40)
    assert listening[-1].work(0.3) == 0


def test_a_new_topic_is_heard_and_a_source_that_was_switched_off_is_not_taken(
    broker: _Broker, listening: list[mqtt.Listener], source: Source
) -> None:
    listener = listening[-1]
    before, after = mqtt.routes()[0].filter, "air/+/readings/new"
    source.config = {"mqtt": {"topics": [{"filter": after, "dataset": "test_air"}]}}
    source.save()
    listener.renew(mqtt.routes())
    assert [each.filter for each in listener.table] == [after] != [before]
    time.sleep(0.2)  # the subscription's own answer
    _publish(broker, 0, 3, "air/s{n}/readings/new")
    _publish(broker, 5, 3)
    _until(lambda: listener.work(0.05) >= 0 and _taken() == 3)

    Source.objects.filter(pk=source.pk).update(active=False)
    _publish(broker, 10, 3, "air/s{n}/readings/new")
    heard = 0
    end = time.monotonic() + PATIENCE
    while heard < 3 and time.monotonic() < end:
        heard += listener.work(0.05)
    assert (heard, _taken(), listener.failed) == (3, 3, False)


def test_what_could_not_be_kept_comes_again(
    broker: _Broker, listening: list[mqtt.Listener], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> str:
        raise keeping.disk_full()

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "keep", full)
        _publish(broker, 0, 10)
        _until(lambda: listening[-1].work(0.05) >= 0 and listening[-1].failed)
    listening[-1].close()
    assert _taken() == 0
    request.node.connect()
    _until(lambda: listening[-1].work(0.05) >= 0 and _taken() >= 10)
    stations = {row["station"] for row in _rows()}
    assert stations == {f"s{n}" for n in range(10)}


def test_messages_sent_while_nobody_listened_wait_even_over_a_restart_of_the_broker(
    broker: _Broker, listening: list[mqtt.Listener], request: pytest.FixtureRequest
) -> None:
    listening[-1].close()
    _publish(broker, 0, 15)
    broker.stop()
    broker.start()
    request.node.connect()
    _until(lambda: listening[-1].work(0.05) >= 0 and _taken() >= 15)
    assert {row["station"] for row in _rows()} == {f"s{n}" for n in range(15)}


def _rows() -> list[dict[str, object]]:
    """Every row that was kept."""
    found = []
    for place in keeping.places():
        _, body = keeping.read(place)
        found += [json.loads(line) for line in body.splitlines()]
    return found
