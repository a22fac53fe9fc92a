"""Reads of the register of units. Units are public reference data, so only `search` takes an actor (for the pages' sake)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from toancanh.kernel.contracts import Level
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.units import register
from toancanh.units.models import FormerName, Unit
from toancanh.units.resolver import Resolution, Resolver, index_of

if TYPE_CHECKING:
    from toancanh.units.boundaries import Extent
    from toancanh.units.maps import MapShapes


def root(on: date | None = None) -> Unit:
    """The place that this centre serves, under its name of the day `on` (default: today)."""
    return named_on([by_key(settings.ROOT_UNIT)], on)[0]


def find(key: str) -> Unit | None:
    """The unit with this key, or None."""
    return Unit.objects.select_related("parent").filter(key=key).first()


def by_key(key: str) -> Unit:
    """The unit with this key. Raises `Problem` (404)."""
    found = find(key)
    if found is None:
        raise Problem(
            "unknown-unit",
            404,
            Text("Không có đơn vị này", "No such unit"),
            Text(
                "Không có đơn vị “{key}”. Nạp danh mục bằng lệnh: toancanh units load.",
                "There is no unit “{key}”. Load the register with: toancanh units load.",
            ).with_values(key=key),
        )
    return found


def by_keys(keys: Iterable[str]) -> dict[str, Unit]:
    """The units with these keys, by key; unknown keys are left out."""
    return {unit.key: unit for unit in Unit.objects.filter(key__in=set(keys))}


def units(
    scheme: str | None = None,
    level: str | None = None,
    parent: str | None = None,
    on: date | None = None,
    q: str = "",
    *,
    limit: int | None = None,
) -> list[Unit]:
    """Units in Vietnamese order. Without `scheme` and `on`: those of today. `parent` is a key; `level` under it may be any depth.

    `q` looks for names (see `search`). With `on`, names are those of that day.
    """
    if on is None and scheme is None:
        on = timezone.localdate()
    found = Unit.objects.select_related("parent").order_by("order_key", "key")
    if scheme:
        found = found.filter(scheme=scheme)
    if level:
        found = found.filter(level=level)
    if on:
        found = _valid(found, on)
    if parent:
        found = _under(found, by_key(parent), direct=not level)
    if q:
        from toancanh.units.search import ranked

        return named_on(ranked(found, q, limit or 50), on)
    return named_on(list(found[:limit] if limit else found), on)


def descendants(unit: Unit, level: Level | str | None = None, on: date | None = None) -> list[Unit]:
    """The units under `unit` on a day (default: today, or its last day when it has ended), in Vietnamese order.

    Without `level`: areas of all levels; agencies and custom areas only when they are asked for.
    """
    day = on or last_day(unit)
    found = _under(Unit.objects.select_related("parent").order_by("order_key", "key"), unit, direct=False)
    found = found.filter(level=str(level)) if level else found.exclude(level__in=(Level.AGENCY, Level.CUSTOM))
    return named_on(list(_valid(found, day)), day)


def children(unit: Unit, on: date | None = None, *, most: int | None = None) -> list[Unit]:
    """The areas directly under `unit`, the first `most` of them; agencies and custom areas are not among them."""
    day = on or last_day(unit)
    found = _under(Unit.objects.order_by("order_key", "key"), unit, direct=True)
    return named_on(list(_valid(found, day)[:most]), day)


def ancestors(unit: Unit) -> list[Unit]:
    """Parent, grandparent ... up to the country."""
    chain = []
    while unit.parent_id is not None:
        unit = Unit.objects.select_related("parent").get(pk=unit.parent_id)
        chain.append(unit)
    return chain


def agencies(on: date | None = None, parent: Unit | None = None, *, most: int | None = None) -> list[Unit]:
    """The agencies of the day, of one place or of all, in Vietnamese order; the first `most` of them."""
    found = _valid(Unit.objects.filter(level=Level.AGENCY).order_by("order_key", "key"), on or timezone.localdate())
    return list((found.filter(parent=parent) if parent else found)[:most])


def agency_for_role(role: str, on: date | None = None) -> Unit | None:
    """The agency that plays `role` (a code of kernel.agency_roles) for the centre's own place; None when nobody does."""
    found = _valid(Unit.objects.filter(level=Level.AGENCY, role=role), on or timezone.localdate()).select_related("parent")
    known = list(found.order_by("-valid_from", "key"))
    return next((each for each in known if each.parent and each.parent.key == settings.ROOT_UNIT), known[0] if known else None)


def area_mapping(level_from: Level | str | None, subject_units: Iterable[Unit | str], on: date | None = None) -> dict[str, str]:
    """Which subject each area's rows count for: {area key: subject key}.

    Every unit of `level_from` (None: of any level) that lies wholly within a subject, itself included: those below it, and those
    merged into it before, whole. `on` keeps the areas that existed that day; without it areas of all times. Subjects of one call
    should not overlap; where they do, the smaller one counts.
    """
    known = register.current()
    keys = [each if isinstance(each, str) else each.key for each in subject_units]
    entries = [known.by_key[key] for key in keys if key in known.by_key]
    return known.area_mapping(Level(level_from) if level_from else None, entries, on)


def territory(unit: Unit | str) -> set[str]:
    """Keys of all units that lie wholly within `unit`, itself included, whenever they existed."""
    known = register.current()
    key = unit if isinstance(unit, str) else unit.key
    return {known.entries[each].key for each in known.territory(known.by_key[key])} if key in known.by_key else set()


def resolver(on: date | None = None, level: Level | str | None = None, within: Unit | str | None = None) -> Resolver:
    """A resolver of names and codes for bulk use: `resolver(...).resolve(text[, on])`. Ask for a new one per delivery."""
    known = register.current()
    inside = None if within is None else known.by_key.get(within if isinstance(within, str) else within.key)
    return Resolver(
        index_of(known),
        on or timezone.localdate(),
        Level(level) if level else None,
        inside,
        known.by_key.get(settings.ROOT_UNIT),
    )


def resolve(
    text: str, level: Level | str | None = None, on: date | None = None, within: Unit | str | None = None
) -> Resolution:
    """The unit that a code or a messy name means on a day (default: today)."""
    return resolver(on, level, within).resolve(text)


def search(actor: object, q: str, limit: int = 20, on: date | None = None) -> list[Unit]:  # noqa: ARG001 - units are public
    """Units of the day whose name contains `q`: exact marks first, then whole names, then higher levels."""
    return units(q=q, on=on or timezone.localdate(), limit=limit)


def map_shapes(parent: Unit | str, level: Level | str | None = None, on: date | None = None) -> MapShapes:
    """The shapes of a map of `parent`; see `maps.map_shapes`."""
    from toancanh.units import maps

    return maps.map_shapes(parent, level, on)


def extent(unit: Unit) -> Extent:
    """The box that a position in `unit` lies in, with a margin; see `boundaries.extent`."""
    from toancanh.units import boundaries

    return boundaries.extent(unit)


def named_on(found: list[Unit], on: date | None) -> list[Unit]:
    """The same units under the names they had on `on`. In memory only; the units are not to be saved."""
    if on is None or not found:
        return found
    former = FormerName.objects.filter(valid_to__gte=on)
    if len(found) < 500:
        former = former.filter(unit__in=[each.pk for each in found])
    names = {each.unit_id: each for each in former.order_by("-valid_to")}
    for unit in found:
        name = names.get(unit.pk)
        if name is not None:
            unit.name, unit.full_name, unit.kind, unit.name_en = name.name, name.full_name, name.kind, name.name_en
    return found


def last_day(unit: Unit) -> date:
    """Today, or the last day of a unit that has ended."""
    today = timezone.localdate()
    return min(today, unit.valid_to) if unit.valid_to else max(today, unit.valid_from)


def _valid(found: QuerySet[Unit], on: date) -> QuerySet[Unit]:
    return found.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))


def _under(found: QuerySet[Unit], unit: Unit, *, direct: bool) -> QuerySet[Unit]:
    if unit.level == Level.CUSTOM:
        return found.filter(member_of__custom=unit)
    if direct:
        return found.filter(parent=unit).exclude(level__in=(Level.AGENCY, Level.CUSTOM))
    known = register.current()
    below = [each.id for each in known.below(known.by_key[unit.key])] if unit.key in known.by_key else []
    return found.filter(pk__in=below) if len(below) < 20000 else found.exclude(pk=unit.pk)
