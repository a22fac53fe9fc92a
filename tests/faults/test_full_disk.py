"""A full disk: what cannot be kept is refused in plain words, reading goes on, and room is all it takes to go on taking."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from tests.faults.centre import Centre
from tests.faults.province import PASSWORD

pytestmark = pytest.mark.slow
AT = (datetime.now(UTC) - timedelta(minutes=30)).isoformat(timespec="seconds")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB where payloads are kept. Mounting needs the right to do so: in CI as root it must work."""
    with mounted(tmp_path / "data" / "kept", "8m") as disk:
        yield disk


@contextlib.contextmanager
def mounted(disk: Path, size: str) -> Iterator[Path]:
    """A small disk on this folder."""
    disk.mkdir(parents=True)
    command = (shutil.which("mount") or "mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = f"a small disk cannot be mounted here: {done.stderr.strip()}"
        (pytest.fail if os.environ.get("CI") and os.geteuid() == 0 else pytest.skip)(reason)
    yield disk
    subprocess.run((shutil.which("umount") or "umount", str(disk)), check=True)


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Centre]:
    """A centre with this data folder."""
    centre = Centre(folder)
    centre.prepare()
    centre.start()
    yield centre
    centre.stop()


@pytest.fixture
def centre(small_disk: Path) -> Iterator[Centre]:
    with running(small_disk.parent) as centre:
        yield centre


def post(centre: Centre, number: int, rows: int) -> tuple[int, dict[str, str]]:
    """One delivery of dossiers: (status, answer)."""
    body = json.dumps([dossier(f"{number}-{row}") for row in range(rows)]).encode()
    headers = {
        "Authorization": f"Bearer {centre.doors['key']}", "Content-Type": "application/json", "Idempotency-Key": f"d{number}",
    }  # fmt: skip
    status, answer = centre.ask("POST", "/api/v1/datasets/dossiers/deliveries", body, headers)
    return status, json.loads(answer)


def sign_in(centre: Centre) -> tuple[int, str]:
    """The leader signs in with her password: (status, page)."""
    token = "a" * 32
    form = urlencode({"username": "lanhdao", "password": PASSWORD, "csrfmiddlewaretoken": token}).encode()
    headers = {"Cookie": f"csrftoken={token}", "Content-Type": "application/x-www-form-urlencoded"}
    status, page = centre.ask("POST", "/sign-in", form, headers)
    return status, page.decode()


def fill_up(disk: Path) -> Path:
    """A file that takes all the room that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(65_536) if shutil.disk_usage(disk).free >= 65_536 else bytes(512))
    return filler


def dossier(code: str) -> dict[str, str]:
    return {
        "dossier_code": f"H99.{code}", "procedure": "1.001612", "agency": "agency:MS15", "commune": "sample:MS15", "state": "2",
        "channel": "2", "submitted_at": AT, "received_at": AT, "updated_at": AT,
    }  # fmt: skip


def stored(centre: Centre) -> int:
    counting = Centre(centre.folder, centre.port, TOANCANH_STORE=f"http://127.0.0.1:{centre.port + 2}")
    return int(json.loads(counting.run("tests.faults.count", "dossiers"))["rows"])


def test_a_full_disk_refuses_in_words_keeps_reading_and_recovers_by_itself(centre: Centre, small_disk: Path) -> None:
    taken, refused, number = 0, 0, 0
    while refused < 5:
        number += 1
        assert number < 60, "the disk never filled"
        status, answer = post(centre, number, 2000)
        if status == 201:
            taken += 2000
            continue
        refused += 1
        assert status == 507, answer
        assert "hết chỗ" in answer["detail"].lower()
        assert "no room" in answer["detail_en"].lower()
    assert taken > 0
    assert not list(small_disk.rglob("*.part")), "half a payload was left behind"

    for path in ("/", "/indicators/dossiers_received", "/sources"):
        status, _ = centre.ask("GET", path, headers={"Cookie": f"sessionid={centre.doors['session']}"})
        assert status == 200, f"{path} while the disk is full"
    centre.until(lambda: centre.waiting() == 0, 120, 0.2)
    assert stored(centre) == taken, "what was acknowledged is stored, and nothing else"

    fullest = max((path for path in small_disk.rglob("*.payload")), key=lambda path: path.stat().st_size)
    fullest.unlink()  # somebody moves an old payload away
    status, answer = post(centre, number, 1000)
    assert status == 201, answer
    centre.until(lambda: centre.waiting() == 0, 120, 0.2)
    assert stored(centre) == taken + 1000


def test_with_the_whole_disk_full_pages_are_read_and_every_write_is_refused_in_words(tmp_path: Path) -> None:
    with mounted(tmp_path / "data", "400m") as disk, running(disk) as centre:
        assert post(centre, 1, 100)[0] == 201
        centre.until(lambda: centre.waiting() == 0, 120, 0.2)
        session = {"Cookie": f"sessionid={centre.doors['session']}"}
        assert centre.ask("GET", "/", headers=session)[0] == 200
        filler = fill_up(disk)

        refused = [post(centre, number, 50) for number in range(2, 8)]
        assert {status for status, _ in refused} == {507}, refused
        for path in ("/", "/indicators/dossiers_received", "/sources"):
            assert centre.ask("GET", path, headers=session)[0] == 200, f"{path} while the disk is full"
        assert centre.ask("GET", "/sign-in")[0] == 200
        status, said = sign_in(centre)
        assert status == 507, said
        assert "hết chỗ" in said.lower()

        filler.unlink()
        status, answer = post(centre, 9, 100)
        assert status == 201, answer
        centre.until(lambda: centre.waiting() == 0, 120, 0.2)
        assert stored(centre) == 200
        assert sign_in(centre)[0] == 302
