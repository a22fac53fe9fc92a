"""The one write of this room: add an entry to the chain, inside the transaction of the act it records."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from toancanh.audit.chain import START, Link, canonical, clean
from toancanh.audit.models import AuditEntry, AuditHead


def record(
    actor_label: str,
    action: str,
    subject: str,
    *,
    detail: Mapping[str, object] | None = None,
    reason: str = "",
    address: str = "",
) -> AuditEntry:
    """Write who (`actor_label`) did what (`action`, "room.verb") to what (`subject`, "kind:key").

    Joins the caller's transaction, so that the act and its entry are kept or lost together. `detail` must hold no secret.
    """
    with transaction.atomic():
        head = _locked_head()
        link = Link(
            number=head.number + 1,
            at=timezone.now(),
            actor=clean(actor_label)[:200],
            action=clean(action)[:100],
            subject=clean(subject)[:300],
            detail=canonical(dict(detail or {})),
            reason=clean(reason),
            address=clean(address)[:100],
            previous_hash=head.hash,
        )
        entry = _append(link)
        AuditHead.objects.filter(pk=head.pk).update(number=entry.number, hash=entry.hash)
    return entry


def _locked_head() -> AuditHead:
    # PostgreSQL: the row lock puts writers in order. SQLite: the immediate transaction has already done so.
    head = AuditHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        AuditHead.objects.bulk_create([AuditHead(pk=1, number=0, hash=START)], ignore_conflicts=True)
        head = AuditHead.objects.select_for_update().get(pk=1)
    return head


def _append(link: Link) -> AuditEntry:
    entry = AuditEntry(
        number=link.number,
        at=link.at,
        actor=link.actor,
        action=link.action,
        subject=link.subject,
        detail=link.detail,
        reason=link.reason,
        address=link.address,
        previous_hash=link.previous_hash,
        hash=link.computed_hash(),
    )
    entry.save_base(force_insert=True)
    return entry
