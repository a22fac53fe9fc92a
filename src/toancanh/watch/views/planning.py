"""The form that plans a silence ahead: maintenance, a festival; of one rule or all, at one place or everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.ui.language import t, tx
from toancanh.ui.tables import Choice, FieldView
from toancanh.units.models import Unit
from toancanh.units.queries import agencies, by_key, descendants, root
from toancanh.watch import queries
from toancanh.watch.policy import may_hush
from toancanh.watch.services.answers import Hush

Given = Mapping[str, str]


def plan_fields(actor: Actor, given: Given) -> tuple[FieldView, ...]:
    """The fields of the form, with what `actor` may silence somewhere."""
    places = _places()
    rules = [("", t("Mọi quy tắc", "Every rule"))] if any(may_hush(actor, None, each) for each in (None, *places)) else []
    known = queries.rules(actor)
    fields = {each.pack.code for each in known}
    allowed = {each for each in fields if any(may_hush(actor, each, unit) for unit in (None, *places))}
    rules += [(each.code, tx(each.rule.title)) for each in known if each.pack.code in allowed]
    units = [("", t("Mọi nơi", "Everywhere"))] if any(may_hush(actor, each, None) for each in (None, *allowed)) else []
    units += [(each.key, tx(each.title)) for each in places if any(may_hush(actor, field, each) for field in (None, *allowed))]
    return (
        _select("plan_rule", t("Quy tắc", "Rule"), rules, given.get("plan_rule", "")),
        _select("plan_unit", t("Nơi", "Place"), units, given.get("plan_unit", "")),
        _moment("begins", t("Bắt đầu", "Begins"), given),
        _moment("ends", t("Kết thúc", "Ends"), given),
        FieldView(
            name="plan_reason", label=t("Sự kiện, lý do", "What and why"), value=given.get("plan_reason", ""), required=True
        ),
    )


def plan_of(given: Given) -> Hush:
    """What the form asks for. Raises `Problem` 404 for an unknown place, 422 where a time cannot be read."""
    unit = given.get("plan_unit", "")
    return Hush(
        reason=given.get("plan_reason", ""),
        begins=_read(given.get("begins", "")),
        ends=_read(given.get("ends", "")),
        rule=given.get("plan_rule", ""),
        unit=by_key(unit) if unit else None,
        planned=True,
    )


def _places() -> list[Unit]:
    here = root()
    return [here, *descendants(here, "commune"), *agencies(parent=here)]


def _select(name: str, label: str, options: list[tuple[str, str]], chosen: str) -> FieldView:
    choices = tuple(Choice(value=value, label=word, chosen=value == chosen) for value, word in options)
    return FieldView(name=name, label=label, kind="select", choices=choices, required=True)


def _moment(name: str, label: str, given: Given) -> FieldView:
    return FieldView(name=name, label=label, kind="datetime-local", value=given.get(name, ""), required=True)


def _read(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2200:
        raise Problem(
            "wrong-span", 422, Text("Thời gian chưa đúng", "The time is not right"),
            Text("Nhập đủ ngày giờ bắt đầu và kết thúc.", "Enter when it begins and when it ends."),
        )  # fmt: skip
    return found if found.tzinfo else found.replace(tzinfo=timezone.get_default_timezone())
