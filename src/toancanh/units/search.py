"""Finding units by what people type: marks, tone placement and prefixes do not matter, but exact marks come first."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from toancanh.kernel.contracts import Level
from toancanh.kernel.vietnamese import is_accented, normalise_tone, unit_name_keys
from toancanh.units.models import Unit, plain
from toancanh.units.resolver import marks_agree

POOL = 2_000  # candidates looked at in memory
_RANK = {level.value: place for place, level in enumerate(Level)}


def ranked(found: QuerySet[Unit], q: str, limit: int) -> list[Unit]:
    """Units of `found` that answer to `q` (a name, part of one, a code or a key), best first."""
    q = q.strip()
    if not q:
        return list(found[:limit])
    if q.isdigit() and len(q) > 1:
        coded = list(found.filter(code__iexact=q)[:limit])
        if coded:
            return coded
    keys = unit_name_keys(q) or (plain(q),)
    named = (Q(search_key__contains=key) for key in {*keys, plain(q)} if key)
    pool = list(found.filter(reduce(or_, named, Q(code__iexact=q) | Q(key__iexact=q)))[:POOL])
    typed = normalise_tone(q).lower()
    kept = [each for each in pool if _score(each, q, typed, keys) is not None]
    return sorted(kept, key=lambda each: (_score(each, q, typed, keys), _RANK[each.level], each.order_key, each.key))[:limit]


def _score(unit: Unit, q: str, typed: str, keys: tuple[str, ...]) -> tuple[int, int] | None:
    """(how well the marks agree, how much of the name is named); lower is better. None: the unit does not answer to it."""
    if q.lower() in (unit.code.lower(), unit.key.lower()):
        return 0, 0
    full, name = normalise_tone(unit.full_name).lower(), normalise_tone(unit.name).lower()
    folded = plain(unit.name)
    whole = typed in (full, name) or folded in keys
    extent = 0 if whole else 1 if folded.startswith(keys) or plain(full).startswith(plain(q)) else 2
    if typed in full:
        return 0, extent
    if not _begins_words(unit.search_key, keys, plain(q)):
        return None
    if is_accented(q):
        return (1 if any(marks_agree(q, each) for each in (unit.name, unit.full_name)) else 2), extent
    return 1, extent


def _begins_words(text: str, keys: tuple[str, ...], folded: str) -> bool:
    return any(f" {key}" in f" {text}" for key in (*keys, folded))
