"""The five clear things of a directive ("5 rõ"): work and time come with the order; person, result and responsibility may be left
to the agency, which says who answers for it and what will be seen when it accepts the work."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.response.models import Directive

TITLES = {
    "person": Text("Người chịu trách nhiệm", "Answers for it"),
    "result": Text("Kết quả phải có", "Result to be seen"),
    "responsibility": Text("Trách nhiệm", "Responsibility"),
}
NEEDED = ("person", "result")  # without these no agency accepts


@dataclass(frozen=True, slots=True)
class Clear:
    """What the agency adds to an order."""

    person: str = ""
    result: str = ""
    responsibility: str = ""


def unclear(held: Directive) -> tuple[str, ...]:
    """Which of the five are not said yet."""
    return tuple(name for name in TITLES if not getattr(held, name).strip())


def cleared(held: Directive, clear: Clear) -> dict[str, object]:
    """The columns that the agency fills; what the leader said stays. Raises `Problem` (422) while person or result is missing."""
    said = {name: text.strip() for name, text in asdict(clear).items()}
    said["person"] = said["person"][:160]
    missing = [TITLES[name] for name in unclear(held) if name in NEEDED and not said[name]]
    if missing:
        vi, en = ", ".join(each.vi.lower() for each in missing), ", ".join(each.en.lower() for each in missing)
        raise Problem(
            "unclear-order", 422, Text("Chưa đủ năm rõ", "Not clear enough yet"),
            Text(f"Nêu rõ trước khi tiếp nhận: {vi}.", f"Say before accepting: {en}."),
        )  # fmt: skip
    return {name: said[name] for name in unclear(held) if said[name]}
