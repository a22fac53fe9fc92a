"""The font of printed documents (PDF): the pages' own Inter, as two plain TrueType files made when the style sheets are built.

The pages use a variable font in two compressed parts (Latin, Vietnamese). A document needs one file per weight with all letters.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from toancanh.ui.assets.manifest import FOLDER

WEIGHTS = {"inter-regular.ttf": 400, "inter-bold.ttf": 700}
_PARTS = ("inter-latin-wght-normal-*.woff2", "inter-vietnamese-wght-normal-*.woff2")
_UNUSED = ("GSUB", "GPOS", "GDEF", "STAT", "HVAR", "MVAR", "avar", "meta")  # shaping is left to the letters themselves
_INFLATE = (
    'process.stdin.on("data",d=>(b=globalThis.b?Buffer.concat([b,d]):d));'
    'process.stdin.on("end",()=>process.stdout.write(require("node:zlib").brotliDecompressSync(b)))'
)


def make(node: Sequence[str], built: Path) -> None:
    """Write the files into the folder `built`, from the compressed parts that lie there."""
    from fontTools.merge import Merger
    from fontTools.varLib.instancer import instantiateVariableFont

    parts = [next(built.glob(pattern)) for pattern in _PARTS]
    with tempfile.TemporaryDirectory() as folder:
        for name, weight in WEIGHTS.items():
            plain = []
            for number, part in enumerate(parts):
                font = instantiateVariableFont(_opened(node, part), {"wght": weight})
                for table in _UNUSED:
                    if table in font:
                        del font[table]
                font.flavor = None
                plain.append(f"{folder}/{number}.ttf")
                font.save(plain[-1])
            Merger().merge(plain).save(built / name)


def font_file(bold: bool = False) -> Path:
    """The file of one weight."""
    return FOLDER / "built" / ("inter-bold.ttf" if bold else "inter-regular.ttf")


def _opened(node: Sequence[str], part: Path) -> Any:
    """The compressed font, read; what Python lacks to unpack it, Node has."""
    from fontTools.ttLib import TTFont, woff2

    def unpacked(data: bytes) -> bytes:
        return subprocess.run([*node, "-e", _INFLATE], input=data, capture_output=True, check=True).stdout  # noqa: S603

    if not woff2.haveBrotli:
        woff2.brotli = SimpleNamespace(decompress=unpacked)  # type: ignore[attr-defined]
        woff2.haveBrotli = True
    return TTFont(part, lazy=False)
