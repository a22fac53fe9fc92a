"""Files that show what was done: looked into, kept once by the hash of their content, on disk before they are acknowledged."""

from __future__ import annotations

import contextlib
import hashlib
import os
import uuid
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from toancanh.jobs.disk import disk_full, is_full
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.people.roles import Action
from toancanh.response import changes, policy
from toancanh.response.directing import file_types
from toancanh.response.models import Evidence, Work
from toancanh.response.states import By

LARGEST = 50 * 1024 * 1024
_REFUSED = Text("Chưa nhận được tệp", "The file was not taken")


def add(actor: Actor, record: Work, name: str, stream: BinaryIO, version: int | None = None) -> Evidence:
    """Keep a file with a record; the same content twice is one file.

    Raises `Problem`: 403 for who has no part in the work, 409 when it is over, 413 too large, 415 a type that is not taken or
    that is not what the name says.
    """
    plain = _plain_name(name)
    content = stream.read(LARGEST + 1)
    kind_of_file = _checked(plain, content)
    with transaction.atomic():
        held = changes.hold(actor, record, version)
        policy.require_part(actor, held, Action.HANDLE, By.AGENCY, By.SUPPORT, By.CENTRE)
        if held.closed_at is not None:
            raise _no("work-over", 409, f"{held.code} đã kết thúc, không nhận thêm tệp.", f"{held.code} is over: no more files.")
        digest, kind = hashlib.sha256(content).hexdigest(), changes.kind_of(held)
        known = Evidence.objects.filter(kind=kind, subject=held.pk, sha256=digest).first()
        if known is not None:
            return known
        _keep(digest, content)
        made = Evidence.objects.create(
            kind=kind, subject=held.pk, name=plain, media_type=file_types.MEDIA_TYPES[kind_of_file], size=len(content),
            sha256=digest, added_by=actor.label, added_at=timezone.now(),
        )  # fmt: skip
        changes.edit(actor, held, "add_evidence", Text(f"Thêm tệp {plain}", f"File added: {plain}"))
    return made


def path_of(evidence: Evidence) -> Path:
    """Where the content lies."""
    return _place(evidence.sha256)


def _plain_name(name: str) -> str:
    """The name without a folder or control characters; what is too long loses its middle, never its ending."""
    plain = "".join(each for each in name.replace("\\", "/").rpartition("/")[2] if each.isprintable()).strip(" .")
    return plain if len(plain) <= 200 else plain[:150] + "…" + plain[-49:]


def _checked(name: str, content: bytes) -> str:
    """The type to keep it as."""
    if len(content) > LARGEST:
        raise _no("file-too-large", 413, "Tệp lớn hơn 50 MB. Nén hoặc tách tệp rồi gửi lại.",
                  "The file is larger than 50 MB. Compress or split it and send it again.")  # fmt: skip
    if not content:
        raise _no("file-empty", 422, "Tệp rỗng. Chọn tệp khác.", "The file is empty. Choose another.")
    said, taken = file_types.ending(name), ", ".join(file_types.MEDIA_TYPES)
    if said not in file_types.MEDIA_TYPES:
        raise _no("file-type", 415, f"Không nhận loại tệp này. Các loại được nhận: {taken}.",
                  f"This type of file is not taken. These are: {taken}.")  # fmt: skip
    if hidden := file_types.hidden_program(name):
        raise _no("file-two-endings", 415, f"Tên tệp có hai đuôi “.{hidden}.{said}”. Gửi tệp gốc với một đuôi đúng của nó.",
                  f"The name has two endings, “.{hidden}.{said}”. Send the original file with its own one ending.")  # fmt: skip
    if not file_types.agrees(name, file_types.found_type(content)):
        raise _no("file-type-mismatch", 415, f"Nội dung tệp không phải là {said} như tên gọi. Gửi tệp gốc, không đổi đuôi.",
                  f"The content is not {said} as the name says. Send the original file with its own ending.")  # fmt: skip
    return said


def _place(digest: str) -> Path:
    return Path(settings.DATA) / "evidence" / digest[:2] / digest


def _keep(digest: str, content: bytes) -> None:
    target = _place(digest)
    if target.is_file() and target.stat().st_size == len(content):
        return
    part = target.with_name(f"{digest}.{uuid.uuid4().hex}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
        for folder in (target.parent, target.parent.parent, target.parent.parent.parent):
            _force(folder)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        if is_full(error):
            raise disk_full() from error
        raise


def _force(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _no(code: str, status: int, vi: str, en: str) -> Problem:
    return Problem(code, status, _REFUSED, Text(vi, en))
