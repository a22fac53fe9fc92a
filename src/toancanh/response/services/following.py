"""After a directive was reported done: has its number recovered? The system watches, proposes to close or falls back; the leader
confirms. Everything here runs again without harm: what was seen before is not told twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db import transaction

from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.response import changes, timeline
from toancanh.response.directing import notices, numbers
from toancanh.response.directing.numbers import Seen
from toancanh.response.models import Directive, Kind
from toancanh.response.services.directives import restart_clock
from toancanh.response.states import DirectiveState

log = logging.getLogger(__name__)
WATCHED = (DirectiveState.WATCHING.value, DirectiveState.PROPOSED.value)


def follow_directives(keys: Iterable[str]) -> int:
    """Look again at the directives whose number moved ("indicator:unit key"). How many changed."""
    moved = set(keys)
    codes = {each.partition(":")[0] for each in moved}
    watched = Directive.objects.filter(state__in=WATCHED, indicator__in=codes).select_related("unit")
    return sum(_looked(each) for each in watched if f"{each.indicator}:{numbers.place_of(each).key}" in moved)


def follow_all() -> int:
    """The clock's part: periods end without news of their own. How many changed."""
    return sum(_looked(each) for each in Directive.objects.filter(state__in=WATCHED).exclude(indicator="").select_related("unit"))


def _looked(directive: Directive) -> bool:
    try:
        return _look(directive)
    except Exception:  # one directive that breaks must not stop the others
        log.exception("directive:%s could not be followed", directive.pk)
        return False


def _look(directive: Directive) -> bool:
    seen = numbers.since(directive)
    if registry.indicator(directive.indicator) is None or [each.as_values() for each in seen] == directive.verdict:
        return _missed(directive, seen)
    with transaction.atomic():
        held = changes.hold(SYSTEM, directive)
        if held.state not in WATCHED or held.watched_from != directive.watched_from:
            return False
        return _judged(held, seen)


def _missed(directive: Directive, seen: list[Seen]) -> bool:
    """Tell the leader, once, that the number will not come by itself: watching alone would never end."""
    said = numbers.missing(directive, seen) if directive.state == DirectiveState.WATCHING else None
    lines = timeline.of(Kind.DIRECTIVE, directive.pk).filter(act="number_missing", at__gt=directive.watched_from)
    if said is None or lines.exists():
        return False
    with transaction.atomic():
        held = changes.hold(SYSTEM, directive)
        if held.version != directive.version:  # somebody was quicker
            return False
        changes.edit(SYSTEM, held, "number_missing", said)
        notices.told(SYSTEM, held, "number_missing", said, notices.giver(held), needs_answer=True)
    return True


def _judged(held: Directive, seen: list[Seen]) -> bool:
    """Keep what was seen; propose when the number met its goal in every period, fall back when it did not."""
    values = {"verdict": [each.as_values() for each in seen]}
    enough = len(seen) >= held.watch_periods
    if enough and not all(each.met for each in seen):
        _fall_back(held, seen)
    elif enough and held.state == DirectiveState.WATCHING:
        words = numbers.told(held, seen)
        said = Text(f"Chỉ tiêu đã đạt, đề xuất kết thúc. {words.vi}", f"The number has recovered: close it? {words.en}")
        changes.move(SYSTEM, held, "propose", words=said, values=values)
        notices.told(SYSTEM, held, "proposed", said, notices.giver(held), needs_answer=True)
        notices.published(held, "proposed")
    elif values["verdict"] != held.verdict:
        words = numbers.told(held, seen)
        said = Text(f"Số liệu mới: {words.vi}", f"New figures: {words.en}")
        changes.edit(SYSTEM, held, "number_seen", said, values)
    else:
        return False
    return True


def _fall_back(held: Directive, seen: list[Seen]) -> None:
    words = numbers.told(held, seen)
    due = restart_clock(held)
    values: dict[str, object] = {"verdict": [], "watched_from": None, "reported_at": None} | ({"due_at": due.at} if due else {})
    said = Text(
        f"Mở lại vì chỉ tiêu chưa đạt sau {len(seen)} kỳ. {words.vi}",
        f"Reopened: the number has not recovered after {len(seen)} periods. {words.en}",
    )
    changes.move(SYSTEM, held, "fall_back", reason=words.vi, words=said, values=values)
    notices.told(SYSTEM, held, "fell_back", said, [*notices.everyone(held), *notices.giver(held)], needs_answer=True)
    notices.published(held, "fell_back")
