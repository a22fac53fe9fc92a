"""The owning process of the embedded store: the engine lets one process hold a folder, so one does, and all others ask it.

It speaks as much of ClickHouse's HTTP protocol as an unmodified clickhouse-connect needs (queries with bound parameters, forms,
inserts with chunked or packed bodies), on the loopback address only, to whoever shows the key that lies beside the store. GET
/ping says that it is ready.
"""

from __future__ import annotations

import base64
import hmac
import json
import logging
import os
import secrets
import signal
import sys
import threading
from contextlib import suppress
from errno import ENOSPC
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import rmtree
from tempfile import NamedTemporaryFile
from typing import Any

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.store.embedded import address_file, key_file
from toancanh.store.owner.asking import Asking, BadRequest, TooLarge, take_apart, unpacked
from toancanh.store.owner.pool import Connections, Refused
from toancanh.store.problems import StoreUnavailable

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
LARGEST_BODY = 256 * 1024 * 1024
IDLE_SECONDS = 300  # a kept connection that says nothing is given up; the client opens another
GRACE_SECONDS = 10  # how long answers under way are waited for when told to stop
_STATUS_OF = {60: 404, 62: 400, 81: 404, 159: 504, 241: 503}  # the engine's codes that are not a plain 500


class Owner(ThreadingHTTPServer):
    """Serves one store. `answering` counts requests under way."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, path: Path, port: int, *, largest_body: int = LARGEST_BODY) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self.path, self.largest_body = path, largest_body
        self.key, self.spool = _key(key_file(path)), path.with_name(f"{path.name}.spool")
        self.answering, self.stopping = 0, False
        self.counting = threading.Condition()
        super().__init__((HOST, port), Handler)
        try:
            self.connections = Connections(path)
        except StoreUnavailable:
            self.server_close()
            raise
        rmtree(self.spool, ignore_errors=True)  # what an owner that was killed left there
        self.spool.mkdir()
        address_file(path).write_text(f"http://{HOST}:{self.server_address[1]}\n")

    def run(self, asking: Asking) -> Any:
        """Let the engine carry it out. Raises `BadRequest`, `Refused`, `StoreUnavailable`."""
        if not asking.data:
            return self.connections.run(asking.sql(), asking.parameters, database=asking.database, form=asking.format)
        with NamedTemporaryFile(dir=self.spool) as file:
            file.write(asking.data)
            file.flush()
            return self.connections.run(asking.sql(file.name), asking.parameters, database=asking.database, form=asking.format)

    def stop(self) -> None:
        """Take no more requests, let those under way finish, close the engine."""
        with self.counting:
            if self.stopping:
                return
            self.stopping = True
        self.shutdown()
        with self.counting:
            self.counting.wait_for(lambda: self.answering == 0, timeout=GRACE_SECONDS)
        address_file(self.path).unlink(missing_ok=True)
        self.server_close()
        if self.answering == 0:
            self.connections.close()

    def handle_error(self, _request: object, client_address: object) -> None:
        """A client that went away is no news; anything else is."""
        wrong = sys.exception()
        if not isinstance(wrong, ConnectionError | TimeoutError):
            log.error("a request from %s broke: %r", client_address, wrong)


class Handler(BaseHTTPRequestHandler):
    """One client's connection."""

    server: Owner
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    wbufsize = 1 << 16

    def do_GET(self) -> None:
        if self.path.partition("?")[0] == "/ping":
            self._answer(503 if self.server.stopping else 200, b"Ok.\n")
        else:
            self._counted()

    do_POST = do_HEAD = do_GET

    def _counted(self) -> None:
        owner = self.server
        with owner.counting:
            owner.answering += 1
        try:
            self._ask()
        finally:
            with owner.counting:
                owner.answering -= 1
                owner.counting.notify_all()

    def _ask(self) -> None:
        """Every refusal leaves the body unread or half read, so it also ends the connection."""
        if self.server.stopping:
            return self._refuse(503, 279, "the store is stopping")
        if not self._knows_the_key():
            return self._refuse(403, 516, "Authentication failed: the key is missing or wrong")
        try:
            body = unpacked(self._body(), self.headers.get("Content-Encoding", ""), self.server.largest_body)
            asking = take_apart(self.path, self.headers.get("Content-Type", ""), body)
        except TooLarge:
            return self._refuse(413, 307, f"the body is larger than {self.server.largest_body} bytes")
        except (BadRequest, ValueError) as wrong:
            return self._refuse(400, 36, str(wrong))
        return self._carry_out(asking)

    def _carry_out(self, asking: Asking) -> None:
        try:
            result = self.server.run(asking)
        except BadRequest as wrong:
            return self._refuse(400, 36, str(wrong))
        except StoreUnavailable as wrong:
            return self._refuse(503, 202, wrong.cause)
        except OSError as wrong:
            return self._refuse(500, 243 if wrong.errno == ENOSPC else 75, str(wrong))
        except Refused as wrong:
            code = {"X-ClickHouse-Exception-Code": str(wrong.code)}
            return self._answer(_STATUS_OF.get(wrong.code, 500), f"{wrong}\n".encode(), code)
        headers = {"X-ClickHouse-Summary": _summary(result), "X-ClickHouse-Timezone": "UTC"}
        answer = result.bytes() or b""
        if answer:
            headers["X-ClickHouse-Format"] = asking.format
        return self._answer(200, answer, headers)

    def _knows_the_key(self) -> bool:
        shown = self.headers.get("X-ClickHouse-Key", "")
        scheme, _, packed = self.headers.get("Authorization", "").partition(" ")
        if not shown and scheme.lower() == "basic":
            with suppress(ValueError):
                shown = base64.b64decode(packed).decode().partition(":")[2]
        return hmac.compare_digest(shown.encode(), self.server.key.encode())

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._chunks()
        size = int(self.headers.get("Content-Length") or 0)
        if size > self.server.largest_body:
            raise TooLarge
        return self._exactly(size)

    def _chunks(self) -> bytes:
        found = bytearray()
        while size := int(self.rfile.readline(32).partition(b";")[0], 16):
            if len(found) + size > self.server.largest_body:
                raise TooLarge
            found += self._exactly(size)
            self.rfile.readline(8)
        while self.rfile.readline(1024).strip():
            pass
        return bytes(found)

    def _exactly(self, size: int) -> bytes:
        found = self.rfile.read(size)
        if len(found) != size:
            raise ConnectionResetError("the client went away in the middle of its request")
        return found

    def _refuse(self, status: int, code: int, words: str) -> None:
        self.close_connection = True
        message = f"Code: {code}. DB::Exception: {words}\n"
        self._answer(status, message.encode(), {"X-ClickHouse-Exception-Code": str(code), "Connection": "close"})

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        fixed = {"Content-Type": "application/octet-stream", "Content-Length": str(len(body))}
        for name, value in (fixed | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def version_string(self) -> str:
        return "toancanh"

    def log_message(self, format: str, *values: Any) -> None:
        log.debug(format, *values)


def serve(path: Path, port: int) -> int:
    """Own the store at `path` and answer on the loopback `port` until told to stop (SIGTERM, SIGINT). Raises `Problem`."""
    owner = _opened(path, port)
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: threading.Thread(target=owner.stop).start())
    owner.serve_forever(poll_interval=0.2)
    return 0


def _opened(path: Path, port: int) -> Owner:
    try:
        return Owner(path, port)
    except StoreUnavailable as wrong:
        raise Problem(
            "store-taken", 503, Text("Kho dữ liệu đang được dùng", "The store is in use"),
            Text(
                f"Một tiến trình khác đang giữ thư mục {path}. Hãy dừng tiến trình đó rồi chạy lại.",
                f"Another process holds the folder {path}. Stop it, then start again. ({wrong.cause[:200]})",
            ),
        ) from wrong
    except OSError as wrong:
        raise Problem(
            "port-taken", 503, Text("Cổng đã được dùng", "The port is in use"),
            Text(f"Cổng {port} không mở được: {wrong}. Hãy chọn cổng khác bằng --port.",
                 f"Port {port} cannot be opened: {wrong}. Choose another with --port."),
        ) from wrong


def _key(file: Path) -> str:
    """The key in `file`, made when there is none; readable by its owner alone."""
    with suppress(FileExistsError):
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(32))
    return file.read_text().strip()


def _summary(result: Any) -> str:
    read, elapsed = str(result.rows_read()), str(int(result.elapsed() * 1_000_000_000))
    return json.dumps({"read_rows": read, "written_rows": read, "elapsed_ns": elapsed})
