"""What became of an alert: its incidents and the directives that name it, with the last thing that was done."""

from __future__ import annotations

from django.db.models import Q

from toancanh.people.permissions import Actor
from toancanh.response import policy, timeline
from toancanh.response.models import Directive, Entry, Incident, Kind
from toancanh.response.pages import incident_words, work_words
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.watch.models import Alert
from toancanh.watch.outcomes import Outcome


def of_alert(actor: Actor, alert: int) -> list[Outcome]:
    """The incidents that the alert opened or joined, then the directives issued from it or from them, the oldest first."""
    places = Alert.objects.filter(Q(pk=alert) | Q(others=alert)).values("unit")  # its own, and that of the head of its cause
    may = Incident.objects.filter(origin="alert", unit__in=places).values("pk")
    joined = Entry.objects.filter(kind=Kind.INCIDENT, act="alert", data__alert=alert, subject__in=may)
    mine = Incident.objects.filter(Q(alert=alert) | Q(pk__in=joined.values("subject")))
    incidents = list(policy.visible_incidents(mine, actor).order_by("pk"))
    asked = Q(alert=alert) | Q(incident__in=incidents)
    directives = policy.visible_directives(Directive.objects.filter(asked), actor).order_by("pk")
    return [
        *(_outcome(each, "incident", f"/incidents/{each.pk}", incident_words.state(each).word) for each in incidents),
        *(_outcome(each, "directive", f"/directives/{each.pk}", work_words.state(each).word) for each in directives),
    ]


def _outcome(record: Incident | Directive, kind: str, href: str, state: str) -> Outcome:
    last = timeline.of(kind, record.pk).order_by("-at", "-pk").first()
    said = f"{formats.moment(last.at)} · {last.actor_name}: {t(last.words_vi, last.words_en)}" if last else ""
    return Outcome(f"{record.code} {tx(record.heading)}", href, state, said)
