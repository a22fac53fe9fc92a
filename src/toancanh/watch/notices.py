"""Who is told of an alert, and in which words. One notice for each cause and severity, however many places it has.

Nobody is told of a false positive, of what is silenced, or of what is flapping.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial

from toancanh.kernel.contracts import Severity
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.notify import audience, services
from toancanh.notify.messages import Message, Step, Topic
from toancanh.people.models import User
from toancanh.people.permissions import Action
from toancanh.units.models import Unit
from toancanh.watch.definitions import watched
from toancanh.watch.evaluation.life import RANKS
from toancanh.watch.models import Alert

SHOWN = 6  # places named in one notice
CLIMBS_AFTER = timedelta(minutes=10)
OVER = Text("Cảnh báo đã hết", "The alert is over")


def raised(alerts: Sequence[Alert]) -> None:
    """Tell of new alerts: of each cause once, and again only when a worse one joins it."""
    groups: dict[tuple[int, Severity], list[Alert]] = defaultdict(list)
    for alert in alerts:
        head = alert.head or alert
        key = (head.pk, Severity(alert.severity))
        if head is alert or alert.rank > head.rank or key in groups:
            groups[key].append(alert)
    _tell(groups)


def worse(alerts: Sequence[Alert]) -> None:
    """Tell of alerts whose severity rose with time."""
    rules = watched(sorted({each.rule for each in alerts})) if alerts else {}
    groups: dict[tuple[int, Severity], list[Alert]] = defaultdict(list)
    for alert in alerts:
        held = rules.get(alert.rule)
        if held is not None and alert.rank > RANKS[held.rule.severity]:
            groups[alert.head_id or alert.pk, Severity(alert.severity)].append(alert)
    _tell(groups)


def cleared(alerts: Sequence[Alert]) -> None:
    """Stop what still climbs for alerts that are over."""
    for alert in alerts:
        if alert.rank == RANKS[Severity.URGENT] and alert.head_id is None:
            services.settle(alert.key, OVER)
    for alert in alerts:
        if alert.head_id is None:
            services.publish("alert.cleared", alert.key, {"alert": alert.pk, "rule": alert.rule})


def answered(alert: Alert, words: Text) -> None:
    """Somebody has it, or nobody needs to have it: what climbs for it stops."""
    services.settle(Alert(pk=alert.head_id or alert.pk).key, words)


def _tell(groups: Mapping[tuple[int, Severity], Sequence[Alert]]) -> None:
    if not groups:
        return
    everyone = _Audience()
    titles = {code: each.rule.title for code, each in watched(sorted({a.rule for g in groups.values() for a in g})).items()}
    units = Unit.objects.in_bulk({each.unit_id for alerts in groups.values() for each in alerts})
    for (head, severity), alerts in groups.items():
        message = _message(head, severity, alerts, titles, units)
        people = everyone.of(alerts, severity, units)
        if severity is Severity.URGENT:
            services.climb(message, [Step(timedelta(0), tuple(each.pk for each in people)), Step(CLIMBS_AFTER, audience.LEADERS)])
        else:
            services.tell(message, people)
        data = {"alerts": [each.pk for each in alerts], "rule": alerts[0].rule, "severity": severity.value}
        services.publish("alert.raised", message.subject, data)


def _message(
    head: int, severity: Severity, alerts: Sequence[Alert], titles: Mapping[str, Text], units: Mapping[int, Unit]
) -> Message:
    first = alerts[0]
    title = titles.get(first.rule, Text(first.rule, first.rule))
    where = units[first.unit_id].short
    lines = [Text(f"{units[a.unit_id].name}: {a.words_vi}", f"{units[a.unit_id].short.en}: {a.words_en}") for a in alerts[:SHOWN]]
    more = len(alerts) - SHOWN
    if more > 0:
        lines.append(Text(f"và {more} nơi khác", f"and {more} other places"))
    places = Text(f"{len(alerts)} nơi", f"{len(alerts)} places") if len(alerts) > 1 else where
    return Message(
        key=f"alert:{head}:{severity.value}",
        topic=Topic.ALERT,
        severity=severity,
        title=Text(f"{title.vi}: {places.vi}", f"{title.en}: {places.en}"),
        body=Text("\n".join(each.vi for each in lines), "\n".join(each.en for each in lines)),
        link=f"/alerts/{head}",
        subject=f"alert:{head}",
        needs_answer=severity is Severity.URGENT,
    )


class _Audience:
    """The people of one telling, each list read once."""

    def __init__(self) -> None:
        self._lists: dict[object, list[User]] = {}

    def of(self, alerts: Sequence[Alert], severity: Severity, units: Mapping[int, Unit]) -> list[User]:
        """Who is told: the owner's people and whoever is on duty, the leaders too when it is urgent; of these, who may see it."""
        found: dict[int, User] = {}
        for owner in {each.owner_id for each in alerts} - {None}:
            found |= {each.pk: each for each in self._list(owner, partial(_people_of, owner))}
        found |= {each.pk: each for each in self._list("duty", audience.on_duty)}
        if severity is Severity.URGENT:
            found |= {each.pk: each for each in self._list("leaders", audience.leaders)}
        return [each for each in found.values() if _sees_one(each, alerts, units)]

    def _list(self, name: object, read: partial[list[User]] | object) -> list[User]:
        if name not in self._lists:
            self._lists[name] = read()  # type: ignore[operator]
        return self._lists[name]


def _people_of(owner: int | None) -> list[User]:
    agency = None if owner is None else Unit.objects.filter(pk=owner).first()
    return audience.people_of(agency) if agency else []


def _sees_one(user: User, alerts: Iterable[Alert], units: Mapping[int, Unit]) -> bool:
    return any(_sees(user, each, units[each.unit_id]) for each in alerts)


def _sees(user: User, alert: Alert, unit: Unit) -> bool:
    indicator = registry.indicator(alert.indicator)
    field = registry.pack_of(indicator).code if indicator else None
    return user.can(Action.VIEW, field, None, unit)


def woken(owner: int | None, severity: Severity) -> list[User]:
    """Whom an alert of this owner and severity would wake now: for the trial of a rule."""
    people = {each.pk: each for each in _people_of(owner)}
    people |= {each.pk: each for each in audience.on_duty()}
    if severity is Severity.URGENT:
        people |= {each.pk: each for each in audience.leaders()}
    return list(people.values())
