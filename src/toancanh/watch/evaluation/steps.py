"""What each step of an alert's life does to its row and its history: raised, seen again, calmer, over, graded."""

from __future__ import annotations

from datetime import datetime

from toancanh.kernel.contracts import Rule, Severity
from toancanh.kernel.text import Text
from toancanh.notify.messages import SEVERITY_TITLES
from toancanh.watch.evaluation.hushing import HUSHED
from toancanh.watch.evaluation.judging import Candidate
from toancanh.watch.evaluation.ledger import Changes, Ledger
from toancanh.watch.evaluation.life import RANKS, Happening, Track, advance, severity_at
from toancanh.watch.models import Alert, State

OVER = Text("Số liệu đã trở lại mức an toàn.", "The value is back on the safe side.")
FLAPS = Text(
    "Cảnh báo lặp lại nhiều lần trong ngày: đánh dấu chập chờn, không báo thêm.",
    "It rang several times within a day: marked as flapping, nobody is told again.",
)
STAYS = Text(
    "Không còn chập chờn: số liệu ở ngoài mức an toàn đã lâu.", "Not flapping any more: the value has stayed on the wrong side."
)
GRADED = Text("Mức độ chuyển thành: {to}", "Severity is now: {to}")


def take(candidate: Candidate, ledger: Ledger, changes: Changes, now: datetime) -> None:
    """Let one candidate do what it does."""
    track = ledger.track(candidate.key)
    since = track.pending_since
    alert = ledger.alerts.get(candidate.key)
    before = (track.pending_since, track.rang)
    happening = advance(track, candidate.verdict, candidate.watched.rule.hold, now)
    if (track.pending_since, track.rang) != before:
        changes.standings[candidate.key] = track
        changes.holds[candidate.key] = candidate.watched.rule.hold
    if happening is Happening.RAISED:
        track.pending_since = None
        _raise(candidate, track, since or now, ledger, changes, now)
    elif alert is not None:
        _move(candidate, happening, track, alert, changes, now)


def _raise(candidate: Candidate, track: Track, since: datetime, ledger: Ledger, changes: Changes, now: datetime) -> None:
    rule, verdict, words = candidate.watched.rule, candidate.verdict, candidate.words
    silence = ledger.silence(rule.code, candidate.unit)
    alert = Alert(
        rule=rule.code, rule_version=candidate.watched.version, indicator=rule.indicator.code, unit_id=candidate.unit,
        subject=candidate.subject, owner_id=candidate.owner, severity=rule.severity.value, rank=RANKS[rule.severity],
        since=since, raised_at=now, firing_since=now, last_seen=now, value=verdict.value, worst=verdict.value,
        limit=verdict.limit, cell=candidate.cell, period_start=candidate.start, words_vi=words.vi[:400], words_en=words.en[:400],
        cause=candidate.cause, flapping=track.flapping, silence=silence,
    )  # fmt: skip
    ledger.alerts[candidate.key] = alert
    changes.raised.append(alert)
    changes.note(alert, now, "raised", words)
    if track.flapping:
        alert.announced = True
        changes.note(alert, now, "flapping", FLAPS)
    elif silence is not None:
        changes.note(alert, now, "silenced", HUSHED.with_values(reason=silence.reason))


def _move(candidate: Candidate, happening: Happening, track: Track, alert: Alert, changes: Changes, now: datetime) -> None:
    was_quiet = alert.quiet_since
    alert.quiet_since, alert.firing_since = track.quiet_since, track.firing_since
    if happening in (Happening.REPEATED, Happening.STEADY):
        _repeat(candidate, alert, changes, now, calm_before=was_quiet is not None)
        if happening is Happening.STEADY:
            steady(alert, changes, now)
    elif happening is Happening.CLEARED:
        close(alert, changes, now)
        return
    elif happening is Happening.QUIETER:
        changes.quieter.append(alert)
    grade(candidate, alert, changes, now)


def _repeat(candidate: Candidate, alert: Alert, changes: Changes, now: datetime, *, calm_before: bool) -> None:
    """The same value again is no repeat: evaluations may run twice."""
    verdict = candidate.verdict
    if (alert.cell, alert.value) == (candidate.cell, verdict.value) and not calm_before:
        return
    words = candidate.words
    alert.count += 1
    alert.last_seen, alert.value, alert.limit = now, verdict.value, verdict.limit
    alert.cell, alert.period_start = candidate.cell, candidate.start
    alert.words_vi, alert.words_en = words.vi[:400], words.en[:400]
    if verdict.value is not None:
        alert.worst = verdict.value if alert.worst is None else verdict.further(alert.worst, verdict.value)
    changes.repeated.append(alert)


def steady(alert: Alert, changes: Changes, now: datetime) -> None:
    """It flaps no more: people are told of it, unless somebody has called it a false positive."""
    alert.flapping, alert.announced = False, alert.state == State.FALSE_POSITIVE
    changes.steadied.append(alert)
    changes.note(alert, now, "flapping", STAYS)


def close(alert: Alert, changes: Changes, now: datetime, why: Text = OVER) -> None:
    """The alert is over. What was called a false positive stays called so."""
    if alert.state != State.FALSE_POSITIVE:
        alert.state = State.CLEARED
    alert.cleared_at, alert.quiet_since, alert.announced, alert.end_told = now, None, True, False
    changes.cleared.append(alert)
    changes.note(alert, now, "cleared", why)


def grade(candidate: Candidate, alert: Alert, changes: Changes, now: datetime) -> None:
    """Bring the severity to what the rule says for this moment."""
    rule = candidate.watched.rule
    if not (rule.rises or rule.falls):
        return
    set_severity(alert, severity_of(rule, alert, now), changes, now)


def severity_of(rule: Rule, alert: Alert, now: datetime) -> Severity:
    """What the rule says of an open alert at this moment."""
    answered = alert.state != State.OPEN
    reached = Severity(alert.severity)
    return severity_at(rule, alert.raised_at, alert.quiet_since, now, answered=answered, reached=reached)


def set_severity(alert: Alert, severity: Severity, changes: Changes, now: datetime) -> None:
    """Note another severity, if it is one."""
    if alert.severity != severity.value:
        alert.severity, alert.rank = severity.value, RANKS[severity]
        changes.graded.append(alert)
        title = SEVERITY_TITLES[severity]
        changes.note(alert, now, "severity", Text(GRADED.vi.format(to=title.vi), GRADED.en.format(to=title.en)))
        if alert.flapping and severity is Severity.URGENT:
            steady(alert, changes, now)
