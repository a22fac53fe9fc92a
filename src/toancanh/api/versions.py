"""Versions of records over HTTP: the ETag names the version, If-Match says which one was looked at (RFC 9110, RFC 6585)."""

from __future__ import annotations

import re
from typing import Annotated

from django.http import HttpResponse
from ninja import Header

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.response.models import Work

_TAG = re.compile(r'(?:W/)?"(\d{1,9})(?:-[0-9a-f]+)?"')  # a proxy that compresses makes a tag weak
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The ETag of the record as it was looked at, or *: of any version. Without it 428; changed meanwhile 412.",
        example='"7"',
    ),
]


def looked_at(if_match: str | None) -> int | None:
    """The version that the asker looked at; None for "*". Raises `Problem`: 428 when nothing is said, 422 for what is no tag."""
    said = (if_match or "").strip()
    if not said:
        raise _unsaid()
    found = _TAG.fullmatch(said)
    if found is None and said != "*":
        raise Problem(
            "bad-if-match", 422, Text("Phiên bản chưa đúng", "Wrong version"),
            Text('Ghi If-Match đúng bằng ETag đã nhận, ví dụ "7", hoặc *.', 'Write If-Match as the ETag that came, as "7" or *.'),
        )  # fmt: skip
    return int(found.group(1)) if found else None


def tag(response: HttpResponse, record: Work) -> None:
    """Name the record's version in the answer."""
    response.headers["ETag"] = f'"{record.version}"'


def as_precondition(problem: Problem) -> Problem:
    """The refusal of a change against an older version as HTTP names it; every other one as it is."""
    if problem.code != "changed-meanwhile":
        return problem
    return Problem(problem.code, 412, problem.title, problem.detail)


def _unsaid() -> Problem:
    return Problem(
        "version-needed", 428, Text("Chưa nói đã xem phiên bản nào", "Which version was looked at is not said"),
        Text("Đọc lại việc này rồi gửi kèm If-Match là ETag của nó, để không ghi đè thay đổi của người khác.",
             "Read the record again and send its ETag as If-Match, so that nobody's change is overwritten."),
    )  # fmt: skip
