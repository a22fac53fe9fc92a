"""The supervisor: starts in order, restarts what falls, stops in reverse, and says when a port is taken."""

import socket
import sys
import time

import pytest

from toancanh.kernel.problem import Problem
from toancanh.site.addresses import Ports, refuse_used
from toancanh.site.processes import centre
from toancanh.site.supervisor import Child, Supervisor

SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")


def test_a_used_port_is_refused_with_a_cure_in_both_languages() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Problem) as refused:
            refuse_used("127.0.0.1", port)
    assert f"PORT={port + 10}" in refused.value.detail.vi
    assert f"Port {port} is used" in refused.value.detail.en


def test_the_stream_and_the_store_stand_beside_the_pages() -> None:
    assert (Ports(8123).live, Ports(8123).store) == (8124, 8125)


@pytest.mark.parametrize(("https", "proxies", "port"), [(False, [], "8124"), (True, [], None), (False, ["10.0.0.0/8"], None)])
def test_behind_a_proxy_the_stream_stands_under_the_address_of_the_pages(
    settings, https: bool, proxies: list[str], port: str | None
) -> None:
    settings.HTTPS, settings.TRUSTED_PROXIES, settings.STORE_URL = https, proxies, "http://store.example:8123"
    assert {each.environment.get("TOANCANH_LIVE_PORT") for each in centre(Ports(8123), "127.0.0.1")} == {port}


def test_a_fallen_child_is_started_again() -> None:
    child = Child("sleeper", SLEEPER)
    supervisor = Supervisor([child])
    supervisor.start()
    assert child.process is not None
    first = child.process.pid
    child.process.kill()
    child.process.wait()
    ends = time.monotonic() + 20

    def until_back() -> None:
        supervisor.stopping = (child.alive() and child.process.pid != first) or time.monotonic() > ends

    supervisor.watch(until_back)
    assert child.alive()
    assert child.process.pid != first
    supervisor.stop()
    assert not child.alive()


def test_a_child_that_never_gets_ready_ends_the_start() -> None:
    child = Child("never", SLEEPER, ready=lambda: False)
    supervisor = Supervisor([child])
    with pytest.raises(Problem, match="never"):
        supervisor.start(patience=0.3)
    supervisor.stop()


def test_children_stop_in_reverse_order() -> None:
    stopped: list[str] = []

    class Noted(Child):
        def stop(self, seconds: float) -> None:
            stopped.append(self.name)
            super().stop(seconds)

    supervisor = Supervisor([Noted("first", SLEEPER), Noted("second", SLEEPER)])
    supervisor.start()
    supervisor.stop()
    assert stopped == ["second", "first"]
