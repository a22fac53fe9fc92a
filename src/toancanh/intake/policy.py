"""Who may see deliveries and work on held rows: by the dataset's field and the source's owner, as filters.

A delivery has rows of many areas and none of its own: a permission limited to an area is enough to see that it came, for nothing
more.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from toancanh.intake.models import Delivery, Source
from toancanh.kernel.registry import registry
from toancanh.people import policy
from toancanh.people.actors import StandIn
from toancanh.people.permissions import Actor
from toancanh.people.roles import Action

M = TypeVar("M", bound=Model)


def datasets_of(pack_code: str) -> list[str]:
    """Codes of the datasets that a pack declares."""
    pack = registry.pack(pack_code)
    return [each.code for each in pack.datasets] if pack else []


def deliveries(queryset: QuerySet[Delivery], actor: Actor, action: Action = Action.VIEW) -> QuerySet[Delivery]:
    """The deliveries on which `actor` may do `action`."""
    who = _judged(actor, action)
    return policy.restrict(queryset, who, action, field="dataset", agency="source__owner", fields_to=datasets_of)


def of_delivery(queryset: QuerySet[M], actor: Actor, action: Action = Action.VIEW) -> QuerySet[M]:
    """Rows that hang on a delivery (held rows), by the same rule."""
    return policy.restrict(
        queryset, _judged(actor, action), action, field="delivery__dataset", agency="delivery__source__owner",
        fields_to=datasets_of,
    )


def may(actor: Actor, action: Action, source: Source, dataset_code: str) -> bool:
    """Whether `actor` may do `action` on what `source` sends of a dataset."""
    return _judged(actor, action, source).can(action, field_of(dataset_code), source.owner)


def require(actor: Actor, action: Action, source: Source, dataset_code: str) -> None:
    """Raise the `Problem` 403 unless `may`."""
    policy.require(_judged(actor, action, source), action, field=field_of(dataset_code), agency=source.owner)


def require_all(actor: Actor, action: Action, source: Source) -> None:
    """Raise the `Problem` 403 unless `actor` may do `action` on everything that `source` sends."""
    policy.require(_judged(actor, action, source), action, agency=source.owner)
    for dataset_code in source.datasets:
        require(actor, action, source, dataset_code)


def _judged(actor: Actor, action: Action, source: Source | None = None) -> Actor:
    """`actor` with the permissions that count for a delivery. One limited to agencies is none for a source without an owner."""
    ownerless = source is not None and source.owner is None
    kept = tuple(
        each for each in actor.permissions
        if (each.areas is None or action is Action.VIEW) and (each.agencies is None or not ownerless)
    )
    return StandIn(actor.label, actor.name, actor.role, kept, read_only=actor.read_only)


def field_of(dataset_code: str) -> str | None:
    """The code of the pack that declares a dataset."""
    dataset = registry.dataset(dataset_code)
    return registry.pack_of(dataset).code if dataset else None
