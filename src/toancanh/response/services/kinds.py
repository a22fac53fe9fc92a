"""Writing kinds of incidents and procedures: a change is the next version, with its reason and first day; nothing is overwritten.

What was planned for later days is given up with it. Going back to what the product declares is a version too. What runs keeps
the terms and steps that it was opened with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from toancanh.audit import services as audit
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.people.policy import read_only, require_everywhere
from toancanh.people.roles import Action
from toancanh.response.handling import checks, kinds, local, procedures
from toancanh.response.handling.kept import LocalVersion, Of
from toancanh.response.handling.kinds import IncidentKind
from toancanh.response.handling.procedures import Procedure
from toancanh.response.models import Counter, Route
from toancanh.watch.services.reasons import said

_SERIES = "kinds"  # whose row's lock makes writers wait for each other
_WHAT = {Of.KIND: Text("loại việc", "kind"), Of.PROCEDURE: Text("quy trình", "procedure")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What goes with a version: `seen` is the version that was on screen (0: there was none), why it is made, and the first day
    on which it holds (None: today)."""

    seen: int
    why: str
    valid_from: date | None = None

    @property
    def day(self) -> date:
        return self.valid_from or timezone.localdate()


def number_of(of: Of, code: str) -> int:
    """The number of the newest version of a kind or procedure; 0 when there is none."""
    rows = local.history(of).get(code, ())
    if rows:
        return int(rows[-1].version)
    if of is Of.KIND:
        return kinds.DECLARED_NUMBER if code in kinds.DECLARED else 0
    return procedures.DECLARED[code].version if code in procedures.DECLARED else 0


def save_kind(actor: Actor, kind: IncidentKind, saving: Saving) -> LocalVersion:
    """Save a kind, new or changed, as its next version.

    Raises `Problem` 403, 409 when somebody saved meanwhile, 422 for what cannot work, without a reason or without a change.
    """
    _may(actor)
    with transaction.atomic():
        _wait_for_others()
        return _save_kind(actor, checks.tidy_kind(kind), saving)


def save_procedure(actor: Actor, procedure: Procedure, saving: Saving) -> LocalVersion:
    """Save a procedure, new or changed, as its next version; incidents opened from now on get it. Raises as `save_kind`."""
    _may(actor)
    with transaction.atomic():
        _wait_for_others()
        return _save_procedure(actor, checks.tidy_procedure(procedure), saving)


def restore(actor: Actor, of: Of, code: str, saving: Saving) -> LocalVersion:
    """Go back to what the product declares, as a version of its own. Raises as `save_kind`; 404 for what was made here."""
    _may(actor)
    if code not in (kinds.DECLARED if of is Of.KIND else procedures.DECLARED):
        raise missing(of)
    with transaction.atomic():
        _wait_for_others()
        if of is Of.KIND:
            return _save_kind(actor, kinds.DECLARED[code], saving, follows=True)
        return _save_procedure(actor, procedures.DECLARED[code], saving, follows=True)


def bring_in(actor: Actor, bundle: Bundle, why: str) -> list[LocalVersion]:
    """Make everything as another centre has it, from today on: a version of each that differs, all or nothing.

    Raises as `save_kind`.
    """
    _may(actor)
    with transaction.atomic():
        _wait_for_others()
        made = []
        for each in bundle.procedures:
            if _data(Of.PROCEDURE, each.code, timezone.localdate()) != procedures.as_data(each):
                made.append(_save_procedure(actor, each, Saving(seen=number_of(Of.PROCEDURE, each.code), why=why)))
        together = kinds.kinds() | {each.code: each for each in bundle.kinds}
        for kind in bundle.kinds:
            if _data(Of.KIND, kind.code, timezone.localdate()) != kinds.as_data(kind):
                saving = Saving(seen=number_of(Of.KIND, kind.code), why=why)
                made.append(_save_kind(actor, kind, saving, beside=together.values()))
    return made


@dataclass(frozen=True, slots=True)
class Bundle:
    """Kinds and procedures on their way from one centre to another."""

    kinds: tuple[IncidentKind, ...]
    procedures: tuple[Procedure, ...]


def packed() -> dict[str, Any]:
    """Everything that holds today, as plain values."""
    return {
        "kinds": {code: kinds.as_data(each) for code, each in kinds.kinds().items()},
        "procedures": {code: procedures.as_data(each) for code, each in procedures.procedures().items()},
    }


def unpacked(data: Mapping[str, Any]) -> Bundle:
    """The bundle of plain values. Raises `Problem` 422 that names the first that is none."""
    code = "?"
    try:
        found: list[IncidentKind] = []
        for code, each in dict(data["kinds"]).items():
            found.append(checks.tidy_kind(kinds.of_data(code, each)))
        ways: list[Procedure] = []
        for code, each in dict(data["procedures"]).items():
            ways.append(checks.tidy_procedure(procedures.of_data(code, 0, each)))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise _cannot_work(Text(f"“{code}” thiếu hoặc sai {error}.", f"“{code}” lacks or spells wrongly {error}.")) from error
    return Bundle(tuple(found), tuple(ways))


def missing(of: Of) -> Problem:
    """There is no such kind or procedure, or nothing to go back to."""
    what = _WHAT[of]
    return Problem(
        "not-found", 404, Text(f"Không tìm thấy {what.vi} này", f"No such {what.en}"),
        Text("Quay lại danh mục và chọn lại.", "Go back to the list and choose again."),
    )  # fmt: skip


def _may(actor: Actor) -> None:
    require_everywhere(actor, Action.CONFIGURE)
    if actor.read_only:
        raise read_only()


def _wait_for_others() -> None:
    """Versions are written one after the other: the newest row says whether there is news."""
    Counter.objects.bulk_create([Counter(series=_SERIES)], ignore_conflicts=True)
    Counter.objects.select_for_update().get(pk=_SERIES)


def _save_kind(
    actor: Actor, kind: IncidentKind, saving: Saving, *, follows: bool = False, beside: Iterable[IncidentKind] | None = None
) -> LocalVersion:
    around = beside if beside is not None else kinds.kinds(saving.day).values()
    others = [each for each in around if each.code != kind.code]
    wrong = next(checks.kind_mistakes(kind, others, procedures.procedures(saving.day)), None)
    if wrong is not None:
        raise _cannot_work(_about(kind.title, wrong[1]))
    if not kind.offered:
        _refuse_routed(kind)
    return _add(actor, Of.KIND, kind.code, None if follows else kinds.as_data(kind), saving)


def _save_procedure(actor: Actor, procedure: Procedure, saving: Saving, *, follows: bool = False) -> LocalVersion:
    wrong = next(checks.procedure_mistakes(procedure), None)
    if wrong is not None:
        raise _cannot_work(_about(procedure.title, wrong[1]))
    return _add(actor, Of.PROCEDURE, procedure.code, None if follows else procedures.as_data(procedure), saving)


def _add(actor: Actor, of: Of, code: str, definition: dict[str, Any] | None, saving: Saving) -> LocalVersion:
    why, newest = said(saving.why), number_of(of, code)
    if newest != saving.seen:
        raise _exists(of) if saving.seen == 0 else changed_meanwhile(of, code)
    if saving.day < timezone.localdate():
        raise _cannot_work(Text("Ngày áp dụng từ hôm nay trở đi.", "It holds from today on at the earliest."))
    before = _data(of, code, saving.day)
    made = LocalVersion(
        of=of.value, code=code, version=newest + 1, definition=definition, valid_from=saving.day, note=why,
        made_by=actor.label[:200], made_at=timezone.now(),
    )  # fmt: skip
    after = _as_data(of, made)
    given_up = ", ".join(str(row.version) for row in local.planned(of, code, saving.day))
    if before == after and not given_up:
        raise _no_change()
    made.save()
    did = "make" if newest == 0 else "restore" if definition is None else "save"
    detail = {"version": made.version, "valid_from": f"{saving.day}", "changed": _changed(before or {}, after)}
    detail |= {"given_up": given_up} if given_up else {}
    subject = f"{of.value}:{code}"
    audit.record(actor.label, f"response.{did}_{of.value}", subject, detail=detail, reason=why, address=actor.address)
    return made


def _data(of: Of, code: str, day: date) -> dict[str, Any] | None:
    """What holds on a day, as plain values."""
    if of is Of.KIND:
        kind = kinds.kinds(day).get(code)
        return kinds.as_data(kind) if kind else None
    procedure = procedures.procedures(day).get(code)
    return procedures.as_data(procedure) if procedure else None


def _as_data(of: Of, row: LocalVersion) -> dict[str, Any]:
    """What a version says, as plain values."""
    if row.definition is not None:
        return dict(row.definition)
    return kinds.as_data(kinds.DECLARED[row.code]) if of is Of.KIND else procedures.as_data(procedures.DECLARED[row.code])


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """Each value that is another now: {"terms.take.urgent": "3 minutes → 6 minutes"}."""
    old, new = _flat(before), _flat(after)
    names = dict.fromkeys((*old, *new))
    return {name: f"{_said(old.get(name))} → {_said(new.get(name))}" for name in names if old.get(name) != new.get(name)}


def _said(value: Any) -> str:
    """A value as the record keeps it; a term with what is counted: "3 minutes", "5 working_days"."""
    if isinstance(value, list) and len(value) == 2 and value[1] in kinds.REGIMES:
        amount, regime = value
        return f"{amount * 60:g} minutes" if regime == kinds.CALENDAR and amount < 1 else f"{amount:g} {regime}"
    return "–" if value is None else str(value)


def _flat(data: Any, path: str = "") -> dict[str, Any]:
    if isinstance(data, Mapping):
        parts = data.items()
    elif path == "steps":
        parts = {str(number): each for number, each in enumerate(data, 1)}.items()
    else:
        return {path: data}
    found: dict[str, Any] = {}
    for name, each in parts:
        found |= _flat(each, f"{path}.{name}" if path else name)
    return found


def _refuse_routed(kind: IncidentKind) -> None:
    today = timezone.localdate()
    rows = Route.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), kind=kind.code).order_by("pk")
    numbers = ", ".join(str(pk) for pk in rows.values_list("pk", flat=True))
    if numbers:
        raise _cannot_work(Text(
            f"“{kind.title.vi}” còn trong bảng phân công (dòng {numbers}). Kết thúc các dòng đó trước: toancanh routes end.",
            f"“{kind.title.en}” stands in the routing table (lines {numbers}). End those lines first: toancanh routes end.",
        ))  # fmt: skip


def changed_meanwhile(of: Of, code: str) -> Problem:
    """The refusal for who saves over a version that was not on screen."""
    row, what = local.history(of)[code][-1], _WHAT[of]
    return Problem(
        "changed-meanwhile", 409,
        Text(f"Người khác vừa sửa {what.vi} này", f"Somebody else has just changed this {what.en}"),
        Text(f"{row.made_by} vừa lưu phiên bản {row.version}: “{row.note}”. Nội dung bạn nhập vẫn được giữ; xem khác biệt "
             "so với phiên bản đó rồi lưu lại nếu còn cần.",
             f"{row.made_by} has just saved version {row.version}: “{row.note}”. What you entered is kept; look at what is "
             "different from that version, then save again if it is still needed."),
    )  # fmt: skip


def _exists(of: Of) -> Problem:
    what = _WHAT[of]
    return Problem(
        "exists-already", 409, Text(f"Đã có {what.vi} tên này", f"There is a {what.en} of this name"),
        Text(f"Đặt tên khác, hoặc mở {what.vi} đó để sửa.", f"Choose another name, or open that {what.en} and change it."),
    )  # fmt: skip


def _about(title: Text, why: Text) -> Text:
    return Text(f"“{title.vi}”: {why.vi}", f"“{title.en}”: {why.en}")


def _cannot_work(detail: Text) -> Problem:
    return Problem("cannot-work", 422, Text("Chưa lưu được", "It was not saved"), detail)


def _no_change() -> Problem:
    return Problem(
        "no-change", 422, Text("Chưa có gì thay đổi", "Nothing is different"),
        Text("Nội dung giống hệt phiên bản đang dùng, nên chưa lưu.", "It is just as it holds already, so nothing was saved."),
    )  # fmt: skip
