"""Every value can be proved: the formula in words, its parts, the rows behind them, who sent those, the value computed again."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from toancanh.audit import services as audit
from toancanh.indicators.evaluators import evidence
from toancanh.indicators.evaluators.evidence import Part
from toancanh.indicators.models import Cell
from toancanh.indicators.overrides import effective
from toancanh.indicators.policy import readable
from toancanh.indicators.queries import find
from toancanh.indicators.wording import formula
from toancanh.intake.models import Delivery
from toancanh.intake.queries import by_seqs
from toancanh.kernel.contracts import Dataset, Indicator
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.permissions import Action, Actor
from toancanh.store.rows import StoredRow
from toancanh.units.models import Unit

HIDDEN = "•••"
BY_HAND = frozenset({"file", "fix", "replay"})  # doors through which a person sends, who answers for the rows


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One row: its values by field (personal ones are hidden from those who may not enter them), and where it came from."""

    values: dict[str, object]
    seq: int
    line: int
    delivery: str  # public id, "" when the delivery is not on file
    source: Text
    sender: str
    filename: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """The proof of one version of a value. `equal`: computed again from the same deliveries it gives the same value."""

    cell: Cell
    indicator: Indicator
    formula: Text
    version: int
    parts: tuple[Part, ...]
    part: int  # which part `rows` belong to
    rows: tuple[ProofRow, ...]
    row_count: int
    approver: str  # the people who handed in or mended the rows listed; "" where machines sent them all
    automatic: bool  # machines sent some of the rows listed
    recomputed_value: float | None
    equal: bool


def proof(actor: Actor, cell_id: int, *, part: int = 0, limit: int = 50, offset: int = 0) -> Proof:
    """The proof of the value `cell_id`, with `limit` rows from `offset` of one of its parts.

    Raises `Problem`: 404 when there is no such value that the actor may see, `StoreUnavailable` when rows cannot be read now.
    """
    cell = find(actor, cell_id)
    if cell is None:
        raise Problem(
            "unknown-value", 404, Text("Không có giá trị này", "No such value"),
            Text(
                f"Không có giá trị số {cell_id}, hoặc bạn chưa có quyền xem. Mở lại từ trang chỉ tiêu.",
                f"There is no value number {cell_id}, or you may not see it. Open it again from the indicator's page.",
            ),
        )  # fmt: skip
    indicator = effective(readable(actor, cell.indicator), cell.unit_id, cell.period.year)
    found = evidence.again(cell, indicator)
    rows, count = evidence.rows_of(cell, indicator, found, part, limit, offset)
    deliveries = by_seqs(row.seq for row in rows)
    told = tuple(_told(actor, indicator.dataset, cell.unit, rows, deliveries))
    _note_look(actor, cell, indicator.dataset, told)
    return Proof(
        cell, indicator, formula(indicator.measure, indicator.dataset), cell.formula_version, found.parts, part,
        told, count, _people(deliveries.values()),
        any(each.via not in BY_HAND for each in deliveries.values()), found.outcome.value,
        _equal(cell.value, found.outcome.value),
    )  # fmt: skip


def _told(
    actor: Actor, dataset: Dataset, unit: Unit, rows: Iterable[StoredRow], deliveries: Mapping[int, Delivery]
) -> Iterable[ProofRow]:
    personal = {each.name for each in dataset.fields if each.personal}
    field = registry.pack_of(dataset).code
    for row in rows:
        sent = deliveries.get(row.seq)
        hidden = set() if sent and _enters(actor, field, sent.source.owner, unit) else personal
        values = {name: HIDDEN if name in hidden and value is not None else value for name, value in row.values.items()}
        if sent is None:
            yield ProofRow(values, row.seq, row.line, "", Text("không rõ", "unknown"), "", "", row.received_at)
        else:
            source = sent.source
            yield ProofRow(values, row.seq, row.line, str(sent.uid), source.title, sent.sender, sent.filename, sent.received_at)


def _note_look(actor: Actor, cell: Cell, dataset: Dataset, rows: Sequence[ProofRow]) -> None:
    """Who saw personal data in rows is recorded, with the rows."""
    personal = [each.name for each in dataset.fields if each.personal]
    seen = [row for row in rows if any(row.values.get(name) not in (None, HIDDEN) for name in personal)]
    if seen:
        detail = {"fields": personal, "rows": [f"{row.seq}:{row.line}" for row in seen]}
        audit.record(actor.label, "indicators.read_personal", f"value:{cell.pk}", detail=detail, address=actor.address)


def _enters(actor: Actor, field: str, agency: Unit | None, area: Unit) -> bool:
    """Whether `actor` may enter what `agency` sends about `area`. Rows of nobody's agency are for those limited to none."""
    allowed = [each for each in actor.permissions if each.allows(Action.ENTER, field, agency, area)]
    return any(agency is not None or each.agencies is None for each in allowed)


def _people(deliveries: Iterable[Delivery]) -> str:
    """Who handed in a file, or mended a row; machines answer to nobody."""
    return ", ".join(sorted({each.sender for each in deliveries if each.via in BY_HAND and each.sender}))


def _equal(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is after
    return math.isclose(before, after, rel_tol=1e-9, abs_tol=1e-9)
