"""What a silence does to the alerts that are open already, and what its end does."""

from __future__ import annotations

from datetime import datetime, timedelta

from toancanh.kernel.text import Text
from toancanh.watch import notices
from toancanh.watch.evaluation.ledger import Changes, Ledger, inside, locked, write
from toancanh.watch.models import OPEN, Alert, Silence, State

LOOKED_BACK = timedelta(days=1)  # a silence that began while the centre was down is taken up for so long
HUSHED = Text("Đang tạm dừng báo: {reason}", "Silenced: {reason}")


def hush(silence: Silence, now: datetime) -> None:
    """Silence what is open already: what climbs for it stops, and people are told of it again when the silence ends."""
    found = locked(Alert.objects.filter(OPEN, silence=None).exclude(state=State.FALSE_POSITIVE))
    found = found.filter(rule=silence.rule) if silence.rule else found
    units = inside(silence)
    alerts = list(found if units is None else found.filter(unit__in=units))
    if not alerts:
        return
    heads = {each.head_id or each.pk for each in alerts}
    words, changes = HUSHED.with_values(reason=silence.reason), Changes(quieter=alerts)
    for alert in alerts:
        alert.silence, alert.head = silence, None
        if alert.state == State.OPEN and not alert.flapping:
            alert.announced = False
        changes.note(alert, now, "silenced", words)
    write(changes, Ledger((), now))
    notices.eased(heads, words)


def hush_what_is_planned(now: datetime) -> None:
    """Take up the silences that have begun of late."""
    begun = Silence.objects.filter(begins__lte=now, begins__gt=now - LOOKED_BACK, ends__gt=now)
    for each in begun:
        hush(each, now)


def end_silences(now: datetime) -> list[int]:
    """Tell people of the alerts whose silence ended, unless another one holds. Answers whom the other rooms still do not know."""
    ended = list(locked(Alert.objects.filter(OPEN, silence__ends__lte=now)))
    if not ended:
        return []
    ledger, last = Ledger((), now), max(each.silence_id or 0 for each in ended)
    for alert in ended:
        alert.silence = ledger.silence(alert.rule, alert.unit_id)
    free = [each for each in ended if each.silence_id is None and not each.flapping and each.state != State.FALSE_POSITIVE]
    heard, heads = [each for each in free if each.state == State.OPEN], dict[str, Alert]()
    for alert in heard:
        head = heads.setdefault(alert.cause, alert)
        alert.head = None if head is alert else head
    write(Changes(quieter=ended), ledger)
    notices.raised(heard, occasion=f":{last}")
    return [each.pk for each in free if not each.announced]
