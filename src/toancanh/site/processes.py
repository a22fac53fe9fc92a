"""The processes of a running centre, as command lines: store owner, worker, pages, event stream, MQTT client."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.conf import settings

from toancanh.intake.doors.admission import AT_WORK, WAITING
from toancanh.site.addresses import Ports, answers
from toancanh.site.supervisor import Child

THREADS = AT_WORK + WAITING + 4  # deliveries at work and waiting, and some that are always free for people
SENDERS = 1024  # connections that one page process keeps open; those beyond wait unanswered, so there are many
STREAMS = 4096  # browsers that one event stream process accepts


def centre(ports: Ports, host: str, workers: int = 1) -> list[Child]:
    """Children in the order of their start: first what a page needs, then the stream and the worker, which takes over its work
    from the store. The embedded store gets an owner; a store by http address needs none."""
    environment = {} if joined_by_a_proxy() else {"TOANCANH_LIVE_PORT": str(ports.live)}
    children = []
    if settings.STORE_URL.startswith("chdb://"):
        children.append(_owner(ports))
        environment["TOANCANH_STORE"] = f"http://127.0.0.1:{ports.store}"
    children.append(_pages(ports, host, workers, environment))
    children.append(_stream(ports, host, environment))
    children.append(Child("worker", _toancanh("worker"), environment=environment, at_once=True))
    if os.environ.get("TOANCANH_MQTT"):
        children.append(Child("mqtt", _toancanh("mqtt"), environment=environment))
    return children


def joined_by_a_proxy() -> bool:
    """Whether a proxy in front puts pages and stream under one address: it ends HTTPS, or its network is named."""
    return bool(settings.HTTPS or settings.TRUSTED_PROXIES)


def _toancanh(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "toancanh.site.cli", *words)


def _owner(ports: Ports) -> Child:
    path = settings.STORE_URL.removeprefix("chdb://")
    Path(path).mkdir(parents=True, exist_ok=True)
    command = _toancanh("store", "serve", "--port", str(ports.store))
    return Child("store", command, ready=lambda: answers(ports.store, "/ping"), at_once=True)


def _granian(interface: str, target: str, host: str, port: int, *more: str) -> tuple[str, ...]:
    words = ("--interface", interface, "--host", host, "--port", str(port), "--no-access-log", "--log-level", "warning")
    return (sys.executable, "-m", "granian", *words, *more, target)


def _pages(ports: Ports, host: str, workers: int, environment: dict[str, str]) -> Child:
    room = ("--blocking-threads", str(THREADS), "--backpressure", str(SENDERS))
    more = ("--workers", str(workers), "--respawn-failed-workers", *room)
    command = _granian("wsgi", "toancanh.site.wsgi:application", host, ports.web, *more)
    return Child("pages", command, ready=lambda: answers(ports.web, "/healthz"), environment=environment, at_once=True)


def _stream(ports: Ports, host: str, environment: dict[str, str]) -> Child:
    more = ("--workers", "1", "--backlog", str(STREAMS), "--backpressure", str(STREAMS))
    command = _granian("asgi", "toancanh.live.asgi:application", host, ports.live, *more)
    return Child("stream", command, ready=lambda: answers(ports.live, "/healthz"), environment=environment)
