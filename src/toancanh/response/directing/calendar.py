"""A person's open directives and tasks as deadlines of the calendar feed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max, Q

from toancanh.kernel.text import Text
from toancanh.notify.arranging.calendar import Deadline
from toancanh.people.models import User
from toancanh.response import changes
from toancanh.response.models import Entry
from toancanh.response.queries import work


def deadlines_of(user: User) -> Iterator[Deadline]:
    """What this person, or the person's agency, still has to do."""
    found = work.deadlines_of(user)
    of = Q(pk__in=())
    for record in found:
        of |= Q(kind=changes.kind_of(record), subject=record.pk)
    written = Entry.objects.filter(of).order_by().values_list("kind", "subject").annotate(last=Max("at"))
    last: dict[tuple[str, int], datetime] = {(kind, subject): at for kind, subject, at in written}
    for record in found:
        kind = changes.kind_of(record).value
        if record.due_at is not None:
            title = Text(f"Hạn: {record.title}", f"Due: {record.title}")
            note = (
                Text(f"{record.code} · {record.lead.title.vi}", f"{record.code} · {record.lead.title.en}")
                if record.lead
                else None
            )
            changed = last.get((kind, record.pk), record.opened_at)
            yield Deadline(f"{kind}:{record.pk}", title, record.due_at, changed, f"/{kind}s/{record.pk}", note)
