"""What a report of completion must hold: a result in words or evidence, and the reason of a delay."""

from __future__ import annotations

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.response import changes, clocks
from toancanh.response.models import Directive, Evidence, Task

_REFUSED = Text("Chưa báo hoàn thành được", "It could not be reported done")


def checked(held: Directive | Task, words: str, overdue_reason: str) -> dict[str, object]:
    """The columns that a report sets. Raises `Problem` (422) without a result, or late and without a reason."""
    kind = changes.kind_of(held)
    if not words.strip() and not Evidence.objects.filter(kind=kind, subject=held.pk).exists():
        raise Problem(
            "no-result",
            422,
            _REFUSED,
            Text("Nêu kết quả bằng lời hoặc đính kèm tệp chứng minh.", "Say what was done, or add a file that shows it."),
        )
    values = clocks.run_on(held)
    if not must_explain(held):
        return values
    if not overdue_reason.strip():
        raise Problem(
            "overdue-unexplained", 422, _REFUSED,
            Text("Việc đã từng quá hạn: giải trình lý do bằng văn bản trước khi báo hoàn thành.",
                 "It was late: explain the delay in writing before reporting it done."),
        )  # fmt: skip
    return values | {"overdue_reason": overdue_reason.strip()}


def must_explain(held: Directive | Task) -> bool:
    """Whether a delay is not explained yet: it is overdue, or it was when more time was granted."""
    return clocks.overdue(held) or (held.late and not held.overdue_reason)


def said(held: Directive | Task, words: str, overdue_reason: str) -> Text:
    """The line of the timeline."""
    vi, en = "Báo hoàn thành", "Reported done"
    if words.strip():
        vi, en = f"{vi}: {words.strip()}", f"{en}: {words.strip()}"
    if must_explain(held):
        vi, en = f"{vi}. Lý do quá hạn: {overdue_reason.strip()}", f"{en}. Reason of the delay: {overdue_reason.strip()}"
    return Text(vi, en)
