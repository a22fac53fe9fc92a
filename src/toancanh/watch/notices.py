"""Who is told of an alert, and in which words. One notice for each cause and severity, however many places it has.

Nobody is told of a false positive, of what is silenced, or of what is flapping.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from django.db.models import Q

from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text
from toancanh.notify import audience, services
from toancanh.notify.messages import Answer, Message, Step, Topic
from toancanh.notify.models import Course, Escalation, Notice
from toancanh.people.models import User
from toancanh.units.models import Unit
from toancanh.watch.definitions import watched
from toancanh.watch.evaluation.life import RANKS
from toancanh.watch.models import OPEN, Alert, State
from toancanh.watch.policy import sees_all, visible

FEW = 500  # alerts named in one statement
Groups = Mapping[tuple[int, Severity], list[Alert]]
SHOWN = 6  # places named in one notice
CLIMBS_AFTER = timedelta(minutes=10)
OVER = Text("Cảnh báo đã hết", "The alert is over")


def raised(alerts: Sequence[Alert], occasion: str = "") -> None:
    """Tell of new alerts: of each cause once, and again only when a worse one joins it, or on another `occasion`. One that joins
    what was told already is told to those alone who have not heard of its cause."""
    groups = {((each[0].head or each[0]).pk, Severity(each[0].severity)): each for each in to_tell(alerts)}
    _tell(groups, occasion)
    told = {each.pk for group in groups.values() for each in group}
    _tell_newcomers([each for each in _gravest(alerts) if each.pk not in told and each.head_id])


def to_tell(alerts: Sequence[Alert]) -> list[list[Alert]]:
    """Of which of these new alerts people are told, those of one telling together. They need no number yet.

    Where one value crosses several lines at once, only the gravest is told: who hears "hazardous" need not hear "poor".
    """
    groups: dict[tuple[int, Severity], list[Alert]] = defaultdict(list)
    for alert in alerts:
        head = alert.head or alert
        key = (id(head), Severity(alert.severity))
        if head is alert or alert.rank > head.rank or key in groups:
            groups[key].append(alert)
    gravest = {id(each) for each in _gravest(alerts)}
    told = ([each for each in group if id(each) in gravest] for group in groups.values())
    return [group for group in told if group]


def _gravest(alerts: Sequence[Alert]) -> list[Alert]:
    """Those that no graver one of the same value stands above."""
    ranks: dict[tuple[str, int, str, int | None], int] = {}
    for each in alerts:
        ranks[_value_of(each)] = max(each.rank, ranks.get(_value_of(each), each.rank))
    return [each for each in alerts if each.rank == ranks[_value_of(each)]]


def _value_of(alert: Alert) -> tuple[str, int, str, int | None]:
    return *_place_of(alert), alert.cell


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
    """Tell other systems that what they were told of is over."""
    groups: dict[int, list[Alert]] = defaultdict(list)
    for alert in alerts:
        if alert.told:
            groups[alert.head_id or alert.pk].append(alert)
    services.publish_each("alert.cleared", [
        (f"alert:{head}", {"alerts": [each.pk for each in ended], "rule": ended[0].rule}) for head, ended in groups.items()
    ])  # fmt: skip


def left_open(ended: Sequence[Alert]) -> None:
    """Tell of what is still open where the alert that people were told of is over: the lesser one of the same value, and the
    others of a cause of which nobody knows any open one."""
    known_of = [each for each in ended if each.told]
    for begin in range(0, len(known_of), FEW):
        over = known_of[begin : begin + FEW]
        causes = {each.head_id or each.pk for each in over}
        same = Q(unit__in={each.unit_id for each in over}, indicator__in={each.indicator for each in over})
        near = Q(pk__in=causes) | Q(head__in=causes) | same
        rows = list(Alert.objects.filter(OPEN, near, silence=None, flapping=False).exclude(state=State.FALSE_POSITIVE))
        known = {each.head_id or each.pk for each in rows if each.told}
        values = {_place_of(each) for each in over}
        groups: dict[tuple[int, Severity], list[Alert]] = defaultdict(list)
        for each in _gravest(rows):
            cause = each.head_id or each.pk
            if not each.told and each.state == State.OPEN and (
                _place_of(each) in values or (cause in causes and cause not in known)
            ):
                groups[cause, Severity(each.severity)].append(each)
        _tell(groups, f":after:{max(each.pk for each in over)}")


def _place_of(alert: Alert) -> tuple[str, int, str]:
    return alert.indicator, alert.unit_id, alert.subject


def answered(alert: Alert, words: Text, answer: Answer) -> None:
    """Somebody has it, or nobody needs to have it: what climbs for it stops, unless another one of its cause still waits."""
    eased({alert.head_id or alert.pk}, words, answer)


def eased(heads: Collection[int], words: Text, answer: Answer | None = None) -> None:
    """Stop what climbs for these heads where no urgent alert of theirs waits for an answer any more."""
    ids = sorted(heads)
    for begin in range(0, len(ids), FEW):
        some = ids[begin : begin + FEW]
        told = Escalation.objects.filter(subject__in=[f"alert:{each}" for each in some]).exclude(state=Course.SETTLED)
        subjects = set(told.values_list("subject", flat=True))
        if subjects:
            urgent = Alert.objects.filter(OPEN, state=State.OPEN, rank=RANKS[Severity.URGENT], silence=None, flapping=False)
            waiting = urgent.filter(Q(pk__in=some) | Q(head__in=some)).values_list("pk", "head_id")
            for subject in sorted(subjects - {f"alert:{head or pk}" for pk, head in waiting}):
                services.settle(subject, words, answer)


def _tell_newcomers(alerts: Sequence[Alert]) -> None:
    """Tell of alerts that joined a cause those whom they concern and who were told nothing of it: they saw none of its places."""
    groups: dict[tuple[int, Severity], list[Alert]] = defaultdict(list)
    for each in alerts:
        groups[each.head_id or each.pk, Severity(each.severity)].append(each)
    if not groups:
        return
    everyone, sight, known = _Audience(), _Sight(alerts), _known_of(alerts)
    concerned = {key: everyone.of(joined, key[1]) for key, joined in groups.items()}
    heard = _heard({head for head, _ in groups}, {each.pk for people in concerned.values() for each in people})
    plain = list[tuple[Message, list[User]]]()
    for (head, severity), joined in groups.items():
        people = [each for each in concerned[head, severity] if (f"alert:{head}", each.pk) not in heard]
        above = {each.pk for each in everyone.leaders() if sees_all(each)} if severity is Severity.URGENT else set()
        fresh = [each for each in people if each.pk not in above]  # the ladder of the cause leads to the leaders
        plain += [(_message(head, severity, shown, known, ":joined"), users) for shown, users in sight.shared(joined, fresh)]
        heard |= {(f"alert:{head}", each.pk) for _, users in plain for each in users}
    services.tell_each(plain)


def _heard(heads: Collection[int], users: Collection[int]) -> set[tuple[str, int]]:
    """Who of `users` was told of which of these causes: (its key, row id of the person)."""
    keys = [f"alert:{each}" for each in sorted(heads)]
    found = set[tuple[str, int]]()
    for begin in range(0, len(keys), FEW):
        notices = Notice.objects.filter(subject__in=keys[begin : begin + FEW], user__in=users)
        found |= set(notices.values_list("subject", "user"))
    return found


def _tell(groups: Groups, occasion: str = "") -> None:
    if not groups:
        return
    every = [each for alerts in groups.values() for each in alerts]
    everyone, sight, known = _Audience(), _Sight(every), _known_of(every)
    plain = list[tuple[Message, list[User]]]()
    for (head, severity), alerts in groups.items():
        people = everyone.of(alerts, severity)
        messages = [(_message(head, severity, shown, known, occasion), users) for shown, users in sight.shared(alerts, people)]
        if severity is Severity.URGENT:
            _climb(messages, {each.pk for each in everyone.leaders()})
        else:
            plain += messages
    services.tell_each(plain)
    services.publish_each("alert.raised", [(f"alert:{head}", {
        "alerts": [each.pk for each in alerts], "rule": alerts[0].rule, "severity": severity.value,
    }) for (head, severity), alerts in groups.items()])  # fmt: skip
    fresh = [each.pk for each in every if not each.told]
    for begin in range(0, len(fresh), FEW):
        Alert.objects.filter(pk__in=fresh[begin : begin + FEW]).update(told=True)


def _climb(messages: Sequence[tuple[Message, list[User]]], leaders: Collection[int]) -> None:
    """One ladder for all who are shown the same places; of the leaders those who may see them."""
    if not messages:
        return
    earlier = list(Escalation.objects.filter(subject=messages[0][0].subject).values_list("state", flat=True))
    if Course.OPEN in earlier:
        return
    for number, (message, users) in enumerate(messages, start=len(earlier)):
        ladder = [Step(timedelta(0), tuple(each.pk for each in users))]
        above = tuple(each.pk for each in users if each.pk in leaders)
        if above:
            ladder.append(Step(CLIMBS_AFTER, above))
        services.climb(replace(message, key=f"{message.key}:{number}") if number else message, ladder)


class _Known(NamedTuple):
    """What the words of one telling need."""

    titles: Mapping[str, Text]
    units: Mapping[int, Unit]


def _known_of(alerts: Sequence[Alert]) -> _Known:
    return _Known(
        {code: each.rule.title for code, each in watched(sorted({each.rule for each in alerts})).items()},
        Unit.objects.in_bulk({each.unit_id for each in alerts}),
    )


def _message(head: int, severity: Severity, alerts: Sequence[Alert], known: _Known, occasion: str) -> Message:
    """What those are told who may see `alerts`, which need not be all that there are."""
    first, units = alerts[0], known.units
    title = known.titles.get(first.rule, Text(first.rule, first.rule))
    where = units[first.unit_id].short
    lines, more = [_line(units[each.unit_id], each) for each in alerts[:SHOWN]], len(alerts) - SHOWN
    several = len({each.unit_id for each in alerts})
    if more > 0 and several == len(alerts):
        lines.append(Text(f"và {more} nơi khác", f"and {more} other places" if more > 1 else "and one other place"))
    elif more > 0:
        lines.append(Text(f"và {more} trường hợp khác", f"and {more} other cases" if more > 1 else "and one other case"))
    places = Text(f"{several} nơi", f"{several} places") if several > 1 else where
    shown = head if any(each.pk == head for each in alerts) else first.pk
    return Message(
        key=f"alert:{head}:{severity.value}{occasion}",
        topic=Topic.ALERT,
        severity=severity,
        title=Text(f"{title.vi}: {places.vi}", f"{title.en}: {places.en}"),
        body=Text("\n".join(each.vi for each in lines), "\n".join(each.en for each in lines)),
        link=f"/alerts/{shown}",
        subject=f"alert:{head}",
        needs_answer=severity is Severity.URGENT,
    )


def _line(unit: Unit, alert: Alert) -> Text:
    """Where, which part or record of it, by how much."""
    part = alert.subject.partition("=")[2]
    of = f" ({part})" if part else ""
    return Text(f"{unit.name}{of}: {alert.words_vi}", f"{unit.short.en}{of}: {alert.words_en}")


class _Sight:
    """Who may see which of the alerts of one telling: one statement for each person whose permissions have limits."""

    def __init__(self, alerts: Sequence[Alert]) -> None:
        ids = [each.pk for each in alerts]
        self._span = (min(ids), max(ids))
        self._seen: dict[int, set[int] | None] = {}

    def shared(self, alerts: Sequence[Alert], people: Iterable[User]) -> list[tuple[list[Alert], list[User]]]:
        """The people by what they may see of `alerts`; who sees none of them is left out."""
        found: dict[tuple[int, ...], tuple[list[Alert], list[User]]] = {}
        for user in people:
            seen = self._of(user)
            shown = list(alerts) if seen is None else [each for each in alerts if each.pk in seen]
            if shown:
                found.setdefault(tuple(each.pk for each in shown), (shown, []))[1].append(user)
        return sorted(found.values(), key=lambda pair: -len(pair[0]))

    def _of(self, user: User) -> set[int] | None:
        if user.pk not in self._seen:
            self._seen[user.pk] = None if sees_all(user) else self._read(user)
        return self._seen[user.pk]

    def _read(self, user: User) -> set[int]:
        return set(visible(Alert.objects.filter(OPEN, pk__range=self._span), user).values_list("pk", flat=True))


class _Audience:
    """The people of one telling, each list read once."""

    def __init__(self) -> None:
        self._lists: dict[object, list[User]] = {}

    def of(self, alerts: Sequence[Alert], severity: Severity) -> list[User]:
        """Whom it concerns: the owner's people and whoever is on duty, the leaders too when it is urgent."""
        found: dict[int, User] = {}
        for owner in {each.owner_id for each in alerts} - {None}:
            found |= {each.pk: each for each in self._list(owner, partial(_people_of, owner))}
        found |= {each.pk: each for each in self._list("duty", audience.on_duty)}
        if severity is Severity.URGENT:
            found |= {each.pk: each for each in self.leaders()}
        return list(found.values())

    def leaders(self) -> list[User]:
        return self._list("leaders", audience.leaders)

    def _list(self, name: object, read: Callable[[], list[User]]) -> list[User]:
        if name not in self._lists:
            self._lists[name] = read()
        return self._lists[name]


def _people_of(owner: int | None) -> list[User]:
    agency = None if owner is None else Unit.objects.filter(pk=owner).first()
    return audience.people_of(agency) if agency else []


def woken(owner: int | None, severity: Severity) -> list[User]:
    """Whom an alert of this owner and severity would wake now, as far as they may see it. For the trial of a rule."""
    people = {each.pk: each for each in _people_of(owner)}
    people |= {each.pk: each for each in audience.on_duty()}
    if severity is Severity.URGENT:
        people |= {each.pk: each for each in audience.leaders()}
    return list(people.values())
