"""Whose value a measure is: by area, by agency, by the values of a column, or of everything."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from toancanh.kernel.contracts import Dataset
from toancanh.store.columns import quoted
from toancanh.store.compiler.bound import Bound

Subjects = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class ByArea:
    """`mapping`: the area keys of rows -> the unit key (or several) whose value they are part of. Other areas are left out."""

    mapping: Mapping[str, Subjects]


@dataclass(frozen=True, slots=True)
class ByAgency:
    """One value for each agency; `areas` (all, when None) limits the rows."""

    areas: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class ByColumn:
    """One value for each known value of the field `name`; `areas` (all, when None) limits the rows."""

    name: str
    areas: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """All rows as one value, named `subject`."""

    subject: str = "all"


@dataclass(frozen=True, slots=True)
class Several:
    """Several groups in one query, so that the rows are read once. A subject is called `tag` + TAG + its name in that group.

    Groups in it count rows of all areas.
    """

    groups: tuple[tuple[str, ByArea | ByAgency | ByColumn | Whole], ...]


TAG = "\x1f"
Group = ByArea | ByAgency | ByColumn | Whole | Several


def columns_of(group: Group, dataset: Dataset) -> list[str]:
    """The fields that the group reads. Raises ValueError when the dataset has no area or agency to group by."""
    match group:
        case Whole():
            return []
        case ByArea():
            return [_area(dataset)]
        case ByAgency():
            if dataset.agency is None:
                raise ValueError(f"{dataset.code!r} has no agency to group by")
            return [dataset.agency, *_limited_by(group.areas, dataset)]
        case ByColumn():
            return [group.name, *_limited_by(group.areas, dataset)]
        case Several():
            if any(getattr(each, "areas", None) is not None for _, each in group.groups):
                raise ValueError("groups asked together cannot be limited to areas")
            return list(dict.fromkeys(column for _, each in group.groups for column in columns_of(each, dataset)))


def areas_of(group: Group) -> Collection[str] | None:
    """The areas whose rows matter; None means all."""
    return list(group.mapping) if isinstance(group, ByArea) else getattr(group, "areas", None)


def subject_sql(group: Group, dataset: Dataset, bound: Bound) -> str:
    """SQL of the subject of a row ("" leaves it out), or an arrayJoin of several."""
    match group:
        case Whole():
            return bound.text(group.subject)
        case ByArea():
            places = _places(group, dataset, bound)
            if len(places) < 2:
                return places[0] if places else "''"
            return f"arrayJoin(arrayFilter(each -> each != '', [{', '.join(places)}]))"
        case ByAgency():
            return f"ifNull(toString({quoted(str(dataset.agency))}), '')"
        case ByColumn():
            return f"ifNull(toString({quoted(group.name)}), '')"
        case Several():
            tagged = [_tagged(bound.text(tag + TAG), each, dataset, bound) for tag, each in group.groups]
            return f"arrayJoin(arrayConcat({', '.join(tagged)}))"


def _tagged(tag: str, group: Group, dataset: Dataset, bound: Bound) -> str:
    """SQL of the array of a row's subjects in `group`, each with its tag before it."""
    names = _places(group, dataset, bound) if isinstance(group, ByArea) else [subject_sql(group, dataset, bound)]
    return f"arrayMap(each -> concat({tag}, each), arrayFilter(each -> each != '', [{', '.join(names)}]))"


def _places(group: ByArea, dataset: Dataset, bound: Bound) -> list[str]:
    return [_place(quoted(_area(dataset)), layer, bound) for layer in _layers(group.mapping)]


def _place(area: str, layer: Mapping[str, str], bound: Bound) -> str:
    return f"transform(toString(ifNull({area}, '')), {bound.texts(layer)}, {bound.texts(layer.values())}, '')"


def _layers(mapping: Mapping[str, Subjects]) -> list[dict[str, str]]:
    """The mapping as several with one subject an area each."""
    layers: list[dict[str, str]] = []
    for area, subjects in mapping.items():
        for depth, subject in enumerate(dict.fromkeys([subjects] if isinstance(subjects, str) else subjects)):
            if depth == len(layers):
                layers.append({})
            layers[depth][area] = subject
    return layers


def _area(dataset: Dataset) -> str:
    if dataset.area is None:
        raise ValueError(f"{dataset.code!r} has no area to group by")
    return dataset.area


def _limited_by(areas: Collection[str] | None, dataset: Dataset) -> list[str]:
    return [] if areas is None else [_area(dataset)]
