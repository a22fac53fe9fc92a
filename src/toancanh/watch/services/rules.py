"""What analysts do to rules: save a version, switch one on or off, set other limits for one unit. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Sequence

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
from toancanh.people.permissions import Action, Actor
from toancanh.units.models import Unit
from toancanh.units.queries import descendants, root
from toancanh.watch.definitions import Watched, as_data, watched
from toancanh.watch.evaluation.judging import Territory
from toancanh.watch.evaluation.runs import ask_to_evaluate, close_unwatched
from toancanh.watch.events import AlertsMoved
from toancanh.watch.models import Dirty, LocalLimit, RuleVersion
from toancanh.watch.policy import missing, require_all
from toancanh.watch.services.reasons import cleaned, said

Limits = Sequence[tuple[float, float | None]]


def save_rule(actor: Actor, rule: Rule, seen: int, note: str = "") -> RuleVersion:
    """Save `rule` as its next version: a changed rule of a pack, or one made here (a new code, `seen` 0).

    `seen` is the version that was on screen. Raises `Problem` 403, 409 when somebody saved meanwhile, 422 when it cannot work.
    """
    pack = registry.pack_of(rule.indicator)
    require_all(actor, Action.CONFIGURE, pack.code, None)
    refuse_what_cannot_work(rule)
    known = watched([rule.code]).get(rule.code)
    active = known.active if known else True
    return _add_version(actor, rule, seen, active=active, note=note, verb="watch.save_rule")


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


def set_local_limit(actor: Actor, code: str, unit: Unit, limits: Limits, reason: str) -> LocalLimit:
    """Give one unit limits of its own: a (limit, clears at) pair for each leaf of the condition; none at all takes it out.

    Raises `Problem` 403, 404, 422 for limits that cannot work or without a reason.
    """
    known = _known(actor, code, unit)
    reason = said(reason)
    if limits:
        if len(limits) != len(list(leaves(known.rule.condition))):
            raise _cannot_work("needs a limit for each of its conditions")
        wrong = next(condition_mistakes(with_limits(known.rule.condition, limits)), None)
        if wrong is not None:
            raise _cannot_work(wrong)
    with transaction.atomic():
        pairs = [list(each) for each in limits]
        given = {"limits": pairs, "reason": reason, "made_by": actor.label, "made_at": timezone.now()}
        made, _ = LocalLimit.objects.update_or_create(rule=code, unit=unit, defaults=given)
        detail = {"unit": unit.key, "limits": pairs}
        record(actor.label, "watch.set_local_limit", f"rule:{code}", detail=detail, reason=reason, address=actor.address)
        _look_again(known.rule, [unit])
    return made


def drop_local_limit(actor: Actor, code: str, unit: Unit) -> None:
    """The unit follows the rule again. Raises `Problem` 403, 404."""
    known = _known(actor, code, unit)
    with transaction.atomic():
        if not LocalLimit.objects.filter(rule=code, unit=unit).delete()[0]:
            raise missing()
        detail = {"unit": unit.key}
        record(actor.label, "watch.drop_local_limit", f"rule:{code}", detail=detail, address=actor.address)
        _look_again(known.rule, [unit])


def _known(actor: Actor, code: str, unit: Unit | None = None) -> Watched:
    known = watched([code]).get(code)
    if known is None or not actor.can(Action.VIEW, known.pack.code):
        raise missing()
    require_all(actor, Action.CONFIGURE, known.pack.code, unit)
    return known


def _add_version(actor: Actor, rule: Rule, seen: int, *, active: bool, note: str, verb: str) -> RuleVersion:
    note = cleaned(note)
    newest = RuleVersion.objects.filter(code=rule.code).order_by("-version").first()
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
        raise _changed_meanwhile(RuleVersion.objects.filter(code=rule.code).order_by("-version").first()) from None
    return made


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


def _cannot_work(what: str) -> Problem:
    return Problem(
        "rule-cannot-work", 422, Text("Quy tắc chưa dùng được", "The rule cannot work"),
        Text(
            f"Kiểm tra lại ngưỡng và mức hết cảnh báo: mức hết phải nằm ở phía an toàn của ngưỡng. ({what})",
            f"Check the limit and the value it clears at: that must lie on the safe side of the limit. ({what})",
        ),
    )  # fmt: skip
