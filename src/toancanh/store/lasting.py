"""Records that are, or were, in a state for long: who, since when, until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from toancanh.kernel.conditions import Stay
from toancanh.kernel.contracts import Dataset
from toancanh.store import catalogue, engine
from toancanh.store.columns import quoted
from toancanh.store.compiler.bound import Bound
from toancanh.store.compiler.current import current
from toancanh.store.compiler.expressions import Compiler, moment_ms

_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Lasting:
    """A record of a subject (an area or an agency by key) in a state. `ends`: None while it lasts. `of`: how many of the subject
    there are, told or not."""

    subject: str
    key: tuple[str, ...]
    begins: datetime
    ends: datetime | None
    of: int


@dataclass(frozen=True, slots=True)
class Sought:
    """Records in `stay` for more than `usual`, or than what single subjects have of their own. `by`: the field of the subject.
    Of every subject the `each` that began first."""

    stay: Stay
    by: str
    usual: timedelta
    own: Mapping[str, timedelta] = field(default_factory=dict)
    each: int = 200


def lasting(dataset: Dataset, sought: Sought, since: datetime, until: datetime) -> list[Lasting]:
    """The records for which that held at some moment from `since` to `until`, as they are known now, the earliest first."""
    bound, stay = Bound(), sought.stay
    first, last = bound.whole(moment_ms(since)), bound.whole(moment_ms(until))
    compiler = Compiler(dataset, bound, last)
    lasted = f"least(ifNull(_ends, {last}), {last}) - _begins"
    sql = catalogue.LASTING.sql(
        subject=f"ifNull(toString({quoted(sought.by)}), '')", keys=", ".join(map(quoted, dataset.key)),
        begins=compiler.milliseconds(stay.begins),
        ends=compiler.milliseconds(stay.ends) if stay.ends is not None else "CAST(NULL AS Nullable(Int64))",
        current=current(dataset, bound), condition=compiler.condition(stay.where), each=bound.whole(sought.each),
        long_enough=f"{lasted} > {_enough(sought, bound)} AND ifNull(_ends > {first}, 1)",
    )  # fmt: skip
    return [
        Lasting(subject, tuple(map(str, key)), _moment(begins), None if ends is None else _moment(ends), of)
        for subject, *key, begins, ends, of in engine.query(sql, bound.values)
    ]


def _enough(sought: Sought, bound: Bound) -> str:
    usual = bound.whole(sought.usual // _MS)
    if not sought.own:
        return usual
    own = bound.wholes(each // _MS for each in sought.own.values())
    return f"transform(subject, {bound.texts(sought.own)}, {own}, {usual})"


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
