"""The forms of this room: hand in a file, correct a held row, dismiss it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from toancanh.intake.checking.cells import choice_reader
from toancanh.intake.models import QuarantinedRow, Source
from toancanh.kernel.contracts import Dataset
from toancanh.kernel.fields import Field, Kind
from toancanh.kernel.registry import registry
from toancanh.ui.language import t, tx
from toancanh.ui.tables import Choice, FieldView

ACCEPT = ".csv,.tsv,.txt,.xlsx,.json,.ndjson,.jsonl"
MOST_CHOICES = 60
_HINTS = {
    Kind.TIME: ("Ví dụ 22/11/2026 09:42", "For example 22/11/2026 09:42"),
    Kind.DAY: ("Ví dụ 22/11/2026", "For example 22/11/2026"),
    Kind.PERIOD: ("Ví dụ 10/2026, Quý III/2026, 2026", "For example 10/2026, Q3 2026, 2026"),
    Kind.AREA: ("Mã hoặc tên đơn vị hành chính", "Code or name of the administrative unit"),
    Kind.AGENCY: ("Mã hoặc tên cơ quan", "Code or name of the agency"),
    Kind.NUMBER: ("Ví dụ 1.234,5", "For example 1234.5"),
}


def pair_value(source: Source, dataset: str) -> str:
    """How the choice of a source and a dataset is written in the form."""
    return f"{source.code}/{dataset}"


def upload_fields(pairs: Sequence[tuple[Source, str]], chosen: str = "", error: str = "") -> tuple[FieldView, ...]:
    """Which data, and the file."""
    choices = tuple(
        Choice(
            value=pair_value(source, code), label=f"{tx(dataset.title)} – {tx(source.title)}",
            chosen=pair_value(source, code) == chosen,
        )
        for source, code in pairs
        if (dataset := registry.dataset(code)) is not None
    )
    return (
        FieldView(
            name="what", label=t("Bộ dữ liệu và nguồn", "Dataset and source"), kind="select", choices=choices, required=True,
        ),
        FieldView(
            name="file", label=t("Tệp", "File"), kind="file", accept=ACCEPT, required=True, error=error,
            hint=t("CSV, XLSX hoặc JSON; tối đa 64 MB.", "CSV, XLSX or JSON; at most 64 MB."),
        ),
    )


def row_fields(dataset: Dataset, row: QuarantinedRow, typed: Mapping[str, str] | None = None) -> tuple[FieldView, ...]:
    """One control for each field, with what came (or was typed) and what is wrong with it."""
    wrong: dict[str, list[str]] = {}
    for problem in row.problems:
        wrong.setdefault(problem["column"], []).append(t(problem["vi"], problem["en"]))
    return tuple(
        _row_field(each, row, typed, "" if typed is not None else " ".join(wrong.get(each.name, ()))) for each in dataset.fields
    )


def _row_field(each: Field, row: QuarantinedRow, typed: Mapping[str, str] | None, error: str) -> FieldView:
    came = row.raw.get(each.name)
    value = typed.get(f"value-{each.name}", "") if typed is not None else "" if came is None else str(came)
    hint = t(*_HINTS[each.type.kind]) if each.type.kind in _HINTS else ""
    choices = _choices(each, came if typed is None else value)
    return FieldView(
        name=f"value-{each.name}", label=tx(each.title), kind="select" if choices else "text", value=value, hint=hint,
        error=error,
        required=each.required, autocomplete="off", choices=choices,
    )


def _choices(each: Field, value: object) -> tuple[Choice, ...]:
    """The list of a choice field, where the one that came, however it is called, is chosen; nothing for other fields and for long
    lists."""
    if not each.type.choices or len(each.type.choices) > MOST_CHOICES:
        return ()
    code = None if value is None else choice_reader(each.type.choices)(value)
    known = tuple(Choice(value=one.code, label=tx(one.title), chosen=one.code == code) for one in each.type.choices)
    first = () if any(one.chosen for one in known) else (Choice(value="", label=t("Chọn…", "Choose…"), chosen=True),)
    return first + known


def reason_field(error: str = "") -> FieldView:
    """Why a row is dismissed."""
    return FieldView(
        name="reason", label=t("Lý do bỏ dòng", "Why dismiss the row"), required=True, autocomplete="off", error=error,
    )


def typed_values(dataset: Dataset, posted: Mapping[str, str]) -> dict[str, str]:
    """Values by field from a posted row form."""
    return {each.name: posted.get(f"value-{each.name}", "").strip() for each in dataset.fields}
