"""What analysts do to rules: make one, save a version, switch one on or off, set limits of one unit. Nothing is overwritten."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from toancanh.audit.services import record
from toancanh.jobs.events import tell_after_commit
from toancanh.kernel.conditions import leaves, with_limits
from toancanh.kernel.contracts import Rule
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.rule_checks import condition_mistakes, rule_mistakes
from toancanh.kernel.text import Text
from toancanh.kernel.vietnamese import fold
from toancanh.people.permissions import Action, Actor
from toancanh.units.models import Unit
from toancanh.units.queries import descendants, root
from toancanh.watch.definitions import Watched, as_data, shape_of, watched
from toancanh.watch.evaluation.judging import Territory
from toancanh.watch.evaluation.runs import ask_to_evaluate, close_unwatched
from toancanh.watch.events import AlertsMoved
from toancanh.watch.models import Dirty, LocalLimit, RuleVersion
from toancanh.watch.policy import missing, require_all
from toancanh.watch.services.reasons import cleaned, said

Limits = Sequence[tuple[float, float | None]]
LONGEST_CODE = 60


def make_rule(actor: Actor, rule: Rule, note: str = "", *, active: bool = True) -> RuleVersion:
    """Save a rule made here as version 1. Raises `Problem` 403, 409 when there is a rule of its code, 422 when it cannot work."""
    require_all(actor, Action.CONFIGURE, registry.pack_of(rule.indicator).code, None)
    refuse_what_cannot_work(rule)
    if watched([rule.code]):
        raise _exists_already()
    return _add_version(actor, rule, 0, active=active, note=note, verb="watch.make_rule")


def code_of(title: Text) -> str:
    """The code of a rule made here: its Vietnamese title in plain letters, "ty_le_dung_han_thap"."""
    code = re.sub(r"[^a-z0-9]+", "_", fold(title.vi).lower()).strip("_")[:LONGEST_CODE].strip("_")
    return f"rule_{code}" if code in ("", "new") else code


def save_rule(actor: Actor, rule: Rule, seen: int, note: str = "") -> RuleVersion:
    """Save a rule that was changed as its next version. `seen` is the version that was on screen.

    Raises `Problem` 403, 404, 409 when somebody saved meanwhile, 422 when it cannot work.
    """
    known = _known(actor, rule.code)
    require_all(actor, Action.CONFIGURE, registry.pack_of(rule.indicator).code, None)
    refuse_what_cannot_work(rule)
    return _add_version(actor, rule, seen, active=known.active, note=note, verb="watch.save_rule")


def refuse_what_cannot_work(rule: Rule) -> None:
    """Raise the `Problem` 422 that names what is wrong with `rule`, if anything is."""
    wrong = next(rule_mistakes(rule, registry.pack_of(rule.indicator)), None)
    if wrong is not None:
        raise _cannot_work(wrong[1])


def switch_rule(actor: Actor, code: str, active: bool, seen: int, note: str = "") -> RuleVersion:
    """Switch a rule on or off, as a version of its own. Open alerts of a rule that is switched off end with it.

    Raises `Problem` 403, 404, 409.
    """
    known = _known(actor, code)
    return _add_version(actor, known.rule, seen, active=active, note=note, verb="watch.switch_rule")


@dataclass(frozen=True)
class OwnLimits:
    """What one unit is to have: a (limit, clears at) pair for each leaf of the condition; none at all: it is not watched; None:
    it follows the rule again. `seen`, `seen_rule`: the versions of its limits (0: none yet) and of the rule on screen."""

    limits: Limits | None
    reason: str
    seen: int
    seen_rule: int


def set_local_limit(actor: Actor, code: str, unit: Unit, wanted: OwnLimits) -> LocalLimit:
    """Give one unit limits of its own, or take them back, as a new version.

    Raises `Problem` 403, 404, 409 when somebody changed them or the rule meanwhile, 422 for limits that cannot work or without a
    reason.
    """
    known = _known(actor, code, unit)
    if wanted.limits is not None and unit.pk not in Territory(timezone.now()).of_level(known.rule.every):
        raise _not_watched(known.rule, unit)
    reason = said(wanted.reason)
    newest = LocalLimit.objects.filter(rule=code, unit=unit).order_by("-version").first()
    if known.version != wanted.seen_rule:
        raise _changed_meanwhile(_newest(code))
    if (newest.version if newest else 0) != wanted.seen:
        raise _limits_changed_meanwhile(newest)
    _refuse_limits(known, newest, wanted.limits)
    pairs = [list(each) for each in wanted.limits or ()]
    try:
        with transaction.atomic():
            made = LocalLimit.objects.create(
                rule=code, unit=unit, version=wanted.seen + 1, limits=pairs, follows_rule=wanted.limits is None,
                rule_version=known.version, shape=shape_of(known.rule.condition), reason=reason, made_by=actor.label,
                made_at=timezone.now(),
            )  # fmt: skip
            detail = {"unit": unit.key, "version": made.version, "limits": pairs, "follows_rule": made.follows_rule}
            verb = "watch.drop_local_limit" if made.follows_rule else "watch.set_local_limit"
            record(actor.label, verb, f"rule:{code}", detail=detail, reason=reason, address=actor.address)
            _look_again(known.rule, [unit])
    except IntegrityError:
        raise _limits_changed_meanwhile(LocalLimit.objects.filter(rule=code, unit=unit).order_by("-version").first()) from None
    return made


def _not_watched(rule: Rule, unit: Unit) -> Problem:
    """The refusal of limits for a unit that the rule never looks at; what such a one has already can be dropped."""
    name = rule.title
    return Problem(
        "unit-not-watched", 422, Text("Quy tắc không theo dõi nơi này", "The rule does not watch this place"),
        Text(f"“{name.vi}” không xét số liệu của {unit.full_name}. Chọn một nơi mà quy tắc theo dõi, xem dòng “Theo dõi”.",
             f"“{name.en}” looks at no figure of {unit.title.en}. Choose a place that the rule watches, see the line “Watches”."),
    )  # fmt: skip


def _refuse_limits(known: Watched, newest: LocalLimit | None, limits: Limits | None) -> None:
    if limits is None:
        if newest is None or newest.follows_rule:
            raise Problem(
                "no-limits", 422, Text("Nơi này không có mức riêng", "This place has no limits of its own"),
                Text("Nơi này đang theo quy tắc chung, không có gì để bỏ.", "It follows the rule already: nothing to drop."),
            )  # fmt: skip
    elif limits:
        if len(limits) != len(list(leaves(known.rule.condition))):
            raise _cannot_work("needs a limit for each of its conditions")
        wrong = next(condition_mistakes(with_limits(known.rule.condition, limits)), None)
        if wrong is not None:
            raise _cannot_work(wrong)


def _known(actor: Actor, code: str, unit: Unit | None = None) -> Watched:
    known = watched([code]).get(code)
    if known is None or not actor.can(Action.VIEW, known.pack.code):
        raise missing()
    require_all(actor, Action.CONFIGURE, known.pack.code, unit)
    return known


def _add_version(actor: Actor, rule: Rule, seen: int, *, active: bool, note: str, verb: str) -> RuleVersion:
    note = cleaned(note)
    newest = _newest(rule.code)
    if (newest.version if newest else 0) != seen:
        raise _changed_meanwhile(newest)
    try:
        with transaction.atomic():
            made = RuleVersion.objects.create(
                code=rule.code, version=seen + 1, definition=as_data(rule), active=active, note=note,
                made_by=actor.label, made_at=timezone.now(),
            )  # fmt: skip
            detail = {"version": made.version, "active": active, "definition": made.definition}
            record(actor.label, verb, f"rule:{rule.code}", detail=detail, reason=note, address=actor.address)
            _look_again(rule, [root(), *descendants(root(), rule.every)])
            if not active:
                now = timezone.now()
                close_unwatched(watched(), Territory(now), now)
    except IntegrityError:
        raise _changed_meanwhile(_newest(rule.code)) from None
    return made


def _newest(code: str) -> RuleVersion | None:
    return RuleVersion.objects.filter(code=code).order_by("-version").first()


def _look_again(rule: Rule, units: Sequence[Unit]) -> None:
    """What the rule watches is judged anew: a raised limit clears, a lowered one rings."""
    Dirty.objects.create(keys=[f"{rule.indicator.code}:{each.key}" for each in units])
    transaction.on_commit(ask_to_evaluate)
    tell_after_commit(AlertsMoved(0))


def _changed_meanwhile(newest: RuleVersion | None) -> Problem:
    who, version = (newest.made_by, newest.version) if newest else ("?", 0)
    return Problem(
        "rule-changed", 409, Text("Quy tắc vừa được người khác sửa", "Somebody else has just changed this rule"),
        Text(
            f"{who} đã lưu phiên bản {version} trong lúc bạn sửa. Mở lại quy tắc, xem thay đổi đó rồi nhập lại phần của bạn.",
            f"{who} saved version {version} while you were at it. Open the rule again, look at that change, then enter yours.",
        ),
    )  # fmt: skip


def _limits_changed_meanwhile(newest: LocalLimit | None) -> Problem:
    who = newest.made_by if newest else "?"
    return Problem(
        "limits-changed", 409, Text("Mức riêng vừa được người khác sửa", "Somebody else has just changed these limits"),
        Text(
            f"{who} vừa đổi mức riêng của nơi này trong lúc bạn sửa. Mở lại quy tắc, xem thay đổi đó rồi nhập lại phần của bạn.",
            f"{who} changed the limits of this place while you were at it. Open the rule again, look at that, then enter yours.",
        ),
    )  # fmt: skip


def _exists_already() -> Problem:
    return Problem(
        "rule-exists", 409, Text("Đã có quy tắc tên này", "There is a rule of this name"),
        Text(
            "Đã có quy tắc tên này hoặc gần giống. Đặt tên khác, hoặc mở quy tắc đó để sửa.",
            "There is a rule of this name, or one very like it. Choose another name, or open that rule and change it.",
        ),
    )  # fmt: skip


def _cannot_work(what: str) -> Problem:
    return Problem(
        "rule-cannot-work", 422, Text("Quy tắc chưa dùng được", "The rule cannot work"),
        Text(
            "Kiểm tra lại điều kiện, ngưỡng và nơi theo dõi; mức hết phải nằm ở phía an toàn của ngưỡng.",
            f"Check the condition, its limits and what it watches; a value that clears lies on the safe side. ({what})",
        ),
    )  # fmt: skip
