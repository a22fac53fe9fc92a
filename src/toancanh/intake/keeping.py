"""Payloads as received, one file each, on disk before anybody is answered: the durable truth from which the store can be rebuilt.

A file is one JSON line (who sent what, when, as which delivery) and then the body, byte for byte:
`kept/YYYY/MM/DD/HH/<uid>.payload` under the data folder, by UTC hour.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from toancanh.jobs.disk import disk_full, is_full
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

SUFFIX = ".payload"


@dataclass(frozen=True, slots=True)
class Slip:
    """What is written above a kept body: enough to register the delivery again and to read it as it was read.

    `terms` are the source's decimal mark and oldest day when it came; None in slips that do not say.
    """

    uid: str
    source: str
    dataset: str
    once: str
    key: str | None
    content_hash: str
    content_type: str
    filename: str
    via: str
    sender: str
    received_at: str
    size: int
    follows: str | None = None
    terms: dict[str, str | None] | None = None


def folder() -> Path:
    """Where payloads are kept."""
    return Path(settings.DATA) / "kept"


def keep(slip: Slip, body: bytes) -> str:
    """Write `body` under its slip and force it to disk, folder entries included. Returns the path within `folder()`.

    Raises `Problem` 507 when there is no room; nothing is left behind then.
    """
    moment = datetime.fromisoformat(slip.received_at)
    place = Path(f"{moment:%Y/%m/%d/%H}") / f"{slip.uid}{SUFFIX}"
    target = folder() / place
    part = target.with_suffix(".part")
    try:
        _make_folder(target.parent)
        _write(part, json.dumps(asdict(slip), ensure_ascii=False).encode() + b"\n", body)
        os.rename(part, target)
        _sync_folder(target.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
            target.unlink(missing_ok=True)
        if is_full(error):
            raise disk_full() from error
        raise
    return place.as_posix()


def _write(path: Path, head: bytes, body: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    try:
        for piece in (head, body):
            view = memoryview(piece)
            while view:
                view = view[os.write(handle, view) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_folder(path: Path) -> None:
    """Make `path`; each new level is forced to disk in its parent."""
    if path.is_dir():
        return
    _make_folder(path.parent)
    with contextlib.suppress(FileExistsError):
        path.mkdir()
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(place: str) -> tuple[Slip, bytes]:
    """A kept payload and its slip. Raises OSError when it is gone, ValueError when it is not one."""
    head, _, body = (folder() / place).read_bytes().partition(b"\n")
    return _slip(head), body


def still_kept(place: str) -> tuple[Slip, bytes]:
    """The same for somebody who asks for it: a payload that is gone from the disk is a `Problem` (404)."""
    try:
        return read(place)
    except OSError as error:
        raise Problem(
            "payload-gone", 404, Text("Tệp gốc không còn", "The original file is gone"),
            Text("Tệp gốc không còn trên ổ đĩa. Khôi phục từ bản sao lưu, hoặc đề nghị nguồn gửi lại.",
                 "The original file is no longer on the disk. Restore it from a backup, or ask the source to send it again."),
        ) from error  # fmt: skip


def read_slip(place: str) -> Slip:
    """Only the first line of a kept payload."""
    with (folder() / place).open("rb") as kept:
        return _slip(kept.readline())


def _slip(head: bytes) -> Slip:
    try:
        return Slip(**json.loads(head))
    except TypeError as error:
        raise ValueError(f"not a kept payload: {error}") from error


def drop(place: str) -> None:
    """Remove a kept payload that was never acknowledged."""
    (folder() / place).unlink(missing_ok=True)


def places(since: datetime | None = None) -> Iterator[str]:
    """Kept payloads, oldest hour first; with `since`, from that UTC hour on."""
    for hour in _hours(since):
        yield from (f"{hour}/{path.name}" for path in sorted((folder() / hour).glob(f"*{SUFFIX}")))


def sweep(since: datetime, before: datetime) -> None:
    """Remove half-written files of the hours from `since` on that nobody has touched since `before`: they were never
    acknowledged."""
    for hour in _hours(since):
        for part in (folder() / hour).glob("*.part"):
            with contextlib.suppress(OSError):
                if part.stat().st_mtime < before.timestamp():
                    part.unlink()


def _hours(since: datetime | None, name: str = "", depth: int = 4) -> Iterator[str]:
    """The folders of the hours ("2026/11/27/09") from `since` on, oldest first; what lies before it is not opened."""
    first = f"{since:%Y/%m/%d/%H}" if since else ""
    here = folder() / name
    for below in sorted(os.listdir(here)) if here.is_dir() else ():
        path = f"{name}/{below}" if name else below
        if path >= first[: len(path)] and (here / below).is_dir():
            yield from [path] if depth == 1 else _hours(since, path, depth - 1)


def pack_positions(positions: Iterable[int]) -> bytes:
    """Row positions as compressed 32-bit numbers; empty for none."""
    packed = array("I", sorted(positions)).tobytes()
    return zlib.compress(packed) if packed else b""


def unpack_positions(packed: bytes | memoryview) -> frozenset[int]:
    """The inverse of `pack_positions`."""
    if not packed:
        return frozenset()
    numbers = array("I")
    numbers.frombytes(zlib.decompress(bytes(packed)))
    return frozenset(numbers)
