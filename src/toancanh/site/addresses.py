"""Which port each process of the centre listens on, and whether it is free."""

from __future__ import annotations

import errno
import http.client
import socket
from dataclasses import dataclass

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Ports:
    """The pages' port, and the two next to it: the event stream and the rows' store (loopback only)."""

    web: int

    @property
    def live(self) -> int:
        return self.web + 1

    @property
    def store(self) -> int:
        return self.web + 2


def refuse_used(host: str, port: int) -> None:
    """Raise a `Problem` when somebody listens on `port` already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise _cannot_listen(host, port, error) from error
            raise Problem(
                "port-in-use",
                409,
                Text("Cổng đang được dùng", "Port in use"),
                Text(
                    f"Cổng {port} đang được chương trình khác dùng. Chọn cổng khác, ví dụ: make demo PORT={port + 10}",
                    f"Port {port} is used by another program. Choose another one, for example: make demo PORT={port + 10}",
                ),
            ) from error


def _cannot_listen(host: str, port: int, error: OSError) -> Problem:
    said = error.strerror or str(error)
    return Problem(
        "cannot-listen", 409, Text("Không mở được địa chỉ", "The address cannot be opened"),
        Text(
            f"Máy không mở được {host}:{port} ({said}). Dùng --host 127.0.0.1 hoặc 0.0.0.0, và cổng từ 1024 trở lên.",
            f"{host}:{port} cannot be opened ({said}). Use --host 127.0.0.1 or 0.0.0.0, and a port from 1024 on.",
        ),
    )  # fmt: skip


def answers(port: int, path: str) -> bool:
    """Whether a GET of `path` on loopback is answered with 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
