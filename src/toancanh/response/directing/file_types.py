"""What kind of file some bytes are, told by the bytes and not by the name; and whether the name agrees. Pure."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "png": "image/png",
    "jpg": "image/jpeg",
    "csv": "text/csv",
    "txt": "text/plain",
    "zip": "application/zip",
}
SAME = {"jpeg": "jpg"}
# Endings of programs: nothing that is called so is taken, whatever follows ("bao-cao.exe.pdf").
_PROGRAMS = frozenset(
    {"exe", "com", "scr", "bat", "cmd", "ps1", "vbs", "js", "jse", "wsf", "hta", "msi", "jar", "lnk", "dll", "sh", "py", "apk",
     "html", "htm", "svg", "docm", "xlsm", "pptm"}
)  # fmt: skip
_MAGIC = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
_INSIDE = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))
_TEXT = frozenset({"csv", "txt"})
_ZIPPED = frozenset({"zip", "docx", "xlsx", "pptx"})


def ending(name: str) -> str:
    """The ending of a file's name, in its usual spelling; "" when it has none."""
    last = name.rpartition(".")[2].lower() if "." in name else ""
    return SAME.get(last, last)


def hidden_program(name: str) -> str:
    """The ending of a program that stands before the last ending of a name ("exe" of "bao-cao.exe.pdf"); "" for none."""
    return next((each for each in name.lower().split(".")[1:-1] if each.strip() in _PROGRAMS), "").strip()


def found_type(content: bytes) -> str:
    """The type that the bytes are ("pdf", "docx", "zip", "txt" ...); "" for everything else."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    return "txt" if _is_text(content) else ""


def agrees(name: str, found: str) -> bool:
    """Whether a name's ending fits what the bytes are: text may be called csv or txt, and a document is also a zip."""
    said = ending(name)
    return said == found or (said in _TEXT and found in _TEXT) or (said == "zip" and found in _ZIPPED)


def _zipped(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    if "[Content_Types].xml" not in names:
        return "zip"
    return next((kind for folder, kind in _INSIDE if any(name.startswith(folder) for name in names)), "zip")


def _is_text(content: bytes) -> bool:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in content or content.startswith((b"MZ", b"\x7fELF", b"#!")):
        return False
    else:
        encoding = "utf-8-sig"
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return bool(content)
