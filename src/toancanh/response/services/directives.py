"""Directives: issued by a leader, accepted and reported by the agency, confirmed or sent back by the leader.

A directive that names an indicator is watched after it was reported done; see `services.following`.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.people.policy import not_allowed, require_all
from toancanh.people.roles import Action
from toancanh.response import changes, clocks, policy
from toancanh.response.clocks import HANDLE
from toancanh.response.directing import clarity, notices, orders
from toancanh.response.directing.clarity import Clear
from toancanh.response.directing.orders import Deadline, Due, Order
from toancanh.response.models import Directive, Incident, Kind
from toancanh.response.services import extensions, parts, reports
from toancanh.response.states import DIRECTIVE
from toancanh.units.models import Unit


def issue(actor: Actor, order: Order) -> Directive:
    """Give a directive its number and its clock, and tell the agencies. The same `once` from the same person issues once.

    Raises `Problem`: 403 for who is not a leader of all that it may reach (without a place: everywhere), 422 for a deadline in
    the past, an agency that is no more, a wrong goal.
    """
    where = {"field": _field(order) or None, "agency": order.lead, "area": order.unit}
    for action in (Action.APPROVE, Action.DIRECT):
        require_all(actor, action, **where)  # type: ignore[arg-type]
    if not isinstance(actor, User):
        raise not_allowed(Action.APPROVE)
    try:
        with transaction.atomic():
            return _of_form(actor, order) or _issued(actor, order)
    except IntegrityError:  # the same form, sent twice at the same moment
        known = _of_form(actor, order)
        if known is None:
            raise
        return known


def accept(actor: Actor, directive: Directive, version: int | None = None, clear: Clear | None = None) -> Directive:
    """The lead agency takes it on and says what the order left open: who answers for it, and with what result.

    Raises `Problem` as `changes.change`, and 422 while one of these is missing.
    """
    with transaction.atomic():
        held = changes.hold(actor, directive, version)
        policy.require_hat(actor, held, DIRECTIVE.move(held.state, "accept"))
        added = clarity.cleared(held, clear or Clear())
        held = changes.move(actor, held, "accept", values=added, words=_accepted(added))
        title = Text(f"{_lead(held).vi} đã tiếp nhận ý kiến chỉ đạo", f"{_lead(held).en} accepted the directive")
        notices.told(actor, held, "accept", title, notices.giver(held))
    return held


def report_done(
    actor: Actor, directive: Directive, words: str, version: int | None = None, overdue_reason: str = ""
) -> Directive:
    """The lead agency says it is done, with words or evidence; when late, it explains itself. A named number is watched from now.

    Raises `Problem` as `changes.change`, and 422 without a result, without the reason of a delay, or while parts are open.
    """
    with transaction.atomic():
        held = changes.hold(actor, directive, version)
        values = reports.checked(held, words, overdue_reason) | {"reported_at": timezone.now()}
        parts.check_closed(held)
        held = changes.move(actor, held, "report_done", words=reports.said(held, words, overdue_reason), values=values)
        clocks.stop_all(Kind.DIRECTIVE, held.pk, HANDLE)
        if held.indicator and held.goal is not None:
            now = timezone.now()
            changes.move(SYSTEM, held, "watch", values={"watched_from": now, "verdict": []}, words=_watching(held))
        title = Text(f"{_lead(held).vi} báo hoàn thành", f"{_lead(held).en} reports it done")
        notices.told(actor, held, "reported", title, notices.giver(held), needs_answer=not held.indicator)
        notices.published(held, "reported")
    return held


def send_back(
    actor: Actor, directive: Directive, reason: str, version: int | None = None, deadline: Deadline | None = None
) -> Directive:
    """The leader wants more; with a new deadline, or the one it had."""
    return _worked_again(actor, directive, "send_back", reason, version, deadline)


def reopen(
    actor: Actor, directive: Directive, reason: str, version: int | None = None, deadline: Deadline | None = None
) -> Directive:
    """The leader opens a closed directive again."""
    return _worked_again(actor, directive, "reopen", reason, version, deadline)


def close(actor: Actor, directive: Directive, version: int | None = None, words: str = "") -> Directive:
    """The leader confirms that it is over. Raises `Problem` (409) while parts are open."""
    with transaction.atomic():
        held = changes.hold(actor, directive, version)
        parts.check_closed(held)
        held = changes.move(actor, held, "close", reason=words)
        _over(actor, held, "closed", Text("Ý kiến chỉ đạo đã kết thúc", "The directive is closed"))
    return held


def recall(actor: Actor, directive: Directive, reason: str, version: int | None = None) -> Directive:
    """The leader takes it back; its open parts are cancelled with it."""
    with transaction.atomic():
        held = changes.hold(actor, directive, version)
        below = parts.hold_open(held)
        changes.move(actor, held, "recall", reason=reason)
        parts.cancel(actor, held, below, reason)
        _over(actor, held, "recalled", Text("Ý kiến chỉ đạo đã được thu hồi", "The directive was recalled"))
    return held


def restart_clock(held: Directive, deadline: Deadline | None = None) -> Due | None:
    """A new clock for work that goes on: the deadline given, or, when the old one has passed, the same amount of time again."""
    now = timezone.now()
    if deadline is None and held.due_at is not None and held.due_at > now:
        return _clock(held, orders.settled(held.due_at, _of(held), now))
    first = clocks.of(Kind.DIRECTIVE, held.pk).filter(name=HANDLE).order_by("id").first()
    if deadline is None and first is not None:
        deadline = orders.Term(first.amount, orders.Counting(first.regime))
    return _clock(held, orders.settled(deadline, _of(held), now)) if deadline is not None else None


def _of_form(actor: User, order: Order) -> Directive | None:
    once = form_key(actor, order.once)
    known = Directive.objects.filter(once=once, issued_by=actor).first() if once else None
    return orders.sent_again(known, order) if known is not None else None


def form_key(actor: Actor, once: str) -> str:
    """The key of a form as it is kept: one person's key never meets another's."""
    return f"{getattr(actor, 'pk', actor.label)}:{once[:40]}" if once else ""


def _issued(actor: User, order: Order) -> Directive:
    now = timezone.now()
    if order.goal is not None:
        orders.check_goal(actor, order.goal)
    due = orders.settled(order.deadline, order.lead, now)
    orders.check_agencies((order.lead, *order.supporting), (timezone.localdate(), due.at.astimezone(VIETNAM).date()))
    made = Directive.objects.create(
        code=changes.next_code(Kind.DIRECTIVE, now), title=orders.checked_title(order.title), text=order.text.strip(),
        severity=order.severity, field=_field(order), unit=order.unit, lead=order.lead, due_at=due.at,
        opened_by=actor.label, opened_at=now, sample=order.sample, issued_by=actor,
        document_number=orders.checked_number(order.document_number), person=order.person.strip()[:160],
        result=order.result.strip(), responsibility=order.responsibility.strip(), incident=_seen(actor, order),
        alert=order.alert, once=form_key(actor, order.once), once_digest=orders.digest(order), **_goal(order),
    )  # fmt: skip
    made.supporting.set([each for each in order.supporting if each.pk != order.lead.pk])
    _clock(made, due)
    words = Text(f"Giao {order.lead.title.vi}: {made.title}", f"Given to {order.lead.title.en}: {made.title}")
    changes.opened(actor, made, words, {"lead": order.lead.key, "due_at": due.at.isoformat(), "document": made.document_number})
    title = Text(f"{actor.name} giao việc: {made.title}", f"{actor.name} gives work: {made.title}")
    notices.told(actor, made, "issued", title, notices.everyone(made), needs_answer=True)
    notices.published(made, "issued")
    return made


def _worked_again(
    actor: Actor, directive: Directive, verb: str, reason: str, version: int | None, deadline: Deadline | None
) -> Directive:
    with transaction.atomic():
        held = changes.hold(actor, directive, version)
        due = restart_clock(held, deadline)
        later = extensions.moved(actor, held, due.at, reason) if due and deadline is not None else {}
        values: dict[str, object] = {"watched_from": None, "verdict": [], "reported_at": None} | later
        values |= {"due_at": due.at} if due else {}
        held = changes.move(actor, held, verb, reason=reason, values=values)
        title = Text(f"Yêu cầu làm tiếp: {reason.strip()}", f"To be continued: {reason.strip()}")
        notices.told(actor, held, verb, title, notices.everyone(held), needs_answer=True)
    return held


def _clock(held: Directive, due: Due) -> Due:
    clocks.stop_all(Kind.DIRECTIVE, held.pk, HANDLE)
    clocks.start(Kind.DIRECTIVE, held.pk, HANDLE, due.amount, due.counting, held.lead)
    return due


def _over(actor: Actor, held: Directive, event: str, title: Text) -> None:
    notices.settled(actor, held, title)
    notices.told(actor, held, event, title, notices.everyone(held))
    notices.published(held, event)


def _field(order: Order) -> str:
    """The field of the work: as given, else that of the indicator it is about."""
    indicator = registry.indicator(order.goal.indicator) if order.goal and not order.field else None
    return registry.pack_of(indicator).code if indicator else order.field


def _goal(order: Order) -> dict[str, object]:
    goal = order.goal
    if goal is None:
        return {}
    return {"indicator": goal.indicator, "goal": goal.value, "goal_up": goal.up, "watch_periods": goal.periods}


def _seen(actor: Actor, order: Order) -> Incident | None:
    """The incident it comes from, if the actor may see it."""
    if order.incident is None:
        return None
    if not policy.visible_incidents(Incident.objects.filter(pk=order.incident.pk), actor).exists():
        raise policy.unseen(changes.WHAT[Kind.INCIDENT])
    return order.incident


def _of(held: Directive) -> Unit:
    assert held.lead is not None  # every directive is issued to an agency
    return held.lead


def _accepted(added: dict[str, object]) -> Text | None:
    """What the agency said when it accepted; None: the usual words."""
    if not added:
        return None
    vi = "; ".join(f"{clarity.TITLES[name].vi}: {text}" for name, text in added.items())
    en = "; ".join(f"{clarity.TITLES[name].en}: {text}" for name, text in added.items())
    return Text(f"Tiếp nhận. {vi}", f"Accepted. {en}")


def _lead(held: Directive) -> Text:
    return _of(held).title


def _watching(held: Directive) -> Text:
    return Text(
        f"Theo dõi chỉ tiêu trong {held.watch_periods} kỳ số liệu tiếp theo",
        f"The number is watched for the next {held.watch_periods} periods",
    )
