"""What a room offers on the command line: each room lists its `COMMANDS`, the site gathers them under `toancanh`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from toancanh.kernel.text import Text


def _no_options(_parser: ArgumentParser) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Command:
    """`toancanh <name...>`: `run` returns the exit code."""

    name: tuple[str, ...]
    help: Text
    run: Callable[[Namespace], int]
    configure: Callable[[ArgumentParser], None] = _no_options
