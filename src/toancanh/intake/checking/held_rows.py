"""Held rows seen again: with values that a person corrected, or with today's units and lists. Rows that pass come out as plain
JSON values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from toancanh.intake import keeping
from toancanh.intake.checking.check import CellProblem, Checked, check
from toancanh.intake.checking.refused import refuse_whole
from toancanh.intake.models import Delivery, QuarantinedRow, RowState
from toancanh.intake.reading.payload import read_payload
from toancanh.intake.reading.table import Table
from toancanh.intake.receiving import terms_of
from toancanh.kernel.contracts import Dataset
from toancanh.kernel.periods import Period
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Mended:
    """Rows as JSON values, and for those that are still wrong, why."""

    rows: list[dict[str, Any]]
    problems: list[tuple[CellProblem, ...]]


@dataclass(frozen=True, slots=True)
class Again:
    """Open rows of a delivery that pass today, where they stand, and how many still do not."""

    rows: list[dict[str, Any]]
    positions: list[int]
    waiting: int


def dataset_of(delivery: Delivery) -> Dataset:
    """The declaration of a delivery's dataset. `Problem` 404 when no pack declares it any more."""
    found = registry.dataset(delivery.dataset)
    if found is None:
        raise refuse_whole(
            "unknown-dataset", f"Không có bộ dữ liệu “{delivery.dataset}”.", f"There is no dataset “{delivery.dataset}”.", 404,
        )
    return found


def mended(delivery: Delivery, rows: Sequence[Mapping[str, Any]]) -> Mended:
    """Check rows of values by field as a person entered them; an empty text means nothing."""
    dataset = dataset_of(delivery)
    columns = {each.name: [None if row.get(each.name) == "" else row.get(each.name) for row in rows] for each in dataset.fields}
    checked = check(dataset, Table(dict(columns), range(1, len(rows) + 1)), terms_of(delivery.source, "fix", timezone.now()))
    return Mended(as_json(checked, checked.positions), [row.problems for row in checked.held])


def again(delivery: Delivery) -> Again:
    """Read what was kept again and check it with what is known today."""
    dataset = dataset_of(delivery)
    slip, body = keeping.still_kept(delivery.kept)
    table = read_payload(dataset, body, slip.content_type, slip.filename)
    checked = check(dataset, table, terms_of(delivery.source, delivery.via, timezone.now()))
    closed = set(QuarantinedRow.objects.filter(delivery=delivery).exclude(state=RowState.OPEN).values_list("position", flat=True))
    held = keeping.unpack_positions(delivery.held_positions) - closed
    positions = [position for position in checked.positions if position in held]
    return Again(as_json(checked, positions), positions, len(held) - len(positions))


def as_json(checked: Checked, positions: Sequence[int]) -> list[dict[str, Any]]:
    """The accepted rows at `positions` (of the table), as JSON values by field."""
    place = {position: number for number, position in enumerate(checked.positions)}
    return [
        {name: plain(values[place[position]]) for name, values in checked.columns.items() if values[place[position]] is not None}
        for position in positions
    ]


def plain(value: object) -> Any:
    """A stored value as JSON holds it; reading it again gives the same value."""
    if isinstance(value, Period):
        return value.code
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def still_wrong(problems: Sequence[CellProblem]) -> Problem:
    """The refusal of a correction."""
    vi = "; ".join(f"{each.heading or each.column}: {each.why.text.vi}" for each in problems)
    en = "; ".join(f"{each.heading or each.column}: {each.why.text.en}" for each in problems)
    return Problem("still-wrong", 422, Text("Dòng vẫn còn lỗi", "The row is still wrong"), Text(vi, en))
