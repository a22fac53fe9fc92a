"""What a room offers on the command line: each room lists its `COMMANDS`, the site gathers them under `toancanh`."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from toancanh.kernel.problem import Problem
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


def whole(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number within bounds, as the `type` of an argument."""

    def read(typed: str) -> int:
        if not typed.isdecimal() or not least <= int(typed) <= most:
            raise ArgumentTypeError(f"cần số nguyên từ {least} đến {most} | a whole number from {least} to {most} is needed")
        return int(typed)

    return read


def text_of(path: Path) -> str:
    """What a file of text in UTF-8 says. Raises OSError, and `Problem` for any other file."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(
            "not-utf-8", 422, Text("Tệp không phải văn bản UTF-8", "The file is not text in UTF-8"),
            Text(f"Lưu lại “{path}” với mã UTF-8 rồi chạy lại lệnh.", f"Save “{path}” as UTF-8 and run the command again."),
        ) from error
