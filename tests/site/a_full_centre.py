"""A centre with one of everything, all of it the Department of Health's, so that whatever anybody else sees of it shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from toancanh.indicators.models import Cell, stored_start
from toancanh.intake.models import Delivery, QuarantinedRow, Source
from toancanh.kernel.contracts import Level
from toancanh.kernel.periods import Period
from toancanh.notify.models import DutyTurn, Notice, WebhookEndpoint
from toancanh.people.actors import SYSTEM
from toancanh.people.models import Grant, User, WallDevice
from toancanh.people.roles import GRANTABLE
from toancanh.response.models import CalendarDay, Directive, Evidence, Extension, Incident, Task
from toancanh.units import register
from toancanh.units import services as registers
from toancanh.units.loading.records import UnitRecord
from toancanh.units.models import Unit
from toancanh.watch.models import Alert, Silence

SECRET = "Vụ việc mật của Sở Y tế"
PROBLEM = {"column": "dossier_code", "heading": "Mã", "code": "wrong", "value": "x", "vi": "sai", "en": "wrong"}
ROOT, MINE, OTHER = "sample:MS", "agency:SYT", "agency:SGD"


@dataclass
class FullCentre:
    """People by name, and what stands in the places of an address by the route's converter."""

    people: dict[str, User] = field(default_factory=dict)
    at: dict[str, Any] = field(default_factory=dict)


def build() -> FullCentre:
    """Make it all; the register must know the root unit "sample:MS"."""
    made = FullCentre()
    _units()
    _people(made)
    _work(made)
    _news(made)
    _data(made)
    return made


def _units() -> None:
    def one(scheme: str, code: str, level: Level, name: str, parent: str | None = ROOT, role: str = "") -> UnitRecord:
        return UnitRecord(scheme=scheme, code=code, level=level, kind="", name=name, full_name=name, parent=parent, role=role)

    registers.put_units(
        SYSTEM,
        [
            one("sample", "MS", Level.PROVINCE, "Minh Sơn", None),
            one("sample", "MS01", Level.COMMUNE, "Đông Sơn"),
            one("sample", "MS02", Level.COMMUNE, "Chợ Rã"),
            one("agency", "SYT", Level.AGENCY, "Sở Y tế", ROOT, "health"),
            one("agency", "SGD", Level.AGENCY, "Sở Giáo dục", ROOT, "education"),
        ],
    )
    register.forget()


def _people(made: FullCentre) -> None:
    health, education = Unit.objects.get(key=MINE), Unit.objects.get(key=OTHER)
    for name, role, agency in (
        ("leader", "leader", None),
        ("operator", "operator", None),
        ("officer", "officer", health),
        ("other", "officer", education),
        ("analyst", "analyst", None),
        ("administrator", "administrator", None),
        ("auditor", "auditor", None),
    ):
        user = User(username=name, full_name=f"Người {name}", role=role, agency=agency)
        user.set_password("mot-cau-rat-dai-de-nho")
        user.save()
        made.people[name] = user
    warden = User.objects.create(username="warden", full_name="Người warden", role="leader", only_grants=True)
    theirs = Unit.objects.get(key="sample:MS02")  # nothing of the health department lies there
    Grant.objects.create(user=warden, actions=[*GRANTABLE], area=theirs, given_by="administrator")
    made.people["warden"] = warden


def _work(made: FullCentre) -> None:
    now, health, place = timezone.now(), Unit.objects.get(key=MINE), Unit.objects.get(key="sample:MS01")
    shared = {
        "title": SECRET,
        "lead": health,
        "unit": place,
        "opened_by": "leader",
        "opened_at": now,
        "due_at": now + timedelta(days=2),
    }
    incident = Incident.objects.create(code="SV-1", kind="health", state="handling", next_due_at=now, **shared)
    directive = Directive.objects.create(code="CD-1", state="accepted", issued_by=made.people["leader"], **shared)
    task = Task.objects.create(code="NV-1", state="doing", directive=directive, **shared)
    extension = Extension.objects.create(
        kind="task", subject=task.pk, asked_by="officer", asked_at=now, reason=SECRET, until=now + timedelta(days=9), number=1
    )
    evidence = Evidence.objects.create(
        kind="task",
        subject=task.pk,
        name="mat.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        added_by="officer",
        added_at=now,
    )
    made.at |= {
        "incidents": incident.pk,
        "directives": directive.pk,
        "tasks": task.pk,
        "extensions": extension.pk,
        "evidence": evidence.pk,
    }


def _news(made: FullCentre) -> None:
    now, health, place = timezone.now(), Unit.objects.get(key=MINE), Unit.objects.get(key="sample:MS01")
    alert = Alert.objects.create(
        rule="dossiers_on_time_low",
        indicator="dossiers_on_time",
        unit=place,
        owner=health,
        severity="high",
        since=now,
        raised_at=now,
        last_seen=now,
        value=91.0,
        limit=95.0,
        cause="x",
        words_vi="dưới 95%",
        words_en="below 95%",
        announced=True,
    )
    silence = Silence.objects.create(
        rule="dossiers_on_time_low",
        unit=place,
        reason="Bảo trì",
        begins=now,
        ends=now + timedelta(hours=1),
        made_by="x",
        made_at=now,
    )
    notice = Notice.objects.create(
        key="x",
        user=made.people["officer"],
        topic="task",
        severity="high",
        title_vi=SECRET,
        title_en=SECRET,
        link="/tasks",
        subject=f"task:{made.at['tasks']}",
        at=now,
    )
    turn = DutyTurn.objects.create(
        post="duty", user=made.people["operator"], starts_at=now, ends_at=now + timedelta(hours=8), made_by="x"
    )
    closed = CalendarDay.objects.create(
        first=now.date(), last=now.date(), works=False, name="Nghỉ", basis="x", made_by="x", made_at=now, counted_at=now
    )
    hook = WebhookEndpoint.objects.create(name="SMS", url="https://sms.example/in", made_by="x", made_at=now)
    made.at |= {
        "alerts": alert.pk,
        "silences": silence.pk,
        "inbox": notice.pk,
        "roster": turn.pk,
        "webhooks": hook.pk,
        "working-days": closed.pk,
    }


def _data(made: FullCentre) -> None:
    now, health = timezone.now(), Unit.objects.get(key=MINE)
    source = Source.objects.create(
        code="his", title_vi="Bệnh viện", title_en="Hospital", owner=health, datasets=["dossiers"], cadence=timedelta(hours=1)
    )
    delivery = Delivery.objects.create(
        source=source,
        dataset="dossiers",
        once="1",
        content_hash="1",
        via="file",
        content_type="text/csv",
        kept="1",
        size=1,
        received_at=now,
        received=1,
        accepted=0,
        quarantined=1,
        state="done",
    )
    row = QuarantinedRow.objects.create(delivery=delivery, position=0, line=2, raw={"Mã": SECRET}, problems=[PROBLEM])
    period = Period.parse("2026-10-ytd")
    cell = Cell.objects.create(
        indicator="dossiers_on_time",
        unit=Unit.objects.get(key=ROOT),
        grain=period.grain.value,
        cumulative=True,
        period_start=stored_start(period),
        value=97.0,
        computed_at=now,
        known_from=now,
        as_of=now,
    )
    grant = Grant.objects.create(user=made.people["officer"], actions=["view"], given_by="administrator")
    wall = WallDevice.objects.create(name="Phòng họp", token_hash="x", made_by="administrator")
    made.at |= {
        "deliveries": delivery.uid,
        "quarantine": row.pk,
        "values": cell.pk,
        "grants": grant.pk,
        "walls": wall.pk,
        "people": made.people["officer"].pk,
    }
