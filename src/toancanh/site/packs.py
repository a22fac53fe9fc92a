"""Finds the packs: every folder under `packs/` whose `pack.py` has a `PACK`. Nothing else knows their names."""

from __future__ import annotations

import importlib
import pkgutil

import toancanh.packs
from toancanh.kernel.contracts import Pack


def discover() -> tuple[Pack, ...]:
    """All packs, in the order of their folder names."""
    names = sorted(module.name for module in pkgutil.iter_modules(toancanh.packs.__path__) if module.ispkg)
    return tuple(importlib.import_module(f"toancanh.packs.{name}.pack").PACK for name in names)
