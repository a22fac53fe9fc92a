"""The append-only timeline of a record: what was done, by whom, in words that both languages keep."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils import timezone

from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.response.models import Entry


def write(
    kind: str, subject: int, actor: Actor, act: str, words: Text, data: Mapping[str, object] | None = None, decision: bool = False
) -> Entry:
    """Add one line; it joins the caller's transaction. `decision` puts it into the decision log."""
    return Entry.objects.create(
        kind=kind, subject=subject, at=timezone.now(), actor=actor.label[:200], actor_name=actor.name[:160], act=act,
        words_vi=words.vi, words_en=words.en, data=dict(data or {}), decision=decision,
    )  # fmt: skip


def of(kind: str, subject: int) -> QuerySet[Entry]:
    """The lines of one record in the order they were written."""
    return Entry.objects.filter(kind=kind, subject=subject)
