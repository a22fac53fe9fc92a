"""The drop folder door: files laid into `drop/<source>/<dataset>/` of the data folder are taken, then moved to `done/` or
`refused/`.

A refused file gets a text file beside it that says why. A file is taken when nobody has written to it for a few seconds.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from toancanh.intake import services
from toancanh.intake.checking.refused import printable
from toancanh.intake.models import Source
from toancanh.intake.reading.payload import Payload
from toancanh.intake.receiving import too_large
from toancanh.kernel.problem import Problem

log = logging.getLogger(__name__)

STILL_SECONDS = 3.0
LOOK_EVERY_SECONDS = 2.0
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
_TRY_LATER = 500  # refusals from this status on are ours, not the sender's: the file stays


def folder() -> Path:
    """Where files are laid."""
    return Path(settings.DATA) / "drop"


def pick_up() -> None:
    """Take every finished file, oldest first."""
    for source in Source.objects.filter(active=True).select_related("owner"):
        for dataset in source.datasets:
            for path in _finished(folder() / source.code / dataset):
                try:
                    _take(source, dataset, path)
                except Exception:  # one file, or one that cannot be moved, does not keep the others waiting
                    log.exception("%r stays in the drop folder", path.name)


def watch(stopped: Callable[[], bool]) -> None:
    """Pick up every other second until `stopped`."""
    while not stopped():
        pick_up()
        time.sleep(LOOK_EVERY_SECONDS)


def _finished(place: Path) -> Iterator[Path]:
    """Plain files that nobody writes to any more. Links are left alone: they may point out of the folder."""
    if not place.is_dir():
        return
    still = time.time() - STILL_SECONDS
    found = [path for path in place.iterdir() if path.is_file() and not path.is_symlink() and not path.name.startswith(".")]
    whole = [path for path in found if path.suffix.lower() not in _UNFINISHED and path.stat().st_mtime < still]
    yield from sorted(whole, key=lambda path: (path.stat().st_mtime, path.name))


def _take(source: Source, dataset: str, path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):  # another process was quicker
        stamp = path.stat()
        key = f"drop:{stamp.st_mtime_ns}:{_plain(path.name)}"[:200]
        try:
            if stamp.st_size > settings.LARGEST_DELIVERY:
                raise too_large()
            name = printable(path.name)
            services.receive(source, dataset, Payload(path.read_bytes(), "", name, key, "drop", f"source:{source.code}"))
        except Problem as problem:
            if problem.status >= _TRY_LATER:
                log.warning("%s stays in the drop folder: %s", path.name, problem)
                return
            target = _move(path, "refused")
            target.with_name(target.name + ".txt").write_text(f"{problem.detail.vi}\n\n{problem.detail.en}\n", encoding="utf-8")
            return
        _move(path, "done")


def _plain(name: str) -> str:
    """A file's name as a delivery's key can hold it: what cannot be printed, or is not UTF-8, gives way to its code."""
    return "".join(each if each.isprintable() else f"<{ord(each):x}>" for each in name)


def _move(path: Path, where: str) -> Path:
    """Move a file aside, under a name that is not taken."""
    target = path.parent / where / f"{timezone.localtime():%Y-%m-%d_%H%M%S}_{path.name}"
    target.parent.mkdir(exist_ok=True)
    number = 1
    while target.exists():
        number += 1
        target = target.with_name(f"{number}_{target.name}")
    os.rename(path, target)
    return target
