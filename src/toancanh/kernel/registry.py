"""The shelf of installed packs: filled once at start-up, checked, then only read.

A mistake in a declaration is a `DeclarationError` that names the file and the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from toancanh.kernel.conditions import Overstay, Stay, leaves
from toancanh.kernel.contracts import Dataset, Indicator, Pack, Rule, Scene
from toancanh.kernel.declaration_checks import DeclarationError, check_pack

T = TypeVar("T")


class Registry:
    """Packs by code, and what they declare by code."""

    def __init__(self) -> None:
        self._packs: dict[str, Pack] = {}
        self._datasets: dict[str, Dataset] = {}
        self._indicators: dict[str, Indicator] = {}
        self._rules: dict[str, Rule] = {}
        self._stays: dict[str, Stay] = {}
        self._field_of: dict[str, Pack] = {}

    def install(self, packs: Iterable[Pack]) -> None:
        """Check `packs` and put them on the shelf in place of what was there. Raises `DeclarationError`."""
        fresh = Registry()
        for pack in packs:
            if self._packs.get(pack.code) is not pack:  # what stands there has been checked
                check_pack(pack)
            fresh._add(pack)
        self.__dict__.update(fresh.__dict__)

    def _add(self, pack: Pack) -> None:
        self._claim(self._packs, pack.code, pack, pack.site)
        for dataset in pack.datasets:
            self._claim(self._datasets, dataset.code, dataset, dataset.site)
            self._field_of[f"dataset:{dataset.code}"] = pack
        for indicator in pack.indicators:
            self._claim(self._indicators, indicator.code, indicator, indicator.site)
            self._field_of[f"indicator:{indicator.code}"] = pack
        for rule in pack.rules:
            self._claim(self._rules, rule.code, rule, rule.site)
            for leaf in leaves(rule.condition):
                if isinstance(leaf, Overstay) and self._stays.setdefault(leaf.stay.code, leaf.stay) != leaf.stay:
                    raise DeclarationError(rule.site, f"state {leaf.stay.code!r} is declared twice, and not alike")

    @staticmethod
    def _claim(shelf: dict[str, T], code: str, thing: T, site: str) -> None:
        if code in shelf:
            raise DeclarationError(site, f"code {code!r} is declared twice")
        shelf[code] = thing

    def packs(self) -> Iterator[Pack]:
        return iter(self._packs.values())

    def datasets(self) -> Iterator[Dataset]:
        return iter(self._datasets.values())

    def indicators(self) -> Iterator[Indicator]:
        return iter(self._indicators.values())

    def rules(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def scenes(self) -> Iterator[Scene]:
        for pack in self._packs.values():
            yield from pack.scenes

    def pack(self, code: str) -> Pack | None:
        return self._packs.get(code)

    def dataset(self, code: str) -> Dataset | None:
        return self._datasets.get(code)

    def indicator(self, code: str) -> Indicator | None:
        return self._indicators.get(code)

    def rule(self, code: str) -> Rule | None:
        return self._rules.get(code)

    def stay(self, code: str) -> Stay | None:
        """The state of single records that some rule watches under that code."""
        return self._stays.get(code)

    def pack_of(self, thing: Dataset | Indicator) -> Pack:
        """The pack that declares `thing`."""
        kind = "indicator" if isinstance(thing, Indicator) else "dataset"
        return self._field_of[f"{kind}:{thing.code}"]

    def indicators_of(self, dataset: Dataset) -> tuple[Indicator, ...]:
        return tuple(each for each in self._indicators.values() if each.dataset.code == dataset.code)


registry = Registry()
