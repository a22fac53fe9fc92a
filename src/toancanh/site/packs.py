"""Finds the packs: every folder under `packs/` whose `pack.py` has a `PACK`. Nothing else knows their names."""

from __future__ import annotations

import importlib
import traceback
from pathlib import Path
from types import ModuleType

import toancanh.packs
from toancanh.kernel.contracts import Pack
from toancanh.kernel.declaration_checks import DeclarationError

MOVE_OUT = "or move the folder out of packs/ until it is ready"


def discover(package: ModuleType = toancanh.packs) -> tuple[Pack, ...]:
    """All packs, in the order of their folder names. Raises `DeclarationError`, naming the folder, where one is not whole."""
    folders = sorted(folder for root in package.__path__ for folder in Path(root).iterdir() if _is_pack(folder))
    return tuple(_load(package.__name__, folder) for folder in folders)


def _is_pack(folder: Path) -> bool:
    # What git leaves of a removed folder holds only compiled files: that is no pack.
    return folder.name[0] not in "._" and folder.is_dir() and any(folder.glob("*.py"))


def _load(package: str, folder: Path) -> Pack:
    for name in ("__init__.py", "pack.py"):
        if not (folder / name).is_file():
            raise DeclarationError(folder.name, f"the folder has no {name}: add it (docs/add-a-field.md), {MOVE_OUT}")
    try:
        module = importlib.import_module(f"{package}.{folder.name}.pack")
    except Exception as error:  # a pack may fail in any way; whoever starts the site must learn which folder did
        said = f"{type(error).__name__}: {error}"
        raise DeclarationError(_place(error, folder), f"it cannot be imported ({said}): mend it, {MOVE_OUT}") from error
    found = getattr(module, "PACK", None)
    site = f"{folder.name}/pack.py"
    if not isinstance(found, Pack):
        raise DeclarationError(site, f"it defines no PACK = Pack(...): add one, {MOVE_OUT}")
    if found.code != folder.name:
        raise DeclarationError(found.site, f"the pack's code is {found.code!r}, its folder {folder.name!r}: give both one name")
    return found


def _place(error: Exception, folder: Path) -> str:
    """Where in the folder it broke: "folder/file.py:line"."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{folder.name}/{Path(error.filename).name}:{error.lineno}"
    inside = [each for each in traceback.extract_tb(error.__traceback__) if Path(each.filename).is_relative_to(folder)]
    return f"{folder.name}/{Path(inside[-1].filename).name}:{inside[-1].lineno}" if inside else f"{folder.name}/pack.py"
