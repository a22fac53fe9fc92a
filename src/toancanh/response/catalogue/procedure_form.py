"""The form of a procedure: a group of fields for each step, buttons that add, move and take out steps, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toancanh.kernel.text import Text
from toancanh.response.catalogue.kind_form import NOTHING, code_of
from toancanh.response.handling import checks
from toancanh.response.handling.procedures import ROLES, Procedure, Stage
from toancanh.ui.language import t
from toancanh.ui.tables import FieldView
from toancanh.watch.views.rule_forms.typed import Typed

_PARTS = ("vi", "en", "role", "minutes", "basis")
_BLANK = {"role": "duty"}
Steps = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class StepForm:
    """The fields of one step."""

    number: int
    title: str
    words: tuple[FieldView, ...]
    terms: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class ProcedureForm:
    """Its names and its steps."""

    words: tuple[FieldView, ...]
    steps: tuple[StepForm, ...]


def blank() -> Procedure:
    """What the form of one more begins with."""
    nothing = Text(NOTHING, NOTHING)
    return Procedure("", 0, nothing, (Stage(nothing, "duty"),))


def given(procedure: Procedure) -> dict[str, str]:
    """A procedure as its form holds it."""
    steps = [
        {
            "vi": each.words.vi, "en": each.words.en, "role": each.role, "basis": each.basis,
            "minutes": "" if each.minutes is None else str(each.minutes),
        }
        for each in procedure.stages
    ]  # fmt: skip
    return {"title_vi": procedure.title.vi, "title_en": procedure.title.en} | _numbered(steps)


def reshaped(sent: dict[str, str], act: str) -> dict[str, str]:
    """What was typed, after a step was added ("add"), moved ("up:3", "down:3") or taken out ("drop:3")."""
    steps, (verb, _, text) = _steps(sent), act.partition(":")
    place = int(text) - 1 if text.isascii() and text.isdigit() and len(text) < 4 else -1
    other = place + (1 if verb == "down" else -1)
    if verb == "add" and len(steps) < checks.MOST_STEPS:
        steps.append(dict(_BLANK))
    elif verb == "drop" and 0 <= place < len(steps):
        del steps[place]
    elif verb in ("up", "down") and 0 <= place < len(steps) and 0 <= other < len(steps):
        steps[place], steps[other] = steps[other], steps[place]
    kept = {name: value for name, value in sent.items() if not _is_of_a_step(name)}
    return kept | _numbered(steps)


def read(code: str, typed: Typed) -> Procedure | None:
    """The procedure that was typed; None when something is wrong, said beside its field."""
    stages = tuple(_stage(typed, number, each) for number, each in enumerate(_steps(typed.given), 1))
    title = Text(typed.given.get("title_vi", ""), typed.given.get("title_en", ""))
    procedure = checks.tidy_procedure(Procedure(code or code_of(title.vi, "quy_trinh"), 0, title, stages))
    for place, why in checks.procedure_mistakes(procedure):
        typed.fail(place, why)
    return None if typed.wrong else procedure


def form_of(typed: Typed) -> ProcedureForm:
    """The fields, with what was typed and what is wrong with it."""
    return ProcedureForm(
        words=(
            typed.box("title_vi", Text("Tên tiếng Việt", "Vietnamese name"), kind="text", required=True),
            typed.box("title_en", Text("Tên tiếng Anh", "English name"), kind="text", required=True),
        ),
        steps=tuple(_step(typed, number) for number in range(1, len(_steps(typed.given)) + 1)),
    )  # fmt: skip


def named(place: str) -> str:
    """A field of the form in words: "Bước 3"."""
    number = place.partition("_")[0].removeprefix("s")
    if number.isdigit():
        return t(f"Bước {number}", f"Step {number}")
    return {"title_vi": t("Tên tiếng Việt", "Vietnamese name"), "title_en": t("Tên tiếng Anh", "English name")}.get(
        place, t("Các bước", "Steps")
    )


def _step(typed: Typed, number: int) -> StepForm:
    return StepForm(
        number=number, title=t(f"Bước {number}", f"Step {number}"),
        words=(
            typed.box(f"s{number}_vi", Text("Việc phải làm", "In Vietnamese"), kind="textarea", required=True),
            typed.box(f"s{number}_en", Text("Việc phải làm, tiếng Anh", "In English"), kind="textarea", required=True),
        ),
        terms=(
            typed.select(f"s{number}_role", Text("Vai trò", "Role"), tuple(ROLES.items())),
            typed.box(f"s{number}_minutes", Text("Hẹn giờ, phút", "Timer, minutes")),
            typed.box(f"s{number}_basis", Text("Căn cứ pháp lý", "Legal basis"), kind="text"),
        ),
    )  # fmt: skip


def _stage(typed: Typed, number: int, each: dict[str, str]) -> Stage:
    minutes = typed.whole(f"s{number}_minutes", needed=False, least=1, most=checks.MOST_MINUTES)
    return Stage(Text(each.get("vi", ""), each.get("en", "")), each.get("role", ""), minutes, each.get("basis", ""))


def _steps(sent: Mapping[str, str]) -> Steps:
    """The steps in a form, in their order; at most as many as a procedure may have, and one that is too many."""
    count = sent.get("steps", "0")
    number = min(int(count), checks.MOST_STEPS + 1) if count.isascii() and count.isdigit() and len(count) < 4 else 0
    return [
        {part: sent[f"s{each}_{part}"] for part in _PARTS if f"s{each}_{part}" in sent} for each in range(1, number + 1)
    ]  # fmt: skip


def _numbered(steps: Steps) -> dict[str, str]:
    found = {"steps": str(len(steps))}
    for number, each in enumerate(steps, 1):
        found |= {f"s{number}_{part}": value for part, value in each.items()}
    return found


def _is_of_a_step(name: str) -> bool:
    head, _, part = name.partition("_")
    return name == "steps" or (head[:1] == "s" and head[1:].isdigit() and part in _PARTS)
