"""Sample feeds: push small deliveries through the real doors (HTTP, drop folder, MQTT) at a believable pace, until stopped.

Runs without the framework: it is an outside client of the centre.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from toancanh.site.sample.live import live
from toancanh.site.sample.shapes import SampleDelivery

PACE = 4.0  # seconds between two ticks
DROP_EVERY = 20  # ticks between two files laid into the drop folder
DROP_SOURCE = "one_stop"
AIR_TOPIC = "minhson/air/hourly"


class Feeds:
    """Where the deliveries go, and the keys that open the doors."""

    def __init__(self, port: int, data: Path) -> None:
        self.port = port
        self.data = data
        self.keys = json.loads((data / "sample-keys.json").read_text())
        self.broker = os.environ.get("TOANCANH_MQTT", "")
        self.stopping = False

    def run(self) -> None:
        """Feed until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        tick = int(time.time() // PACE) % 100_000  # five digits, and begins again after days, never within one
        while not self.stopping:
            for each in live(datetime.now(UTC), tick):
                self.send(each, tick)
            tick += 1
            time.sleep(PACE)

    def _stop(self, *_signal: object) -> None:
        self.stopping = True

    def send(self, each: SampleDelivery, tick: int) -> None:
        """Through the door that this delivery would take; a closed door is tried again on the next tick."""
        try:
            if self.broker and each.dataset == "air_hourly":
                self._publish(each)
            elif each.source == DROP_SOURCE and tick % DROP_EVERY == 0:
                self._drop(each)
            else:
                self._post(each)
        except Exception as error:  # whatever is wrong with a door or a broker, the feeds go on
            sys.stderr.write(f"feeds: {error}\n")

    def _post(self, each: SampleDelivery) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Content-Type": each.content_type, "Authorization": f"Bearer {self.keys[each.source]}", "Idempotency-Key": each.key,
        }
        try:
            connection.request("POST", f"/api/v1/datasets/{each.dataset}/deliveries", each.body, headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status >= 400:
                sys.stderr.write(f"feeds: {answer.status} {body.decode(errors='replace')[:300]}\n")
        finally:
            connection.close()

    def _drop(self, each: SampleDelivery) -> None:
        folder = self.data / "drop" / each.source / each.dataset
        folder.mkdir(parents=True, exist_ok=True)
        hidden = folder / f".{each.filename}"
        hidden.write_bytes(each.body)
        hidden.rename(folder / each.filename)

    def _publish(self, each: SampleDelivery) -> None:
        from paho.mqtt import publish

        where = urlsplit(self.broker)
        tls = where.scheme == "mqtts"
        auth = {"username": unquote(where.username), "password": unquote(where.password or "")} if where.username else None
        more: dict[str, Any] = {"auth": auth, "tls": {} if tls else None}
        publish.single(
            AIR_TOPIC, each.body, qos=1, hostname=where.hostname or "127.0.0.1", port=where.port or (8883 if tls else 1883),
            **more,
        )  # fmt: skip


def main() -> int:
    """`python -m toancanh.site.feeds --port 8000 --data folder`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    chosen = parser.parse_args()
    Feeds(chosen.port, chosen.data).run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
