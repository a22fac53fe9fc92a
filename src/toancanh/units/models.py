"""Administrative areas and agencies as dated rows, the changes that join them, their boundaries, and custom areas.

A unit is named by `key` = "scheme:code"; the same bare code means another unit in another scheme. `valid_to` is the last day,
inclusive.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import models

from toancanh.kernel.contracts import Level
from toancanh.kernel.text import Text
from toancanh.kernel.vietnamese import collation_key, fold

BEGINNING = date(1945, 9, 2)  # "as far back as the register goes": used where the true first day is not known


class DerivedField(models.CharField):
    """A column that is always computed from its row when it is written, in bulk too: never set by hand."""

    def __init__(self, *args: Any, derive: Callable[[Any], str] | None = None, **options: Any) -> None:
        self.derive = derive
        options["editable"] = False
        super().__init__(*args, **options)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002 - Django's signature
        if self.derive is not None:
            setattr(model_instance, self.attname, self.derive(model_instance))
        return getattr(model_instance, self.attname)


def _key(unit: Unit) -> str:
    return f"{unit.scheme}:{unit.code}"


def _order(unit: Unit) -> str:
    return collation_key(unit.name)[:300]


def _search(unit: Unit) -> str:
    return plain(" ".join((unit.full_name, unit.name_en, *unit.aliases)))[:400]


def plain(text: str) -> str:
    """The search form of a name: folded, words only."""
    return re.sub(r"[^0-9a-z]+", " ", fold(text)).strip()


class Unit(models.Model):
    """A country, region, province, district, commune, custom area or agency, while it existed."""

    scheme = models.CharField(max_length=24)
    code = models.CharField(max_length=64)
    key = DerivedField(max_length=90, unique=True, derive=_key)
    level = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Level])
    kind = models.CharField(max_length=40, blank=True, default="")  # tỉnh, thành phố, phường, xã, đặc khu, huyện, sở ...
    name = models.CharField(max_length=160)  # without its kind: "Thái Nguyên"
    full_name = models.CharField(max_length=200)  # "Tỉnh Thái Nguyên"
    name_en = models.CharField(max_length=200, blank=True, default="")
    aliases = models.JSONField(default=list, blank=True)  # other names of this very unit: spellings, abbreviations
    absorbed = models.JSONField(default=list, blank=True)  # squeezed names of units that went into it; for addresses only
    order_key = DerivedField(max_length=300, derive=_order)
    search_key = DerivedField(max_length=400, derive=_search)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    valid_from = models.DateField(default=BEGINNING)
    valid_to = models.DateField(null=True, blank=True)  # the last day, inclusive
    legal_basis = models.CharField(max_length=200, blank=True, default="")
    lat = models.FloatField(null=True, blank=True)  # label point, degrees
    lon = models.FloatField(null=True, blank=True)
    population = models.BigIntegerField(null=True, blank=True)
    area_km2 = models.FloatField(null=True, blank=True)
    role = models.CharField(max_length=40, blank=True, default="", db_index=True)  # kernel.agency_roles code
    flags = models.JSONField(default=dict, blank=True)  # doubts about this row's figures: {"population": "too_small"}
    sample = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="unit_once_in_its_scheme"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="unit_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["parent", "level", "order_key"], name="unit_children"),
            models.Index(fields=["scheme", "level", "order_key"], name="unit_of_scheme"),
            models.Index(fields=["order_key"], name="unit_order"),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} [{self.key}]"

    @property
    def title(self) -> Text:
        """The full name on screen: Vietnamese, and English where one is known."""
        return Text(self.full_name, self.name_en or self.full_name)

    @property
    def short(self) -> Text:
        """The name without its kind, for tables and maps."""
        return Text(self.name, self.name_en or self.name)

    def valid_on(self, day: date) -> bool:
        """True when the unit existed on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class FormerName(models.Model):
    """What a unit that kept its code was called before: Tỉnh Đồng Nai until 29/04/2026."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=160)
    full_name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=40, blank=True, default="")
    valid_to = models.DateField()  # the last day of this name, inclusive
    legal_basis = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "valid_to"], name="one_name_until_a_day")]

    def __str__(self) -> str:
        return f"{self.full_name} until {self.valid_to}"


class ChangeKind(models.TextChoices):
    """How one unit became another."""

    CONTINUE = "continue"  # the same area under another key
    MERGE = "merge"  # whole into a larger one
    SPLIT = "split"  # in parts
    RENAME = "rename"
    UPGRADE = "upgrade"  # xã to phường, tỉnh to thành phố
    ABOLISH = "abolish"  # no successor of its level


class UnitChange(models.Model):
    """One edge of the graph of changes: from `date` on, `share` of `before` is in `after` (None: a part of unknown size)."""

    before = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="changes_out")
    after = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="changes_in")
    date = models.DateField()
    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    share = models.FloatField(null=True, blank=True)
    legal_basis = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["before", "after", "date"], name="one_change_between_two_units")]

    def __str__(self) -> str:
        return f"{self.before_id} -> {self.after_id} on {self.date} ({self.kind})"


class Boundary(models.Model):
    """The outline of a unit, simplified for display. `illustrative`: drawn from label points, not surveyed."""

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="boundary")
    geometry = models.JSONField()  # GeoJSON MultiPolygon, longitude and latitude in degrees (WGS 84)
    area_km2 = models.FloatField(null=True, blank=True)  # geodesic area before simplification
    source = models.CharField(max_length=300, blank=True, default="")
    illustrative = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"boundary of {self.unit_id}"


class CustomMember(models.Model):
    """`member` belongs to the custom area `custom`. `whole`: False when part of this member came from elsewhere."""

    custom = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="members")
    member = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="member_of")
    whole = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["custom", "member"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.custom_id}"
