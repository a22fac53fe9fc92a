"""The MQTT door: one client that subscribes to every source's topics and acknowledges a message once its delivery is on disk.

A source names its topics in its configuration: {"mqtt": {"topics": [{"filter": "air/+/readings", "dataset": "air_hourly"}]}}.
QoS 1 with a session that outlives the connection: what was not acknowledged comes again, and rows that come again count once.
Small JSON messages that arrive together are kept as one delivery of JSON lines, each line a message byte for byte.
"""

from __future__ import annotations

import hashlib
import logging
import queue
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as paho
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from toancanh.intake import services
from toancanh.intake.checking.refused import refuse_whole
from toancanh.intake.models import Source
from toancanh.intake.reading.payload import Payload
from toancanh.kernel.problem import Problem

log = logging.getLogger(__name__)

GATHER_SECONDS = 0.1
MOST_TOGETHER = 1_000
MOST_WAITING = 10_000
SESSION_SECONDS = 7 * 24 * 3600
PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0)
RENEWED = 30.0  # seconds: how soon a new or changed source is listened to


@dataclass(frozen=True, slots=True)
class Route:
    """Messages of topics that match `filter` are `dataset` of `source`."""

    filter: str
    source: Source
    dataset: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and how to speak to it. `version`: 4 is MQTT 3.1.1, 5 is MQTT 5."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: bool = False
    version: int = 5


def broker_of(url: str, version: int = 5) -> Broker:
    """mqtt://user:password@host:1883, or mqtts:// for TLS. Raises `Problem` 422 for anything else."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # a port that is none
        parts, port = urlsplit(""), None
    if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
        raise refuse_whole(
            "bad-broker", "Địa chỉ môi giới MQTT phải có dạng mqtt://máy:1883 hoặc mqtts://máy:8883.",
            "The MQTT broker's address must look like mqtt://host:1883 or mqtts://host:8883.",
        )
    tls = parts.scheme == "mqtts"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Broker(parts.hostname, port or (8883 if tls else 1883), user, password, tls, version)


def routes() -> list[Route]:
    """What the active sources subscribe to."""
    found = []
    for source in Source.objects.filter(active=True).select_related("owner"):
        for each in source.config.get("mqtt", {}).get("topics", ()):
            found.append(Route(each["filter"], source, each["dataset"], each.get("content_type", "application/json")))
    return found


class Listener:
    """One connection to one broker."""

    def __init__(self, broker: Broker, table: Sequence[Route]) -> None:
        self.broker = broker
        self.table = table
        self.waiting: queue.Queue[paho.MQTTMessage] = queue.Queue(MOST_WAITING)
        self.failed = False
        self.connected = False
        self.client = self._client()

    def _client(self) -> paho.Client:
        five = self.broker.version == 5
        name = "toancanh-" + hashlib.sha256(str(settings.DATA).encode()).hexdigest()[:12]
        client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=name, protocol=paho.MQTTv5 if five else paho.MQTTv311, manual_ack=True,
            clean_session=None if five else False,
        )
        client.on_connect = self._subscribe
        client.on_disconnect = self._lost
        client.on_message = self._came
        if self.broker.user:
            client.username_pw_set(self.broker.user, self.broker.password)
        if self.broker.tls:
            client.tls_set(cert_reqs=ssl.CERT_REQUIRED)
        return client

    def connect(self) -> None:
        """Raises OSError when the broker is not there."""
        more: dict[str, Any] = {}
        if self.broker.version == 5:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = SESSION_SECONDS
            more = {"clean_start": False, "properties": properties}
        self.client.connect(self.broker.host, self.broker.port, keepalive=30, **more)
        self.client.loop_start()

    def _subscribe(self, client: paho.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            log.error("the broker refused the connection: %s", reason)
            self.failed = True
            return
        self.connected = True
        for route in self.table:
            client.subscribe(route.filter, qos=1)

    def renew(self, table: Sequence[Route]) -> None:
        """Listen to `table` from now on: topics that are new are subscribed to, those that are gone are left."""
        before, after = ({each.filter for each in routes} for routes in (self.table, table))
        self.table = table
        for added in after - before:
            self.client.subscribe(added, qos=1)
        for gone in before - after:
            self.client.unsubscribe(gone)

    def _lost(self, _client: paho.Client, _data: Any, _flags: Any, _reason: Any, _properties: Any) -> None:
        self.connected = False

    def _came(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        self.waiting.put(message)  # when too many wait, reading from the broker waits too

    def work(self, seconds: float = GATHER_SECONDS) -> int:
        """Deliver what came within `seconds`, then acknowledge it; how many messages. Sets `failed` when the centre could not
        take it."""
        together = self._gather(seconds)
        for route, messages in self._by_route(together):
            try:
                self._deliver(route, messages)
            except (Problem, DatabaseError, OSError) as error:
                log.error("messages stay with the broker: %s", error)
                self.failed = True
                return 0
            except Exception:  # a fault of ours: not acknowledged, so the broker sends them again; the others go on
                log.exception("%d messages on %s stay with the broker", len(messages), messages[0].topic)
                self.failed = True
                continue
            for message in messages:
                self.client.ack(message.mid, message.qos)
        return len(together)

    def _gather(self, seconds: float) -> list[paho.MQTTMessage]:
        found: list[paho.MQTTMessage] = []
        end = time.monotonic() + seconds
        while len(found) < MOST_TOGETHER:
            try:
                found.append(self.waiting.get(timeout=max(0.001, end - time.monotonic())))
            except queue.Empty:
                break
        return found

    def _by_route(self, messages: Sequence[paho.MQTTMessage]) -> list[tuple[Route | None, list[paho.MQTTMessage]]]:
        """Messages in order, neighbours of one route together where they can be lines of one delivery."""
        groups: list[tuple[Route | None, list[paho.MQTTMessage]]] = []
        for message in messages:
            route = next((each for each in self.table if paho.topic_matches_sub(each.filter, message.topic)), None)
            if groups and groups[-1][0] is route and all(map(_is_line, (message, groups[-1][1][0]))):
                groups[-1][1].append(message)
            else:
                groups.append((route, [message]))
        return groups

    def _deliver(self, route: Route | None, messages: Sequence[paho.MQTTMessage]) -> None:
        """Raises `Problem` (status 500 and above), DatabaseError, OSError when the messages must come again."""
        if route is None:
            return
        source = Source.objects.select_related("owner").get(pk=route.source.pk)  # as it is now: it may have been switched off
        body = b"\n".join(message.payload for message in messages)
        content_type = "application/x-ndjson" if len(messages) > 1 else route.content_type
        payload = Payload(body, content_type, "", None, "mqtt", f"mqtt:{messages[0].topic}"[:150])
        try:
            services.receive(source, route.dataset, payload)
        except Problem as problem:
            if problem.status >= 500:
                raise
            log.warning("a message on %s was refused: %s", messages[0].topic, problem)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def _is_line(message: paho.MQTTMessage) -> bool:
    return message.payload.startswith(b"{") and b"\n" not in message.payload


def listen(broker: Broker, stopped: Callable[[], bool]) -> None:
    """Listen until `stopped`; connects again, with longer and longer pauses, when the broker or the centre's disk is away."""
    tries = 0
    while not stopped():
        close_old_connections()
        listener = Listener(broker, routes())
        try:
            listener.connect()
            tries = _work(listener, stopped, tries)
        except OSError as error:
            log.warning("no broker at %s:%s: %s", broker.host, broker.port, error)
        except Exception:
            log.exception("listening to %s:%s failed", broker.host, broker.port)
        finally:
            listener.close()
        _pause(PAUSES[min(tries, len(PAUSES) - 1)], stopped)
        tries += 1


def _work(listener: Listener, stopped: Callable[[], bool], tries: int) -> int:
    """Work until something fails; 0 when anything was delivered in between, else `tries`."""
    looked = time.monotonic()
    while not stopped() and not listener.failed:
        if time.monotonic() - looked >= RENEWED:
            looked = time.monotonic()
            listener.renew(routes())
        if listener.work() and not listener.failed:
            tries = 0
    return tries


def _pause(seconds: float, stopped: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not stopped():
        time.sleep(0.05)
