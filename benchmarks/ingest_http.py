"""How fast the HTTP push door takes deliveries: four bulk clients, then single rows, beside a bare write of the same bytes.

Run: python benchmarks/ingest_http.py [seconds]. Starts a server of its own on loopback with a data folder that is thrown away.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from ingest import rows

CLIENTS, ROWS = 4, 10_000
MARK = b'"s0-'


def prepare(folder: str) -> str:
    """A centre with 39 communes and a source; its key."""
    os.environ |= {"TOANCANH_DATA": folder, "DJANGO_SETTINGS_MODULE": "toancanh.site.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    from toancanh.intake import services
    from toancanh.kernel.text import Text
    from toancanh.people.actors import SYSTEM
    from toancanh.units.models import Unit

    call_command("migrate", interactive=False, verbosity=0)
    for number in range(39):
        Unit.objects.create(
            scheme="sample", code=f"MS{number + 1:02d}", level="commune", name=f"Xã {number}", full_name=f"Xã số {number}"
        )
    form = services.SourceForm(code="bench", title=Text("Đo", "Bench"), datasets=["air_hourly"])
    return services.make_key(SYSTEM, services.make_source(SYSTEM, form))


def serve(folder: str, port: int) -> subprocess.Popen[bytes]:
    """The pages and the API, as the product serves them; no worker, so that nothing lands meanwhile."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "toancanh.site.wsgi:application", "--host", "127.0.0.1", "--port",
        str(port), "--workers", "2", "--blocking-threads", "2", "--log-level", "error",
    ]
    process = subprocess.Popen(command, env={**os.environ, "TOANCANH_DATA": folder})
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def post(connection: http.client.HTTPConnection, key: str, body: bytes) -> None:
    """One delivery; RuntimeError unless it was taken whole."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection.request("POST", "/api/v1/datasets/air_hourly/deliveries", body, headers)
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != 201 or json.loads(said)["quarantined"]:
        raise RuntimeError(f"{answer.status} {said[:200]!r}")


def bulk(number: int, port: int, key: str, seconds: float, done: multiprocessing.SimpleQueue[int]) -> None:
    """One client that posts as fast as it is answered; every delivery differs."""
    body = json.dumps(rows(ROWS)).encode()
    connection = http.client.HTTPConnection("127.0.0.1", port)
    sent, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        post(connection, key, body.replace(MARK, b'"s%d-%d-' % (number, sent)))
        sent += 1
    done.put(sent * ROWS)


def singles(port: int, key: str, count: int = 300) -> list[float]:
    """Milliseconds of single-row posts, sorted."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    found = []
    for row in rows(count, 9):
        body = json.dumps([row]).encode()
        begin = time.perf_counter()
        post(connection, key, body)
        found.append((time.perf_counter() - begin) * 1000)
    return sorted(found)


def bare(folder: str, seconds: float) -> float:
    """Rows a second when the same bytes are only written and forced to disk, by one process."""
    body = json.dumps(rows(ROWS)).encode()
    done, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        with (Path(folder) / "bare").open("wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        done += ROWS
    return done / seconds


def main(seconds: float) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="toancanh-bench-") as folder:
        key = prepare(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = serve(folder, port)
        try:
            singles(port, key, 20)
            alone = singles(port, key)
            done: multiprocessing.SimpleQueue[int] = multiprocessing.SimpleQueue()
            clients = [multiprocessing.Process(target=bulk, args=(n, port, key, seconds, done)) for n in range(CLIENTS)]
            begin = time.perf_counter()
            for client in clients:
                client.start()
            for client in clients:
                client.join()
            took = time.perf_counter() - begin
            total = sum(done.get() for _ in clients)
        finally:
            server.terminate()
            server.wait()
        p50, p95 = statistics.median(alone), alone[int(len(alone) * 0.95)]
        print(f"{'four clients, 10,000 rows a post':<44}{total / took:>14,.0f} rows/s")
        print(f"{'single-row post':<44}{p50:>10.1f} ms p50{p95:>9.1f} ms p95")
        print(f"{'bare: the same bytes written and forced':<44}{bare(folder, 2):>14,.0f} rows/s")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 8.0)
